"""Slots read for files have the status that pages give them, whatever was received and when."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest

from questions.models import (
    AddressedQuestion,
    AnswerStatus,
    MailStatus,
    Response,
    SlotsOfEvent,
    Submission,
)
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_candidacy,
    make_event,
    make_mail,
    make_question,
    make_response,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db

LATE = DUE_AT + timedelta(days=2)
KINDS = ["answer", "general", "declined"]
STATUSES = ["received", "withheld", "published", "superseded", "withdrawn"]
ONE = list(product(KINDS, STATUSES, [BEFORE, DUE_AT, LATE]))
TWO = [
    (first, second)
    for first, second in product(ONE[::2], ONE[1::3])
    if "published" not in {first[1]} & {second[1]}
]
RECEIVED = [(), *((one,) for one in ONE), *TWO]


def response(slot, number, one, by):
    """One row, and its submission: in bulk, for a thousand of them."""
    kind, status, received_at = one
    is_public = status in {"published", "withdrawn"}
    submission = Submission(
        candidacy=slot.candidacy,
        number=number,
        channel="form",
        form_key=uuid4(),
        received_at=received_at,
        due_at=DUE_AT,
    )
    return submission, Response(
        slot=slot,
        submission=submission,
        kind=kind,
        text="Yes.",
        language="en",
        status="withheld" if status == "withdrawn" else status,
        withheld_reason="It names a person." if status.startswith("with") else "",
        version=number if is_public else None,
        published_at=LATE if is_public else None,
        published_by=by if is_public else None,
    )


def receive_everything(candidacy, questions, *, sent):
    by = make_user()
    slots = [make_slot(candidacy=candidacy, question=asked, sent=sent) for asked in questions]
    pairs, number = [], 0
    for slot, received in zip(slots, RECEIVED, strict=True):
        for one in received:
            number += 1
            pairs.append(response(slot, number, one, by))
    Submission.objects.bulk_create([submission for submission, _response in pairs])
    Response.objects.bulk_create([response for _submission, response in pairs])


def both(event, questions, *, at):
    """{slot: (status, first answer)} of the pages and of the files."""
    slots = AddressedQuestion.objects.filter(question__in=questions).with_status(at=at)
    put = SlotsOfEvent(event, event.candidacies.all(), at=at).of_questions(questions)
    return (
        {slot.pk: (slot.answer_status, slot.first_answered_at) for slot in slots},
        {slot.pk: (slot.status, slot.received.first_answered_at) for slot in put},
    )


@pytest.mark.parametrize("record", ["kept", "reconstructed"])
def test_files_and_pages_give_every_slot_the_same_status(record):
    event = make_event(record=record)
    questions = [make_question(event=event, askers=[]) for _received in RECEIVED]
    receive_everything(make_candidacy(event=event), questions, sent=True)
    receive_everything(make_candidacy(event=event, due_at=None), questions, sent=False)
    for due_at, sent, mail in product([None, DUE_AT], [True, False], MailStatus.values):
        candidacy = make_candidacy(event=event, due_at=due_at)
        make_slot(candidacy=candidacy, question=questions[0], sent=sent)
        make_mail(candidacy=candidacy, status=mail)

    seen = set()
    for at in [DUE_AT - timedelta(microseconds=1), DUE_AT, LATE]:
        on_pages, in_files = both(event, questions, at=at)
        assert in_files == on_pages
        seen |= {status for status, _first in on_pages.values()}

    never = {"none", "wait", "undel"} if record == "reconstructed" else {"unk"}
    assert seen == set(AnswerStatus.values) - never


def test_no_word_of_a_text_that_is_not_in_force_is_read():
    slot = make_slot()
    make_response(slot=slot, text="Old.", published=True, status="superseded")
    make_response(slot=slot, text="In force.", published=True)
    make_response(slot=slot, text="SECRET")
    event = slot.candidacy.event

    slots = SlotsOfEvent(event, event.candidacies.all(), at=LATE)

    assert [put.received.text for put in slots.of_questions([slot.question])] == ["In force."]
    assert "SECRET" not in repr(slots.received_for([slot.question]))


def test_what_is_received_while_a_file_is_written_is_looked_up():
    slot = make_slot()
    event = slot.candidacy.event
    slots = SlotsOfEvent(event, event.candidacies.all(), at=LATE)
    make_response(slot=slot, received_at=BEFORE)
    make_slot(candidacy=make_candidacy(event=event), question=slot.question)

    assert [(put.pk, put.decided_at) for put in slots.of_questions([slot.question])] == [
        (slot.pk, BEFORE)
    ]


@pytest.mark.parametrize("states", [1, 3, 30])
def test_a_block_of_slots_is_read_in_two_queries(django_assert_num_queries, states):
    event = make_event()
    question = make_question(event=event)
    for _state in range(states):
        make_response(
            slot=make_slot(candidacy=make_candidacy(event=event), question=question), published=True
        )
    slots = SlotsOfEvent(event, event.candidacies.all(), at=LATE)

    with django_assert_num_queries(2):
        assert len(list(slots.of_questions([question]))) == states
