import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.plaintext import (
    Paragraph,
    UnreadableText,
    excerpt,
    normalise,
    paragraphs,
    word_count,
)
from tests.stopwatch import within

LETTERS_AND_SIGNS = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("\r\n\v\t\xa0\u00ad\u200b\ufeff\u202e\u2028\uf0b7•é\u0301\u0323 \u0f73"),
    )
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cafe\u0301", "café"),
        ("a\r\nb\rc\vd\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("\uf0b7 one\n\uf0a7 two", "• one\n• two"),
        ("so\u00adft ze\u200bro \ufeffmark", "soft zero mark"),
        ("bell\x07 escape\x1b form\x0cfeed", "bell escape formfeed"),
        ("a\u202ab\u202bc\u202cd\u202de\u202ef", "abcdef"),
        ("\n \n\tfirst  \n\nlast  \n\n", "\tfirst  \n\nlast  "),
        (" \n ", ""),
    ],
)
def test_normalise_changes_what_nobody_sees(typed, kept):
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "10\xa0000 “curly” ‘quotes’ «\xa0oui\xa0»",
        "می\u200cخواهم \u200d",
        "\u200e\u200f\u061c\u2066isolate\u2069",
        "tab\tbetween",
        "人权理事会",
        "Türkiye, Côte d’Ivoire",
    ],
)
def test_normalise_keeps_what_languages_need(text):
    assert normalise(text) == text


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d of a pair", "\udfff"])
def test_normalise_refuses_what_cannot_be_read(text):
    with pytest.raises(UnreadableText):
        normalise(text)


@given(LETTERS_AND_SIGNS)
def test_normalise_is_idempotent_and_composes_as_unicode_does(text):
    try:
        once = normalise(text)
    except UnreadableText:
        assert "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
        return

    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(alphabet="ae\u0301\u0323\u0344\u0f71\u0f72\u0f73\u1100\u1161", max_size=60))
def test_normalise_puts_marks_in_the_order_of_nfc(text):
    assert normalise(f"x{text}") == unicodedata.normalize("NFC", f"x{text}")


@pytest.mark.parametrize(
    "unit", ["\u0301", "\u0323\u0301", "\u0f73", " ", "\n", "\r\n", "1. ", "• ", "(", "a"]
)
def test_024_everything_takes_linear_time_on_hostile_text(unit):
    text = "a" + unit * (200_000 // len(unit))

    with within(1):
        kept = normalise(text)
        paragraphs(kept)
        word_count(kept, "en")
        word_count(kept, "zh-hans")
        excerpt(kept, 12)


def test_paragraphs_are_parted_by_blank_lines():
    text = "One line\nand the next.\n \nThe second."

    assert paragraphs(text) == [
        Paragraph("text", ("One line", "and the next.")),
        Paragraph("text", ("The second.",)),
    ]


@pytest.mark.parametrize("bullet", ["•", "–", "*", "-"])
def test_bullets_make_a_list_and_are_dropped(bullet):
    text = f"We will:\n{bullet} ratify;\n{bullet} report.\nThat is all."

    assert paragraphs(text) == [
        Paragraph("text", ("We will:",)),
        Paragraph("list", ("ratify;", "report.")),
        Paragraph("text", ("That is all.",)),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("1. First", "2. Second"),
        ("1) First", "2) Second"),
        ("(a) First", "(b) Second"),
        ("أ. أولا", "ب. ثانيا"),
        ("一、首先", "二、其次"),
    ],
)
def test_numbers_make_a_list_and_stay_as_written(lines):
    assert paragraphs("\n".join(lines)) == [Paragraph("numbered", lines)]


@pytest.mark.parametrize(
    "line", ["1.5 million people", "2021 was hard", "-5 degrees", "*emphasis* here", "a. b", "–"]
)
def test_other_lines_are_text(line):
    assert paragraphs(line) == [Paragraph("text", (line,))]


def test_an_empty_text_has_no_paragraphs():
    assert paragraphs(" \n\n") == []


@given(LETTERS_AND_SIGNS)
def test_paragraphs_lose_nothing_but_blank_lines_and_bullets(text):
    shown = [line for paragraph in paragraphs(text) for line in paragraph.lines]

    written = [line for line in text.split("\n") if line.strip()]
    assert len(shown) == len(written)
    assert all(line.endswith(part) for part, line in zip(shown, written, strict=True))


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("What will you do?", "en", 4),
        ("ماذا ستفعلون؟", "ar", 2),
        ("人权理事会，如何？", "zh-hans", 7),
        ("人权 NGO。", "zh", 5),
        ("", "en", 0),
        (" 。\n", "zh-hans", 0),
    ],
)
def test_word_count_counts_words_or_chinese_characters(text, language, count):
    assert word_count(text, language) == count


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("one two three", "one two three"),
        ("one\ntwo  three four", "one two three…"),
        ("人" * 40, "人" * 36 + "…"),
        ("人" * 36, "人" * 36),
        ("", ""),
    ],
)
def test_excerpt_gives_the_first_words(text, short):
    assert excerpt(text, 3) == short


def test_excerpt_cuts_no_letter_from_its_mark():
    text = "e" * 11 + "x\u0323" * 20

    assert excerpt(text, 1) == "e" * 11 + "…"
