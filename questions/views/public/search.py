"""Search: one box for symbols, States and words; what is found with counts to narrow it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from questions import searching
from questions.models import (
    MOST_COUNTED,
    UN_LANGUAGES,
    AnswerStatus,
    EntryKind,
    Hit,
    Hits,
    Question,
    RegionalGroup,
    Response,
    SearchEntry,
    State,
    Topic,
    Translation,
    shown_of,
    state_names,
)
from questions.views.site import address_of, redirect_within

from .pages import conditional, public_page

PAGE = 20
QUESTIONS_BESIDE = 10  # where answers are shown on the same page
STATES = 12
KINDS = {"questions": EntryKind.QUESTION, "answers": EntryKind.ANSWER}
REPLIED = [AnswerStatus.ON, AnswerStatus.LATE, AnswerStatus.DEC]
# What the page knows (security.md 85), and what each of them may be.
PARAMETERS = {
    "q": re.compile(".*", re.S),
    "kind": re.compile("|".join(KINDS)),
    "year": re.compile(r"\d{4}(?:-[a-z]{1,20})?"),
    "group": re.compile("|".join(RegionalGroup.values)),
    "status": re.compile("|".join(REPLIED)),
    "topic": re.compile(r"[-\w]{1,60}", re.A),
    "language": re.compile("|".join(code for code, _name in UN_LANGUAGES)),
    "after": re.compile(r"(?P<moment>\d{1,17})\.(?P<source>\d{1,18})", re.A),
}
# A parameter, and how the tokens of its values begin.
FACETS = {"year": "1y", "group": "1g", "status": "1s", "topic": "1t", "language": "1l"}


@dataclass(frozen=True)
class Option:
    """A value that narrows what is found, with how much is left."""

    label: str
    count: int
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Found:
    """One kind of what was found: all of it in figures, and a page of it."""

    hits: Hits
    page: list[Hit]
    next_address: str = ""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Not kept: as many pages as there are words would push all others out (security.md 86)."""
    asked = _asked(request)
    names = _names(state_names())
    query = searching.parse(asked.get("q", ""), names)
    if query.symbol:
        try:
            return redirect_within(address_of(query.symbol))
        except Http404:
            pass  # no public page has it: it is looked for as words
    topics = {str(topic.pk): topic for topic in Topic.objects.all()}
    clauses = [*query.clauses, *_chosen(asked, topics)]
    questions, answers = (_found(name, clauses, asked) for name in KINDS)
    shown_questions, entries = shown_of(questions.page, answers.page)
    codes = set(query.states) | searching.states_like(query.text, names)
    is_first = "after" not in asked and asked.get("kind") is None
    context = {
        "is_cut": query.is_cut,
        "query_text": query.text,
        "is_asked": bool(clauses),
        "states": State.objects.real().filter(iso3__in=codes)[:STATES]
        if is_first and codes
        else [],
        "questions": [(one, _passage(one, query)) for one in shown_questions],
        "question_hits": questions,
        "answers": [(entry, _passage(entry.response, query)) for entry in entries],
        "answer_hits": answers,
        "most": number_format(MOST_COUNTED, force_grouping=True),
        "facets": list(_facets(questions.hits, answers.hits, asked, topics)),
        "is_narrowed": bool(set(FACETS) & set(asked)),
        "without_filters": _address({"q": asked.get("q", "")}),
    }
    page = public_page(request, "public/search.html", context, section="search")
    return conditional(request, page)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The parameters given; one that is not known, is there twice or impossible is refused."""
    asked = {}
    for name, values in request.GET.lists():
        if name not in PARAMETERS or len(values) > 1:
            raise BadRequest("A parameter that search does not know.")
        if values[0] and not PARAMETERS[name].fullmatch(values[0]):
            raise BadRequest("A value that the parameter cannot have.")
        if values[0]:
            asked[name] = values[0]
    if "after" in asked and "kind" not in asked:
        raise BadRequest("A place without a kind.")
    return asked


@lru_cache(maxsize=1)
def _names(rows: tuple[tuple[str, ...], ...]) -> searching.Names:
    """Made anew only when a name has changed."""
    return searching.names_of(rows)


def _chosen(asked: dict[str, str], topics: dict[str, Topic]) -> list[searching.Clause]:
    slugs = {topic.slug: pk for pk, topic in topics.items()}
    chosen = []
    for name, beginning in FACETS.items():
        if value := asked.get(name):
            value = slugs.get(value, "none") if name == "topic" else value
            token = beginning + value.lower().replace("-", "")
            chosen.append(searching.Clause((((token,),),)))
    return chosen


def _found(name: str, clauses: list[searching.Clause], asked: dict[str, str]) -> Found:
    """Of a kind that is not asked for nothing is read."""
    if not clauses or asked.get("kind", name) != name:
        return Found(Hits(), [])
    kind = KINDS[name]
    event = asked.get("year", "")
    hits = SearchEntry.objects.found(kind, clauses, event=event)
    rest, size = list(hits.read), PAGE
    if after := PARAMETERS["after"].fullmatch(asked.get("after", "")):
        place = int(after["moment"]), int(after["source"])
        rest = [hit for hit in rest if hit.place < place]
        if hits.are_more and len(rest) <= PAGE:
            rest = SearchEntry.objects.hits(kind, clauses, event=event, before=place, most=PAGE + 1)
    elif "kind" not in asked and name == "questions":
        size = QUESTIONS_BESIDE
    page = rest[:size]
    if len(rest) <= size:
        return Found(hits, page)
    last = page[-1]
    following = {"kind": name, "after": f"{last.moment}.{last.source}"}
    return Found(hits, page, _address(asked | following))


@dataclass(frozen=True)
class Passage:
    """Where the words stand, and in which text: the original, or a translation of it."""

    parts: list[searching.Part]
    text: Response | Question | Translation
    is_translation: bool = False


def _passage(original: Response | Question, query: searching.Query) -> Passage:
    """Of the first text that has one of the words; else the beginning of the original."""
    passages = (
        Passage(searching.passage(text.text, text.language or "en", query.stems), text, place > 0)
        for place, text in enumerate([original, *original.shown_translations])
    )
    first = next(passages)
    found = (one for one in (first, *passages) if any(part.is_marked for part in one.parts))
    return next(found, first)


def _facets(
    questions: Hits, answers: Hits, asked: dict[str, str], topics: dict[str, Topic]
) -> Iterator[tuple[str, list[Option]]]:
    """For each parameter its title and the values that occur, most first; none where one is all."""
    counts = questions.by_facet + answers.by_facet
    titles = {
        "year": _("Year"),
        "group": _("Regional group"),
        "status": _("Status"),
        "topic": _("Theme"),
        "language": _("Language"),
    }
    most_first = counts.most_common()
    for name, beginning in FACETS.items():
        values = _values(name, topics)
        options = []
        for token, count in most_first:
            if not token.startswith(beginning):
                continue
            value, label = values.get(token[2:], ("", ""))
            if name == "year":
                value = label = re.sub(r"(?<=\d)(?=[a-z])", "-", token[2:])
            if value:
                options.append(_option(name, value, label, count, asked))
        if name == "year":
            options.sort(key=lambda option: option.label, reverse=True)
        if len(options) > 1 or (name in asked and options):
            yield titles[name], options


def _values(name: str, topics: dict[str, Topic]) -> dict[str, tuple[str, str]]:
    """What stands in a token: its value in the address, and its label."""
    choices = {
        "group": RegionalGroup.choices,
        "status": [(status.value, status.label) for status in REPLIED],
        "language": UN_LANGUAGES,
    }
    if name == "topic":
        return {pk: (topic.slug, str(topic)) for pk, topic in topics.items()}
    return {
        value.lower().replace("-", ""): (value, label) for value, label in choices.get(name, [])
    }


def _option(name: str, value: str, label: str, count: int, asked: dict[str, str]) -> Option:
    """Chosen, its address is that without it."""
    others = {key: one for key, one in asked.items() if key not in {name, "after"}}
    is_chosen = asked.get(name) == value
    address = _address(others if is_chosen else others | {name: value})
    return Option(label, count, address, is_chosen)


def _address(asked: dict[str, str]) -> str:
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
