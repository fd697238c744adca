"""Middleware, first in line: public pages are kept as bytes under the current edition.

A kept page costs one small query and one look-up. Its validator is a digest of its bytes, so an
edition that did not change the page leaves the reader's copy good; what an edition ago was public
is under a key that nothing asks for any more.
"""

import gzip
import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from questions.models import Edition

NEVER_KEPT = ("/admin/", "/static/", "/healthz", "/reply/", "/en/reply/")
READ_EDITION = (
    "SELECT number, fresh_until IS NULL OR fresh_until > %s FROM questions_edition WHERE id = 1"
)
LONGEST_ADDRESS = 300


class EditionMiddleware:
    """Answers a page kept under the current edition; keeps what a view marks with `is_kept`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.get_full_path()
        if (
            request.method not in {"GET", "HEAD"}
            or address.startswith(NEVER_KEPT)
            or len(address) > LONGEST_ADDRESS
        ):
            return self.get_response(request)
        key = page_key(current_edition(), address)
        page = cache.get(key)
        if page is None:
            response = self.get_response(request)
            if not may_be_kept(response):
                return response
            page = kept_page(response)
            cache.set(key, page, timeout=None)
        return answer(request, *page)


def current_edition() -> int:
    """The edition's number, after making the next one where time has changed a page."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(READ_EDITION, [connection.ops.adapt_datetimefield_value(now)])
        row = cursor.fetchone()
    if row is None:
        return Edition.objects.get_or_create(pk=1)[0].number
    number, is_fresh = row
    if is_fresh:
        return number
    Edition.objects.bump_from(number, at=now)
    return Edition.objects.get(pk=1).number


def page_key(edition: int, address: str) -> str:
    return f"page:{edition}:{hashlib.sha256(address.encode()).hexdigest()}"


def may_be_kept(response: HttpResponse) -> bool:
    return (
        getattr(response, "is_kept", False)
        and response.status_code == 200
        and not response.cookies
        and not response.streaming
    )


def kept_page(response: HttpResponse) -> tuple[bytes, bytes, dict[str, str], str]:
    """Plain bytes, gzipped bytes, headers, validator."""
    plain = response.content
    headers = dict(response.headers)
    headers["Cache-Control"] = "public, no-cache"
    headers["Vary"] = "Accept-Encoding"
    headers["ETag"] = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    headers.pop("Content-Length", None)
    # mtime 0: the same page, the same bytes
    return plain, gzip.compress(plain, 6, mtime=0), headers, headers["ETag"]


def answer(
    request: HttpRequest, plain: bytes, zipped: bytes, headers: dict[str, str], etag: str
) -> HttpResponse:
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponse(status=304)
        response.headers = response.headers.__class__(
            {name: value for name, value in headers.items() if name != "Content-Type"}
        )
        return response
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        body = zipped
        headers = {**headers, "Content-Encoding": "gzip"}
    else:
        body = plain
    return HttpResponse(body, headers={**headers, "Content-Length": str(len(body))})
