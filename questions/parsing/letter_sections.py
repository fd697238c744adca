"""Where a letter's opening, its two lists of questions and its closing begin."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from .letter_lines import Line, blocks, ends_sentence, filled
from .letter_questions import begins_question
from .refusals import LetterRefused

Kind = Literal["own", "common"]

MAX_OPENING = 12_000  # characters before the first heading; the real letter has 2,000
MAX_CLOSING = 6_000

_MARKS = " *_#"
_HEADING = re.compile(
    r"(?:(?:(?:part|section)\s)?[A-Z0-9]{1,4}\s?[.):–—-]\s)?"
    r"(?P<before>(?:(?:\w+-)?specific|individual|own|common|general|shared)\s)?"
    r"questions?(?=[\s:]|$)(?P<after>.{0,200})$",
    re.IGNORECASE,
)
_TO_ALL = re.compile(r"\b(?:all|every|each|common|general)\b", re.IGNORECASE)
_TO_ONE = re.compile(
    r"\b(?:specific(?:ally)?|addressed|directed|posed|put|to|for|on|about|concerning|regarding)\b",
    re.IGNORECASE,
)
_NOT_HEADING = re.compile(r"\b(?:from|were|was|below)\b", re.IGNORECASE)
_SALUTATION = re.compile(
    r"(?:Your |Their )?Excellenc(?:y|ies)\b|Dear\b|Madam\b|Sir\b", re.IGNORECASE
)
_WORDS_AND_COMMA = r"[A-Z]\w+(?: [a-z]+){0,4},$"  # "Cordially,"
CLOSING = re.compile(
    r"(?:We|I) (?:very much |greatly |sincerely |would |remain |am |are |very |again |also "
    r"|kindly )*(?:look|looking|thank|grateful|appreciate|remain|stand|welcome|request|hope|await"
    r"|avail|at your|renew|reiterate)\b"
    r"|(?:Many )?[Tt]hank(?:s|(?:ing)? you)\b|Looking forward\b|Regards\b|Yours\b|Respectfully\b"
    r"|(?:Yours |Very )?(?:[Ss]incerely|faithfully|truly)\b|(?:With )?(?:our |my |the )?"
    r"(?:[Kk]ind(?:est)?|[Bb]est|[Ww]arm(?:est)?|highest|assurances?)\b"
    r"|Please (?:accept|send|do not|submit|address|let us know (?:if|whether|should)|feel free)\b"
    r"|Accept\b|Should you\b|If you (?:have|need|require) (?:any|further|more)\b"
    r"|In (?:closing|conclusion|anticipation)\b"
    r"|Kindly (?:send|submit|address|return|reply|respond|note|accept|confirm|let us know if)\b"
    r"|(?:Your )?(?:responses|answers|replies) (?:should|may|can|will|would|are)\b"
    rf"|{_WORDS_AND_COMMA}"
)
_VALEDICTION = re.compile(_WORDS_AND_COMMA)
# Words that only a closing sentence has, once the last question is asked.
_ABOUT_REPLY = re.compile(
    r"\byour (?:repl(?:y|ies)|response|answer|attention)|\bhighest consideration\b"
    r"|\bhearing from you\b|\bat your disposal\b",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE_LINE = 100


@dataclass(frozen=True)
class Section:
    """One list of questions under its heading."""

    kind: Kind
    heading: Line
    lines: list[Line]


@dataclass(frozen=True)
class Layout:
    """The parts of one letter, in order."""

    opening: list[Line]  # to the salutation
    introduction: list[Line]  # from the salutation to the first heading
    sections: list[Section]
    closing: list[Line]


def find_layout(lines: list[Line]) -> Layout:
    """Divide one whole letter. Raises LetterRefused where a part is missing or comes twice."""
    headings = _headings(lines)
    _check_one_letter(lines, headings)
    if not headings:
        raise LetterRefused(_what_is_missing(lines))
    first = headings[0][0]
    if sum(len(line.text) for line in lines[:first]) > MAX_OPENING:
        raise LetterRefused(
            f"The text before the questions is longer than {MAX_OPENING:,} characters, "
            "which no letter of this kind is."
        )
    salutation = next((n for n in range(first) if _is_salutation(lines[n])), None)
    split = salutation if salutation is not None else _first_prose(lines[:first])
    _check_introduction(lines[split:first])
    sections_end = _closing_start(lines, headings)
    ends = [*(index for index, _ in headings[1:]), sections_end]
    sections = [
        Section(kind, lines[index], lines[index + 1 : end])
        for (index, kind), end in zip(headings, ends, strict=True)
    ]
    return Layout(lines[:split], lines[split:first], sections, lines[sections_end:])


def _headings(lines: list[Line]) -> list[tuple[int, Kind]]:
    found: list[tuple[int, Kind]] = []
    for index, line in enumerate(lines):
        kind = _heading_kind(line.text)
        if kind:
            found.append((index, kind))
    return found


def _heading_kind(text: str) -> Kind | None:
    """A heading names "Questions" and to whom; a sentence, a title or "Question 1:" does not."""
    if len(text) > 220 or not text:
        return None
    text = text.strip(_MARKS)
    match = _HEADING.match(text)
    if not match or text.endswith((".", "?", ",", ";")) or not text[:1].isupper():
        return None
    after = match["after"].rstrip(":" + _MARKS)
    if _NOT_HEADING.search(after) or re.match(r"\s?:?\s*\d", after):
        return None
    if _TO_ALL.search(f"{match['before'] or ''} {after}"):
        return "common"
    return "own" if _TO_ONE.search(f"{match['before'] or ''} {after}") else None


def _check_one_letter(lines: list[Line], headings: list[tuple[int, Kind]]) -> None:
    seen: dict[Kind, Line] = {}
    for index, kind in headings:
        if kind in seen:
            raise LetterRefused(
                f"One letter was expected, but the heading on {seen[kind].place} comes again on "
                f"{lines[index].place}. Import each letter from a file of its own."
            )
        seen[kind] = lines[index]
    if not headings:
        return
    for before, line in pairwise(lines[headings[0][0] :]):
        if not before.text and _is_salutation(line):
            raise LetterRefused(
                f"One letter was expected, but another seems to begin with {line.place}. "
                "Import each letter from a file of its own."
            )


def _check_introduction(introduction: list[Line]) -> None:
    """Questions above the first heading would be lost."""
    numbered = [n for n, line in enumerate(introduction) if begins_question(line.text)]
    if numbered and any("?" in line.text for line in introduction[numbered[0] :]):
        raise LetterRefused(
            "A heading such as “Questions addressed specifically to …” was expected before the "
            f"question on {introduction[numbered[0]].place}."
        )


def _is_salutation(line: Line) -> bool:
    text = line.text
    return bool(_SALUTATION.match(text)) and len(text) <= 120 and not text.endswith((".", "?"))


def _first_prose(lines: list[Line]) -> int:
    """Without a salutation the introduction begins with the first line of running text."""
    for index, line in enumerate(lines):
        if len(line.text) > 60 and ends_sentence(line.text):
            return index
    return len(lines)


def _what_is_missing(lines: list[Line]) -> str:
    if not any(_is_salutation(line) for line in lines[:400]):
        return (
            "This is not a letter with questions to a candidate State: a salutation such as "
            "“Your Excellencies,” and a heading such as “Questions posed to all candidate "
            "States” were expected."
        )
    last = filled(lines)[-1]
    return (
        "The questions are missing: a heading such as “Questions posed to all candidate States” "
        f"was expected before the end, {last.place}."
    )


def _closing_start(lines: list[Line], headings: list[tuple[int, Kind]]) -> int:
    """The first closing phrase after which nothing is asked, else a bare signature."""
    start = headings[-1][0] + 1
    asked = [n for n in range(start, len(lines)) if "?" in lines[n].text]
    numbered = [n for n in range(start, len(lines)) if begins_question(lines[n].text)]
    after = max([start - 1, *asked[-1:], *_last_numbered(lines, numbered, asked)])
    for index in range(after + 1, len(lines)):
        if _is_closing(lines[index], lines[index - 1]):
            return _checked_closing(lines, index)
    signature = blocks(lines[after + 1 :])[-1:]
    if signature and _is_signature(signature[0]):
        return lines.index(signature[0][0])
    last = filled(lines)[-1]
    raise LetterRefused(
        "The letter is cut off: a closing sentence and a signature were expected after "
        f"{last.place}."
    )


def _is_closing(line: Line, before: Line) -> bool:
    if not line.text:
        return False
    if CLOSING.match(line.text) and not _VALEDICTION.match(line.text):
        return not before.text or ends_sentence(before.text)
    return not before.text and bool(_VALEDICTION.match(line.text) or _ABOUT_REPLY.search(line.text))


def _last_numbered(lines: list[Line], numbered: list[int], asked: list[int]) -> list[int]:
    return [n for n in numbered[-1:] if not asked or n > asked[-1]]


def _checked_closing(lines: list[Line], start: int) -> int:
    if sum(len(line.text) for line in lines[start:]) > MAX_CLOSING:
        raise LetterRefused(
            f"A signature was expected soon after {lines[start].place}, but a long text follows."
        )
    return start


def _is_signature(block: list[Line]) -> bool:
    is_short = all(len(line.text) <= _LONGEST_SIGNATURE_LINE for line in block)
    return 2 <= len(block) <= 6 and is_short and any("@" in line.text for line in block)
