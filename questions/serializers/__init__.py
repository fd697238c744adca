"""Model to the data files that we promise, as plain functions; `docs/data.md` describes them."""

from .answers import answers_csv, event_json, matrix_csv
from .columns import COLUMNS
from .linked_data import question_and_answer, question_and_answers
from .packages import (
    WORKBOOK_ROWS,
    DataFile,
    all_files,
    data_package,
    files_of_event,
    files_of_events,
    measured,
    measures,
)
from .rows import events_with_data, row_counts

__all__ = [
    "COLUMNS",
    "WORKBOOK_ROWS",
    "DataFile",
    "all_files",
    "answers_csv",
    "data_package",
    "event_json",
    "events_with_data",
    "files_of_event",
    "files_of_events",
    "matrix_csv",
    "measured",
    "measures",
    "question_and_answer",
    "question_and_answers",
    "row_counts",
]
