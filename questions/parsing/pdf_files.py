"""A PDF to plain text: its lines, with a blank line where the gap between two is a paragraph's."""

import io
import re
import statistics
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import PyPdfError

from .emphasis import Piece, with_marked_askers
from .refusals import FileRefused

MAX_PAGES = 50
MAX_STREAM = 5_000_000  # bytes of one page, unpacked
MAX_CHARACTERS = 1_000_000

_LIMITS = {
    "maximum_declared_stream_length": 10_000_000,
    "array_based_stream_maximum_output_length": MAX_STREAM,
    "lzw_maximum_output_length": MAX_STREAM,
    "run_length_maximum_output_length": MAX_STREAM,
    "zlib_maximum_output_length": MAX_STREAM,
    "zlib_maximum_recovery_input_length": 1_000_000,
    "stream_decoding_work_maximum_length": 20_000_000,
    "stream_parsing_work_maximum_count": 200_000,
    "page_tree_maximum_entries": 2_000,
    "page_tree_maximum_page_entries": 20_000,
    "xform_maximum_invocations_per_extraction": 100,
}
# What pypdf lets through on damaged files besides its own errors (seen by fuzzing).
_DAMAGE = (
    PyPdfError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    EOFError,
    OSError,
    zlib.error,
)
_ASKER_LINES = 3  # lines the askers of one question may take
_EDGE = 3  # lines at the top and bottom of a page that may be a running head or foot
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?\W*", re.IGNORECASE)
_QUESTION_NUMBER = re.compile(r"\W*\d{1,3}\s*[.)]")
_ORDINAL = re.compile(r"\s*(?:st|nd|rd|th)\b")
_WORD = re.compile(r"\w[\w-]*")
_SEEN_SOFT = re.compile(r"\u00ad(?=\S)")
_SOFT_BREAK = re.compile(r"\u00ad[ \t]*\n")
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]{1,40})-[ \t]*\n([a-zà-ÿ]{1,40})(?![\w-])")
# Ends of words that are no words, as in "orien-" / "tation", but not after "non-" or "self-".
_WORD_END = re.compile(
    r"ing|ings|ed|ers?|ly|ity|ism|ists?|al|ous|ive|ies|ty|cy|[tc]ial"
    r"|[a-z]{0,4}(?:[ts]ion|ment|[ts]ive|[ae]nce|cies|ties|ness|[ai]ble|ture)(?:s|al|ally|ly)?"
)
_COMPOUND = re.compile(
    r"non|pre|post|co|self|re|anti|inter|in|cross|de|sub|multi|mid|well|low|high|long|short|full"
    r"|part|open|first|second|third|one|two|half|all|ill|so|vice|ex|under|over|year|time|gender"
    r"|decision|state|human|peer|rights|evidence|policy",
    re.IGNORECASE,
)
_COMPOUND_END = re.compile(
    r"making|based|related|term|led|building|wide|being|free|border|known|specific|sensitive|level"
    r"|income|minded|going|standing|reaching|up|in|off|out|keeping|finding"
)
_PROVEN = 2  # words hyphenated for certain make it likely that others are
_SENTENCE_END = re.compile(r"[.?!:;…][\"'”’)\]»*]*\s*$")
_PARAGRAPH_GAP = 1.25  # of the usual distance between two lines
_INDENT, _LARGEST_INDENT = 0.8, 6  # of the size of type: the first line of a paragraph
_SAME_LINE = 0.45  # of the size of type: a raised "th" stays on its line
_SHORT_LINE = 0.8  # of the longest line of its page


@dataclass
class _Line:
    page: int
    height: float  # above the foot of the page, in points
    size: float
    left: float
    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def pdf_text(content: bytes) -> str:
    """The lines of all pages, without page numbers and running heads. Raises FileRefused."""
    try:
        with apply_configuration(**_LIMITS):
            lines = _lines(PdfReader(io.BytesIO(content)))
    except _DAMAGE as error:
        raise FileRefused("The PDF is damaged or too complex to be read.") from error
    if sum(len(line.text.strip()) for line in lines) < 20:
        raise FileRefused("The PDF holds no text, as a scan does. A PDF with text is needed.")
    return _assembled(_with_whole_askers(_without_edges(lines)))


