"""Which rows a list of the API holds, in the order of their natural keys, a page at a time.

A page begins after a key and not at a number of rows, so that what is published meanwhile moves
nothing onto a page that was read or off one that was not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import DateTimeField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from questions.models import (
    AddressedQuestion,
    Asker,
    Candidacy,
    Correction,
    Event,
    Given,
    Question,
    ResponseStatus,
    State,
    Topic,
    WrittenQuery,
)

Key = Sequence[str | int]
Part = str | int | Given


def no_state(name: str) -> Coalesce:
    """Empty for a question put to several, so that it comes before the States' own."""
    return Coalesce(F(name), Value(""))


EVENT_KEY = [F("code")]
CANDIDACY_KEY = [F("event__code"), F("state__iso3")]
QUESTION_KEY = [F("event__code"), no_state("state__iso3"), F("number")]
ANSWER_KEY = [
    F("candidacy__event__code"),  # its question's too; one join fewer, which PostgreSQL plans well
    no_state("question__state__iso3"),
    F("question__number"),
    F("candidacy__state__iso3"),
]
STATE_KEY = [F("iso3")]
SLUG_KEY = [F("slug")]
QUESTIONS_AT_ONCE = 40  # to be looked through for a status, which no index knows
OF_AN_ANSWER = [  # what is said of each
    *("question", "question__number", "question__state", "question__state__iso3"),
    *("candidacy", "candidacy__due_at", "candidacy__event", "candidacy__state"),
    *("candidacy__event__code", "candidacy__event__slug", "candidacy__event__zone"),
    *("candidacy__state__iso3", "candidacy__state__name"),
]
PAGES_WRITTEN = 32  # by which filters, and of which length: no more are kept
LAST_STATE = "ZZZ"  # after every code that ISO 3166 gives
CORRECTION_KEY = [F("published_at"), F("pk")]  # their numbers in the register


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the key of the last where more follow."""

    rows: list[Model]
    last: Key | None


def in_order(rows: QuerySet, key: Sequence) -> QuerySet:
    names = {f"key_{place}": part for place, part in enumerate(key)}
    return rows.annotate(**names).order_by(*names)


def after(rows: QuerySet, last: Key) -> QuerySet:
    """Those after a key, of rows that are `in_order`."""
    later = Q()
    for place, value in enumerate(last):
        same = {f"key_{before}": last[before] for before in range(place)}
        later |= Q(**same, **{f"key_{place}__gt": value})
    return rows.filter(later)


def page_of(rows: QuerySet, key: Sequence, *, last: Key | None, limit: int) -> Page:
    return cut(list(upto(rows, key, last=last, limit=limit)), key, limit)


def upto(rows: QuerySet, key: Sequence, *, last: Key | None, limit: int) -> QuerySet:
    """One more than asked for, which says whether more follow."""
    rows = in_order(rows, key)
    return (after(rows, last) if last else rows)[: limit + 1]


def cut(found: list[Model], key: Sequence, limit: int) -> Page:
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], key_at(found[limit - 1], key))


def key_at(row: Model, key: Sequence) -> Key:
    return [plain(getattr(row, f"key_{place}")) for place in range(len(key))]


def plain(part: str | int | datetime) -> str | int:
    """As a cursor holds it."""
    return part.isoformat() if isinstance(part, datetime) else part


def page_of_slots(filters: dict[str, str], *, last: Key | None, limit: int, at: datetime) -> Page:
    """The slots that the filters leave, of those put with public questions.

    Each question has one such slot at least, so that the page lies within the next few questions,
    whatever the size of the record. Only the rows on the page are given a status. Where one is
    asked for, those of the next `QUESTIONS_AT_ONCE` are, and the page may hold fewer than follow.
    """
    given = {name: value for name, value in filters.items() if value}
    key = {f"last_{place}": value for place, value in enumerate(last or ())}
    written = written_page(frozenset(given), limit, is_first=last is None)
    found = written.read(at=at, **given, **key)
    for slot in {slot.question_id: slot for slot in found}.values():  # they share their questions
        slot.question.event = slot.candidacy.event
    if "status" in given and len(found) <= limit:
        return Page(found, end_of_search(found, asked_after(given, last)))
    return cut(found, ANSWER_KEY, limit)


@lru_cache(maxsize=PAGES_WRITTEN)
def written_page(names: frozenset[str], limit: int, *, is_first: bool) -> WrittenQuery:
    """What reads a page of slots by the filters of these names, whatever is given by them."""
    given = {name: Given(name) for name in names}
    last = None if is_first else [Given(f"last_{place}") for place in range(len(ANSWER_KEY))]
    at = Given("at", DateTimeField())
    asked = asked_after(given, last)
    most = QUESTIONS_AT_ONCE if "status" in names else limit + 2  # the first may be done
    within = slots_put(given).filter(question__in=asked.values("pk")[:most])
    if "status" in names:
        within = within.with_status(at=at).filter(answer_status=given["status"])
    chosen = upto(within, ANSWER_KEY, last=last, limit=limit).values("pk")
    rows = AddressedQuestion.objects.filter(pk__in=chosen).readable(at=at)
    rows = rows.select_related("question__state", "candidacy__event", "candidacy__state")
    if "status" in names:
        rows = rows.annotate(more_are_asked=Exists(asked[most : most + 1]))
    return WrittenQuery(in_order(rows, ANSWER_KEY).only(*OF_AN_ANSWER))


def asked_after(given: Mapping[str, Part], last: Sequence[Part] | None) -> QuerySet[Question]:
    """The public questions that the filters leave, those of the key and after it, in order."""
    put = slots_put(given).filter(question=OuterRef("pk"))
    by_filter = {name: given[name] for name in ("event", "topic", "asker") if name in given}
    asked = in_order(questions_put(**by_filter).filter(Exists(put)), QUESTION_KEY)
    return from_key(asked, last[: len(QUESTION_KEY)]) if last else asked


def end_of_search(found: list[AddressedQuestion], asked: QuerySet[Question]) -> Key | None:
    """The key up to which all that has the status is on the page; none where nothing follows."""
    if found:
        return key_at(found[-1], ANSWER_KEY) if found[-1].more_are_asked else None
    keys = asked.values_list(*(f"key_{place}" for place in range(len(QUESTION_KEY))))
    last, *following = keys[QUESTIONS_AT_ONCE - 1 : QUESTIONS_AT_ONCE + 1] or [None]
    return [*last, LAST_STATE] if following else None


def from_key(rows: QuerySet, key: Key) -> QuerySet:
    """Those of this key and after it."""
    same = Q(**{f"key_{place}": value for place, value in enumerate(key)})
    return rows.filter(same) | after(rows, key)


def listed_events(*, status: str = "") -> QuerySet[Event]:
    rows = Event.objects.publicly_visible().real().prefetch_related("sessions")
    return rows.filter(status=status) if status else rows


def listed_candidacies(*, event: str = "", state: str = "", group: str = "") -> QuerySet[Candidacy]:
    rows = Candidacy.objects.publicly_visible().with_names().prefetch_related("extensions")
    rows = rows.filter(**of_event("event", event))
    if state:
        rows = rows.filter(state__iso3=state)
    if group:
        rows = rows.filter(state__group=group)
    return rows


def listed_questions(
    *,
    event: str = "",
    state: str = "",
    scope: str = "",
    topic: str = "",
    asker: str = "",
    language: str = "",
) -> QuerySet[Question]:
    """`state`: put to this State, alone or among others."""
    rows = questions_put(event=event, topic=topic, asker=asker)
    if state:
        rows = rows.filter(slots__candidacy__state__iso3=state)
    if scope:
        rows = rows.filter(scope=scope)
    if language:
        rows = rows.filter(language=language)
    return with_what_is_said(rows)


def with_what_is_said(questions: QuerySet[Question]) -> QuerySet[Question]:
    return questions.select_related("event", "state").prefetch_related("topics").with_askers()


def questions_put(*, event: Part = "", topic: Part = "", asker: Part = "") -> QuerySet[Question]:
    """The public questions of the event, theme and asker."""
    rows = Question.objects.publicly_visible().filter(**of_event("event", event))
    if topic:
        rows = rows.filter(topics__slug=topic)
    if asker:
        rows = rows.filter(asked_by__asker__in=Asker.objects.named_in_public().filter(slug=asker))
    return rows


def slots_put(given: Mapping[str, Part]) -> QuerySet[AddressedQuestion]:
    """To the State or group, with a text in force in the language.

    Of questions that are known to be public.
    """
    rows = AddressedQuestion.objects.all()
    if "state" in given:
        rows = rows.filter(candidacy__state__iso3=given["state"])
    if "group" in given:
        rows = rows.filter(candidacy__state__group=given["group"])
    if "language" in given:
        rows = rows.filter(
            responses__status=ResponseStatus.PUBLISHED, responses__language=given["language"]
        )
    return rows


def of_event(path: str, slug: Part) -> dict[str, object]:
    """The event of this slug; else every one but the specimen, which is in no list but its own."""
    return {f"{path}__slug": slug} if slug else {f"{path}__is_specimen": False}


def listed_states(*, group: str = "") -> QuerySet[State]:
    rows = State.objects.who_stood()
    return rows.filter(group=group) if group else rows


def listed_topics() -> QuerySet[Topic]:
    return Topic.objects.filter(pk__in=asked_in_public().values("topics"))


def listed_askers(*, kind: str = "") -> QuerySet[Asker]:
    rows = Asker.objects.named_in_public()
    rows = rows.filter(pk__in=asked_in_public().values("askers"))
    return rows.filter(kind=kind) if kind else rows


def asked_in_public() -> QuerySet[Question]:
    return Question.objects.publicly_visible().filter(event__is_specimen=False)


def listed_corrections(*, event: str = "", kind: str = "") -> QuerySet[Correction]:
    rows = Correction.objects.publicly_visible().with_names()
    rows = rows.filter(event__slug=event) if event else rows.real()
    return rows.filter(kind=kind) if kind else rows
