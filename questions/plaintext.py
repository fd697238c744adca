"""Normalising what people paste, and reading its shape (ux.md §2.7, security.md 24 and 90).

Everything here takes time in proportion to the text, also for hostile text.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

_NEWLINES = re.compile("\r\n|[\r\v\u2028\u2029]")
_WORD_BULLETS = {0xF0B7: "•", 0xF0A7: "•"}
_C0_CONTROLS = dict.fromkeys(set(range(0x20)) - {0x09, 0x0A})
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0xFEFF])
_BIDI_OVERRIDES = dict.fromkeys(range(0x202A, 0x202F))
_CHARACTERS = {**_WORD_BULLETS, **_C0_CONTROLS, **_INVISIBLE, **_BIDI_OVERRIDES}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# A bullet may be dropped when an HTML list shows one; a number or a letter is part of the text.
_BULLET = re.compile(r"[ \t]*[•–*-][ \t\xa0]+(?=\S)")
_NUMBER = re.compile(
    r"[ \t]*(?:\(?\d{1,3}[.)]|\([a-z]{1,3}\)|[a-z]\)|[ء-ي][.)]|[一二三四五六七八九十]{1,3}、)"
    r"(?=\s*\S)"
)
_SPACED_NUMBER = re.compile(r"[ \t]*\(?\d{1,3}[.)]\d")
_CHARACTERS_PER_WORD = 12  # what an excerpt allows a word in scripts that write no spaces


class UnreadableText(ValueError):
    """The text holds a NUL or half a character; no honest reading of it exists."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph as it is shown: the lines of a text, or the items of a list.

    The items of a list with numbers or letters keep them: they are part of the text.
    """

    kind: Literal["text", "list", "numbered"]
    lines: tuple[str, ...]


def normalise(text: str) -> str:
    """The text as we keep it: NFC, LF, no invisible characters; nothing a person can see changes.

    Tabs, no-break spaces, quotes, ZWNJ, ZWJ, direction marks and isolates stay. Blank lines
    before and after the whole text go. Idempotent. Raises UnreadableText.
    """
    if "\0" in text:
        raise UnreadableText("The text contains a NUL character.")
    if _LONE_SURROGATE.search(text):
        raise UnreadableText("The text contains half a character (a lone surrogate).")
    text = _NEWLINES.sub("\n", text).translate(_CHARACTERS)
    return _without_blank_edges(_composed(text))


def paragraphs(text: str) -> list[Paragraph]:
    """Split at blank lines, and where a list begins or ends. Expects normalised text."""
    found: list[Paragraph] = []
    for block in _blocks(text):
        for kind, lines in groupby(block, key=_kind):
            if kind == "list":
                lines = (_BULLET.sub("", line, count=1) for line in lines)
            found.append(Paragraph(kind, tuple(lines)))
    return found


def word_count(text: str, language: str) -> int:
    """Words between spaces; for Chinese, characters other than spaces and punctuation."""
    if language.lower().split("-")[0] != "zh":
        return len(text.split())
    return sum(unicodedata.category(character)[0] not in "PZC" for character in text)


def excerpt(text: str, words: int) -> str:
    """The first words on one line, with an ellipsis when some were left out.

    A text without spaces is cut at twelve characters a word.
    """
    tokens = text.split(maxsplit=words)
    short = " ".join(tokens[:words])
    limit = words * _CHARACTERS_PER_WORD
    if len(short) <= limit:
        return f"{short}…" if len(tokens) > words else short
    while limit and unicodedata.combining(short[limit]):
        limit -= 1
    return f"{short[:limit].rstrip()}…"


def _composed(text: str) -> str:
    """NFC. Marks are put in order first: CPython orders a long run of them in quadratic time."""
    if text.isascii():
        return text
    decomposed = "".join(unicodedata.normalize("NFD", character) for character in text)
    ordered = []
    for is_mark, run in groupby(decomposed, key=lambda c: unicodedata.combining(c) > 0):
        characters = list(run)
        ordered += sorted(characters, key=unicodedata.combining) if is_mark else characters
    return unicodedata.normalize("NFC", "".join(ordered))


def _without_blank_edges(text: str) -> str:
    lines = text.split("\n")
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def _blocks(text: str) -> list[list[str]]:
    lines = text.split("\n")
    return [list(run) for filled, run in groupby(lines, key=lambda n: bool(n.strip())) if filled]


def _kind(line: str) -> Literal["text", "list", "numbered"]:
    if _BULLET.match(line):
        return "list"
    is_numbered = _NUMBER.match(line) and not _SPACED_NUMBER.match(line)
    return "numbered" if is_numbered else "text"
