"""Middleware, first in line: public pages are kept as bytes under the current edition.

A kept page costs one small query and one look-up in this process's memory; a shared cache, where
CACHE_URL names one, spares other processes the rendering. A page's validator is a digest of its
bytes, so an edition that did not change the page leaves the reader's copy good; what an edition ago
was public is under a key that nothing asks for any more.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.utils import timezone
from django.utils.cache import has_vary_header
from django.utils.http import parse_etags

from questions.models import Edition

NEVER_KEPT = (
    *("/admin/", "/static/", "/healthz", "/reply/", "/alerts/"),
    *(f"/{code}/reply/" for code, _name in settings.LANGUAGES),
)
READ_EDITION = "SELECT number, CAST(fresh_until AS text) FROM questions_edition WHERE id = 1"
LONGEST_ADDRESS = 300
MOST_BYTES = 32_000_000  # of pages at hand in one process
DAY = 86_400  # seconds; an edition of an event that is kept here lasts no longer
TAKES_GZIP = re.compile(
    r"(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?P<weight>[01](?:\.\d{0,3})?)\s*)?(?:,|$)", re.I
)
# What RFC 9110 §15.4.5 asks of a 304; the rest is held with the page.
OF_304 = {"Cache-Control", "ETag", "Vary"}


class Page:
    """A kept page: its bytes, plain and gzipped, and the headers of each way to answer with it."""

    def __init__(self, plain: bytes, zipped: bytes, headers: dict[str, str]):
        self.plain, self.zipped, self.headers = plain, zipped, headers
        self.size = len(plain) + len(zipped)
        self.etag = headers["ETag"]
        # Made once: nothing outside this middleware changes the headers of an answer.
        self.as_plain = ready({**headers, "Content-Length": str(len(plain))})
        self.as_zipped = ready(
            {**headers, "Content-Encoding": "gzip", "Content-Length": str(len(zipped))}
        )
        self.as_held = ready({name: headers[name] for name in OF_304 & headers.keys()})
        del self.as_held["Content-Type"]


def ready(headers: dict[str, str]) -> ResponseHeaders:
    return HttpResponse(headers=headers).headers


class PagesAtHand:
    """The pages of one edition that this process used last, in its memory, up to `MOST_BYTES`."""

    def __init__(self):
        self.pages: dict[str, Page] = {}
        self.edition = 0
        self.size = 0
        self.lock = Lock()

    def keep(self, edition: int, key: str, page: Page) -> None:
        """Those of another edition go, and the oldest where all are too much."""
        with self.lock:
            if edition != self.edition:
                self.pages.clear()
                self.edition, self.size = edition, 0
            if key in self.pages:
                return
            self.pages[key] = page
            self.size += page.size
            while self.size > MOST_BYTES:
                self.size -= self.pages.pop(next(iter(self.pages))).size

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()
            self.size = 0


at_hand = PagesAtHand()


class EditionMiddleware:
    """Answers a page kept under the current edition; keeps what a view marks with `is_kept`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.release = release()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        edition = current_edition() if may_be_asked(request) else None
        if edition is None:
            return self.get_response(request)
        key = self.key(edition, request)
        page = at_hand.pages.get(key) or fetched(edition, key)
        if page is None:
            response = self.get_response(request)
            if not may_be_kept(response):
                return response
            page = kept_page(response)
            if request.method == "GET":
                at_hand.keep(edition, key, page)
                cache.set(key, (page.plain, page.zipped, page.headers), timeout=DAY)
        return answer(request, page)

    def key(self, edition: int, request: HttpRequest) -> str:
        address = f"{request.path}?{request.META.get('QUERY_STRING', '')}"
        return f"page:{self.release}:{edition}:{hashlib.sha256(address.encode()).hexdigest()}"


def fetched(edition: int, key: str) -> Page | None:
    """The page as another process kept it in the shared cache, where there is one."""
    if (parts := cache.get(key)) is None:
        return None
    page = Page(*parts)
    at_hand.keep(edition, key, page)
    return page


