"""All States that stood, one State over the years, one State at one event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from questions.citations import cite_candidacy
from questions.models import (
    Candidacy,
    Correction,
    Entry,
    LetterSection,
    Mission,
    State,
    Tally,
    by_group,
    correspondence,
    entries_of_candidacy,
    record_of,
    state_lines,
)

from .briefs import may_be_brief
from .filters import SLUG, STATUS, asker_filter, status_filter, topic_filter
from .pages import kept, neighbours, public_page


@kept(order=["name"])
def state_list(request: HttpRequest, order: str = "") -> HttpResponse:
    lines = state_lines(at=request.received_at)
    context = {"order": order, "lines": lines, "groups": by_group(lines)}
    return public_page(request, "public/state_list.html", context, section="states")


@kept()
def state_record(request: HttpRequest, state: str) -> HttpResponse:
    found = get_object_or_404(State.objects.real(), iso3=state.upper())
    record = record_of(found, at=request.received_at)
    context = {
        "state": found,
        "feed": reverse("feed_of_state", args=[found.slug]),
        "alert": f"?state={found.slug}",
        "record": record,
    }
    return public_page(
        request, "public/state_record.html", context, section="states", symbol=found.iso3
    )


@kept(status=STATUS, topic=SLUG, asker=SLUG)
def state_at_event(request: HttpRequest, event: str, state: str, **chosen: str) -> HttpResponse:
    candidacy = get_object_or_404(
        Candidacy.objects.publicly_visible().with_names(),
        event__slug=event,
        state__iso3=state.upper(),
    )
    entries = entries_of_candidacy(candidacy, at=request.received_at)
    tally = Tally.of(entry.status for entry in entries)
    shown = [entry for entry in entries if _is_chosen(entry, **chosen)]
    questions = [entry.slot.question for entry in entries]
    before, after = neighbours(candidacy.state, State.objects.standing_at(candidacy.event))
    context = {
        "candidacy": candidacy,
        "citation": cite_candidacy(candidacy),
        "brief": may_be_brief(len(entries)) and reverse("public:brief", args=[event, state]),
        "event": candidacy.event,
        "state": candidacy.state,
        "is_specimen": candidacy.event.is_specimen,
        "link_askers": not candidacy.event.is_specimen,
        **_letters_of(candidacy, entries),
        "entries": entries,
        "corrections": Correction.objects.here().filter(candidacy=candidacy),
        "own": [entry for entry in shown if entry.slot.section == LetterSection.OWN],
        "common": [entry for entry in shown if entry.slot.section == LetterSection.COMMON],
        "tally": tally,
        "chosen": chosen,
        "filters": [
            status_filter(tally, chosen["status"]),
            topic_filter(questions, chosen["topic"]),
            asker_filter(questions, chosen["asker"]),
        ],
        "before": before,
        "after": after,
    }
    return public_page(
        request, "public/state_at_event.html", context, section="events", symbol=candidacy.symbol
    )


def _letters_of(candidacy: Candidacy, entries: list[Entry]) -> dict:
    letters = sorted({entry.slot.letter_date for entry in entries if entry.slot.letter_date})
    extensions = list(candidacy.extensions.all())
    return {
        "letters": letters,
        "missions": Mission.objects.addressed(candidacy),
        "extensions": extensions,
        "log": correspondence(candidacy.event.zone, letters, extensions, entries),
    }


def _is_chosen(entry: Entry, status: str, topic: str, asker: str) -> bool:
    return status in {"", entry.status} and entry.slot.question.matches(topic=topic, asker=asker)
