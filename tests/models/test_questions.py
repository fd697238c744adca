"""The answer status: every case, and which of two that fit comes first (DESIGN.md §3)."""

from datetime import timedelta

import pytest

from questions.models import (
    AddressedQuestion,
    AnswerStatus,
    EventRecord,
    MailStatus,
    Question,
    ResponseKind,
    ResponseStatus,
    SlotsOfEvent,
)
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_candidacy,
    make_contact,
    make_event,
    make_mail,
    make_question,
    make_response,
    make_slot,
)

pytestmark = pytest.mark.django_db

LATE = DUE_AT + timedelta(days=2)
MOMENT = timedelta(microseconds=1)
DECLINED = {"kind": ResponseKind.DECLINED, "text": "", "language": ""}
GENERAL = {"kind": ResponseKind.GENERAL}
WITHHELD = {"status": ResponseStatus.WITHHELD, "withheld_reason": "It names a person."}
OLD_TEXT = {"published": True, "status": ResponseStatus.SUPERSEDED}

# what was received, oldest first; the status while the deadline runs, and after it
CASES = [
    ("nothing", [], "wait", "none"),
    ("an answer, published", [{"published": True}], "on", "on"),
    (
        "a general statement, published",
        [{"published": True, **GENERAL}],
        "on",
        "on",
    ),
    (
        "an answer in the last moment",
        [{"published": True, "received_at": DUE_AT - MOMENT}],
        "on",
        "on",
    ),
    ("an answer at the deadline", [{"published": True, "received_at": DUE_AT}], "late", "late"),
    ("a late answer", [{"published": True, "received_at": LATE}], "late", "late"),
    (
        "an answer on time, amended late",
        [{**OLD_TEXT}, {"published": True, "received_at": LATE}],
        "on",
        "on",
    ),
    (
        "an answer on time never public, and a late one published",
        [{"status": ResponseStatus.SUPERSEDED}, {"published": True, "received_at": LATE}],
        "on",
        "on",
    ),
    (
        "a late answer, published, and a later one received",
        [{"published": True, "received_at": LATE}, {"received_at": LATE + MOMENT}],
        "late",
        "late",
    ),
    ("a refusal, published", [{"published": True, **DECLINED}], "dec", "dec"),
    (
        "a refusal on time, then a late answer",
        [{**OLD_TEXT, **DECLINED}, {"published": True, "received_at": LATE}],
        "late",
        "late",
    ),
    (
        "an answer, then a refusal",
        [{**OLD_TEXT}, {"published": True, **DECLINED}],
        "dec",
        "dec",
    ),
    (
        "a refusal, published, and an answer received",
        [{"published": True, **DECLINED}, {"received_at": BEFORE + MOMENT}],
        "dec",
        "dec",
    ),
    ("an answer, received", [{}], "rec", "rec"),
    ("a refusal, received", [DECLINED], "rec", "rec"),
    ("an answer, withheld", [WITHHELD], "rec", "rec"),
    (
        "an answer, published and withheld again",
        [{"published": True, **WITHHELD}],
        "rec",
        "rec",
    ),
    (
        "an answer, amended by one that is withheld",
        [{**OLD_TEXT}, {"published": True, **WITHHELD}],
        "rec",
        "rec",
    ),
    (
        "an answer replaced before it was public, by nothing",
        [{"status": ResponseStatus.SUPERSEDED}],
        "wait",
        "none",
    ),
]


def status_of(slot, *, at):
    """As the database says, and the files, which have the rule again."""
    found = AddressedQuestion.objects.with_status(at=at).get(pk=slot.pk)
    event = slot.candidacy.event
    in_bulk = SlotsOfEvent(event, event.candidacies.all(), at=at).of_questions([slot.question])
    assert [
        (put.status, put.received.first_answered_at) for put in in_bulk if put.pk == slot.pk
    ] == [(found.answer_status, found.first_answered_at)]
    return found.answer_status


def receive(slot, responses):
    for fields in responses:
        make_response(slot=slot, **fields)


@pytest.mark.parametrize(("name", "responses", "running", "passed"), CASES)
def test_answer_status_of_what_was_received(name, responses, running, passed):
    slot = make_slot()
    receive(slot, responses)

    assert status_of(slot, at=DUE_AT - MOMENT) == running
    assert status_of(slot, at=DUE_AT) == passed


