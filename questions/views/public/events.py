"""Home, the list of events, and an event with its matrix."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from questions.models import (
    AnswerStatus,
    Event,
    RegionalGroup,
    State,
    event_summaries,
    is_current,
    latest_entries,
    matrix_of,
)

from .pages import kept, public_page, today

LATEST = 10


@kept()
def home(request: HttpRequest) -> HttpResponse:
    summaries = event_summaries(at=request.received_at)
    current = [summary for summary in summaries if is_current(summary, on=today(request))]
    context = {
        "current": current,
        "past": [summary for summary in summaries if summary not in current],
        "latest": latest_entries(LATEST, at=request.received_at),
        "states": sorted(State.objects.who_stood(), key=lambda state: state.place),
        "specimen": Event.objects.publicly_visible().filter(is_specimen=True).first(),
    }
    return public_page(request, "public/home.html", context, section="home")


@kept()
def event_list(request: HttpRequest) -> HttpResponse:
    context = {"summaries": event_summaries(at=request.received_at)}
    return public_page(request, "public/event_list.html", context, section="events")


@kept(group=RegionalGroup.values, status=AnswerStatus.values)
def event_detail(
    request: HttpRequest, event: str, group: str = "", status: str = ""
) -> HttpResponse:
    found = get_object_or_404(Event.objects.publicly_visible(), slug=event)
    matrix = matrix_of(found, at=request.received_at)
    context = {
        "event": found,
        "is_specimen": found.is_specimen,
        "sessions": found.sessions.all(),
        "matrix": matrix,
        "groups": matrix.only(group=group, status=status),
        "candidacies": found.candidacies.select_related("state").order_by("state__sort_key"),
        "chosen_group": group,
        "chosen_status": status,
        "regional_groups": RegionalGroup.choices,
    }
    return public_page(
        request, "public/event_detail.html", context, section="events", symbol=found.symbol
    )
