"""What the tests of the public pages share: the day they are read, an event, and reading a page."""

import re
from datetime import UTC, datetime
from html import unescape

from django.contrib.auth import get_user_model
from django.test import Client

from questions.models import RegionalGroup
from tests.factories import (
    BEFORE,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
)

TODAY = datetime(2021, 10, 6, 14, 0, tzinfo=UTC)  # two days before the deadline of the factories
PASSED = datetime(2021, 10, 20, 14, 0, tzinfo=UTC)


def publisher():
    """Someone who publishes, without the cost of a password."""
    return get_user_model().objects.get_or_create(username="publisher")[0]


def publish(slot, *, received_at=BEFORE, **fields):
    return make_response(
        slot=slot, published=True, received_at=received_at, published_by=publisher(), **fields
    )


def make_board(*, states=1, questions=1, year=2021, **fields):
    """An event with so many States asked so many questions: {(state, question): slot}."""
    event = make_event(year=year, **fields)
    asked = [make_question(event=event, askers=[]) for _question in range(questions)]
    slots = {}
    for number in range(states):
        group = RegionalGroup.values[number % 5]
        state = make_state(
            iso3=f"{'XYZW'[number // 676]}{letters(number)}", name=f"State {number:03}", group=group
        )
        candidacy = make_candidacy(event=event, state=state)
        for position, question in enumerate(asked, start=1):
            slots[number, position] = make_slot(candidacy=candidacy, question=question)
    return slots


def letters(number):
    return chr(65 + number // 26 % 26) + chr(65 + number % 26)


def read(address, **headers):
    """The page as an anonymous reader gets it."""
    page = Client().get(address, headers=headers)
    assert page.status_code == 200, page.status_code
    return page


def words_of(page):
    """Its text as read aloud: tags gone, spaces single."""
    body = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+([.,:;)])", r"\1", re.sub(r"\s+", " ", unescape(body))).replace("( ", "(")


def lead_of(page):
    """The sentence under the title."""
    found = re.search(r'<p class="lead">(.*?)</p>', page.content.decode(), re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", found[1]))).strip()