def release() -> str:
    """A digest of what pages are made from: in a shared cache, each release has its own."""
    made_from = hashlib.sha256(
        f"{settings.BASE_URL} {settings.OFFICE_EMAIL} {settings.SECURITY_CONTACT}".encode()
    )
    made_from.update(digest_of_sources(settings.BASE_DIR, Path(settings.STATIC_ROOT)))
    return made_from.hexdigest()[:16]


@lru_cache(maxsize=1)
def digest_of_sources(base: Path, static_root: Path) -> bytes:
    """Of the files as this process found them, once: it runs the code that it read at its start."""
    sources = [*base.glob("questions/**/*.py"), *static_root.glob("staticfiles.json")]
    sources += (path for path in base.glob("templates/**/*") if path.is_file())
    made_from = hashlib.sha256()
    for path in sorted(sources):
        made_from.update(path.read_bytes())
    return made_from.digest()


def may_be_asked(request: HttpRequest) -> bool:
    """Whether the address may be that of a kept page; if not, the rest of the chain answers."""
    if settings.DEBUG or request.method not in {"GET", "HEAD"}:
        return False
    if request.path.startswith(NEVER_KEPT):
        return False
    if len(request.path) + len(request.META.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        return False
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def current_edition() -> int | None:
    """The edition's number, after making the next one where time has changed a page.

    None where the database does not answer: the view then says so in its own way.
    """
    now = timezone.now()
    try:
        row = read_edition()
        if row and is_fresh(row[1], now):
            return row[0]
        if row:
            Edition.objects.bump_from(row[0], at=now)
        else:
            Edition.objects.bump(at=now)
        return read_edition()[0]
    except Error:
        return None


def is_fresh(until: str | None, now: datetime) -> bool:
    """SQLite keeps UTC without saying so."""
    if until is None:
        return True
    moment = datetime.fromisoformat(until)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) > now


def read_edition() -> tuple[int, str | None] | None:
    """The row; asked once more where a kept connection had been cut, as after a restart."""
    was_open = connection.connection is not None
    try:
        return select_edition()
    except (InterfaceError, OperationalError):
        if not was_open or connection.in_atomic_block:
            raise
        connection.close()
        return select_edition()


def select_edition() -> tuple[int, str | None] | None:
    """Without Django's cursor, which costs as much again as the query."""
    with connection.wrap_database_errors:
        connection.ensure_connection()
        row = connection.connection.execute(READ_EDITION).fetchone()
    # It worked, so CONN_HEALTH_CHECKS need not ask again in this request.
    connection.health_check_done = True
    return row


def may_be_kept(response: HttpResponse) -> bool:
    """Marked by its view, and nothing of the visitor's was looked at (security.md 87)."""
    return (
        getattr(response, "is_kept", False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not has_vary_header(response, "Cookie")
    )


def kept_page(response: HttpResponse) -> Page:
    plain = response.content
    headers = dict(response.headers)
    headers["Cache-Control"] = "public, no-cache"
    headers["Vary"] = "Accept-Encoding"
    headers["ETag"] = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    headers.pop("Content-Length", None)
    # mtime 0: the same page, the same bytes
    return Page(plain, gzip.compress(plain, 4, mtime=0), headers)


def answer(request: HttpRequest, page: Page) -> HttpResponse:
    """304 to whoever holds the page, else its bytes as the reader takes them."""
    if is_held(request.META.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        response = HttpResponse(status=304)
        response.headers = page.as_held
        return response
    zipped = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.zipped if zipped else page.plain
    response = HttpResponse(b"" if request.method == "HEAD" else body)
    response.headers = page.as_zipped if zipped else page.as_plain
    return response


def is_held(if_none_match: str, etag: str) -> bool:
    """Compared weakly, as RFC 9110 §13.1.2 has it."""
    if not if_none_match or if_none_match == etag:
        return bool(if_none_match)
    held = parse_etags(if_none_match)
    return "*" in held or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in held}


def takes_gzip(accept_encoding: str) -> bool:
    named = TAKES_GZIP.search(accept_encoding)
    return bool(named) and float(named["weight"] or 1) > 0
