"""Cells as CSV: what the standard library writes, and what a spreadsheet must not run."""

import csv
import io
from itertools import product

import pytest

from questions.serializers.cells import csv_cells, csv_lines

PIECES = ["", "a", " ", ",", '"', "\n", "\r", "\t", ";", "'", "=", "-", "7", "＝", "—", "ي", "\0"]
TEXTS = ["".join(pieces) for pieces in product(PIECES, repeat=3)]


def as_the_standard_library(cells):
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(cells)
    return written.getvalue().encode()


def test_lines_are_those_of_the_standard_library():
    plain = [text for text in TEXTS if csv_cells([text]).decode().strip('"')[:1] != "'"]

    for text in plain:
        cells = ["x", text, "y"]
        assert csv_lines([[csv_cells(cells)]]) == as_the_standard_library(cells)
    assert len(plain) > 1_500


def test_req_075_every_text_comes_back_as_it_was():
    written = csv_lines([[csv_cells([text, "x"])] for text in TEXTS]).decode()

    read = [row[0] for row in csv.reader(io.StringIO(written, newline=""))]

    assert [cell.removeprefix("'") for cell in read] == TEXTS
    assert [cell for cell in read if cell.startswith(("=", "+", "@", "\t", "\r", "＝"))] == []


@pytest.mark.parametrize(
    ("cell", "written"),
    [("-7", "-7"), ("-7 days", "'-7 days"), ("--7", "'--7"), ("-", "'-"), ("+7", "'+7")],
)
def test_a_negative_number_stays_a_number(cell, written):
    assert csv_cells([cell]).decode() == written
