"""Pages narrowed and compared: by group, status, theme, asker, and up to three side by side."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from questions.models import State, Topic
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
)

from .public_pages import PASSED, lead_of, make_board, publish, read, words_of
from .test_public_speed import answer_everything, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots(clock):
    """Five States, one of each group; three questions, two with a theme, one with a named asker."""
    clock(PASSED)
    slots = make_board(states=5, questions=3)
    defenders = Topic.objects.create(slug="defenders", name="Defenders")
    for number in (1, 2):
        slots[0, number].question.topics.add(defenders)
    slots[0, 2].question.asked_by.create(asker=make_asker(name="CIVICUS"))
    hidden = make_asker(name="Ann Other", kind="individual")
    slots[0, 3].question.asked_by.create(asker=hidden)
    publish(slots[2, 1], received_at=BEFORE, text="Third.")
    publish(slots[1, 1], received_at=BEFORE + timedelta(days=1), text="Second.")
    publish(slots[4, 1], received_at=DUE_AT, text="Fifth.")
    return slots


def states_in(page):
    """The codes of the articles, in order."""
    return re.findall(r'<article class="[^"]*" id="(\w+)"', page.content.decode())


def columns_of(page):
    """The questions that the matrix has columns for."""
    return re.findall(
        r'<th scope="col" role="columnheader"><a href="#(\w+)">', page.content.decode()
    )


def rows_of(page):
    return re.findall(
        r'<th scope="row" role="rowheader"><a href="/en/2021/(\w+)/">', page.content.decode()
    )


def chosen_in(page):
    """The values that its selects stand at."""
    return re.findall(r'<option value="(\w+)" selected>', page.content.decode())


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("", ["xaa", "xab", "xac", "xad", "xae"]),
        ("?order=received", ["xac", "xab", "xae", "xaa", "xad"]),
        ("?order=group", ["xaa", "xab", "xac", "xad", "xae"]),
        ("?group=APG", ["xab"]),
        ("?status=none", ["xaa", "xad"]),
        ("?order=received&status=on", ["xac", "xab"]),
        ("?group=XX&status=%00", ["xaa", "xab", "xac", "xad", "xae"]),
        ("?view=columns", ["xaa", "xab", "xac"]),
        ("?order=received&view=columns", ["xac", "xab", "xae"]),
        ("?view=columns&state=XAE&state=XAB", ["xab", "xae"]),
        ("?view=columns&state=xae", ["xae"]),
        ("?view=columns&state=XAE&state=XAD&state=XAB&state=XAA", ["xaa", "xab", "xad"]),
        ("?view=columns&state=XZZ", []),
        ("?view=columns&status=late&state=XAA", []),
        ("?view=columns&status=late", ["xae"]),
    ],
)
def test_question_page_is_ordered_narrowed_and_compared(slots, query, states):
    page = read(f"/en/2021/q1/{query}")

    assert states_in(page) == states
    assert lead_of(page).startswith("3 of 5 candidates have answered: two on time and one late.")
    assert ('<section class="cols"' in page.content.decode()) == (
        "columns" in query and bool(states)
    )


def test_order_by_group_is_that_of_the_un_and_alphabetical_within_each(slots):
    State.objects.filter(iso3__in=["XAA", "XAD"]).update(group="WEOG")

    page = read("/en/2021/q1/?order=group")
    body = page.content.decode()

    assert states_in(page) == ["xab", "xac", "xaa", "xad", "xae"]
    assert re.findall(r'<h2>(.*?)</h2>\s*<article class="[^"]*" id="(\w+)"', body) == [
        ("Asia-Pacific States", "xab"),
        ("Eastern European States", "xac"),
        ("Western European and other States", "xaa"),
    ]
    assert '<option value="group" selected>Regional group</option>' in body
    assert "<h2>Asia-Pacific States</h2>" not in read("/en/2021/q1/").content.decode()


def test_more_than_three_are_said_to_be_too_many(slots):
    three = words_of(read("/en/2021/q1/?view=columns&state=XAA&state=XAB&state=XAC"))
    four = words_of(read("/en/2021/q1/?view=columns&state=XAA&state=XAB&state=XAC&state=XAD"))

    assert "(now showing State 000, State 001 and State 002)" in three
    assert "The first three are shown." not in three
    assert "(now showing State 000, State 001 and State 002)" in four
    assert "More than three candidates were chosen. The first three are shown." in four


def test_comparison_is_chosen_with_checkboxes_that_need_no_script(slots):
    body = read("/en/2021/q1/?order=received&view=columns&state=XAE&state=XAB").content.decode()
    form = re.search(r"<details.*?</details>", body, re.S)[0]

    assert '<form method="get" action="/en/2021/q1/">' in form
    assert re.findall(r'name="state" value="(\w+)"( checked)?', form) == [
        ("XAC", ""),
        ("XAB", " checked"),
        ("XAE", " checked"),
        ("XAA", ""),
        ("XAD", ""),
    ]
    assert '<input type="hidden" name="view" value="columns">' in form
    assert '<input type="hidden" name="order" value="received">' in form


def test_layout_language_and_the_next_question_keep_what_is_chosen(slots):
    body = unescape(
        read("/en/2021/q1/?group=APG&order=received&state=XAB&view=columns").content.decode()
    )

    assert 'href="/en/2021/q1/?group=APG&order=received">One after another' in body.replace(
        ' aria-current="true"', ""
    )
    assert 'href="/en/2021/q2/?group=APG&order=received&state=XAB&view=columns" rel="next"' in body
    assert 'href="/fr/2021/q1/?group=APG&order=received&state=XAB&view=columns" lang="fr"' in body


def test_what_matches_nothing_is_said_with_a_way_out(slots):
    question = unescape(read("/en/2021/q1/?group=APG&order=received&status=late").content.decode())
    event = unescape(read("/en/2021/?group=APG&topic=other").content.decode())
    state = read("/en/2021/xaa/?status=on").content.decode()

    assert 'No State matches. <a href="/en/2021/q1/?order=received">Show all States</a>' in question
    assert 'No question matches. <a href="/en/2021/?group=APG#mx-h">All questions</a>' in event
    assert 'No question matches. <a href="/en/2021/xaa/">All questions</a>' in state


@pytest.mark.parametrize(
    ("query", "columns", "rows"),
    [
        ("", ["q1", "q2", "q3"], 5),
        ("?topic=defenders", ["q1", "q2"], 5),
        ("?asker=civicus", ["q2"], 5),
        ("?asker=civicus&topic=defenders", ["q2"], 5),
        ("?status=on&topic=defenders", ["q1", "q2"], 2),
        ("?asker=civicus&status=on", ["q2"], 0),
        ("?topic=%00", ["q1", "q2", "q3"], 5),
    ],
)
def test_matrix_is_narrowed_by_theme_and_asker(slots, query, columns, rows):
    page = read(f"/en/2021/{query}")

    assert len(rows_of(page)) == rows
    assert columns_of(page) == (columns if rows else [])
    assert lead_of(page).startswith("As of 20 October 2021, 3 of 5 candidates have answered")


def test_narrowed_matrix_counts_what_it_shows(slots):
    page = read("/en/2021/?topic=defenders")

    figures = re.findall(r'<td role="cell" class="sum">([^<]*)<', page.content.decode())
    assert sorted(figures) == ["0 of 2 answered"] * 2 + ["1 of 2 answered"] * 3
    assert chosen_in(page) == ["defenders"]


def test_own_questions_are_narrowed_too(slots):
    candidacy = slots[0, 1].candidacy
    asker = make_asker(name="Zeta NGO")
    own = make_question(event=candidacy.event, state=candidacy.state, askers=[asker])
    make_slot(candidacy=candidacy, question=own)

    assert "State 000: 1 question, from Zeta NGO" in words_of(read("/en/2021/?asker=zeta-ngo"))
    assert "State 000: 1 question" not in words_of(read("/en/2021/?asker=civicus"))


def test_req_053_who_is_not_named_narrows_nothing_and_is_offered_nowhere(slots):
    hidden = slots[0, 3].question.asked_by.get().asker
    own = make_question(event=slots[0, 1].candidacy.event, state=slots[0, 1].candidacy.state)
    make_slot(candidacy=slots[0, 1].candidacy, question=own)
    own.asked_by.update(asker=hidden)

    for address in ("/en/2021/", "/en/2021/xaa/"):
        assert hidden.slug not in read(address).content.decode()
        body = read(f"{address}?asker={hidden.slug}").content.decode()
        nobody = read(f"{address}?asker=participant-00000000").content.decode()
        assert "No question matches." in body
        assert body.replace(hidden.slug, "participant-00000000") == nobody


@pytest.mark.parametrize(
    ("query", "questions"),
    [
        ("", ["q1", "q2", "q3"]),
        ("?topic=defenders", ["q1", "q2"]),
        ("?asker=civicus", ["q2"]),
        ("?status=on", ["q1"]),
        ("?status=none&topic=defenders", ["q2"]),
    ],
)
def test_state_at_event_is_narrowed_by_status_theme_and_asker(slots, query, questions):
    page = read(f"/en/2021/xab/{query}")

    assert states_in(page) == questions
    assert lead_of(page).startswith("1 of 3 questions are answered")
    assert "2021 Answers received" in words_of(page)


def test_states_and_events_lead_to_those_before_and_after(slots):
    for year in (2020, 2022):
        make_candidacy(event=make_event(year=year))
    make_event(year=2023, status="draft")
    make_event(year=2000, slug="specimen", is_specimen=True)

    def pages_beside(address):
        body = read(address).content.decode()
        return re.findall(r'<a href="(\S+)" rel="(prev|next)">', body)

    assert pages_beside("/en/2021/xaa/") == [("/en/2021/xab/", "next")]
    assert pages_beside("/en/2021/xac/") == [("/en/2021/xab/", "prev"), ("/en/2021/xad/", "next")]
    assert pages_beside("/en/2021/xaa/?topic=rights") == [("/en/2021/xab/?topic=rights", "next")]
    assert pages_beside("/en/2021/?topic=rights")[0] == ("/en/2020/?topic=rights", "prev")
    assert pages_beside("/en/2021/") == [("/en/2020/", "prev"), ("/en/2022/", "next")]
    assert pages_beside("/en/2022/") == [("/en/2021/", "prev")]
    assert pages_beside("/en/specimen/") == []


@pytest.mark.parametrize("states", [1, 3, 60])
def test_narrowed_pages_cost_the_same_queries_at_any_size(clock, states):
    clock(PASSED)
    slots = make_board(states=states, questions=2)
    answer_everything(slots)
    slots[0, 1].question.topics.add(Topic.objects.create(slug="defenders", name="Defenders"))

    assert queries_of("/en/2021/?group=AFG&status=on&topic=defenders")[0] <= 10
    assert queries_of("/en/2021/q1/?view=columns&state=XAA")[0] <= 10
    assert queries_of("/en/2021/xaa/?status=on&topic=defenders")[0] <= 10


@pytest.mark.parametrize(
    "address", ["/en/2021/q1/?group=APG", "/en/2021/?topic=defenders", "/en/2021/xaa/?status=on"]
)
def test_req_087_narrowed_pages_are_not_kept_and_have_a_validator(slots, address):
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})

    assert queries_of(address)[0] > 1
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    assert first["Cache-Control"] == "public, no-cache"
    assert "Vary" not in first and not first.cookies
