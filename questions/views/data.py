"""The data files, which have no language, and the page about them (DESIGN.md §5)."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from questions.models import Edition
from questions.serializers import (
    COLUMNS,
    DataFile,
    all_files,
    data_package,
    events_with_data,
    files_of_event,
    measured,
)

from .public.pages import kept, public_page

KEPT_ROWS = 2_000  # up to here a file is made whole, and kept as pages are


class RecordChanged(Exception):
    """Something was published while a file was written; its reader has to begin again."""


@kept()
def data(request: HttpRequest) -> HttpResponse:
    """Every file with its rows, bytes and checksum, and what its columns hold."""
    at = request.received_at
    events = list(events_with_data())
    listed = [(event, with_measures(files_of_event(event), at=at)) for event in events]
    has_real = any(not event.is_specimen for event in events)
    context = {
        "listed": listed,
        "everything": with_measures(all_files(), at=at) if has_real else [],
        "columns": COLUMNS,
        "licence": settings.DATA_LICENCE,
    }
    return public_page(request, "public/data.html", context, section="data")


def with_measures(
    files: list[DataFile], *, at: datetime
) -> list[tuple[DataFile, int | None, str | None]]:
    return [(file, *(measured(file, at=at) or (None, None))) for file in files]


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
    else:
        response = streamed(request, file)
    response.headers["Content-Type"] = f"{file.media_type}; charset=utf-8"
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
    else:
        blocks = of_one_edition(file.blocks(at=request.received_at), edition)
        response = StreamingHttpResponse(blocks)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


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


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Pages of other sites may read it, without their reader's cookies (security.md 83)."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
