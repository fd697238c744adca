"""What is not public changes no byte of what is (security.md 47)."""

from datetime import timedelta

import pytest

from questions.models import (
    Edition,
    Event,
    EventStatus,
    QuestionStatus,
    Response,
    ResponseStatus,
)
from tests.factories import (
    BEFORE,
    make_asker,
    make_candidacy,
    make_event,
    make_letter,
    make_question,
    make_response,
    make_slot,
    make_state,
)

from .public_pages import PAGES, TODAY, bodies, publish

pytestmark = pytest.mark.django_db


def add_canaries(event):
    """Everything that is not public, on top of what is."""
    published = Response.objects.filter(status=ResponseStatus.PUBLISHED).first().slot
    state, candidacy = published.candidacy.state, published.candidacy
    hidden = make_asker(name="CANARY person", kind="individual")
    quiet = make_asker(name="CANARY organisation")

    draft = make_event(year=2022, status=EventStatus.DRAFT, title="CANARY event")
    stands = make_candidacy(event=draft, state=state)
    make_candidacy(event=draft, state=make_state(name="CANARY State"))
    put = make_slot(candidacy=stands, question=make_question(event=draft, text="CANARY"))
    publish(put, text="CANARY answer")

    unsent = make_question(event=event, text="CANARY unsent", askers=[quiet])
    make_slot(candidacy=candidacy, question=unsent, sent=False)
    own = make_question(event=event, state=state, text="CANARY own", askers=[hidden])
    make_slot(candidacy=candidacy, question=own, sent=False)
    make_question(event=event, text="CANARY asked", status=QuestionStatus.SUBMITTED)
    make_question(
        event=event,
        text="CANARY declined",
        status=QuestionStatus.DECLINED,
        status_reason="CANARY reason",
    )
    make_response(slot=published, text="CANARY amendment", received_at=BEFORE + timedelta(days=1))
    make_letter(candidacy=candidacy, status="draft", text="CANARY letter")
    published.question.asked_by.filter(position=2).delete()


HIDDEN = [
    "/en/2022/",
    "/en/2022/q1/",
    "/en/2022/xka/",
    "/en/2022/q1/xka/",
    "/en/2021/q3/",
    "/en/2021/q4/",
    "/en/2021/q3/xka/",
    "/en/2021/xka-2/",
    "/en/2021/q1/xka/v2/",
    "/en/askers/canary-organisation/",
    "/en/askers/canary-person/",
    "/r/PE2022",
    "/r/PE2022-XKA",
    "/r/PE2021-Q3",
    "/r/PE2021-XKA-2",
    "/r/PE2021-Q1-XKA.v2",
    "/en/nothing/",
]


def test_req_047_what_is_not_public_changes_no_byte(record):
    before = bodies([*PAGES, *HIDDEN])

    add_canaries(record)
    Edition.objects.bump(at=TODAY)  # as any public change next to it would
    after = bodies([*PAGES, *HIDDEN])

    assert {before[address][0] for address in PAGES} == {200}
    assert {before[address][0] for address in HIDDEN} == {404}
    assert after == before
    assert len({after[address][1] for address in HIDDEN}) == 1  # nothing tells them apart


def test_req_047_the_same_things_show_once_they_are_public(record):
    """The control: the canaries sing when let out, so that silence above means something."""
    add_canaries(record)
    before = bodies()

    Event.objects.filter(code="PE2022").update(status=EventStatus.OPEN)
    for letterless in record.candidacies.get().slots.filter(letter=None):
        letterless.letter = letterless.candidacy.letters.issued().first()
        letterless.save()

    after = bodies()
    changed = {address for address in PAGES if after[address] != before[address]}
    assert changed >= {"/en/", "/en/events/", "/en/states/", "/en/2021/", "/en/2021/xka/"}
