"""The data files, which have no language, and the page about them (DESIGN.md §5)."""

from collections.abc import Iterator
from threading import BoundedSemaphore

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from questions.models import Edition
from questions.serializers import (
    COLUMNS,
    WORKBOOK_ROWS,
    DataFile,
    all_files,
    data_package,
    events_with_data,
    files_of_event,
    files_of_events,
)
from questions.serializers.schemas import SCHEMAS

from .public.briefs import not_now
from .public.pages import kept, public_page

KEPT_ROWS = 2_000  # up to here a file is made whole, and kept as pages are
# A transfer lasts as long as its reader wants: two at a time in a process, and nobody waits, so
# that the other threads still answer.
sending = BoundedSemaphore(2)


class RecordChanged(Exception):
    """Something was published while a file was written; its reader has to begin again."""


@kept()
def data(request: HttpRequest) -> HttpResponse:
    """Every file with its rows, and what its columns hold; bytes and checksums are in the packages.

    Here they would cost the reading of every file.
    """
    events = list(events_with_data())
    context = {
        "listed": list(zip(events, files_of_events(events), strict=True)),
        "everything": all_files() if any(not event.is_specimen for event in events) else [],
        "columns": COLUMNS,
        "workbook_rows": WORKBOOK_ROWS,
        "licence": settings.DATA_LICENCE,
    }
    return public_page(request, "public/data.html", context, section="data")


@require_safe
def event_file(request: HttpRequest, event: str, name: str) -> HttpResponse:
    found = get_object_or_404(events_with_data(), slug=event)
    return answer_file(request, files_of_event(found), name)


@require_safe
def file_of_all(request: HttpRequest, name: str) -> HttpResponse:
    return answer_file(request, all_files(), name)


def answer_file(request: HttpRequest, files: list[DataFile], name: str) -> HttpResponse:
    file = next((file for file in files if file.path.endswith(f"/{name}")), None)
    if file is None:
        raise Http404
    if file.rows <= KEPT_ROWS:
        response = HttpResponse(b"".join(file.blocks(at=request.received_at)))
        response.is_kept = not request.META.get("QUERY_STRING")
    elif (response := streamed(request, file)).status_code == 503:
        return open_to_all(response)
    charset = "; charset=utf-8" if file.is_text else ""
    response.headers["Content-Type"] = file.media_type + charset
    file_name = file.name_at(request.received_at)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return open_to_all(response)


def streamed(request: HttpRequest, file: DataFile) -> HttpResponse:
    """A large file in blocks; its validator is the edition, which every public change moves on."""
    edition = Edition.objects.get(pk=1).number
    etag = f'W/"edition-{edition}"'
    held = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in held or "*" in held:
        response = HttpResponse(status=304)
    elif request.method == "HEAD":
        response = HttpResponse()
    elif sending.acquire(blocking=False):
        blocks = of_one_edition(file.blocks(at=request.received_at), edition)
        response = StreamingHttpResponse(Transfer(blocks))
    else:
        return not_now()
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


class Transfer:
    """The blocks of a file; until its end it has one of the two places."""

    def __init__(self, blocks: Iterator[bytes]):
        self.blocks, self.is_open = blocks, True

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks

    def close(self) -> None:
        """Called by the server when the reader has all, or is gone."""
        self.blocks.close()
        if self.is_open:
            self.is_open = False
            sending.release()


def of_one_edition(blocks: Iterator[bytes], edition: int) -> Iterator[bytes]:
    """The blocks; the transfer breaks off where the record changed while they were written."""
    for part in blocks:
        if Edition.objects.get(pk=1).number != edition:
            raise RecordChanged
        yield part


@kept()
def event_package(request: HttpRequest, event: str) -> HttpResponse:
    found = get_object_or_404(events_with_data(), slug=event)
    files = files_of_event(found)
    package = data_package(found.code.lower(), found.title, files, at=request.received_at)
    return open_to_all(JsonResponse(package, json_dumps_params={"ensure_ascii": False}))


@kept()
def package_of_all(request: HttpRequest) -> HttpResponse:
    title = "Questions to candidates for the UN Human Rights Council, and their answers"
    package = data_package("answers", title, all_files(), at=request.received_at)
    return open_to_all(JsonResponse(package, json_dumps_params={"ensure_ascii": False}))


@kept()
def schema(request: HttpRequest, name: str) -> HttpResponse:
    """The JSON Schema of event.json, or of the API's objects."""
    if name not in SCHEMAS:
        raise Http404
    found = JsonResponse(SCHEMAS[name](), json_dumps_params={"ensure_ascii": False, "indent": 1})
    found.headers["Content-Type"] = "application/schema+json"
    return open_to_all(found)


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Pages of other sites may read it, without their reader's cookies (security.md 83)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
