"""The lines and blocks of a letter, and joining what a line break or a page cut in two."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

# A no-break space stays inside a number, before French signs and %, and after «.
_ORDINARY_SPACE = re.compile(r"\xa0(?!(?<=\d\xa0)\d)(?![;:?!»%])(?<!«\xa0)")
_SPACES = re.compile(r"[ \t]+")
_ENDS_SENTENCE = re.compile(r"[.?!:;…。？！؟][\"'”’)\]»*_]*$")
_ENDS_OPEN = re.compile(
    r"(?:,|\b(?:a|an|and|as|at|by|for|from|in|of|on|or|our|that|the|their|this|to|with|your))$"
)
_ENDS_WORD_HYPHEN = re.compile(r"\w-$")
_ENDS_YEAR_DASH = re.compile(r"\d–$")
_BULLET = re.compile(r"[•▪◦]\s|\((?:[a-z]{1,3}|\d{1,2})\)\s|[a-z]\)\s")
# Signs that also stand inside a sentence: an item only after a lead-in or another item.
_ITEM = re.compile(r"[-–—]\s|[ivx]{1,4}[.)]\s|[a-z]\.\s")
_AFTER_ITEM = re.compile(r"[.?!:;,]$|\b(?:and|or)$")
_SHOWN = 60  # characters of a line quoted in a message


@dataclass(frozen=True)
class Line:
    """One line, trimmed; its number counts from 1 in the text of the letter."""

    number: int
    text: str

    @property
    def place(self) -> str:
        """Where this is, for a message to staff."""
        short = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN].rstrip()}…"
        return f"line {self.number} (“{short}”)"


def lines_of(text: str) -> list[Line]:
    """Every line, blank ones too, with ordinary spaces where a no-break space stands for one."""
    return [
        Line(number, line and _SPACES.sub(" ", _ORDINARY_SPACE.sub(" ", line)).strip(" \xa0"))
        for number, line in enumerate(text.split("\n"), start=1)
    ]


def filled(lines: Iterable[Line]) -> list[Line]:
    """The lines that are not blank."""
    return [line for line in lines if line.text]


def blocks(lines: Iterable[Line]) -> list[list[Line]]:
    """Runs of lines between blank lines."""
    return [list(run) for is_filled, run in groupby(lines, key=lambda n: bool(n.text)) if is_filled]


def ends_sentence(text: str) -> bool:
    """Whether a sentence, or the lead-in of a list, ends with this text."""
    return bool(_ENDS_SENTENCE.search(text[-10:]))


def joined(lines: Iterable[Line]) -> str:
    """The lines of one block as running text; items of a list stay on lines of their own.

    A hyphen at the end of a line is kept and closed up: "low-" and "income" are "low-income". So a
    word that was hyphenated to fit its line keeps that hyphen; we cannot know which it was.
    """
    pieces: list[str] = []
    before = ""
    in_list = False
    for line in lines:
        starts_item = _begins_item(before, line.text, in_list=in_list)
        if before:
            pieces.append("\n" if starts_item else _between(before, line.text))
        pieces.append(line.text)
        in_list = starts_item or (in_list and not ends_sentence(before))
        before = line.text
    return "".join(pieces)


def _begins_item(before: str, text: str, *, in_list: bool) -> bool:
    if not _ITEM.match(text):
        return False
    return before.endswith((":", ";")) or (in_list and bool(_AFTER_ITEM.search(before)))


def flowing(lines: Iterable[Line]) -> str:
    """All blocks as paragraphs, one blank line between; a break that cuts a sentence is joined."""
    pieces: list[str] = []
    before = ""
    for block in blocks(lines):
        text = joined(block)
        if before:
            is_cut = _is_cut(before, text)
            pieces.append(_between(before, text) if is_cut else "\n\n")
        pieces.append(text)
        before = text
    return "".join(pieces)


def _is_cut(before: str, after: str) -> bool:
    if ends_sentence(before) or _BULLET.match(after):
        return False
    return after[0].islower() or bool(_ENDS_OPEN.search(before[-12:]))


def _between(before: str, after: str) -> str:
    if _BULLET.match(after) or (_BULLET.match(before) and ends_sentence(before)):
        return "\n"
    if _ENDS_WORD_HYPHEN.search(before[-2:]) or (
        _ENDS_YEAR_DASH.search(before[-2:]) and after[0].isdecimal()
    ):
        return ""
    return " "
