"""How a public page is rendered, and which of them are kept (security.md 87)."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from questions.models import NEW_YORK, Correction


def public_page(
    request: HttpRequest, template: str, context: Mapping, *, section: str, symbol: str = ""
) -> HttpResponse:
    """The page as everyone sees it: no session, no user, no message is looked at."""
    query = request.GET.urlencode()
    shared = {
        "section": section,
        "symbol": symbol,
        "path": request.path,
        "query": query,
        "address": f"{settings.BASE_URL}{request.path}{'?' if query else ''}{query}",
        "today": today(request),
    }
    return render(None, template, {**shared, **context})


def today(request: HttpRequest) -> date:
    """The day in New York: what "as of" says."""
    return request.received_at.astimezone(ZoneInfo(NEW_YORK)).date()


def kept(**parameters: Iterable[str] | re.Pattern) -> Callable:
    """Mark what the view answers as one page for everyone, to be kept under the edition.

    `parameters` names the GET parameters that the page knows, with their values; where these are
    too many to keep a page of each, with what a value looks like. An address with such a one, with
    another parameter, another value or another spelling is answered and not kept, so that nobody
    fills the cache with copies of one page.
    """
    values = {
        name: frozenset(map(str, known))
        for name, known in parameters.items()
        if not isinstance(known, re.Pattern)
    }

    def is_known(name: str, value: str) -> bool:
        if name in values:
            return value in values[name]
        return parameters[name].fullmatch(value) is not None

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(view)
        def kept_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            given = {name: request.GET.get(name, "") for name in parameters}
            chosen = {name: value if is_known(name, value) else "" for name, value in given.items()}
            try:
                response = view(request, *args, **kwargs, **chosen)
            except Gone as gone:
                return gone_page(gone)
            response.is_kept = is_plain(request, values)
            return response if response.is_kept else conditional(request, response)

        return kept_view

    return decorate


class Gone(Exception):
    """Here was something public; `note` of the register, if it has one, says when and why."""

    def __init__(
        self, note: Correction | None, *, instead: str, is_specimen: bool, reason: str = ""
    ):
        self.note, self.instead, self.is_specimen = note, instead, is_specimen
        self.reason = reason or (note.reason if note else "")


def gone_page(gone: Gone) -> HttpResponse:
    context = {
        "note": gone.note,
        "reason": gone.reason,
        "instead": gone.instead,
        "is_specimen": gone.is_specimen,
    }
    return render(None, "410.html", context, status=410)


def conditional(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """With the validator of kept pages: the digest of what everyone sees (security.md 87)."""
    if page.status_code != 200 or page.streaming:
        return page
    page["Cache-Control"] = "public, no-cache"
    page["ETag"] = f'W/"{hashlib.sha256(page.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=page["ETag"], response=page)


def is_plain(request: HttpRequest, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether each parameter is a known one, once, with a known value, and plainly spelled."""
    return (
        all(
            name in known and len(values) == 1 and values[0] in known[name] | {""}
            for name, values in request.GET.lists()
        )
        and request.GET.urlencode() == request.META.get("QUERY_STRING", "")
        and list(request.GET) == sorted(request.GET)
    )


def neighbours(here: object, among: Sequence) -> tuple[object | None, object | None]:
    """What stands before and after; none at an end, nor where it is not among them."""
    if here not in among:
        return None, None
    place = among.index(here)
    before = among[place - 1] if place else None
    return before, among[place + 1] if place + 1 < len(among) else None
