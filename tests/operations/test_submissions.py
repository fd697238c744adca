from datetime import date, timedelta
from uuid import uuid4

import pytest

from questions.models import (
    AuditEntry,
    Channel,
    DraftAnswer,
    OutgoingMail,
    Reply,
    Response,
    ResponseKind,
    ResponseStatus,
    Submission,
    end_of_day,
    text_digest,
)
from questions.operations.drafts import save_draft_answer
from questions.operations.links import revoke_link
from questions.operations.submissions import (
    DraftChanged,
    Entry,
    LinkRevoked,
    NothingToSend,
    ReceivedInFuture,
    ReplyClosed,
    Signatory,
    enter_submission,
)
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_AT,
    answer,
    make_candidacy,
    make_contact,
    make_link,
    make_question,
    make_response,
    make_slot,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

CLOSING_DAY = date(2021, 10, 13)
END_OF_CLOSING_DAY = end_of_day(CLOSING_DAY)


def test_record_submission_keeps_the_published_text_until_the_new_one_is_published():
    slot = make_slot()
    published = make_response(slot=slot, text="Yes.", published=True)

    submission = send(slot.candidacy, {slot: answer("Perhaps.")})

    published.refresh_from_db()
    assert published.status == ResponseStatus.PUBLISHED
    assert [(r.text, r.status) for r in submission.responses.all()] == [
        ("Perhaps.", ResponseStatus.RECEIVED)
    ]


def test_record_submission_replaces_what_was_sent_and_is_not_yet_published():
    slot = make_slot()
    first = send(slot.candidacy, {slot: answer("Yes.")})

    second = send(slot.candidacy, {slot: answer("Perhaps.")})

    assert [(r.submission, r.status) for r in slot.responses.order_by("pk")] == [
        (first, ResponseStatus.SUPERSEDED),
        (second, ResponseStatus.RECEIVED),
    ]
    assert [first.number, second.number] == [1, 2]


def test_record_submission_of_the_same_form_returns_the_first():
    slot = make_slot()
    make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    key = uuid4()
    first = send(slot.candidacy, {slot: answer("Yes.")}, form_key=key)

    again = send(slot.candidacy, {slot: answer("Yes.")}, form_key=key, received_at=AFTER)

    assert again == first
    assert Submission.objects.count() == 1
    assert OutgoingMail.objects.count() == 2  # the receipt, and the notice to the office


@pytest.mark.parametrize("moment", [END_OF_CLOSING_DAY, END_OF_CLOSING_DAY + timedelta(days=9)])
def test_record_submission_stores_nothing_once_closed(moment):
    slot = make_slot(closes_on=CLOSING_DAY)
    make_contact(state=slot.candidacy.state, email="geneva@octava.example")

    with pytest.raises(ReplyClosed):
        send(slot.candidacy, {slot: answer("Yes.")}, received_at=moment)

    assert not Submission.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_record_submission_stores_nothing_through_a_revoked_link():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    revoke_link(link, by=make_user(), at=BEFORE)

    with pytest.raises(LinkRevoked):
        send(slot.candidacy, {slot: answer("Yes.")}, link=link)

    assert not Submission.objects.exists()


def test_record_submission_refuses_an_answer_saved_by_someone_else_since_it_was_shown():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    _save(slot, "Yes.", link, based_on=0)
    _save(slot, "Perhaps.", link, based_on=1)

    with pytest.raises(DraftChanged):
        send(slot.candidacy, {slot: answer("Yes.", revision=1)}, link=link)

    assert not Submission.objects.exists()
    assert DraftAnswer.objects.get().text == "Perhaps."


def test_record_submission_empties_the_draft_of_what_was_sent_and_leaves_the_rest():
    candidacy = make_candidacy()
    sent, kept = (
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
        for _ in range(2)
    )
    link, _token = make_link(candidacy=candidacy)
    _save(sent, "Yes.", link, based_on=0)
    _save(kept, "Not cleared yet.", link, based_on=0)

    send(candidacy, {sent: answer("Yes.", revision=1)}, link=link)

    assert [a.slot for a in DraftAnswer.objects.all()] == [kept]


def test_record_submission_refuses_to_send_nothing():
    candidacy = make_candidacy()

    with pytest.raises(NothingToSend):
        send(candidacy, {})

    assert not AuditEntry.objects.exists()


