"""A question with every State's reply; one reply with its versions."""

from datetime import datetime
from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language

from questions.citations import cite_question, cite_reply
from questions.models import (
    AddressedQuestion,
    AnswerStatus,
    Attachment,
    Correction,
    Entry,
    Question,
    RegionalGroup,
    Response,
    Tally,
    entries_of,
    entries_of_question,
)
from questions.serializers import question_and_answer, question_and_answers

from .filters import GROUP, STATUS, group_filter, status_filter
from .pages import Gone, kept, neighbours, public_page, today

GROUPS = RegionalGroup.values  # in the UN's order
SIDE_BY_SIDE = 3  # on a wide screen; more columns are too narrow to read


def find_question(event: str, slug: str) -> Question:
    """The public question of this address, or 404."""
    state, _dash, number = slug.partition("-")
    questions = Question.objects.publicly_visible().filter(event__slug=event)
    if number:
        questions = questions.filter(state__iso3=state.upper(), number=number)
    else:
        questions = questions.filter(state__isnull=True, number=slug[1:])
    found = questions.select_related("event", "state").with_askers().first()
    if found is None:
        refuse_question(event, slug)
    return found


def refuse_question(event: str, slug: str) -> NoReturn:
    """Gone, with the reason, where it is withdrawn; else 404."""
    withdrawn = Question.objects.withdrawn().filter(event__slug=event).select_related("event")
    for question in withdrawn.select_related("state"):
        if question.slug == slug:
            raise gone_with(question)
    raise Http404


def gone_with(question: Question) -> Gone:
    """What every address of a withdrawn question answers."""
    note = Correction.objects.shown().withdrawals().filter(question=question).first()
    event = question.event
    return Gone(note, instead=event.get_absolute_url(), is_specimen=event.is_specimen)


def find_entry(request: HttpRequest, question: Question, state: str) -> Entry:
    """The reply of one State to it, or 404."""
    slots = question.slots.readable(at=request.received_at).select_related("candidacy__state")
    slot = get_object_or_404(slots, candidacy__state__iso3=state.upper())
    slot.question = question
    slot.candidacy.event = question.event
    return entries_of([slot])[0]


@kept(view=["columns"], order=["group", "received"], group=GROUP, status=STATUS)
def question_detail(request: HttpRequest, event: str, question: str, **chosen: str) -> HttpResponse:
    """`state` may be there several times; no such page is kept."""
    if "-" in question:
        found = find_question(event, question)
        return _answer_page(request, find_entry(request, found, found.state.iso3))
    several = list(Question.objects.publicly_visible().put_to_several(event))
    found = next((one for one in several if one.slug == question), None)
    if found is None:
        refuse_question(event, question)
    found.load_askers()
    before, after = neighbours(found, several)
    entries = entries_of_question(found, at=request.received_at)
    tally = Tally.of(entry.status for entry in entries)
    context = {
        "question": found,
        "event": found.event,
        "citation": cite_question(found),
        "feed": reverse("feed_of_question", args=[event, found.slug]),
        "embed": reverse("embed_question", args=[get_language(), event, found.slug]),
        "alert": "" if found.event.is_specimen else f"?question={found.symbol}",
        "data": question_and_answers(found, entries),
        "is_specimen": found.event.is_specimen,
        "link_askers": not found.event.is_specimen,
        "corrections": Correction.objects.here().filter(question=found),
        "topics": [] if found.event.is_specimen else found.topics.all(),
        "tally": tally,
        "first_due": _first_due(entries) if tally.wait == tally.asked else None,
        "before": before,
        "after": after,
        "count": len(several),
        "filters": [group_filter(chosen["group"]), status_filter(tally, chosen["status"])],
        **_compared(_shown(entries, chosen), request.GET.getlist("state"), chosen),
    }
    return public_page(
        request, "public/question_detail.html", context, section="events", symbol=found.symbol
    )


def _first_due(entries: list[Entry]) -> datetime | None:
    """Of the deadlines that the letters gave."""
    slots = (entry.slot for entry in entries if entry.status == AnswerStatus.WAIT)
    dues = (slot.candidacy.due_at for slot in slots if slot.letter_date and slot.candidacy.due_at)
    return min(dues, default=None)


