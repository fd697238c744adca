"""Sending from two missions, twice, and while a link is revoked (security.md 10, 17, 20)."""

from threading import Event as Signal
from uuid import uuid4

import pytest
from django.db import IntegrityError

from questions.models import OutgoingMail, Response, ResponseStatus, Submission
from questions.operations import submissions
from questions.operations.audit import first_bad_entry
from questions.operations.links import revoke_link
from questions.operations.submissions import LinkRevoked
from tests.concurrency.racing import IN_VAIN, at_once, errors_in, meet_before, without_row_locks
from tests.factories import (
    BEFORE,
    answer,
    make_candidacy,
    make_contact,
    make_link,
    make_question,
    make_slot,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slots():
    """Two questions put to a State with an address in each city."""
    candidacy = make_candidacy()
    make_contact(state=candidacy.state, city="geneva", email="geneva@octava.example")
    make_contact(state=candidacy.state, city="new_york", email="newyork@octava.example")
    return [
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
        for _ in range(2)
    ]


def texts(submission):
    return list(submission.responses.order_by("slot").values_list("text", flat=True))


def send_the_same_twice(monkeypatch, slots):
    meet_before(monkeypatch, submissions, "_check_revisions")
    key = uuid4()
    said = {slot: answer("Yes.") for slot in slots}
    return at_once(*[lambda: send(slots[0].candidacy, said, form_key=key)] * 2)


def test_req_017_one_form_sent_twice_at_once_is_one_submission(monkeypatch, slots):
    first, second = send_the_same_twice(monkeypatch, slots)

    assert first == second == Submission.objects.get()
    assert texts(first) == ["Yes.", "Yes."]
    assert OutgoingMail.objects.filter(kind="receipt").count() == 2


def test_control_of_req_017_without_the_lock_one_of_both_fails(monkeypatch, slots):
    without_row_locks(monkeypatch)

    outcomes = send_the_same_twice(monkeypatch, slots)

    assert errors_in(outcomes) == [IntegrityError]


def test_req_017_twenty_of_one_form_at_once_are_one_submission(slots):
    key = uuid4()
    said = {slot: answer("Yes.") for slot in slots}

    outcomes = at_once(*[lambda: send(slots[0].candidacy, said, form_key=key)] * 20)

    assert set(outcomes) == {Submission.objects.get()}
    assert Response.objects.count() == 2
    assert OutgoingMail.objects.filter(kind="receipt").count() == 2


def send_from_two_missions(monkeypatch, slots):
    meet_before(monkeypatch, submissions, "_check_revisions")
    candidacy = slots[0].candidacy
    return at_once(
        lambda: send(candidacy, {slot: answer("From New York.") for slot in slots}),
        lambda: send(candidacy, {slot: answer("From Geneva.") for slot in slots}),
    )


def test_req_020_two_missions_sending_at_once_are_numbered_and_never_mixed(monkeypatch, slots):
    outcomes = send_from_two_missions(monkeypatch, slots)

    assert errors_in(outcomes) == []
    first, second = Submission.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert sorted([texts(first), texts(second)]) == [["From Geneva."] * 2, ["From New York."] * 2]
    assert set(first.responses.values_list("status", flat=True)) == {ResponseStatus.SUPERSEDED}
    assert set(second.responses.values_list("status", flat=True)) == {ResponseStatus.RECEIVED}
    assert first_bad_entry() is None


def test_control_of_req_020_without_the_lock_both_take_one_number(monkeypatch, slots):
    without_row_locks(monkeypatch)

    outcomes = send_from_two_missions(monkeypatch, slots)

    assert errors_in(outcomes) == [IntegrityError]


def test_req_020_many_different_texts_at_once_are_numbered_without_a_gap(slots):
    candidacy = slots[0].candidacy

    def sending(number):
        return lambda: send(candidacy, {slot: answer(f"Text {number}.") for slot in slots})

    outcomes = at_once(*[sending(number) for number in range(12)])

    assert errors_in(outcomes) == []
    stored = Submission.objects.order_by("number")
    assert [submission.number for submission in stored] == list(range(1, 13))
    assert all(len(set(texts(submission))) == 1 for submission in stored)
    assert Response.objects.filter(status=ResponseStatus.RECEIVED).count() == 2
    assert set(stored.last().responses.values_list("status", flat=True)) == {"received"}


def revoke_while_sending(monkeypatch, slots):
    """How many submissions there were when the revocation was done, and what became of both."""
    link, _token = make_link(candidacy=slots[0].candidacy)
    by = make_user()
    checked = Signal()
    original = submissions._check_revisions

    def slowly(answers):
        checked.set()  # the link was found live
        Signal().wait(IN_VAIN)
        original(answers)

    monkeypatch.setattr(submissions, "_check_revisions", slowly)

    def sending():
        return send(slots[0].candidacy, {slots[0]: answer("Yes.")}, link=link)

    def revoking():
        checked.wait(20)
        revoke_link(link, by=by, at=BEFORE)
        return Submission.objects.count()

    return link, at_once(sending, revoking)


def test_req_010_nothing_is_stored_once_a_link_is_revoked(monkeypatch, slots):
    link, (sent, stored_when_revoked) = revoke_while_sending(monkeypatch, slots)

    assert isinstance(sent, Submission)  # it was first
    assert stored_when_revoked == 1
    with pytest.raises(LinkRevoked):
        send(slots[0].candidacy, {slots[0]: answer("No.")}, link=link)
    assert Submission.objects.count() == 1


def test_control_of_req_010_without_the_lock_it_is_stored_after_the_revocation(monkeypatch, slots):
    without_row_locks(monkeypatch)

    _link, (sent, stored_when_revoked) = revoke_while_sending(monkeypatch, slots)

    assert isinstance(sent, Submission)
    assert stored_when_revoked == 0
