"""Letters that want to take for ever: each is read or refused within a second (security.md 82)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.parsing.letters import LetterRefused, parse_letter, parse_letter_text
from tests.stopwatch import within

from . import letter_texts
from .letter_texts import letter_text
from .real_letter import real_text

SIZE = 200_000
UNITS = [
    "*",
    " ",
    "[",
    "(",
    "_",
    "\n",
    "\r\n\n\r",
    "a\n\n",
    "a-\n",
    "?\n",
    "A ",
    "A and ",
    "CIVICUS and Octava Forum, ",
    "A / ",
    ": ",
    "1. *",
    "1. *A*: x?\n",
    "1 May ",
    "1, 2, ",
    "2022-",
    "thank you ",
    "not ",
    "had ",
    "over 1 ",
    "in A ",
    "by ",
    "held event 1 May 2022 ",
    "@",
    "to A B at a@b.example ",
    "H.E. ",
    "Permanent Representative of ",
    "Permanent Representative of X to the United Nations in New York\n",
    "Questions to ",
    "Questions to all\n",
    "Dear X\n",
    "We look forward\n",
    "\u0323\u0301",
    "\xa0",
]
PARTS = [
    "addressees",
    "letter_date",
    "title",
    "event",
    "participation",
    "deadline",
    "own_heading",
    "common",
    "closing",
    "signature",
]


def hostile(unit, size=SIZE):
    return unit * (size // len(unit))


def read_or_refuse(text):
    with within(1):
        try:
            parse_letter_text(text)
        except LetterRefused as refusal:
            assert len(str(refusal)) < 400


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_082_hostile_text_alone_or_in_a_question(unit):
    text = hostile(unit)

    read_or_refuse(text)
    read_or_refuse(f"1. *{text}")
    read_or_refuse(letter_text(common=f"1. *CIVICUS*: {text}"))
    read_or_refuse(letter_text(event=f"{letter_texts.EVENT} {text}"))


@pytest.mark.parametrize("part", PARTS)
def test_082_hostile_text_in_any_part_of_a_letter(part):
    usual = getattr(letter_texts, part.upper(), "")

    for unit in UNITS:
        # As much as an opening or a closing may hold, before and after what is looked for.
        read_or_refuse(letter_text(**{part: f"{hostile(unit, 9_000)} {usual}"}))
        read_or_refuse(letter_text(**{part: f"{usual} {hostile(unit, 5_000)}"}))


def test_082_a_hundred_thousand_questions_are_refused():
    questions = "\n".join(f"{number}. x" for number in range(1, 100_001))

    for common, refusal in [(questions, None), (questions[:SIZE], "More than 200 questions")]:
        read_or_refuse(letter_text(common=common))
        with pytest.raises(LetterRefused, match=refusal):
            parse_letter_text(letter_text(common=common))


@given(st.text(max_size=200), st.integers(0, len(real_text())))
def test_a_damaged_letter_is_read_or_refused(inserted, position):
    text = real_text()

    try:
        parse_letter_text(text[:position] + inserted + text[position:])
    except LetterRefused as refusal:
        assert str(refusal)


@settings(max_examples=50)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.docx", "a.pdf"]))
@pytest.mark.parametrize("start", [b"", b"%PDF-1.7\n", b"PK\x03\x04"])
def test_any_bytes_are_refused(start, content, name):
    with pytest.raises(LetterRefused):
        parse_letter(start + content, name)
