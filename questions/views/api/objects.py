"""The lists and the single objects of the API, all of them to be read and none to be written."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NoReturn
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Path
from ninja import Query as FromQuery

from questions.models import (
    AddressedQuestion,
    Attachment,
    Candidacy,
    Correction,
    Event,
    Question,
    entries_of,
)
from questions.serializers import api, listing
from questions.serializers.objects import (
    AnswerList,
    AnswerWithFilesObject,
    ApiObject,
    AskerList,
    AskerObject,
    CandidacyList,
    CandidacyObject,
    CorrectionList,
    EventList,
    EventObject,
    ListObject,
    QuestionList,
    QuestionWithTranslationsObject,
    StateList,
    StateObject,
    TopicList,
    TopicObject,
)

from ..public.pages import conditional
from .problems import Problem, Refused
from .queries import (
    EVENT,
    SLUG,
    AnswerQuery,
    AskerQuery,
    CandidacyQuery,
    CorrectionQuery,
    EventQuery,
    Query,
    QuestionQuery,
    StateQuery,
    TopicQuery,
    cursor_after,
    key_of,
    require_named_once,
)

CODE = "[A-Z]{2}[0-9]{4}[A-Z]?"
NUMBER = "[1-9][0-9]{0,3}"
ninja = NinjaAPI(
    title="Questions to candidates for the UN Human Rights Council, and their answers",
    version="1",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


def read(
    path: str, answer: type[ApiObject], summary: str, *, may_be_gone: bool = False
) -> Callable:
    """An address that is read, with GET or HEAD."""
    problems = dict.fromkeys((400, 404, *([410] if may_be_gone else [])), Problem)
    return ninja.api_operation(
        ["GET", "HEAD"],
        path,
        response={200: answer, **problems},
        by_alias=True,
        summary=summary,
    )


def named(pattern: str, description: str, example: str):
    return Path(..., pattern=f"^({pattern})$", description=description, examples=[example])


def json_of(found: ApiObject) -> HttpResponse:
    return HttpResponse(found.model_dump_json(by_alias=True), content_type="application/json")


def one(request: HttpRequest, found: ApiObject) -> HttpResponse:
    require_named_once(request, set())
    response = json_of(found)
    response.is_kept = True
    return response


def listed(
    request: HttpRequest,
    query: Query,
    made: type[ListObject],
    rows: QuerySet,
    key: list,
    objects: Callable[[list], Iterable[ApiObject]],
) -> HttpResponse:
    """A page of rows in the order of their key."""
    return page_of_list(request, query, made, partial(listing.page_of, rows, key), objects)


def page_of_list(
    request: HttpRequest,
    query: Query,
    made: type[ListObject],
    page_of: Callable[..., listing.Page],
    objects: Callable[[list], Iterable[ApiObject | dict[str, object]]],
) -> HttpResponse:
    """A page of a list; its validator is that of its bytes, whether it is kept or not.

    One made of the edition would tell when something came in that is not public (security.md 87).
    """
    require_named_once(request, set(type(query).model_fields))
    kind = made.__name__
    page = page_of(last=key_of(kind, query.cursor), limit=query.limit)
    answer = made(items=list(objects(page.rows)), next=next_address(request, kind, page.last))
    response = json_of(answer)
    response.is_kept = is_common(request) and bool(page.rows)
    return response if response.is_kept else conditional(request, response)


def next_address(request: HttpRequest, kind: str, last: listing.Key | None) -> str | None:
    if last is None:
        return None
    given = request.GET.dict() | {"cursor": cursor_after(kind, last)}
    return f"{settings.BASE_URL}{request.path}?{urlencode(sorted(given.items()))}"


def is_common(request: HttpRequest) -> bool:
    """Whether it is one of the addresses that are kept: one filter at most, and plainly written."""
    given = request.GET.dict()
    return (
        "limit" not in given
        and len(given.keys() - {"cursor"}) <= 1
        and request.META.get("QUERY_STRING", "") == urlencode(sorted(given.items()))
    )


def each(object_of: Callable[..., ApiObject]) -> Callable[[list], Iterable[ApiObject]]:
    return lambda rows: map(object_of, rows)


@read("events", EventList, "Events")
def list_events(request: HttpRequest, query: FromQuery[EventQuery]) -> HttpResponse:
    """Every public event but the specimen, in the order of their codes."""
    rows = listing.listed_events(**query.filters)
    return listed(request, query, EventList, rows, listing.EVENT_KEY, each(api.event_object))


@read("events/{slug}", EventObject, "An event")
def get_event(
    request: HttpRequest, slug: str = named(EVENT, "The event's slug.", "specimen")
) -> HttpResponse:
    """One public event."""
    rows = Event.objects.publicly_visible().prefetch_related("sessions")
    return one(request, api.event_object(get_object_or_404(rows, slug=slug)))


@read("candidacies", CandidacyList, "Candidacies")
def list_candidacies(request: HttpRequest, query: FromQuery[CandidacyQuery]) -> HttpResponse:
    """States at events, by event and code of the State."""
    rows = listing.listed_candidacies(**query.filters)
    return listed(
        request, query, CandidacyList, rows, listing.CANDIDACY_KEY, each(api.candidacy_object)
    )


@read("candidacies/{symbol}", CandidacyObject, "A candidacy")
def get_candidacy(
    request: HttpRequest,
    symbol: str = named(f"{CODE}-[A-Z]{{3}}", "Its symbol, with a hyphen.", "PE2000-XPR"),
) -> HttpResponse:
    """One State at an event."""
    code, state = symbol.split("-")
    rows = Candidacy.objects.publicly_visible().with_names().prefetch_related("extensions")
    found = get_object_or_404(rows, event__code=code, state__iso3=state)
    return one(request, api.candidacy_object(found))


@read("questions", QuestionList, "Questions")
def list_questions(request: HttpRequest, query: FromQuery[QuestionQuery]) -> HttpResponse:
    """Questions by event; those put to several States, and then the States' own."""
    rows = listing.listed_questions(**query.filters)
    return listed(
        request, query, QuestionList, rows, listing.QUESTION_KEY, each(api.question_object)
    )


