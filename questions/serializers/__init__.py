"""Model to the data files that we promise, as plain functions; `docs/data.md` describes them."""

from .answers import COLUMNS, answers_csv, event_json, events_with_data, matrix_csv, row_count
from .packages import DataFile, all_files, data_package, files_of_event, measured, measures

__all__ = [
    "COLUMNS",
    "DataFile",
    "all_files",
    "answers_csv",
    "data_package",
    "event_json",
    "events_with_data",
    "files_of_event",
    "matrix_csv",
    "measured",
    "measures",
    "row_count",
]
