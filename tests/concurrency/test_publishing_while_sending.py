"""Staff publish an answer while its mission sends the next one."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import OperationalError

from questions.models import Response, ResponseStatus
from questions.operations import publication, submissions
from questions.operations.audit import first_bad_entry
from tests.concurrency.racing import IN_VAIN, at_once, errors_in
from tests.factories import BEFORE, answer, make_slot, make_user, send

pytestmark = pytest.mark.django_db(transaction=True)


def publish_while_the_next_is_sent(monkeypatch):
    """They meet where each holds what it took first and wants what the other holds."""
    slot, by = make_slot(), make_user()
    first = send(slot.candidacy, {slot: answer("Yes.")})
    barrier, digest = Barrier(2), publication.text_digest

    def meet():
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=IN_VAIN)

    class SlowResponse:
        objects = Response.objects

        def __new__(cls, **fields):
            meet()
            return Response(**fields)

    monkeypatch.setattr(submissions, "Response", SlowResponse)
    monkeypatch.setattr(publication, "text_digest", lambda text: meet() or digest(text))
    outcomes = at_once(
        lambda: publication.publish_responses(first.responses.all(), by=by, at=BEFORE),
        lambda: send(slot.candidacy, {slot: answer("No.")}).number,
    )
    return slot, outcomes


def test_an_answer_is_published_while_the_next_is_sent(monkeypatch):
    slot, outcomes = publish_while_the_next_is_sent(monkeypatch)

    assert errors_in(outcomes) == []
    statuses = list(slot.responses.order_by("pk").values_list("status", flat=True))
    # Whoever came first: the first answer is public, or gave way before it was.
    assert (outcomes, statuses) in [
        ([1, 2], [ResponseStatus.PUBLISHED, ResponseStatus.RECEIVED]),
        ([0, 2], [ResponseStatus.SUPERSEDED, ResponseStatus.RECEIVED]),
    ]
    assert first_bad_entry() is None


def test_control_without_the_slots_locked_first_one_of_both_fails(monkeypatch):
    monkeypatch.setattr(submissions, "lock_slots", lambda slots: None)

    _slot, outcomes = publish_while_the_next_is_sent(monkeypatch)

    assert errors_in(outcomes) == [OperationalError]
