"""What programs look for at addresses of their own: the list of pages, and whom to tell of a hole.

Only public pages are listed, each in six languages; the specimen event is not. A file lists pages
of one event, `PAGES_OF_FILE` at most: each stays far below 50,000 addresses and 50 MB.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import override

from questions.models import (
    AddressedQuestion,
    Candidacy,
    Event,
    Question,
    State,
    askers_in_public,
    topics_in_public,
)

from .public.pages import kept, today

PAGES_OF_FILE = 500
STANDING = [
    "home",
    "event_list",
    "state_list",
    "question_list",
    "topic_list",
    "asker_list",
    "data",
    "corrections",
    "about",
    "method",
    "accessibility",
    "privacy",
]
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
SECURITY_TXT_HOLDS_FOR = timedelta(days=180)  # RFC 9116 §2.5.5 asks for less than a year


@kept()
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of the lists: that of the standing pages, and those of each event."""
    files = [reverse("sitemap_pages")]
    events = list(Event.objects.publicly_visible().real())
    pages = page_counts(events)
    for event in events:
        last = (pages[event.pk] - 1) // PAGES_OF_FILE + 1
        files += [reverse("sitemap_of_event", args=[event.slug, n]) for n in range(1, last + 1)]
    listed = "".join(f"<sitemap><loc>{settings.BASE_URL}{file}</loc></sitemap>\n" for file in files)
    return as_xml(f"{XML}<sitemapindex {NAMESPACES}>\n{listed}</sitemapindex>\n")


@kept()
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """The pages that belong to no event."""
    topics, askers = topics_in_public(), askers_in_public()
    with override("en"):
        addresses = [reverse(f"public:{name}") for name in STANDING]
        addresses += [reverse("public:topic_detail", args=[topic.slug]) for topic in topics]
        addresses += [page.get_absolute_url() for page in chain(State.objects.who_stood(), askers)]
    return urlset(addresses)


@kept()
def sitemap_of_event(request: HttpRequest, event: str, number: int) -> HttpResponse:
    found = get_object_or_404(Event.objects.publicly_visible().real(), slug=event)
    start = (number - 1) * PAGES_OF_FILE
    with override("en"):
        addresses = list(pages_of(found, start, start + PAGES_OF_FILE)) if number else []
    if not addresses or request.path != reverse("sitemap_of_event", args=[event, number]):
        raise Http404  # past the end; or 01, for one list has one address
    return urlset(addresses)


def lists_of(events: list[Event]) -> list[tuple[QuerySet, str]]:
    """The pages of events, and where each names its own: questions, States, replies with pages."""
    questions = Question.objects.publicly_visible().filter(event__in=events)
    candidacies = Candidacy.objects.filter(event__in=events)
    slots = AddressedQuestion.objects.publicly_visible().filter(
        candidacy__event__in=events, question__state=None
    )
    return [
        (questions.select_related("event", "state").in_symbol_order(), "event"),
        (candidacies.with_names().order_by("state__iso3"), "event"),
        (
            slots.with_names().order_by("question__number", "candidacy__state__iso3"),
            "candidacy__event",
        ),
    ]


def page_counts(events: list[Event]) -> Counter[int]:
    """By the event's key, with its own page: three queries, however many events."""
    counts = Counter(event.pk for event in events)
    for pages, event in lists_of(events):
        found = pages.order_by().values(event).annotate(count=Count("pk"))
        counts.update(dict(found.values_list(event, "count")))
    return counts


def pages_of(event: Event, start: int, stop: int) -> Iterator[str]:
    """The addresses of some of its pages, in an order that holds."""
    if start == 0:
        yield event.get_absolute_url()
    before = 1
    for pages, _event in lists_of([event]):
        size = pages.count()
        first, last = max(start - before, 0), min(stop - before, size)
        if first < last:
            yield from (page.get_absolute_url() for page in pages[first:last])
        before += size


def urlset(addresses: Iterable[str]) -> HttpResponse:
    """Each page in every language, each with its addresses in the others."""
    listed = "".join(in_each_language(address.removeprefix("/en/")) for address in addresses)
    return as_xml(f"{XML}<urlset {NAMESPACES}>\n{listed}</urlset>\n")


def in_each_language(page: str) -> str:
    """Addresses are of letters, digits and hyphens: nothing in them needs an escape."""
    places = {code: f"{settings.BASE_URL}/{code}/{page}" for code, _name in settings.LANGUAGES}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href="{place}"/>'
        for code, place in [*places.items(), ("x-default", places["en"])]
    )
    return "".join(f"<url><loc>{place}</loc>{links}</url>\n" for place in places.values())


def as_xml(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


@kept()
def robots(request: HttpRequest) -> HttpResponse:
    """Everything that is public may be read; what is not has no address here."""
    text = f"User-agent: *\nAllow: /\n\nSitemap: {settings.BASE_URL}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@kept()
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116)."""
    expires = today(request) + SECURITY_TXT_HOLDS_FOR
    text = (
        f"Contact: mailto:{settings.SECURITY_CONTACT}\n"
        f"Expires: {expires.isoformat()}T00:00:00Z\n"
        "Preferred-Languages: en, fr, es\n"
        f"Canonical: {settings.BASE_URL}{reverse('security_txt')}\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
