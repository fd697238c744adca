"""The history is loaded while a mission sends its answers."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, local

import pytest
from django.db import OperationalError

from questions.models import Event, EventStatus, State, Submission
from questions.operations import audit, events
from questions.operations.audit import first_bad_entry
from questions.operations.events import load_history
from questions.operations.states import load_reference
from tests.concurrency.racing import IN_VAIN, at_once, errors_in
from tests.factories import BEFORE, answer, make_candidacy, make_event, make_slot, send

pytestmark = pytest.mark.django_db(transaction=True)


def load_while_sending(monkeypatch):
    """They meet where loading holds the chain of audit entries, and the sending its candidacy."""
    load_reference(at=BEFORE)
    event = make_event(year=2021, status=EventStatus.DRAFT)
    kazakhstan = make_candidacy(event=event, state=State.objects.get(iso3="KAZ"))
    slot = make_slot(candidacy=kazakhstan)
    barrier, lock, here = Barrier(2), audit._lock_chain, local()

    def meet():
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=IN_VAIN)

    def loading():
        met = []
        here.locks = lambda: lock() or met or (met.append(True), meet())
        return load_history(at=BEFORE)["events_made"]

    def sending():
        here.locks = lambda: meet() or lock()
        return send(kazakhstan, {slot: answer("Yes.")}).number

    monkeypatch.setattr(audit, "_lock_chain", lambda: here.locks())
    return at_once(loading, sending)


def test_req_021_an_answer_is_stored_while_the_history_is_loaded(monkeypatch):
    outcomes = load_while_sending(monkeypatch)

    assert outcomes == [13, 1]
    assert Event.objects.count() == 14
    assert Submission.objects.count() == 1
    assert first_bad_entry() is None


def test_control_without_the_rows_locked_first_one_of_both_fails(monkeypatch):
    monkeypatch.setattr(events, "_lock_what_is_there", lambda: None)

    outcomes = load_while_sending(monkeypatch)

    assert errors_in(outcomes) == [OperationalError]