@read("questions/{symbol}", QuestionWithTranslationsObject, "A question", may_be_gone=True)
def get_question(
    request: HttpRequest,
    symbol: str = named(
        f"{CODE}-(Q{NUMBER}|[A-Z]{{3}}-{NUMBER})", "Its symbol, with hyphens.", "PE2000-Q1"
    ),
) -> HttpResponse:
    """One question, word for word."""
    questions = listing.with_what_is_said(Question.objects.publicly_visible())
    found = questions.filter(**question_of(symbol)).first() or refuse_question(symbol)
    return one(request, api.question_with_translations(found))


@read("answers", AnswerList, "Answers")
def list_answers(request: HttpRequest, query: FromQuery[AnswerQuery]) -> HttpResponse:
    """Each question as put to each State, with what is public of the reply; silence has its row."""
    page_of = partial(listing.page_of_slots, query.filters, at=request.received_at)
    return page_of_list(request, query, AnswerList, page_of, answers)


def answers(slots: list[AddressedQuestion]) -> Iterable[dict[str, object]]:
    """Their fields: the list makes the objects, which is faster than one by one."""
    return api.answers_fields(entries_of(slots))


@read("answers/{symbol}", AnswerWithFilesObject, "An answer", may_be_gone=True)
def get_answer(
    request: HttpRequest,
    symbol: str = named(
        f"{CODE}-(Q{NUMBER}-[A-Z]{{3}}|[A-Z]{{3}}-{NUMBER})",
        "Its symbol, with hyphens.",
        "PE2000-Q1-XPR",
    ),
) -> HttpResponse:
    """One question as put to one State, with the files that came with the text in force."""
    slots = AddressedQuestion.objects.publicly_visible().with_names()
    slots = slots.readable(at=request.received_at)
    asked, _dash, state = symbol.rpartition("-")
    if state.isdigit():  # a State's own question and its answer have one symbol
        asked = symbol
    else:
        slots = slots.filter(candidacy__state__iso3=state)
    slot = slots.filter(**question_of(asked, "question__")).first() or refuse_question(asked)
    (entry,) = entries_of([slot])
    files = Attachment.objects.publicly_visible().of_response(entry.response).with_names()
    return one(request, api.answer_with_files(entry, files))


