"""A question with every State's reply; one reply with its versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from questions.models import (
    Attachment,
    Entry,
    Question,
    Response,
    Tally,
    entries_of,
    entries_of_question,
)

from .pages import kept, public_page


def find_question(event: str, slug: str) -> Question:
    """The public question of this address, or 404."""
    state, _dash, number = slug.partition("-")
    questions = Question.objects.publicly_visible().filter(event__slug=event)
    if number:
        questions = questions.filter(state__iso3=state.upper(), number=number)
    else:
        questions = questions.filter(state__isnull=True, number=slug[1:])
    return get_object_or_404(questions.select_related("event", "state").with_askers())


def find_entry(request: HttpRequest, question: Question, state: str) -> Entry:
    """The reply of one State to it, or 404."""
    slots = question.slots.readable(at=request.received_at).select_related("candidacy__state")
    slot = get_object_or_404(slots, candidacy__state__iso3=state.upper())
    slot.question = question
    slot.candidacy.event = question.event
    return entries_of([slot])[0]


@kept()
def question_detail(request: HttpRequest, event: str, question: str) -> HttpResponse:
    if "-" in question:
        found = find_question(event, question)
        return _answer_page(request, find_entry(request, found, found.state.iso3))
    several = list(Question.objects.publicly_visible().put_to_several(event))
    found = next((one for one in several if one.slug == question), None)
    if found is None:
        raise Http404
    found.load_askers()
    place = several.index(found)
    entries = entries_of_question(found, at=request.received_at)
    context = {
        "question": found,
        "event": found.event,
        "is_specimen": found.event.is_specimen,
        "link_askers": not found.event.is_specimen,
        "entries": entries,
        "tally": Tally.of(entry.status for entry in entries),
        "before": several[place - 1] if place else None,
        "after": several[place + 1] if place + 1 < len(several) else None,
        "count": len(several),
    }
    return public_page(
        request, "public/question_detail.html", context, section="events", symbol=found.symbol
    )


@kept()
def answer_detail(request: HttpRequest, event: str, question: str, state: str) -> HttpResponse:
    found = find_question(event, question)
    entry = find_entry(request, found, state)
    if found.state_id:
        return redirect(found)
    return _answer_page(request, entry)


def _answer_page(request: HttpRequest, entry: Entry) -> HttpResponse:
    slot = entry.slot
    context = {
        "entry": entry,
        "slot": slot,
        "files": Attachment.objects.publicly_visible().of_response(entry.response).with_names(),
        "question": slot.question,
        "event": slot.question.event,
        "state": slot.candidacy.state,
        "link_askers": not slot.question.event.is_specimen,
        "is_specimen": slot.question.event.is_specimen,
    }
    return public_page(
        request, "public/answer_detail.html", context, section="events", symbol=slot.symbol
    )


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
        return _gone(entry, version)
    context = {
        "entry": entry,
        "text": text,
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


def _gone(entry: Entry, version: int) -> HttpResponse:
    """410 with the reason where this version was public and is withheld now, else 404."""
    withheld = Response.objects.withdrawn().filter(slot=entry.slot, version=version).first()
    if withheld is None:
        raise Http404
    context = {
        "reason": withheld.withheld_reason,
        "instead": entry.slot.get_absolute_url(),
        "is_specimen": entry.slot.question.event.is_specimen,
    }
    return render(None, "410.html", context, status=410)
