"""Asking for a link while others ask, and while a mission sends its answers."""

import pytest

from questions import mail
from questions.models import AuditEntry, MailKind, OutgoingMail
from questions.operations.audit import first_bad_entry
from questions.operations.links import disown_link, send_link_again
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import BEFORE, answer, make_contact, make_link, make_slot, send

pytestmark = pytest.mark.django_db(transaction=True)


def make_invited():
    slot = make_slot()
    contact = make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    link, _token = make_link(candidacy=slot.candidacy, contact=contact)
    return slot, link


def ask_twice_at_once(monkeypatch):
    slot, _link = make_invited()
    state = slot.candidacy.state
    meet_before(monkeypatch, mail, "queue_link_again")
    return at_once(*[lambda: send_link_again(state, "geneva", at=BEFORE)] * 2)


def test_of_two_that_ask_at_once_one_is_sent(monkeypatch):
    outcomes = ask_twice_at_once(monkeypatch)

    assert sorted(outcomes) == [0, 1]
    assert OutgoingMail.objects.filter(kind=MailKind.LINK_AGAIN).count() == 1


def test_control_without_the_lock_both_are_sent(monkeypatch):
    without_row_locks(monkeypatch)

    outcomes = ask_twice_at_once(monkeypatch)

    assert outcomes == [1, 1]


def test_an_answer_is_stored_while_links_are_asked_for_and_disowned():
    slot, link = make_invited()
    candidacy = slot.candidacy

    outcomes = at_once(
        lambda: send(candidacy, {slot: answer("Yes.")}, link=link).number,
        lambda: send_link_again(candidacy.state, "geneva", at=BEFORE),
        lambda: disown_link(link, at=BEFORE),
        lambda: disown_link(link, at=BEFORE),
    )

    assert errors_in(outcomes) == []
    assert outcomes[:2] == [1, 1]
    assert sorted(outcomes[2:]) == [False, True]
    assert OutgoingMail.objects.filter(kind=MailKind.DISOWNED).count() == 1
    assert AuditEntry.objects.filter(action="link.disowned").count() == 1
    assert first_bad_entry() is None
