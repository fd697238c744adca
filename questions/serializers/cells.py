"""How the data files write a cell, and a line of them as CSV."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

BOM = "\N{BYTE ORDER MARK}".encode()
# What a spreadsheet takes for a formula, and the mark itself, so that taking it off is exact.
MARKED = frozenset("=+-@\t\r＝＋－＠'")


def csv_cells(cells: Iterable[str]) -> bytes:
    """As RFC 4180 has it, with what a spreadsheet takes for a formula marked (security.md 75)."""
    return ",".join(map(csv_cell, cells)).encode()


def csv_lines(lines: Iterable[Iterable[bytes]]) -> bytes:
    """Of parts that are written already: in bytes, so that one dash widens no other text."""
    return b"".join([b",".join(parts) + b"\r\n" for parts in lines])


def csv_cell(cell: str) -> str:
    """A text that begins like a formula gets an apostrophe before it; a negative number stays."""
    if cell[:1] in MARKED and not cell.removeprefix("-").isdecimal():
        cell = f"'{cell}"
    if '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    if "," in cell or "\n" in cell or "\r" in cell:
        return f'"{cell}"'
    return cell


def utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def day(found: date | None) -> str:
    return found.isoformat() if found else ""


def number(figure: int | None) -> str:
    return "" if figure is None else str(figure)


def boolean(fact: object) -> str:
    return "true" if fact else "false"
