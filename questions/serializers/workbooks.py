"""The rows of answers.csv as a workbook: one sheet, in which every text is a string cell."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.writer.excel import ExcelWriter

from questions.models import Event

from .cells import utc
from .columns import COLUMNS
from .rows import answer_rows, shown_until, typed_cells

LONGEST_CELL = 32_767  # UTF-16 units: https://support.microsoft.com/office/1672b34d-7043-467e-8e27
CUT = " […] Cut here: a cell holds 32,767 characters. answers.csv has the whole text."
# What XML cannot hold is shown by its picture, such as ␛; for what has none stands �.
PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"}
PICTURES |= dict.fromkeys([0xFFFE, 0xFFFF], 0xFFFD)
READ_AS_A_CHARACTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # ECMA-376 part 1, 22.9.2.19


def answers_xlsx(event: Event, *, at: datetime) -> Iterator[bytes]:
    """The same bytes whenever the same record is written; of an event of few rows, in one block."""
    until = shown_until(at=at)
    blocks = answer_rows(event, until=utc(until), at=at)
    yield workbook([row for rows in blocks for row in rows], made_at=until)


def workbook(rows: list[list[str]], *, made_at: datetime) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    sheet.freeze_panes = "A2"
    sheet.append([column.name for column in COLUMNS])
    for row in rows:
        cells = typed_cells(row)
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in cells])
    return saved(book, made_at)


def text_cell(sheet, text: str) -> Cell:
    """A string whatever it begins with (security.md 76); what is too long for a cell is cut."""
    text = fitting(text.translate(PICTURES))
    cell = WriteOnlyCell(sheet, value=READ_AS_A_CHARACTER.sub("_x005F_", text))
    cell.data_type = "s"
    return cell


def fitting(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    return units[: 2 * (LONGEST_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT


def saved(book: Workbook, at: datetime) -> bytes:
    """Every date in it is `at`; openpyxl's own `save` writes the time of saving."""
    book.properties.creator = "ISHR"
    book.properties.created = book.properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    made, written = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(made, "w")).save()
    moment = at.astimezone(UTC).timetuple()[:6]
    with (
        zipfile.ZipFile(made) as parts,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, date_time=moment)
            archive.writestr(part, parts.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()
