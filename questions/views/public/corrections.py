"""The register of what changed after it was published."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from questions.models import Correction, CorrectionQuerySet, Event

from .pages import kept, public_page

ON_A_PAGE = 50
PAGES = range(2, 1_000)


@kept(page=PAGES)
def corrections(request: HttpRequest, page: str = "") -> HttpResponse:
    """Of all events but the specimen's, and of the office's pages."""
    return _register(request, Correction.objects.shown().real(), page)


@kept(page=PAGES)
def corrections_of_event(request: HttpRequest, event: str, page: str = "") -> HttpResponse:
    found = get_object_or_404(Event.objects.publicly_visible(), slug=event)
    notes = Correction.objects.shown().filter(event=found)
    return _register(request, notes, page, event=found)


def _register(
    request: HttpRequest, notes: CorrectionQuerySet, page: str, event: Event | None = None
) -> HttpResponse:
    try:
        shown = Paginator(notes, ON_A_PAGE).page(page or 1)
    except EmptyPage as none:
        raise Http404 from none
    events = Event.objects.publicly_visible().filter(
        pk__in=Correction.objects.publicly_visible().real().values("event")
    )
    context = {
        "shown": shown,
        "feed": "" if event else reverse("feed_of_corrections"),
        "event": event,
        "is_specimen": event is not None and event.is_specimen,
        "events": events.order_by("-term_start", "code"),
    }
    symbol = event.symbol if event else ""
    return public_page(request, "public/corrections.html", context, section="about", symbol=symbol)
