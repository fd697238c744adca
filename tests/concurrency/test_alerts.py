"""Two jobs that run at once tell nobody twice; two who ask at once cause one message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from questions import mail
from questions.models import (
    ALLOWANCES,
    ANYONE,
    Alert,
    AlertQuerySet,
    Attempt,
    AttemptKind,
    AttemptQuerySet,
    MailKind,
    OutgoingMail,
    Question,
)
from questions.operations.alerts import SETTLED_AFTER, queue_alerts
from questions.operations.confirmations import ask_for_alert
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import make_alert, make_response, make_slot

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2021, 10, 6, 14, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=1)
ALERTS = 4


def published():
    for _number in range(ALERTS):
        make_alert(confirmed_at=EARLIER)
    slot = make_slot()
    Question.objects.update(seen_public_at=EARLIER)
    make_response(slot=slot, published=True, published_at=NOW)


def queue():
    return queue_alerts(at=NOW + SETTLED_AFTER)


def test_two_jobs_at_once_queue_one_message_for_each_alert(monkeypatch):
    published()
    meet_before(monkeypatch, mail, "queue_alert_mails")

    outcomes = at_once(queue, queue)

    assert errors_in(outcomes) == []
    assert sum(outcomes) == ALERTS == OutgoingMail.objects.count()


def test_control_without_the_locks_each_alert_is_told_twice(monkeypatch):
    published()
    meet_before(monkeypatch, mail, "queue_alert_mails")
    without_row_locks(monkeypatch)

    at_once(queue, queue)

    assert OutgoingMail.objects.count() == 2 * ALERTS


def ask():
    ask_for_alert(email="reader@example.org", language="en", frequency="once", turn=1, at=NOW)


def test_req_088_two_who_ask_at_once_cause_one_message(monkeypatch):
    meet_before(monkeypatch, AlertQuerySet, "first_turns_first")

    outcomes = at_once(ask, ask, ask)

    assert errors_in(outcomes) == []
    assert Alert.objects.count() == 1
    assert OutgoingMail.objects.filter(kind=MailKind.ALERT_CONFIRMATION).count() == 1


def test_control_without_the_lock_who_asks_for_the_same_fails(monkeypatch):
    monkeypatch.setattr(AttemptQuerySet, "hold_what_is_left", lambda *args, **kwargs: 9)
    meet_before(monkeypatch, Alert, "save")

    assert errors_in(at_once(ask, ask)) == [IntegrityError]


def one_message_is_left(monkeypatch):
    kind = AttemptKind.ALERT_OF_ALL
    Attempt.objects.count_one(ANYONE, kind, at=NOW)
    monkeypatch.setitem(ALLOWANCES, kind, replace(ALLOWANCES[kind], most=2))
    meet_before(monkeypatch, AttemptQuerySet, "is_first_of_day")


def ask_as(reader):
    ask_for_alert(email=f"{reader}@example.org", language="en", frequency="once", turn=1, at=NOW)


def test_req_088_of_two_who_ask_at_once_for_the_last_message_of_an_hour_one_waits(monkeypatch):
    one_message_is_left(monkeypatch)

    outcomes = at_once(lambda: ask_as("a"), lambda: ask_as("b"), lambda: queue_alerts(at=NOW))

    assert errors_in(outcomes) == []
    assert Alert.objects.count() == 2
    assert OutgoingMail.objects.count() == 1


def test_control_without_the_lock_both_get_it(monkeypatch):
    one_message_is_left(monkeypatch)
    without_row_locks(monkeypatch)

    at_once(lambda: ask_as("a"), lambda: ask_as("b"))

    assert OutgoingMail.objects.count() == 2