def _lines(reader: PdfReader) -> list[_Line]:
    if reader.is_encrypted:
        raise FileRefused("The PDF is encrypted. Save it without a password.")
    if len(reader.pages) > MAX_PAGES:
        raise FileRefused(f"The PDF has more than {MAX_PAGES} pages.")
    lines: list[_Line] = []
    characters = 0
    for number, page in enumerate(reader.pages):
        found = _page_lines(page, number)
        characters += sum(len(line.text) for line in found)
        if characters > MAX_CHARACTERS:
            raise FileRefused("The PDF holds more text than a letter does.")
        lines += found
    return lines


def _page_lines(page: PageObject, number: int) -> list[_Line]:
    lines: list[_Line] = []
    broke = False

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        nonlocal broke
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        for index, part in enumerate(text.split("\n")):
            broke = broke or index > 0
            if not part or (not part.strip() and (broke or not lines)):
                continue
            if not lines or (broke and abs(lines[-1].height - height) > _SAME_LINE * size):
                lines.append(
                    _Line(number, height, size, left=tm[4] * cm[0] + tm[5] * cm[2] + cm[4])
                )
            elif broke and not _ORDINAL.match(part):
                lines[-1].pieces.append(Piece(" ", False))
            lines[-1].pieces.append(Piece(part, _is_emphasised(font)))
            broke = False

    page.extract_text(visitor_text=visit)
    return lines


def _is_emphasised(font: Any) -> bool:
    name = str(font.get("/BaseFont", "")) if font else ""
    return any(style in name for style in ("Italic", "Oblique", "Bold"))


def _without_edges(lines: list[_Line]) -> list[_Line]:
    """Drop page numbers, and what stands at one place on two pages or more (digits aside)."""
    edges = [line for page in _pages(lines) for line in _edge_lines(page)]
    seen = Counter(mask for mask, _ in {(_mask(line), line.page) for line in edges})
    dropped = {
        id(line)
        for line in edges
        if _PAGE_NUMBER.fullmatch(line.text)
        or (seen[_mask(line)] > 1 and not _QUESTION_NUMBER.match(line.text))
    }
    kept = [line for line in lines if id(line) not in dropped]
    intruders = set(map(id, _intruders(kept)))
    return [line for line in kept if id(line) not in intruders]


def _intruders(lines: list[_Line]) -> Iterator[_Line]:
    """A head or foot that is on one page only, where it stands in the middle of a sentence."""
    usual, longest = _usual_gap(lines), _longest_lines(lines)
    for before, first, second in zip(lines, lines[1:], lines[2:], strict=False):
        if before.page + 1 == first.page == second.page:  # first is a head
            is_apart = first.height - second.height > _PARAGRAPH_GAP * usual
        elif before.page == first.page == second.page - 1:  # first is a foot
            is_apart = before.height - first.height > _PARAGRAPH_GAP * usual
        else:
            continue
        goes_on = not _SENTENCE_END.search(before.text) and second.text.strip()[:1].islower()
        is_sentence = goes_on and not _is_short(before, longest)
        if is_apart and is_sentence and not first.text.strip()[:1].islower():
            yield first


def _pages(lines: list[_Line]) -> Iterator[list[_Line]]:
    for number in sorted({line.page for line in lines}):
        yield [line for line in lines if line.page == number]


def _edge_lines(page: list[_Line]) -> list[_Line]:
    by_height = sorted(page, key=lambda line: -line.height)
    return by_height if len(page) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _mask(line: _Line) -> tuple[str, int]:
    """Equal for a running head or foot on every page, and for nothing set elsewhere on one."""
    return re.sub(r"\d+", "0", " ".join(line.text.split())), round(line.height)


def _assembled(lines: list[_Line]) -> str:
    usual, longest = _usual_gap(lines), _longest_lines(lines)
    written: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None:
            is_short = _is_short(before, longest)
            written.append("\n\n" if _is_paragraph_break(before, line, usual, is_short) else "\n")
        written.append(_line_text(line))
    return _without_hyphenation("".join(written))


