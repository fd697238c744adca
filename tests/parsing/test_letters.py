"""The real letter's words, and letters like it to invented States."""

import pytest

from questions.parsing.letters import (
    LetterRefused,
    ParsedAsker,
    parse_letter_text,
)

from . import letter_texts
from .letter_texts import letter_text
from .real_letter import REAL, parsed_real_letter, real_text, sections, words


def test_the_real_letter_is_read_word_for_word():
    letter = parsed_real_letter()

    assert {name: getattr(letter, name) for name in REAL} == REAL
    assert letter.event_year == 2021
    assert letter.text.split() == real_text().split()


def test_082_the_real_letter_has_eleven_questions_in_its_own_words():
    letter = parsed_real_letter()

    own, common = sections(real_text())
    asked = [("KAZ", q) for q in letter.own_questions] + [
        ("all", q) for q in letter.common_questions
    ]
    assert [(to, q.number) for to, q in asked] == [
        *(("KAZ", n) for n in (1, 2)),
        *(("all", n) for n in range(1, 10)),
    ]
    assert [words(q.text) for _, q in asked] == [*own, *common]
    assert not any("\n" in q.text for _, q in asked)


def test_the_real_letter_names_its_askers():
    letter = parsed_real_letter()

    assert [q.askers for q in (*letter.own_questions, *letter.common_questions)] == [
        (ParsedAsker("Human Rights Watch"),),
        (ParsedAsker("Human Rights Watch"),),
        (ParsedAsker("Outright International"),),
        (ParsedAsker("CIVICUS"),),
        (ParsedAsker("Human Rights Watch"),),
        (ParsedAsker("Child Rights Connect"),),
        (ParsedAsker("Permanent Mission of France to the United Nations"),),
        (
            ParsedAsker(
                "Permanent Mission of the Principality of Liechtenstein to the United Nations"
            ),
        ),
        (ParsedAsker("Eric Richardson"),),
        (ParsedAsker("Genoveva Sotirova", "Twitter user"),),
        (ParsedAsker("Genoveva Sotirova", "Twitter user"),),
    ]


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\v"])
def test_other_line_endings_change_nothing(ending):
    assert parse_letter_text(real_text().replace("\n", ending)) == parsed_real_letter()


def test_no_break_spaces_are_spaces_except_inside_numbers_and_before_french_signs():
    common = "1. *CIVICUS*:\xa0Are\xa010\xa0000 people « at risk\xa0» in Octava\xa0? \xa0Why?"

    letter = parse_letter_text(letter_text(common=common))

    assert (
        letter.common_questions[0].text == "Are 10\xa0000 people « at risk\xa0» in Octava\xa0? Why?"
    )


def test_the_year_of_the_event_without_one_in_the_title():
    letter = parse_letter_text(letter_text(title="Questions from the pledging event"))

    assert letter.title == "Questions from the pledging event"
    assert letter.event_year == 2022


@pytest.mark.parametrize(
    "varied",
    [
        {"title": "Re: Questions from the Pledging Event 2022"},
        {
            "title": "",
            "salutation": "Subject: Questions from the Pledging Event 2022\n\nExcellencies,",
        },
        {"title": "*Questions from the\nPledging Event 2022*"},
    ],
)
def test_the_title_in_other_forms(varied):
    letter = parse_letter_text(letter_text(**varied))

    assert letter.title == "Questions from the Pledging Event 2022"


@pytest.mark.parametrize(
    ("varied", "message"),
    [
        ({"addressees": ""}, "No State was found: a line such as “Permanent Representative of"),
        (
            {
                "addressees": "H.E. Ms. Ada Lund\nPermanent Representative to the United Nations "
                "in New York"
            },
            "The name of a State was expected in line 2",
        ),
        (
            {"addressees": "Ada Lund\nPermanent Representative of Octava to the United Nations"},
            "A city, New York or Geneva, was expected after line 2",
        ),
        (
            {"addressees": letter_texts.ADDRESSEES.replace("of Octava", "of Prima", 1)},
            "addressed to Prima and to Octava",
        ),
        ({"letter_date": ""}, "The date of the letter, such as “29 September 2021”, was expected"),
        ({"letter_date": "31 June 2022"}, "The date of the letter"),
        ({"event": ""}, "A sentence such as “On 8 September 2021"),
        ({"event": letter_texts.EVENT.replace("2023-2025", "next")}, "The membership term"),
        (
            {"event": letter_texts.EVENT.replace("Human Rights Council", "table"), "title": ""},
            "The body the State is a candidate for",
        ),
        ({"deadline": ""}, "The day by which answers are due was expected"),
        (
            {"closing": "", "signature": ""},
            "The letter is cut off: a closing sentence and a signature",
        ),
        ({"signature": ""}, "The letter is cut off: a signature was expected after line"),
        ({"common_heading": "", "common": ""}, "The questions to all are missing"),
        ({"own_heading": "", "common_heading": ""}, "The questions are missing: a heading such as"),
        ({"common": ""}, "A question numbered 1 was expected after line 25"),
        ({"own": ""}, "A question numbered 1 was expected after line 21"),
    ],
)
def test_what_is_missing_is_refused_with_what_was_expected(varied, message):
    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(letter_text(**varied))

    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        (" \n\n ", "The file is empty."),
        ("A shopping list\n\nMilk\nBread", "This is not a letter with questions"),
        ("NUL\0", "The text contains a NUL character. A plain text was expected."),
        ("\ud800", "half a character"),
        ("a" * 1_000_001, "longer than 1,000,000 characters"),
        (
            letter_text() + "\n\n" + letter_text(),
            "One letter was expected, but the heading on line 21",
        ),
        (
            letter_text() + "\n\n" + letter_text(own_heading="", own="", common_heading=""),
            "One letter was expected, but another seems to begin with line",
        ),
    ],
)
def test_what_is_no_letter_is_refused(text, message):
    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(text)

    assert message in str(refusal.value)


def test_a_letter_cut_at_any_line_is_refused():
    lines = real_text().split("\n")
    signature = lines.index("Madeleine Sinclair")

    for end in range(signature):
        with pytest.raises(LetterRefused):
            parse_letter_text("\n".join(lines[:end]))
