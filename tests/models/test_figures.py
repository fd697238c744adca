"""The figures of an event: what is counted, on which day, in which group."""

from datetime import date, timedelta

import pytest

from questions.models import DayFigures, Tally, figures_of
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_AT,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db

AT = DUE_AT + timedelta(days=20)


@pytest.fixture
def event():
    return make_event(year=2021)


def slot_of(event, *, group="AFG", **fields):
    candidacy = make_candidacy(event=event, state=make_state(group=group), **fields)
    return make_slot(candidacy=candidacy, question=make_question(event=event))


def answered(event, received_at, **fields):
    return make_response(slot=slot_of(event, **fields), published=True, received_at=received_at)


def test_answers_are_counted_on_the_day_of_their_first_receipt_in_the_events_zone(event):
    before_midnight_there = DUE_AT - timedelta(minutes=1)
    answered(event, BEFORE)
    amended = answered(event, before_midnight_there)
    make_response(slot=amended.slot, published=True, status="superseded", received_at=AFTER)
    answered(event, DUE_AT)
    answered(event, AFTER)

    days = figures_of(event, at=AT).days

    assert days == (
        DayFigures(date(2021, 10, 1), on=1, late=0, on_so_far=1, so_far=1),
        DayFigures(date(2021, 10, 8), on=1, late=0, on_so_far=2, so_far=2),
        DayFigures(date(2021, 10, 9), on=0, late=1, on_so_far=2, so_far=3),
        DayFigures(date(2021, 10, 10), on=0, late=1, on_so_far=2, so_far=4),
    )


def test_what_is_received_or_declined_is_an_answer_on_no_day(event):
    make_response(slot=slot_of(event))
    make_response(slot=slot_of(event), published=True, kind="declined", text="", language="")

    figures = figures_of(event, at=AT)

    assert figures.days == ()
    assert figures.tally == Tally(rec=1, dec=1)


def test_groups_stand_in_the_order_of_the_un_with_what_was_put_to_them(event):
    answered(event, BEFORE, group="WEOG")
    slot_of(event, group="AFG")
    answered(event, AFTER, group="AFG")
    make_candidacy(event=event, state=make_state(group="EEG"))  # nothing was put to it
    answered(make_event(year=2022), BEFORE, group="APG")

    figures = figures_of(event, at=AT)

    assert figures.groups == (
        ("African States", Tally(late=1, none=1)),
        ("Western European and other States", Tally(on=1)),
    )
    assert figures.tally == Tally(on=1, late=1, none=1)


def test_req_047_questions_that_are_not_public_are_in_no_figure(event):
    question = make_question(event=event)
    slot = make_slot(candidacy=make_candidacy(event=event), question=question, sent=False)
    make_response(slot=slot, published=True)

    assert figures_of(event, at=AT).tally == Tally()


@pytest.mark.parametrize("slots", [1, 20])
def test_the_figures_take_one_query(event, django_assert_num_queries, slots):
    for _slot in range(slots):
        answered(event, BEFORE)

    with django_assert_num_queries(1):
        figures_of(event, at=AT)
