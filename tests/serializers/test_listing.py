"""The SQL of a page of answers is kept by which filters are given, and never by their values."""

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.models import entries_of
from questions.serializers import listing
from tests.factories import BEFORE, DUE_AT, make_response
from tests.views.public_pages import make_board

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    listing.written_page.cache_clear()


def symbols(*, at=DUE_AT, last=None, limit=50, **filters):
    page = listing.page_of_slots(filters, last=last, limit=limit, at=at)
    return [slot.symbol for slot in page.rows]


def test_same_sql_finds_what_each_value_names():
    make_board(states=2, questions=1, year=2021)
    make_board(states=2, questions=1, year=2022)

    found = [
        symbols(event=event, state=state)
        for event, state in product(["2021", "2022"], ["XAA", "XAB"])
    ]

    assert found == [["PE2021/Q1/XAA"], ["PE2021/Q1/XAB"], ["PE2022/Q1/XAA"], ["PE2022/Q1/XAB"]]
    assert listing.written_page.cache_info().currsize == 1


def test_filters_one_after_another_find_what_each_finds_alone():
    slots = make_board(states=2, questions=2)
    make_response(slot=slots[0, 1], published=True, language="fr")
    make_response(slot=slots[1, 1], text="Secret.")
    filters = [
        {"event": "2021", "status": "rec"},
        {"event": "2021"},
        {"status": "on"},
        {"language": "fr"},
        {"event": "2021", "language": ""},
        {"group": "AFG"},
        {},
    ]

    together = [symbols(**some) for some in filters]
    alone = []
    for some in filters:
        listing.written_page.cache_clear()
        alone.append(symbols(**some))

    assert together == alone
    assert [len(found) for found in together] == [1, 4, 1, 1, 4, 2, 4]


def test_status_is_that_of_the_moment_and_not_of_the_first_reading():
    slots = make_board(states=1, questions=1)
    pages = {at: listing.page_of_slots({}, last=None, limit=50, at=at) for at in (BEFORE, DUE_AT)}
    make_response(slot=slots[0, 1], published=True)
    after = listing.page_of_slots({}, last=None, limit=50, at=DUE_AT)

    assert [page.rows[0].answer_status for page in (*pages.values(), after)] == [
        "wait",
        "none",
        "on",
    ]


def test_page_begins_after_the_key_that_is_given():
    make_board(states=3, questions=1)
    first = listing.page_of_slots({}, last=None, limit=1, at=DUE_AT)

    assert symbols(last=first.last, limit=1) == ["PE2021/Q1/XAB"]
    assert symbols(last=["PE2021", "", 1, "XAB"], limit=1) == ["PE2021/Q1/XAC"]


def test_no_more_sql_is_kept_than_is_said():
    make_board()
    for limit in range(1, listing.PAGES_WRITTEN + 20):
        symbols(limit=limit)

    kept = listing.written_page.cache_info()
    assert kept.currsize == kept.maxsize == listing.PAGES_WRITTEN


@pytest.mark.parametrize("filters", [{}, {"event": "2021"}, {"status": "on"}])
def test_page_of_answers_is_read_in_three_queries(filters):
    slots = make_board(states=3, questions=2)
    make_response(slot=slots[0, 1], published=True)

    with CaptureQueriesContext(connection) as queries:
        page = listing.page_of_slots(filters, last=None, limit=4, at=DUE_AT)
        for entry in entries_of(page.rows):
            assert entry.slot.symbol
            assert entry.slot.candidacy.state.name

    assert len(queries) == 3
