"""The frozen content of a letter: as JSON, as text, and the direction of its texts."""

import json
from dataclasses import replace

import pytest

from questions.models import LetterContent, text_direction
from questions.parsing.letters import parse_letter_text
from tests.documents.letter_contents import asked, content_asking, real_content
from tests.parsing.real_letter import parsed_real_letter, real_text


def test_content_is_the_same_after_json():
    content = real_content()

    stored = json.loads(json.dumps(content.as_json()))

    assert LetterContent.from_json(stored) == content


def test_plain_text_has_the_words_of_the_real_letter_in_order():
    assert real_content().plain_text().split() == real_text().split()


def test_plain_text_is_read_back_as_the_real_letter():
    read_back = parse_letter_text(real_content().plain_text())

    assert replace(read_back, text="") == replace(parsed_real_letter(), text="")


@pytest.mark.parametrize(
    "askers", [(), ("CIVICUS",), ("CIVICUS", "ILGA"), ("CIVICUS", "A B", "C D")]
)
def test_plain_text_names_the_askers_so_that_they_are_read_back(askers):
    content = content_asking(asked("First part.\n\nIs this a question?", *askers))

    (question,) = parse_letter_text(content.plain_text()).common_questions

    assert tuple(asker.name for asker in question.askers) == askers
    assert question.text == "First part.\n\nIs this a question?"


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        ("Why?", "ar", "ltr"),
        ("«ما هي» UN", "en", "rtl"),
        ("2021: UN قرار", "ar", "ltr"),
        ("2021 ...", "ar", "rtl"),
        ("", "en", "ltr"),
        ("人权", "zh-hans", "ltr"),
    ],
)
def test_text_direction_is_that_of_the_first_letter_else_of_the_language(text, language, direction):
    assert text_direction(text, language) == direction
