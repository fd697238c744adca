"""The page of an event's figures."""

import re

import pytest
from django.test import Client

from tests.factories import AFTER, make_event

from .public_pages import PASSED, lead_of, make_board, publish, read, words_of
from .test_public_speed import answer_everything, queries_of

pytestmark = pytest.mark.django_db

FIGURES = "/en/2021/figures/"


def rows_of(page):
    rows = re.findall(r"<tr>(.*?)</tr>", page.content.decode(), re.S)
    return [re.findall(r"<t[hd][^>]*>(?:<time[^>]*>)?([^<]*)", row) for row in rows]


def test_figures_are_said_in_tables_beside_the_pictures(clock):
    clock(PASSED)
    slots = make_board(states=3, questions=1)
    publish(slots[0, 1])
    publish(slots[1, 1], received_at=AFTER)

    page = read(FIGURES)

    assert rows_of(page) == [
        ["Day of first receipt", "On time", "Late", "Answers so far"],
        ["1 October 2021", "1", "0", "1"],
        ["10 October 2021", "0", "1", "2"],
        [
            "Regional group",
            "Answered on time",
            "Answered late",
            "No answer",
            "Questions put",
        ],
        ["African States", "1", "0", "0", "1"],
        ["Asia-Pacific States", "0", "1", "0", "1"],
        ["Eastern European States", "0", "0", "1", "1"],
    ]
    assert lead_of(page) == "2 of 3 answered"
    assert "Figures as of 20 October 2021, New York time." in words_of(page)
    body = page.content.decode()
    assert '<path class="due" d="M8 0V2"/>' in body
    assert body.count('<rect data-s="') == 3
    assert "%" not in words_of(page)


def test_pictures_are_hidden_from_those_who_hear_the_tables(clock):
    clock(PASSED)
    publish(make_board()[0, 1])

    body = read(FIGURES).content.decode()

    pictures = re.findall(r"<svg viewBox[^>]*>", body)
    assert len(pictures) == 2
    assert '<div class="chart bars" aria-hidden="true">' in body
    assert 'aria-hidden="true"' in pictures[0]
    assert "style=" not in body


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_numbers_in_shapes_are_the_same_in_every_language(clock, language):
    clock(PASSED)
    slots = make_board(states=60, questions=20)
    answer_everything(slots)

    def shapes(address):
        return re.findall(r' (?:d|x|width|viewBox)="[^"]*"', read(address).content.decode())

    assert shapes(f"/{language}/2021/figures/") == shapes(FIGURES)


def test_an_event_made_from_files_has_no_figures(clock):
    clock(PASSED)
    make_board(year=2021, record="reconstructed")
    make_event(year=2022, status="draft")
    empty = make_event(year=2023)

    assert Client().get(FIGURES).status_code == 404
    assert Client().get("/en/2022/figures/").status_code == 404
    assert "figures/" not in read("/en/2021/").content.decode()
    assert "No question put yet" in words_of(read(f"/en/{empty.slug}/figures/"))


def test_the_event_leads_to_its_figures(clock):
    clock(PASSED)
    make_board()

    assert f'href="{FIGURES}"' in read("/en/2021/").content.decode()


@pytest.mark.parametrize("states", [1, 3, 60])
def test_figures_cost_the_same_queries_at_any_size(clock, states):
    clock(PASSED)
    answer_everything(make_board(states=states, questions=3))

    assert queries_of(FIGURES)[0] == 2