def test_record_submission_refuses_a_slot_of_another_candidacy():
    slot, other = make_slot(), make_slot()

    with pytest.raises(ValueError, match="another candidacy"):
        send(slot.candidacy, {other: answer("Yes.")})

    assert not Response.objects.exists()


def test_req_021_the_receipt_hash_is_that_of_the_canonical_text():
    candidacy = make_candidacy()
    own = make_slot(
        candidacy=candidacy,
        question=make_question(event=candidacy.event, state=candidacy.state),
    )
    common = make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))

    submission = send(
        candidacy,
        {
            common: answer("", "", kind=ResponseKind.DECLINED),
            own: answer("Oui.\n\nTout à fait.", "fr"),
        },
    )

    code, iso3 = candidacy.event.code, candidacy.state.iso3
    text = (
        f"{code}/{iso3}-1\nanswer fr\n\nOui.\n\nTout à fait.\n\n{code}/Q1/{iso3}\ndeclined\n\n\n\n"
    )
    assert submission.canonical_text() == text
    assert submission.text_sha256 == text_digest(text)


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        (DUE_AT - timedelta(seconds=1), False),
        (DUE_AT, True),
        (DUE_AT + timedelta(seconds=1), True),
        (DUE_AT + timedelta(days=5), True),
    ],
)
def test_req_030_the_instant_of_receipt_decides_without_grace(moment, is_late):
    slot = make_slot()

    submission = send(slot.candidacy, {slot: answer("Yes.")}, received_at=moment)

    assert submission.received_at == moment
    assert submission.due_at == DUE_AT
    assert submission.is_late is is_late


def test_enter_submission_is_marked_as_entered_by_staff_with_its_reason():
    slot = make_slot()
    user = make_user()

    submission = _enter(slot, received_at=BEFORE, entry=Entry(user, AFTER, "Note of 1 October"))

    assert (submission.channel, submission.entered_by, submission.entered_at) == (
        Channel.NOTE_VERBALE,
        user,
        AFTER,
    )
    assert submission.responses.get().entered_by == user
    assert AuditEntry.objects.get().action == "submission.entered"


def test_enter_submission_refuses_a_time_to_come():
    slot = make_slot()

    with pytest.raises(ReceivedInFuture):
        _enter(slot, received_at=AFTER, entry=Entry(make_user(), BEFORE, "Typed wrong"))

    assert not Submission.objects.exists()


def test_enter_submission_leaves_in_place_what_was_received_later():
    slot = make_slot()
    sent = send(slot.candidacy, {slot: answer("From the form.")}, received_at=BEFORE)

    _enter(
        slot,
        received_at=BEFORE - timedelta(days=2),
        entry=Entry(make_user(), BEFORE + timedelta(days=1), "By post"),
    )

    assert sent.responses.get().status == ResponseStatus.RECEIVED
    link, _token = make_link(candidacy=slot.candidacy)
    assert Reply(link, slot.candidacy).items.called(slot.question.slug).text == "From the form."


def test_req_031_a_form_closes_no_earlier_than_its_own_deadline():
    slot = make_slot(closes_on=CLOSING_DAY)
    candidacy = slot.candidacy
    candidacy.due_at = END_OF_CLOSING_DAY + timedelta(days=3)
    candidacy.save()

    at_last = candidacy.due_at - timedelta(seconds=1)
    submission = send(candidacy, {slot: answer("Yes.")}, received_at=at_last)

    assert not submission.is_late
    with pytest.raises(ReplyClosed):
        send(candidacy, {slot: answer("No.")}, received_at=candidacy.due_at)


def test_enter_submission_takes_what_was_received_after_closing():
    slot = make_slot(closes_on=CLOSING_DAY)
    moment = END_OF_CLOSING_DAY + timedelta(days=1)

    submission = _enter(slot, received_at=moment, entry=Entry(make_user(), moment, "By post"))

    assert submission.is_late


def _save(slot, text, link, *, based_on):
    save_draft_answer(
        slot,
        text=text,
        text_as_typed=text,
        language="en",
        is_ready=True,
        based_on=based_on,
        link=link,
        at=BEFORE,
    )


def _enter(slot, **fields):
    return enter_submission(
        slot.candidacy,
        {slot: answer("Yes.")},
        form_key=uuid4(),
        channel=Channel.NOTE_VERBALE,
        mission=None,
        signatory=Signatory("A. Diplomat", "First Secretary"),
        **fields,
    )
