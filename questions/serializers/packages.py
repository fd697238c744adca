"""What the data files are called, how large they are, and the package that describes them."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count

from questions.models import NEW_YORK, Candidacy, Edition, Event, Question

from .answers import answers_csv, event_json, matrix_csv
from .cells import utc
from .columns import COLUMNS
from .rows import events_with_data, row_counts, shown_until
from .workbooks import answers_xlsx

MEASURED_ROWS = 20_000  # no request reads a larger file through
WORKBOOK_ROWS = 2_000  # nor makes a larger workbook
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class DataFile:
    """A file of the data set: its address, and what writes it in blocks of bytes."""

    path: str
    stem: str
    rows: int
    blocks: Callable[..., Iterator[bytes]]
    fields: Callable[[], list[dict[str, Any]]] | None = None  # of a table as CSV

    @property
    def format(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]

    @property
    def is_text(self) -> bool:
        return self.format != "xlsx"

    def name_at(self, at: datetime) -> str:
        """As downloaded, with the day in New York."""
        day = at.astimezone(ZoneInfo(NEW_YORK)).date()
        return f"{self.stem}-{day.isoformat()}.{self.format}"


def files_of_event(event: Event) -> list[DataFile]:
    return files_of_events([event])[0]


def files_of_events(events: list[Event]) -> list[list[DataFile]]:
    """The files of each: counted in two queries, however many events."""
    rows = row_counts(events)
    found = Candidacy.objects.filter(event__in=events).order_by().values("event")
    states = dict(found.annotate(count=Count("pk")).values_list("event", "count"))
    return [listed(event, rows[event.pk], states.get(event.pk, 0)) for event in events]


def listed(event: Event, rows: int, states: int) -> list[DataFile]:
    path, code = f"/data/{event.slug}", event.code
    table = partial(answers_csv, [event])
    matrix = partial(matrix_csv, event)
    files = [
        DataFile(f"{path}/answers.csv", f"{code}-answers", rows, table, answers_fields),
        DataFile(
            f"{path}/matrix.csv", f"{code}-matrix", states, matrix, partial(matrix_fields, event)
        ),
        DataFile(f"{path}/event.json", f"{code}-event", rows, partial(event_json, event)),
    ]
    if rows <= WORKBOOK_ROWS:
        book = partial(answers_xlsx, event)
        files.append(DataFile(f"{path}/answers.xlsx", f"{code}-workbook", rows, book))
    return files


def answers_fields() -> list[dict[str, Any]]:
    return [column.field for column in COLUMNS]


def matrix_fields(event: Event) -> list[dict[str, Any]]:
    questions = Question.objects.publicly_visible().filter(event=event)
    labels = [question.label for question in questions.select_related("state").in_symbol_order()]
    return [{"name": name, "type": "string"} for name in ("state_iso3", "state_name_en", *labels)]


def all_files() -> list[DataFile]:
    """The answers of all years in one file, without the specimen's."""
    events = list(events_with_data().real())
    rows = row_counts(events).total()
    table = partial(answers_csv, events)
    return [DataFile("/data/answers.csv", "answers", rows, table, answers_fields)]


class Measures:
    """Bytes and SHA-256 of the files, read through once for each edition and process."""

    def __init__(self):
        self.lock = Lock()
        self.clear()

    def clear(self) -> None:
        self.edition: int | None = None
        self.found: dict[str, tuple[int, str]] = {}

    def of(self, file: DataFile, *, at: datetime) -> tuple[int, str]:
        edition = current_edition()
        with self.lock:
            if edition != self.edition:
                self.edition, self.found = edition, {}
            elif file.path in self.found:
                return self.found[file.path]
        measure = measure_of(file.blocks(at=at))
        with self.lock:
            if edition == self.edition and edition == current_edition():
                self.found[file.path] = measure
        return measure


def current_edition() -> int | None:
    return Edition.objects.values_list("number", flat=True).first()


def measure_of(blocks: Iterator[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for part in blocks:
        size += len(part)
        digest.update(part)
    return size, digest.hexdigest()


measures = Measures()


def measured(file: DataFile, *, at: datetime) -> tuple[int, str] | None:
    """Bytes, and SHA-256 in hexadecimal digits; none for a file of more than MEASURED_ROWS."""
    return measures.of(file, at=at) if file.rows <= MEASURED_ROWS else None


def data_package(name: str, title: str, files: list[DataFile], *, at: datetime) -> dict[str, Any]:
    """The descriptor: Frictionless Data Package 1, with a Table Schema for each table."""
    found: dict[str, Any] = {
        "profile": "data-package",
        "name": name,
        "title": title,
        "homepage": f"{settings.BASE_URL}/en/data/",
        "created": utc(shown_until(at=at)),
        "resources": [resource(file, at=at) for file in files],
    }
    if settings.DATA_LICENCE:
        found["description"] = settings.DATA_LICENCE
    return found


def resource(file: DataFile, *, at: datetime) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": file.stem.lower(),
        "path": f"{settings.BASE_URL}{file.path}",
        "format": file.format,
        "mediatype": file.media_type,
    }
    if file.is_text:
        described["encoding"] = "utf-8"
    if measure := measured(file, at=at):
        size, digest = measure
        described |= {"bytes": size, "hash": f"sha256:{digest}"}
    if file.fields is not None:
        fields = file.fields()
        schema = {"fields": fields, "missingValues": [""], "primaryKey": [fields[0]["name"]]}
        described |= {
            "profile": "tabular-data-resource",
            "schema": schema,
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        }
    return described