def _shown(entries: list[Entry], chosen: dict[str, str]) -> list[Entry]:
    """Those chosen: alphabetically, by regional group, or as received, nothing received last."""
    shown = [
        entry
        for entry in entries
        if chosen["group"] in {"", entry.slot.candidacy.state.group}
        and chosen["status"] in {"", entry.status}
    ]
    if chosen["order"] == "group":
        shown.sort(key=lambda entry: GROUPS.index(entry.slot.candidacy.state.group))
    elif chosen["order"]:
        shown.sort(key=lambda entry: (not entry.received_at, entry.received_at or 0))
    return shown


def _compared(entries: list[Entry], codes: list[str], chosen: dict[str, str]) -> dict:
    """What the page lists; side by side the first few, or the first few of the chosen States."""
    wanted = {code.upper() for code in codes}
    of_wanted = [entry for entry in entries if entry.slot.candidacy.state.iso3 in wanted]
    columns = (of_wanted if wanted else entries)[:SIDE_BY_SIDE]
    states = [entry.slot.candidacy.state for entry in columns]
    return {
        "entries": entries,
        "columns": columns,
        "compared": states,
        "has_more": len(of_wanted) > SIDE_BY_SIDE,
        "chosen": chosen | {"state": [state.iso3 for state in states] if wanted else []},
    }


@kept()
def answer_detail(request: HttpRequest, event: str, question: str, state: str) -> HttpResponse:
    found = find_question(event, question)
    entry = find_entry(request, found, state)
    if found.state_id:
        return redirect(found)
    return _answer_page(request, entry)


def _answer_page(request: HttpRequest, entry: Entry) -> HttpResponse:
    """410 where all of the reply had to go by law: the page says so (ux.md P6)."""
    slot = entry.slot
    notes = list(Correction.objects.shown().about_slot(slot))
    context = {
        "entry": entry,
        "slot": slot,
        "citation": cite_reply(entry, today(request), text=entry.response),
        "data": question_and_answer(entry),
        "embed": embed_address(slot),
        "files": Attachment.objects.publicly_visible().of_response(entry.response).with_names(),
        "corrections": notes,
        "history": slot.responses.history(),
        "question": slot.question,
        "event": slot.question.event,
        "state": slot.candidacy.state,
        "link_askers": not slot.question.event.is_specimen,
        "is_specimen": slot.question.event.is_specimen,
    }
    page = public_page(
        request, "public/answer_detail.html", context, section="events", symbol=slot.symbol
    )
    if not entry.versions and any(note.is_removal for note in notes):
        page.status_code = 410
    return page


def embed_address(slot: AddressedQuestion) -> str:
    event, question = slot.candidacy.event, slot.question
    where = [get_language(), event.slug, question.slug]
    if question.state_id:
        return reverse("embed_question", args=where)
    return reverse("embed_answer", args=[*where, slot.candidacy.state.slug])


@kept()
def answer_version(
    request: HttpRequest, event: str, question: str, state: str, version: int
) -> HttpResponse:
    if not request.path.endswith(f"/v{version}/"):  # v01: one page, one address
        raise Http404
    found = find_question(event, question)
    entry = find_entry(request, found, state)
    text = next((text for text in entry.versions if text.version == version), None)
    if text is None:
        refuse_version(entry, version)
    context = {
        "entry": entry,
        "text": text,
        "citation": cite_reply(entry, today(request), text=text),
        "files": Attachment.objects.publicly_visible().of_response(text).with_names(),
        "slot": entry.slot,
        "question": found,
        "event": found.event,
        "state": entry.slot.candidacy.state,
        "is_specimen": found.event.is_specimen,
    }
    return public_page(
        request, "public/answer_version.html", context, section="events", symbol=text.symbol
    )


def refuse_version(entry: Entry, version: int) -> NoReturn:
    """Gone, with the reason, where it was public and is withheld now; else 404."""
    withheld = Response.objects.withdrawn().filter(slot=entry.slot, version=version).first()
    if withheld is None:
        raise Http404
    note = Correction.objects.shown().withdrawals().filter(response=withheld).first()
    raise Gone(
        note,
        reason=withheld.withheld_reason,
        instead=entry.slot.get_absolute_url(),
        is_specimen=entry.slot.question.event.is_specimen,
    )
