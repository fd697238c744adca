"""What is not public changes no byte of what is (security.md 47)."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from questions.models import (
    Edition,
    Event,
    EventStatus,
    Question,
    QuestionStatus,
    Response,
    ResponseStatus,
    Topic,
)
from questions.operations import audit, letters
from questions.operations.publication import open_event
from tests.factories import (
    BEFORE,
    make_asker,
    make_attachment,
    make_candidacy,
    make_contact,
    make_correction,
    make_event,
    make_letter,
    make_question,
    make_response,
    make_slot,
    make_state,
    make_translation,
)
from tests.specimen_letters import letter_to, parsed

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
    asked = make_question(event=event, text="CANARY asked", status=QuestionStatus.SUBMITTED)
    theme = Topic.objects.create(slug="canary", name="CANARY theme")
    for question in (put.question, unsent, own, asked):
        question.topics.add(theme, Topic.objects.get(slug="rights"))
    make_question(
        event=event,
        text="CANARY declined",
        status=QuestionStatus.DECLINED,
        status_reason="CANARY reason",
    )
    make_response(slot=published, text="CANARY amendment", received_at=BEFORE + timedelta(days=1))
    make_letter(candidacy=candidacy, status="draft", text="CANARY letter")
    sending = published.responses.get(status=ResponseStatus.PUBLISHED).submission
    make_attachment(slot=published, submission=sending, number=1, name="CANARY.pdf")
    for about in [{}, {"slot": published}, {"question": unsent}]:
        make_correction(event=event, what_was_wrong="CANARY", **about)
    for original in [published.question, Response.objects.get(slot=published, version=1)]:
        make_translation(of=original, text="CANARY translation", published=False)
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
    "/en/topics/canary/",
    "/r/PE2022",
    "/r/PE2022-XKA",
    "/r/PE2021-Q3",
    "/r/PE2021-XKA-2",
    "/r/PE2021-Q1-XKA.v2",
    "/files/PE2021-XKA-R1-F1.pdf",
    "/en/nothing/",
]


IMPORTED = ["/en/2023/", "/en/2023/q1/", "/en/2023/xka/", "/en/2023/q1/xka/", "/2023/feed.atom"]


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
    assert changed >= {"/en/questions/", "/en/topics/", "/en/topics/rights/", "/en/askers/"}


def letter_with_questions(count):
    """To the State of the record, for an event that is not there yet."""
    content = letter_to("Kalba").replace(b"2021", b"2023")
    letter = parsed(content)
    model = letter.common_questions[0]
    asked = tuple(
        replace(model, number=number, text=f"CANARY {number}: what will you do?")
        for number in range(1, count + 1)
    )
    return replace(letter, common_questions=asked), content


def test_req_054_nothing_imported_is_public_during_or_after_the_import(record, monkeypatch):
    for city in ["geneva", "new_york"]:
        make_contact(state=record.candidacies.get().state, city=city, is_addressee=True)
    before = bodies([*PAGES, *IMPORTED])
    letter, content = letter_with_questions(500)
    during = {}

    def read_meanwhile(action, *args, **kwargs):
        """In the import's own transaction, where everything it stored can be seen."""
        assert Question.objects.filter(text__contains="CANARY").count() == 500
        during.update(bodies([*PAGES, *IMPORTED]))
        return audit.record(action, *args, **kwargs)

    monkeypatch.setattr(letters, "audit", SimpleNamespace(record=read_meanwhile))
    letters.import_letter(letter, content=content, name="letter.txt", by=None, at=TODAY)

    assert during == before
    assert bodies([*PAGES, *IMPORTED]) == before
    assert {before[address][0] for address in IMPORTED} == {404}


def test_req_054_control_what_was_imported_shows_once_its_event_is_opened(record):
    letter, content = letter_with_questions(3)
    result = letters.import_letter(letter, content=content, name="letter.txt", by=None, at=TODAY)

    open_event(result.event, by=None, at=TODAY)

    assert {status for status, *_rest in bodies(IMPORTED).values()} == {200}
