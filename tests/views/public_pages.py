"""What the tests of the public pages share: the day they are read, an event, and reading a page."""

import re
from datetime import UTC, date, datetime
from html import unescape

from django.contrib.auth import get_user_model
from django.test import Client

from questions.editions import at_hand
from questions.models import RegionalGroup, State, Topic
from tests.factories import (
    BEFORE,
    make_asker,
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
        code = f"X{letters(number)}"
        state = State.objects.filter(iso3=code).first() or make_state(
            iso3=code, name=f"State {number:03}", group=group
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


PAGES = [
    "/en/",
    "/en/events/",
    "/en/states/",
    "/en/states/?order=name",
    "/en/states/xka/",
    "/en/questions/",
    "/en/topics/",
    "/en/topics/rights/",
    "/en/askers/",
    "/en/askers/civicus/",
    "/en/about/",
    "/en/about/method/",
    "/en/about/accessibility/",
    "/en/about/privacy/",
    "/en/corrections/",
    "/en/corrections/2021/",
    "/en/2021/",
    "/en/2021/?group=AFG&status=on",
    "/en/2021/figures/",
    "/en/2021/q1/",
    "/en/2021/q1/?order=received&view=columns",
    "/en/2021/q2/",
    "/en/2021/xka-1/",
    "/en/2021/xka/",
    "/en/2021/q1/xka/",
    "/en/2021/q2/xka/",
    "/en/2021/q1/xka/v1/",
]


def make_record(text="Yes.", asker="CIVICUS", title="", question="What will you do?"):
    event = make_event(year=2021, election_date=date(2021, 10, 14))
    event.sessions.create(date=date(2021, 9, 8), moderator=text, co_sponsors=text)
    state = make_state(iso3="XKA", name="Kalba")
    candidacy = make_candidacy(event=event, state=state)
    asked = make_asker(name=asker)
    for fields in [{}, {}, {"state": state}]:
        slot = make_slot(
            candidacy=candidacy,
            question=make_question(
                event=event, askers=[asked], title=title, text=question, **fields
            ),
        )
        if slot.question.number == 1:
            publish(slot, text=text)
        slot.question.topics.add(Topic.objects.get_or_create(slug="rights", name="Rights")[0])
    return event


def forget_kept_pages():
    at_hand.clear()


def bodies(addresses=PAGES):
    """Every page as it is made now, not as it was kept."""
    forget_kept_pages()
    pages = {address: Client().get(address) for address in addresses}
    return {
        address: (page.status_code, page.content, page.headers.get("ETag"))
        for address, page in pages.items()
    }
