"""Staff save a mission's contact while the mission sends its answers."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, local

import pytest
from django.db import OperationalError
from django.test import Client

from questions.models import AuditEntry, Contact, OutgoingMail
from questions.operations import audit
from questions.operations.audit import first_bad_entry
from tests.admin.pages import change_page, fields_of
from tests.concurrency.racing import IN_VAIN, at_once, errors_in
from tests.factories import answer, make_contact, make_slot, make_user, send

pytestmark = pytest.mark.django_db(transaction=True)


def save_the_contact_while_sending(monkeypatch):
    """They meet where staff hold the contact, and the sending holds the chain of audit entries."""
    slot = make_slot()
    contact = make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    staff = Client()
    staff.force_login(make_user(is_superuser=True))
    typed = fields_of(staff.get(change_page(contact))) | {"name": "Another name"}
    barrier, lock, here = Barrier(2), audit._lock_chain, local()

    def meet():
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=IN_VAIN)

    def saving():
        here.locks = lambda: meet() or lock()
        return staff.post(change_page(contact), typed).status_code

    def sending():
        here.locks = lambda: lock() or meet()
        return send(slot.candidacy, {slot: answer("Yes.")}).number

    monkeypatch.setattr(audit, "_lock_chain", lambda: here.locks())
    return at_once(saving, sending)


def test_req_021_an_answer_is_stored_while_staff_save_the_contact(monkeypatch):
    outcomes = save_the_contact_while_sending(monkeypatch)

    assert outcomes == [302, 1]
    assert Contact.objects.get().name == "Another name"
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1
    assert AuditEntry.objects.filter(action="contact.changed").count() == 1
    assert first_bad_entry() is None


def test_control_with_foreign_keys_checked_at_commit_one_of_both_fails(monkeypatch):
    monkeypatch.setattr(audit, "CHECK_FOREIGN_KEYS", "")

    outcomes = save_the_contact_while_sending(monkeypatch)

    assert errors_in(outcomes) == [OperationalError]
