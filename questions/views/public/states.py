"""All States that stood, one State over the years, one State at one event."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from questions.models import (
    Candidacy,
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

from .pages import kept, public_page


@kept(order=["name"])
def state_list(request: HttpRequest, order: str = "") -> HttpResponse:
    lines = state_lines(at=request.received_at)
    context = {"order": order, "lines": lines, "groups": by_group(lines)}
    return public_page(request, "public/state_list.html", context, section="states")


@kept()
def state_record(request: HttpRequest, state: str) -> HttpResponse:
    found = get_object_or_404(State.objects.real(), iso3=state.upper())
    record = record_of(found, at=request.received_at)
    context = {"state": found, "record": record}
    return public_page(
        request, "public/state_record.html", context, section="states", symbol=found.iso3
    )


@kept()
def state_at_event(request: HttpRequest, event: str, state: str) -> HttpResponse:
    candidacy = get_object_or_404(
        Candidacy.objects.publicly_visible().with_names(),
        event__slug=event,
        state__iso3=state.upper(),
    )
    entries = entries_of_candidacy(candidacy, at=request.received_at)
    letters = list(candidacy.letters.issued().values_list("date", flat=True))
    extensions = list(candidacy.extensions.all())
    context = {
        "candidacy": candidacy,
        "event": candidacy.event,
        "state": candidacy.state,
        "is_specimen": candidacy.event.is_specimen,
        "link_askers": not candidacy.event.is_specimen,
        "entries": entries,
        "own": [entry for entry in entries if entry.slot.section == LetterSection.OWN],
        "common": [entry for entry in entries if entry.slot.section == LetterSection.COMMON],
        "tally": Tally.of(entry.status for entry in entries),
        "letters": letters,
        "missions": Mission.objects.addressed(candidacy.state),
        "extensions": extensions,
        "log": correspondence(candidacy.event.zone, letters, extensions, entries),
    }
    return public_page(
        request, "public/state_at_event.html", context, section="events", symbol=candidacy.symbol
    )
