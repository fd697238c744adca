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

from questions.models import NEW_YORK, Edition, Event, Question

from .answers import (
    COLUMNS,
    answers_csv,
    event_json,
    events_with_data,
    matrix_csv,
    row_count,
    shown_until,
    utc,
)

MEASURED_ROWS = 20_000  # no request reads a larger file through


@dataclass(frozen=True)
class DataFile:
    """A file of the data set: its address, and what writes it in blocks of bytes."""

    path: str
    stem: str
    rows: int
    blocks: Callable[..., Iterator[bytes]]
    fields: list[dict[str, Any]] | None = None  # of a table

    @property
    def format(self) -> str:
        return self.path.rpartition(".")[2]

    @property
    def media_type(self) -> str:
        return {"csv": "text/csv", "json": "application/json"}[self.format]

    def name_at(self, at: datetime) -> str:
        """As downloaded, with the day in New York."""
        day = at.astimezone(ZoneInfo(NEW_YORK)).date()
        return f"{self.stem}-{day.isoformat()}.{self.format}"


def files_of_event(event: Event) -> list[DataFile]:
    rows = row_count(event)
    fields = [column.field for column in COLUMNS]
    return [
        DataFile(
            f"/data/{event.slug}/answers.csv",
            f"{event.code}-answers",
            rows,
            partial(answers_csv, [event]),
            fields,
        ),
        DataFile(
            f"/data/{event.slug}/matrix.csv",
            f"{event.code}-matrix",
            event.candidacies.count(),
            partial(matrix_csv, event),
            matrix_fields(event),
        ),
        DataFile(
            f"/data/{event.slug}/event.json",
            f"{event.code}-event",
            rows,
            partial(event_json, event),
        ),
    ]


def matrix_fields(event: Event) -> list[dict[str, Any]]:
    questions = Question.objects.publicly_visible().filter(event=event)
    labels = [question.label for question in questions.select_related("state").in_symbol_order()]
    return [{"name": name, "type": "string"} for name in ("state_iso3", "state_name_en", *labels)]


def all_files() -> list[DataFile]:
    """The answers of all years in one file, without the specimen's."""
    events = list(events_with_data().real())
    rows = sum(row_count(event) for event in events)
    fields = [column.field for column in COLUMNS]
    return [
        DataFile("/data/answers.csv", "answers", rows, partial(answers_csv, events), fields),
    ]


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
        "encoding": "utf-8",
    }
    if measure := measured(file, at=at):
        size, digest = measure
        described |= {"bytes": size, "hash": f"sha256:{digest}"}
    if file.fields is not None:
        schema: dict[str, Any] = {"fields": file.fields, "missingValues": [""]}
        schema["primaryKey"] = [file.fields[0]["name"]]
        described |= {
            "profile": "tabular-data-resource",
            "schema": schema,
            "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        }
    return described
