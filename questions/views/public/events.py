"""Home, the list of events, and an event with its matrix."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from questions.citations import cite_event
from questions.models import (
    AnswerStatus,
    Correction,
    Event,
    EventRecord,
    RegionalGroup,
    State,
    event_summaries,
    figures_of,
    is_current,
    latest_entries,
    matrix_of,
)

from .filters import SLUG, asker_filter, group_filter, status_filter, topic_filter
from .pages import kept, neighbours, public_page, today

LATEST = 10


@kept()
def home(request: HttpRequest) -> HttpResponse:
    summaries = event_summaries(at=request.received_at)
    current = [summary for summary in summaries if is_current(summary, on=today(request))]
    context = {
        "feed": reverse("feed_of_all"),
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


@kept(group=RegionalGroup.values, status=AnswerStatus.values, topic=SLUG, asker=SLUG)
def event_detail(request: HttpRequest, event: str, **chosen: str) -> HttpResponse:
    events = list(Event.objects.publicly_visible())
    found = next((one for one in events if one.slug == event), None)
    if found is None:
        raise Http404
    matrix = matrix_of(found, at=request.received_at)
    shown = matrix.of_questions(topic=chosen["topic"], asker=chosen["asker"])
    before, after = neighbours(found, [one for one in events if not one.is_specimen][::-1])
    context = {
        "event": found,
        "citation": cite_event(found),
        "feed": reverse("feed_of_event", args=[found.slug]),
        "embed": reverse("embed_event", args=[get_language(), found.slug]),
        "alert": "" if found.is_specimen else f"?event={found.slug}",
        "is_specimen": found.is_specimen,
        "sessions": found.sessions.all(),
        "corrections": Correction.objects.here().about_event(found),
        "matrix": matrix,
        "shown": shown,
        "groups": shown.only(group=chosen["group"], status=chosen["status"]),
        "chosen": chosen,
        "filters": [
            group_filter(chosen["group"]),
            status_filter(matrix.tally, chosen["status"]),
            topic_filter(matrix.questions, chosen["topic"]),
            asker_filter(matrix.questions, chosen["asker"]),
        ],
        "before": before,
        "after": after,
    }
    return public_page(
        request, "public/event_detail.html", context, section="events", symbol=found.symbol
    )


@kept()
def event_figures(request: HttpRequest, event: str) -> HttpResponse:
    """Of an event that is kept here; of one made from files nothing is counted."""
    kept_here = Event.objects.publicly_visible().exclude(record=EventRecord.RECONSTRUCTED)
    found = get_object_or_404(kept_here, slug=event)
    context = {
        "event": found,
        "is_specimen": found.is_specimen,
        "figures": figures_of(found, at=request.received_at),
    }
    return public_page(
        request, "public/event_figures.html", context, section="events", symbol=found.symbol
    )
