"""Forty acts at once make one chain (security.md 96)."""

import pytest
from django.db import IntegrityError, transaction

from questions.models import AuditEntry
from questions.operations import audit
from tests.concurrency.racing import at_once, errors_in, meet_before
from tests.factories import BEFORE

pytestmark = pytest.mark.django_db(transaction=True)


def recording(number):
    def call():
        with transaction.atomic():
            audit.record("test.done", f"PE2021/Q{number}", by=None, at=BEFORE)

    return call


def test_req_096_forty_acts_at_once_make_a_chain_without_a_fork():
    outcomes = at_once(*map(recording, range(40)))

    entries = AuditEntry.objects.order_by("number")
    assert errors_in(outcomes) == []
    assert [entry.number for entry in entries] == list(range(1, 41))
    assert len({entry.previous_sha256 for entry in entries}) == 40
    assert {entry.subject for entry in entries} == {f"PE2021/Q{n}" for n in range(40)}
    assert audit.first_bad_entry() is None


def test_req_096_two_acts_that_would_meet_after_reading_the_head_take_turns(monkeypatch):
    meet_before(monkeypatch, audit.secrets, "token_hex")

    outcomes = at_once(recording(1), recording(2))

    assert errors_in(outcomes) == []
    assert audit.first_bad_entry() is None


def test_control_of_req_096_without_the_lock_the_chain_would_fork(monkeypatch):
    """The database refuses the second entry after one head: an act is lost, not the chain."""
    monkeypatch.setattr(audit, "_lock_chain", lambda: None)
    meet_before(monkeypatch, audit.secrets, "token_hex")

    outcomes = at_once(recording(1), recording(2))

    assert errors_in(outcomes) == [IntegrityError]
