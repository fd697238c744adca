"""The numbered questions of one section."""

import re
from dataclasses import dataclass, field

from .letter_askers import begins_with_marked_asker, has_names_alone, split_askers
from .letter_lines import Line, blocks, ends_sentence, flowing
from .letter_parts import ParsedQuestion
from .refusals import LetterRefused

MAX_QUESTIONS = 200

_LONGEST_HEADING = 80
_NO_HEADING = re.compile(r"^[^A-Z*_]|[.?!;…)\]\"”’»]$")  # an item of a list, or a sentence

_NUMBER = re.compile(
    r"(?P<before>(?:[*_]{1,2})?(?:question|q)?\.?\s?(?:no\.?\s?)?\(?)(?P<number>\d{1,4})"
    r"(?P<after>\)?[.:)]?\)?(?:[*_]{1,2})?[.:)]?(?:\s?[–—-](?=\s))?)(?=\s|$|[*_“\"])\s*",
    re.IGNORECASE,
)
_NO_QUESTIONS = re.compile(
    r"\(?(?:none|no (?:specific )?questions?\b.{0,80}|n/?a|nil)\)?\.?", re.IGNORECASE
)


@dataclass
class _Open:
    """A question being read."""

    number: int
    first: Line
    lines: list[Line] = field(default_factory=list)


def begins_question(text: str) -> bool:
    """Whether a line begins "1.", "(1)", "Q1:" or "Question 1"."""
    return _style(text) is not None


def read_questions(
    lines: list[Line], heading: Line, *, first_number: int = 1
) -> tuple[ParsedQuestion, ...]:
    """The questions under a heading, numbered from 1, or on from the section before.

    Raises LetterRefused where a number is missing, comes twice, or has no text.
    """
    questions: list[_Open] = []
    style = ""
    before = heading
    for line in lines:
        match = _NUMBER.match(line.text)
        found = match and _style(line.text)
        if match and found and (not style or found == style):
            expected = questions[-1].number + 1 if questions else None
            if _is_start(line, match, expected, before):
                number = int(match["number"])
                _check_number(number, expected, first_number, line, questions)
                _check_no_heading(questions)
                style = found
                questions.append(_Open(number, line, [Line(line.number, line.text[match.end() :])]))
                before = line
                continue
        _add(line, before, questions, heading)
        before = line
    if not questions and not _says_none(lines):
        raise LetterRefused(f"A question numbered 1 was expected after {heading.place}.")
    return tuple(_question(question) for question in questions)


def _style(text: str) -> str | None:
    """How a number is written: the signs around it, or None. A bare "60 per cent" is no number."""
    match = _NUMBER.match(text)
    if not match:
        return None
    before = match["before"].strip(" *_").casefold()
    after = match["after"].strip("*_")
    return f"{before}#{after}" if before.strip("(.") or after else None


def _is_start(line: Line, match: re.Match[str], expected: int | None, before: Line) -> bool:
    """A number that is not the next one may be a sentence's, wrapped: "COVID-" / "19. What …"."""
    if expected is None or int(match["number"]) == expected:
        return True
    if split_askers(line.text[match.end() :])[0]:
        return True
    return not before.text or ends_sentence(before.text)


def _check_number(
    number: int, expected: int | None, first_number: int, line: Line, questions: list[_Open]
) -> None:
    if expected is None:
        if number not in (1, first_number):
            raise LetterRefused(f"Question 1 was expected first, but found {line.place}.")
    elif number != expected:
        raise LetterRefused(
            f"Question {expected}, or a heading, was expected after question {expected - 1}, but "
            f"found {line.place}."
        )
    if len(questions) >= MAX_QUESTIONS:
        raise LetterRefused(f"More than {MAX_QUESTIONS} questions were found in one section.")


def _check_no_heading(questions: list[_Open]) -> None:
    """A short paragraph between two questions is a heading, and no part of the first."""
    if not questions:
        return
    *before, last = blocks(questions[-1].lines) or [[questions[-1].first]]
    is_alone = bool(before) and len(last) == 1 and ends_sentence(before[-1][-1].text)
    text = last[0].text
    if is_alone and len(text) <= _LONGEST_HEADING and not _NO_HEADING.search(text):
        raise LetterRefused(
            "Two lists of questions were expected, one to the State and one to all, but another "
            f"heading seems to stand on {last[0].place}."
        )


def _add(line: Line, before: Line, questions: list[_Open], heading: Line) -> None:
    """Give a line to the question being read, once it is sure that it begins none."""
    if line.text and not before.text and begins_with_marked_asker(line.text):
        raise LetterRefused(f"A question's number was expected on {line.place}.")
    if questions:
        questions[-1].lines.append(line)
    elif "?" in line.text:
        raise LetterRefused(
            f"A question numbered 1 was expected after {heading.place}, but found {line.place}."
        )


def _says_none(lines: list[Line]) -> bool:
    text = " ".join(line.text for line in lines[:5]).strip()
    return bool(_NO_QUESTIONS.fullmatch(text[:200]))


def _question(question: _Open) -> ParsedQuestion:
    askers, text = split_askers(flowing(question.lines))
    if not askers:
        askers, rest = split_askers(question.lines[0].text)  # names on a line of their own
        text = text if rest or not askers else flowing(question.lines[1:])
    if not askers and has_names_alone(question.lines):
        askers, _ = split_askers(f"{question.lines[0].text}:")
        text = flowing(question.lines[1:])
    if not any(character.isalpha() for character in text):
        raise LetterRefused(
            f"The text of question {question.number} was expected on {question.first.place}."
        )
    return ParsedQuestion(question.number, askers, text)