@pytest.mark.parametrize(("name", "responses", "running", "passed"), CASES)
def test_answer_status_of_a_reconstructed_event_never_speaks_of_silence(
    name, responses, running, passed
):
    event = make_event(record=EventRecord.RECONSTRUCTED)
    slot = make_slot(candidacy=make_candidacy(event=event))
    receive(slot, responses)

    expected = "unk" if passed == "none" else passed
    assert status_of(slot, at=DUE_AT - MOMENT) == expected
    assert status_of(slot, at=LATE) == expected


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("due_at", [None, DUE_AT])
def test_answer_status_is_none_only_when_the_letter_was_sent_and_its_deadline_passed(sent, due_at):
    slot = make_slot(candidacy=make_candidacy(due_at=due_at), sent=sent)

    assert status_of(slot, at=LATE) == ("none" if sent and due_at else "wait")


def test_answer_status_of_a_question_not_sent_yet_still_tells_of_an_answer():
    slot = make_slot(sent=False)
    make_response(slot=slot, published=True)

    assert status_of(slot, at=LATE) == "on"


def test_answer_status_follows_the_deadline_as_it_stands():
    slot = make_slot()
    make_response(slot=slot, published=True, received_at=DUE_AT)
    slot.candidacy.due_at = DUE_AT + timedelta(days=7)
    slot.candidacy.save()

    assert status_of(slot, at=LATE) == "on"


def test_answer_status_looks_at_its_own_slot_only():
    slot = make_slot()
    other = make_slot(candidacy=slot.candidacy, question=make_question(event=slot.candidacy.event))
    make_response(slot=other, published=True)

    assert status_of(slot, at=LATE) == "none"


BOUNCED = {"bounced_at": BEFORE}
FAILED = {"status": MailStatus.FAILED}
QUEUED = {"status": MailStatus.QUEUED}
UNSURE = {"status": MailStatus.UNSURE}
# the messages to the first contact, and to the second; the status after the deadline
DELIVERIES = [
    ("no message: it went by other means", [], [], "none"),
    ("one came back, to the only one written to", [BOUNCED], [], "undel"),
    ("all came back", [BOUNCED], [BOUNCED], "undel"),
    ("one came back, one was refused", [BOUNCED], [FAILED], "undel"),
    ("one came back, one arrived", [BOUNCED], [{}], "none"),
    ("one was refused, one possibly arrived", [FAILED], [UNSURE], "none"),
    ("one came back, one still waits", [BOUNCED], [QUEUED], "undel"),
    ("none left yet", [QUEUED], [QUEUED], "none"),
    ("a later one to the address that failed", [BOUNCED, {}], [], "undel"),
]


@pytest.mark.parametrize(
    ("case", "to_first", "to_second", "expected"), DELIVERIES, ids=[d[0] for d in DELIVERIES]
)
def test_answer_status_tells_silence_from_letters_that_did_not_arrive(
    case, to_first, to_second, expected
):
    slot = make_slot()
    for messages in (to_first, to_second):
        contact = make_contact(state=slot.candidacy.state, email=f"{len(case)}@octava.example")
        for message in messages:
            make_mail(candidacy=slot.candidacy, contact=contact, **message)

    assert status_of(slot, at=BEFORE) == "wait"
    assert status_of(slot, at=LATE) == expected


def test_letters_that_did_not_arrive_change_no_status_of_what_was_received():
    slot = make_slot()
    make_mail(candidacy=slot.candidacy, bounced_at=BEFORE)
    make_response(slot=slot)

    assert status_of(slot, at=LATE) == "rec"


def test_answer_status_looks_at_messages_about_its_own_candidacy_only():
    slot = make_slot()
    other = make_candidacy(state=slot.candidacy.state)
    make_mail(candidacy=other, bounced_at=BEFORE)

    assert status_of(slot, at=LATE) == "none"


def test_answer_status_knows_every_status():
    reached = {case[2] for case in CASES} | {case[3] for case in CASES} | {"unk"}
    reached |= {case[3] for case in DELIVERIES}

    assert reached == set(AnswerStatus.values)


def test_questions_put_to_several_are_those_that_are_no_states_own():
    event = make_event(year=2021)
    candidacy = make_candidacy(event=event)
    third, first = make_question(event=event, number=3), make_question(event=event, number=1)
    make_question(event=event, state=candidacy.state)
    make_question()

    assert list(Question.objects.put_to_several("2021")) == [first, third]