def _without_hyphenation(text: str) -> str:
    """Put a word together that was hyphenated to fit its line.

    That is one that the text has whole elsewhere, or whose second half is no word; and, where the
    text has such words, any that no compound is made of. Else the hyphen stays: "low-" and "income"
    are "low-income". Soft hyphens go, but not where a font gives every hyphen as one: a soft hyphen
    inside a line would not be seen.
    """
    text = text.replace("\u00ad", "-") if _SEEN_SOFT.search(text) else _SOFT_BREAK.sub("", text)
    words = Counter(word.casefold() for word in _WORD.findall(text))
    certain = [match for match in _HYPHENATED.finditer(text) if _is_one_word(match, words)]

    def together(match: re.Match[str]) -> str:
        is_word = _is_one_word(match, words) or (
            len(certain) >= _PROVEN and not _may_be_compound(match, words)
        )
        return f"{match[1]}{match[2]}" if is_word else match[0]

    return _HYPHENATED.sub(together, text)


def _is_one_word(match: re.Match[str], words: Counter[str]) -> bool:
    if words[f"{match[1]}{match[2]}".casefold()]:
        return True
    return bool(_WORD_END.fullmatch(match[2])) and not _may_be_compound(match, words)


def _may_be_compound(match: re.Match[str], words: Counter[str]) -> bool:
    """Its halves are known from compounds, or the second stands elsewhere as a word."""
    first, second = match[1], match[2]
    return bool(
        _COMPOUND.fullmatch(first)
        or _COMPOUND_END.fullmatch(second)
        or words[second] > 1
        or words[f"{first}-{second}".casefold()]
    )


def _longest_lines(lines: list[_Line]) -> dict[int, int]:
    """Characters of the longest line of each page."""
    longest: dict[int, int] = {}
    for line in lines:
        longest[line.page] = max(longest.get(line.page, 0), len(line.text))
    return longest


def _is_short(line: _Line, longest: dict[int, int]) -> bool:
    last = line.text.rstrip().split("\n")[-1]
    return len(last) < _SHORT_LINE * longest[line.page]


def _usual_gap(lines: list[_Line]) -> float:
    gaps = [
        round(before.height - line.height, 1)
        for before, line in pairwise(lines)
        if before.page == line.page and before.height > line.height
    ]
    return statistics.mode(gaps) if gaps else 0.0


def _is_paragraph_break(before: _Line, line: _Line, usual: float, is_short: bool) -> bool:
    """Across pages the gap says nothing: a short line that ends a sentence ends a paragraph."""
    if before.page != line.page:
        return is_short and bool(_SENTENCE_END.search(before.text))
    gap = before.height - line.height
    return gap < 0 or gap > _PARAGRAPH_GAP * max(usual, before.size) or _is_first_line(before, line)


def _is_first_line(before: _Line, line: _Line) -> bool:
    """Indented, after a sentence's end; not the first line that hangs below a number."""
    is_indented = _INDENT < (line.left - before.left) / (line.size or 1) < _LARGEST_INDENT
    ends = bool(_SENTENCE_END.search(before.text))
    return is_indented and ends and not _QUESTION_NUMBER.match(before.text)


def _line_text(line: _Line) -> str:
    return with_marked_askers(line.pieces) if _QUESTION_NUMBER.match(line.text) else line.text


def _with_whole_askers(lines: list[_Line]) -> list[_Line]:
    """Numbered lines, each with the lines its asker runs on to, up to the colon."""
    whole: list[_Line] = []
    for line in lines:
        last = whole[-1] if whole else None
        if last and _names_go_on(last) and last.page == line.page:
            last.pieces += [Piece("\n", False), *line.pieces]
        else:
            whole.append(line)
    return whole


def _names_go_on(line: _Line) -> bool:
    text = line.text
    return (
        bool(_QUESTION_NUMBER.match(text))
        and ":" not in text
        and text.count("\n") < _ASKER_LINES
        and [piece for piece in line.pieces if piece.text.strip()][-1].is_emphasised
    )
