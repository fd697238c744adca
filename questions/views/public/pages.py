"""How a public page is rendered, and which of them are kept (security.md 87)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from questions.models import NEW_YORK


def public_page(
    request: HttpRequest, template: str, context: Mapping, *, section: str, symbol: str = ""
) -> HttpResponse:
    """The page as everyone sees it: no session, no user, no message is looked at."""
    shared = {
        "section": section,
        "symbol": symbol,
        "path": request.path,
        "query": request.GET.urlencode(),
        "address": f"{settings.BASE_URL}{request.path}",
        "today": today(request),
    }
    return render(None, template, {**shared, **context})


def today(request: HttpRequest) -> date:
    """The day in New York: what "as of" says."""
    return request.received_at.astimezone(ZoneInfo(NEW_YORK)).date()


def kept(**parameters: Iterable[str]) -> Callable:
    """Mark what the view answers as one page for everyone, to be kept under the edition.

    `parameters` names the GET parameters that the page knows, with their values. An address
    with another parameter, another value or another spelling is answered and not kept, so that
    nobody fills the cache with copies of one page.
    """
    known = {name: frozenset(map(str, values)) for name, values in parameters.items()}

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_safe
        @wraps(view)
        def kept_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            chosen = {
                name: request.GET.get(name, "")
                for name, values in known.items()
                if request.GET.get(name, "") in values
            }
            response = view(request, *args, **kwargs, **chosen)
            response.is_kept = is_plain(request, known)
            return response

        return kept_view

    return decorate


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
