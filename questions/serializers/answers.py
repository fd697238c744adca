"""The data files of answers, in blocks of bytes; `docs/data.md` promises them."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from questions.models import (
    AddressedQuestion,
    Event,
    Question,
    rules_in_force,
)

from .cells import BOM, csv_cells, csv_lines, utc
from .columns import COLUMNS
from .rows import (
    ROWS_OF_A_BLOCK,
    EventRows,
    answer_rows,
    candidacies_of,
    parts_of,
    shown_until,
    typed_cells,
)


def answers_csv(events: Iterable[Event], *, at: datetime) -> Iterator[bytes]:
    """The long file: one row a question and State, in blocks of bytes."""
    until = utc(shown_until(at=at))
    yield BOM + line(column.name for column in COLUMNS)
    for event in events:
        for rows in EventRows(event, csv_cells, until=until, at=at).blocks():
            yield csv_lines(rows)


def matrix_csv(event: Event, *, at: datetime) -> Iterator[bytes]:
    """States by questions, a status in each cell; empty where a question was not put."""
    questions = list(
        Question.objects.publicly_visible()
        .filter(event=event)
        .select_related("state")
        .in_symbol_order()
    )
    names = ["state_iso3", "state_name_en", *(question.label for question in questions)]
    yield BOM + line(names)
    candidacies = candidacies_of(event)
    size = max(1, ROWS_OF_A_BLOCK // max(1, len(questions)))
    for some in parts_of(candidacies, size):
        cells = (
            AddressedQuestion.objects.publicly_visible()
            .filter(candidacy__in=some)
            .with_status(at=at)
        )
        found = {
            (candidacy, question): status
            for candidacy, question, status in cells.values_list(
                "candidacy", "question", "answer_status"
            )
        }
        yield b"".join(
            line(
                [
                    candidacy.state.iso3,
                    candidacy.state.name,
                    *(found.get((candidacy.pk, question.pk), "") for question in questions),
                ]
            )
            for candidacy in some
        )


def event_json(event: Event, *, at: datetime) -> Iterator[bytes]:
    """The event, its States, and every row of answers.csv as an object, empty cells null."""
    until = utc(shown_until(at=at))
    about = {
        "code": event.code,
        "title": event.title,
        "body": event.body,
        "term": event.term,
        "organisers": event.organiser_names,
        "letter_date": event.letter_date,
        "answers_due_on": event.answers_due_on,
        "election_date": event.election_date,
        "record": event.record,
        "is_specimen": event.is_specimen,
        "sources": event.source_addresses,
        "rules": rules_in_force().permanent_address,
        "exported_at_utc": until,
    }
    opening = json.dumps(about, default=str, ensure_ascii=False, indent=1)
    yield (opening.removesuffix("\n}") + ',\n "answers": [').encode()
    comma = ""
    for rows in answer_rows(event, until=until, at=at):
        for row in rows:
            yield f"{comma}\n  {json.dumps(named(row), ensure_ascii=False)}".encode()
            comma = ","
    yield b"\n ]\n}\n"


def named(row: list[str]) -> dict[str, Any]:
    return {column.name: cell for column, cell in zip(COLUMNS, typed_cells(row), strict=True)}


def line(cells: Iterable[str]) -> bytes:
    return csv_lines([[csv_cells(cells)]])
