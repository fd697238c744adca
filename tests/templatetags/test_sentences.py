"""Sentences with figures: every count, singular and plural."""

import re

import pytest
from django.utils import translation

from questions.models import EventSession, Tally
from questions.templatetags.lists import in_list, names
from questions.templatetags.sentences import (
    answered_of,
    question_lead,
    sitting,
)
from questions.templatetags.state_sentences import state_figure


def plain(html):
    return re.sub(r"<[^>]+>", "", str(html))


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        (Tally(on=1), "1 of 1 candidate has answered, on time."),
        (Tally(on=3), "3 of 3 candidates have answered, all on time."),
        (Tally(late=1, none=1), "1 of 2 candidates have answered, late. One has not answered."),
        (
            Tally(on=4, late=3, dec=1, none=2, wait=1, rec=1),
            "7 of 12 candidates have answered: four on time and three late. One declined, two have"
            " not answered, one answer is not yet due and one is being prepared.",
        ),
        (
            Tally(dec=2, none=11, wait=2, rec=2),
            "0 of 17 candidates have answered. Two declined, 11 have not answered, two answers are"
            " not yet due and two are being prepared.",
        ),
        (
            Tally(on=1, none=1, undel=2),
            "1 of 2 candidates have answered, on time. One has not answered and two letters were"
            " not delivered.",
        ),
        (Tally(undel=3), "The letters with this question have not been delivered."),
        (Tally(unk=18), "Whether candidates answered this question is not on record."),
        (
            Tally(unk=17, late=1),
            "1 answer on record. Whether others answered this question is not on record.",
        ),
    ],
)
def test_question_lead(tally, sentence):
    assert plain(question_lead(tally)) == sentence


@pytest.mark.parametrize(
    ("tally", "figure"),
    [
        (Tally(on=2, late=1, none=1), "3 of 4 answered"),
        (Tally(none=4), "0 of 4 answered"),
        (Tally(unk=4), "Not on record"),
        (Tally(unk=2, late=2), "2 answers on record"),
        (Tally(undel=4), "Letter not delivered"),
        (Tally(undel=4, on=1), "1 of 1 answered"),
        (Tally(), "No question on record"),
    ],
)
def test_answered_of_leaves_out_what_is_not_on_record(tally, figure):
    assert answered_of(tally) == figure


@pytest.mark.parametrize(
    ("tally", "figure"),
    [
        (Tally(wait=2, on=1), "not all answers are due yet"),
        (Tally(dec=3), "declined all 3"),
        (Tally(dec=2, none=1), "0 of 3 answered"),
        (Tally(unk=2, dec=1), "Not on record"),
    ],
)
def test_state_figure(tally, figure):
    assert state_figure(tally) == figure


@pytest.mark.parametrize(
    ("city", "sentence"),
    [("Geneva", "Jour non connu, Genève"), ("Nairobi", "Jour non connu, Nairobi")],
)
def test_a_sitting_is_held_in_a_city_by_the_name_that_the_language_has_for_it(city, sentence):
    with translation.override("fr"):
        assert str(sitting(EventSession(city=city))) == sentence


def test_lists_end_with_and():
    assert [in_list(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_names_are_isolated_and_escaped():
    assert names(["<a>", "b"]) == ('<bdi dir="auto">&lt;a&gt;</bdi> and <bdi dir="auto">b</bdi>')
