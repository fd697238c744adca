"""The workbook: no cell is a formula, every text comes back, and the bytes are stable."""

import io
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from questions.serializers.columns import COLUMNS
from questions.serializers.rows import answer_rows
from questions.serializers.workbooks import CUT, LONGEST_CELL, answers_xlsx, workbook
from tests.factories import (
    BEFORE,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
)

AT = datetime(2021, 10, 6, 14, 0, tzinfo=UTC)
NAMES = [column.name for column in COLUMNS]
FORMULAS = ["=1+1", "=cmd|' /C calc'!A1", "+1+a", "-a", "@x", "\tx", "＝x", "'=x", "#N/A", "#REF!"]
TEXTS = [
    "007",
    "1e5",
    "true",
    "2021-10-06",
    "  x ",
    "a\n\nb",
    "a\rb",
    "a\r\nb",
    '"',
    "<f>1</f>",
    "&",
]


def row_with(text):
    cells = dict.fromkeys(NAMES, "") | {"answer_text": text, "answer_words": "3"}
    return list((cells | {"whole_letter": "false", "days_from_deadline": "-7"}).values())


def written(texts):
    return workbook([row_with(text) for text in texts], made_at=AT)


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def cells_of(content, column="answer_text"):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [dict(zip(NAMES, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    return [row[column] for row in rows]


def test_req_076_no_cell_is_a_formula_and_every_text_is_a_string_cell():
    content = written([*FORMULAS, *TEXTS])
    sheet = part(content, "xl/worksheets/sheet1.xml")

    assert "<f>" not in sheet
    assert "&lt;f&gt;" in sheet
    assert {cell.data_type for cell in cells_of(content)} == {"s"}
    assert {
        part.rpartition("/")[2] for part in zipfile.ZipFile(io.BytesIO(content)).namelist()
    } == {
        *("[Content_Types].xml", ".rels", "app.xml", "core.xml", "theme1.xml"),
        *("sheet1.xml", "styles.xml", "workbook.xml", "workbook.xml.rels"),
    }


@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS])
def test_req_075_import_of_the_workbook_gives_the_original_text(text):
    assert [cell.value for cell in cells_of(written([text]))] == [text]


def test_figures_are_figures():
    content = written(["Yes, we will."])

    assert [
        [cell.value for cell in cells_of(content, column)]
        for column in ("answer_words", "days_from_deadline", "whole_letter", "answer_version")
    ] == [[3], [-7], [False], [None]]


def test_what_xml_cannot_hold_is_shown_by_its_picture():
    content = written(["a\0b\x1b\ufffe", "_x0041_ _x1_"])

    assert cells_of(content)[0].value == "a␀b␛�"
    assert cells_of(content)[1].value.replace("_x005F_", "_") == "_x0041_ _x1_"
    assert "_x005F_x0041_ _x1_" in part(content, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("letter", ["a", "ي", "𝒜"])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(letter):
    units = len(letter.encode("utf-16-le")) // 2
    longest = letter * (LONGEST_CELL // units)

    whole, cut = (cell.value for cell in cells_of(written([longest, longest + letter])))

    assert whole == longest
    assert cut.endswith(letter + CUT)
    assert LONGEST_CELL - 1 <= len(cut.encode("utf-16-le")) / 2 <= LONGEST_CELL


def test_the_bytes_are_the_same_at_another_time(monkeypatch):
    first = written(["Yes."])
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)

    assert written(["Yes."]) == first
    assert "2021-10-06T14:00:00Z" in part(first, "docProps/core.xml")
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert dates == {(2021, 10, 6, 14, 0, 0)}


@pytest.mark.django_db
def test_req_080_the_workbook_has_the_public_rows_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    event = make_event(year=2021)
    asker = make_asker(name="Jo Public", kind="individual")
    slot = make_slot(
        candidacy=make_candidacy(event=event, staff_note="SECRET note"),
        question=make_question(event=event, askers=[asker]),
    )
    make_response(slot=slot, text="=Yes", published=True, received_at=BEFORE)
    make_response(slot=slot, text="SECRET answer")
    make_slot(question=make_question(event=event, askers=[]), sent=False)

    [content] = answers_xlsx(event, at=AT)

    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [["" if cell is None else cell for cell in row] for row in book["answers"].values]
    [expected] = [row for rows in answer_rows(event, until="x", at=AT) for row in rows]
    assert found[0] == NAMES
    assert [str(cell) for cell in found[1][:-1]] == [
        "False" if cell == "false" else cell for cell in expected[:-1]
    ]
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible"]
    assert "Individual participant" in found[1]
    assert "Jo Public" not in str(found)
    everything = "".join(
        part(content, name) for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
    )
    assert "SECRET" not in everything
    assert list(Path(tmp_path).iterdir()) == []