def refuse_question(symbol: str) -> NoReturn:
    """410 with day and reason where it was public and is withdrawn; else 404."""
    question = get_object_or_404(Question.objects.withdrawn(), **question_of(symbol))
    note = Correction.objects.shown().withdrawals().filter(question=question).first()
    why = f" on {note.corrected_on.isoformat()}. Reason: {note.reason}" if note else "."
    raise Refused(410, f"This question was withdrawn{why}")


def question_of(symbol: str, path: str = "") -> dict[str, object]:
    """PE2021-Q5 or PE2021-KAZ-1 as what finds it, at a path from the rows."""
    code, *state, number = symbol.split("-")
    where = {"event__code": code, "number": int(number.removeprefix("Q"))}
    where |= {"state__iso3": state[0]} if state else {"state__isnull": True}
    return {f"{path}{name}": value for name, value in where.items()}


@read("states", StateList, "States")
def list_states(request: HttpRequest, query: FromQuery[StateQuery]) -> HttpResponse:
    """States that stood at a public event, by code; the invented ones are in no list."""
    rows = listing.listed_states(**query.filters)
    return listed(request, query, StateList, rows, listing.STATE_KEY, each(api.state_object))


@read("states/{iso3}", StateObject, "A State")
def get_state(
    request: HttpRequest, iso3: str = named("[A-Z]{3}", "The State's code.", "KAZ")
) -> HttpResponse:
    """One State that stood at a public event."""
    return one(request, api.state_object(get_object_or_404(listing.listed_states(), iso3=iso3)))


@read("topics", TopicList, "Topics")
def list_topics(request: HttpRequest, query: FromQuery[TopicQuery]) -> HttpResponse:
    """Themes of public questions, by slug."""
    rows = listing.listed_topics()
    return listed(request, query, TopicList, rows, listing.SLUG_KEY, each(api.topic_object))


@read("topics/{slug}", TopicObject, "A topic")
def get_topic(
    request: HttpRequest,
    slug: str = named(SLUG, "The topic's slug.", "human-rights-defenders"),
) -> HttpResponse:
    """One theme."""
    return one(request, api.topic_object(get_object_or_404(listing.listed_topics(), slug=slug)))


@read("askers", AskerList, "Askers")
def list_askers(request: HttpRequest, query: FromQuery[AskerQuery]) -> HttpResponse:
    """Those who put public questions and are named in public, by slug."""
    rows = listing.listed_askers(**query.filters)
    return listed(request, query, AskerList, rows, listing.SLUG_KEY, each(api.asker_object))


@read("askers/{slug}", AskerObject, "An asker")
def get_asker(
    request: HttpRequest, slug: str = named(SLUG, "The asker's slug.", "civicus")
) -> HttpResponse:
    """One who is named in public."""
    return one(request, api.asker_object(get_object_or_404(listing.listed_askers(), slug=slug)))


@read("corrections", CorrectionList, "Corrections")
def list_corrections(request: HttpRequest, query: FromQuery[CorrectionQuery]) -> HttpResponse:
    """The register of what changed after it was published, in the order of the notes."""
    rows = listing.listed_corrections(**query.filters)
    return listed(
        request, query, CorrectionList, rows, listing.CORRECTION_KEY, each(api.correction_object)
    )
