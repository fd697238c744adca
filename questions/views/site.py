"""Addresses that have no language."""

import re

from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SYMBOL = re.compile(
    r"(?P<code>[A-Z]{2}(?P<year>\d{4})[A-Z]?)"
    r"(?:-(?P<state>[A-Z]{3})(?:-(?P<own>[1-9]\d{0,3}))?|-Q(?P<number>[1-9]\d{0,3})(?:-(?P<of>[A-Z]{3}))?)?"
    r"(?:\.v(?P<version>[1-9]\d{0,3}))?"
)


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
def in_english(request: HttpRequest, rest: str | None = None) -> HttpResponse:
    """The same page in the language that is served so far."""
    query = request.META.get("QUERY_STRING", "")
    return redirect_within("/en/" + (rest or "").lstrip("/") + (f"?{query}" if query else ""))


def redirect_within(path: str) -> HttpResponse:
    """302 to a path of ours; never to another host, whatever was asked for (security.md 89)."""
    return HttpResponseRedirect("/" + path.lstrip("/\\"))
