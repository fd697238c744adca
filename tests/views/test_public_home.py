"""Home and the list of events."""

import re
from datetime import date, timedelta

import pytest

from questions.models import EventRecord, EventStatus
from tests.factories import BEFORE, make_candidacy, make_event, make_slot

from .public_pages import TODAY, lead_of, make_board, publish, read, words_of

pytestmark = pytest.mark.django_db


def test_event_list_tells_events_apart(clock):
    clock(TODAY)
    slots = make_board(states=2, year=2021)
    event = slots[0, 1].candidacy.event
    event.sessions.create(date=date(2021, 9, 8), is_online=True)
    publish(slots[0, 1])
    make_candidacy(event=make_event(year=2013, record=EventRecord.RECONSTRUCTED))
    make_event(year=2022, status=EventStatus.DRAFT)
    make_candidacy(event=make_event(year=2000, is_specimen=True, slug="specimen"))

    words = words_of(read("/en/events/"))

    assert (
        "Pledging event 2021 2022–2024 8 September 2021, online 2 1 to all candidates"
        " 1 of 2 candidates have answered Runs; the first ends with the end of 8 October 2021"
    ) in words
    assert "Pledging event 2013 2014–2016 not known 1 None on record Not on record –" in words
    assert "2022–" in words and "Pledging event 2022" not in words
    assert "Pledging event 2000" not in words


def test_event_list_and_home_without_events_say_so():
    assert lead_of(read("/en/events/")) == "No event has been published yet."
    assert "No event has been published yet." in words_of(read("/en/"))


def test_home_leads_to_the_current_event_and_lists_past_ones(clock):
    clock(TODAY)
    slots = make_board(states=2, year=2021, election_date=date(2021, 10, 14))
    publish(slots[0, 1])
    make_board_of_the_past()

    words = words_of(read("/en/"))

    assert "Membership term 2022–2024 · 2 candidates" in words
    assert "1 of 2 candidates have answered" in words
    assert "The next answers are due by the end of 8 October 2021 in New York" in words
    assert words.index("Past events") < words.index("Pledging event 2020")
    assert "has not been announced" not in words


def make_board_of_the_past():
    make_event(year=2020, election_date=date(2020, 10, 13), status=EventStatus.CLOSED)


def test_home_between_events_says_that_none_is_announced(clock):
    clock(TODAY)
    make_board_of_the_past()

    assert (
        "The next pledging event has not been announced. Answers from past events are below."
    ) in words_of(read("/en/"))


def test_home_lists_the_latest_answers_and_none_of_the_specimen(clock):
    clock(TODAY)
    slots = make_board(states=2, questions=6)
    for number, slot in enumerate(slots.values()):
        publish(slot, published_at=BEFORE + timedelta(hours=number))
    specimen = make_candidacy(event=make_event(year=2000, slug="specimen", is_specimen=True))
    publish(make_slot(candidacy=specimen), published_at=BEFORE + timedelta(days=3))

    body = read("/en/").content.decode()

    assert re.findall(r'<span class="sym">(.*?)</span>', body) == [
        f"PE2021/Q{question}/X{state}"
        for state, question in [
            *(("AB", number) for number in range(6, 0, -1)),
            *(("AA", number) for number in range(6, 2, -1)),
        ]
    ]
    assert '<a href="/en/specimen/">See a specimen event</a>' in body
