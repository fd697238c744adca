"""Addresses that have no language; most lead to one that has."""

import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.models import AddressedQuestion, Candidacy, Event, Question, Response

SYMBOL = re.compile(
    r"(?P<code>[A-Z]{2}(?P<year>\d{4})[A-Z]?)"
    r"(?:-(?P<state>[A-Z]{3})(?:-(?P<own>[1-9]\d{0,3}))?|-Q(?P<number>[1-9]\d{0,3})(?:-(?P<of>[A-Z]{3}))?)?"
    r"(?:\.v(?P<version>[1-9]\d{0,3}))?"
)


def in_their_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer with the address in the language that the browser asks for first."""

    @wraps(view)
    def answered(request: HttpRequest, **arguments: str) -> HttpResponse:
        with translation.override(language_asked_for(request)):
            response = view(request, **arguments)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answered


def language_asked_for(request: HttpRequest) -> str:
    """The first of the six that Accept-Language names, in its order; English where none is."""
    for tag, _weight in parse_accept_lang_header(
        request.headers.get("Accept-Language", "").lower()
    ):
        try:
            return translation.get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok`, or `not ok` where the database does not answer; nothing else (security.md 100)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("not ok\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For readers that ask for this address whatever a page names."""
    return redirect_within(static("favicon.svg"))


@require_safe
@in_their_language
def home_in_their_language(request: HttpRequest) -> HttpResponse:
    return redirect_within(reverse("public:home"))


@require_safe
@in_their_language
def reply_in_their_language(request: HttpRequest) -> HttpResponse:
    """Where the letter sends those who hold a reply code."""
    return redirect_within(reverse("reply:enter_code"))


@require_safe
@in_their_language
def permalink(request: HttpRequest, symbol: str) -> HttpResponse:
    """The page that a symbol names (DESIGN.md §3); 404 where nothing public has this symbol."""
    return redirect_within(address_of(symbol))


def address_of(symbol: str) -> str:
    """Of that page, in the language of the request. Raises Http404."""
    try:
        found, version = named_by(symbol)
    except Http404:
        return withdrawn_question(symbol).get_absolute_url()  # whose page says so
    if version is None:
        return found.get_absolute_url()
    was_public = Response.objects.publicly_visible() | Response.objects.withdrawn()
    get_object_or_404(was_public, slot=found, version=version)
    where = [found.candidacy.event.slug, found.question.slug, found.candidacy.state.slug, version]
    return reverse("public:answer_version", args=where)


def withdrawn_question(symbol: str) -> Question:
    """The one that a symbol names, also as part of a cell. Raises Http404."""
    found = SYMBOL.fullmatch(symbol)
    if found is None:
        raise Http404
    questions = Question.objects.withdrawn().filter(event__code=found["code"])
    if found["own"]:
        questions = questions.filter(state__iso3=found["state"])
    else:
        questions = questions.filter(state__isnull=True)
    questions = questions.select_related("event", "state")
    return get_object_or_404(questions, number=found["number"] or found["own"])


def named_by(symbol: str) -> tuple[Event | Question | Candidacy | AddressedQuestion, int | None]:
    """What is public under a symbol, and the version that it names. Raises Http404."""
    found = SYMBOL.fullmatch(symbol)
    if found is None:
        raise Http404
    event = get_object_or_404(Event.objects.publicly_visible(), code=found["code"])
    number, state = found["number"] or found["own"], found["of"] or found["state"]
    if number and state:
        return _cell(event, found), int(found["version"]) if found["version"] else None
    if found["version"]:
        raise Http404
    if number:
        questions = Question.objects.publicly_visible().filter(event=event, state__isnull=True)
        return get_object_or_404(questions.select_related("event"), number=number), None
    if state:
        candidacies = Candidacy.objects.publicly_visible().filter(event=event)
        return get_object_or_404(candidacies.with_names(), state__iso3=state), None
    return event, None


def _cell(event: Event, found: re.Match) -> AddressedQuestion:
    """A State's reply to a question."""
    slots = AddressedQuestion.objects.publicly_visible().filter(question__event=event)
    if found["own"]:
        slots = slots.filter(question__state__iso3=found["state"], question__number=found["own"])
    else:
        slots = slots.filter(
            question__state__isnull=True,
            question__number=found["number"],
            candidacy__state__iso3=found["of"],
        )
    return get_object_or_404(slots.with_names())


def redirect_within(path: str) -> HttpResponse:
    """302 to a path of ours; never to another host, whatever was asked for (security.md 89)."""
    return HttpResponseRedirect("/" + path.lstrip("/\\"))
