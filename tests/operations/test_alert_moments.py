"""Alerts: when something is told, and that it is told once."""

import re
from datetime import UTC, datetime

import pytest

from questions.models import Alert, AlertFrequency, EventStatus, Question, Topic
from questions.operations.alerts import SETTLED_AFTER, confirm_alerts, queue_alerts
from questions.operations.outbox import send_due_mail
from questions.operations.publication import open_event
from tests.factories import make_alert, make_candidacy, make_event, make_response, make_slot

from .alert_mails import DAY, EARLIER, MINUTE, NOW, READER, SETTLED, ask, publish, sent, told

pytestmark = pytest.mark.django_db


def make_draft():
    """An event that is not public, with a published reply."""
    topic = Topic.objects.create(slug="defenders", name="Defenders")
    event = make_event(status=EventStatus.DRAFT)
    slot = make_slot(candidacy=make_candidacy(event=event))
    slot.question.topics.add(topic)
    make_response(slot=slot, published=True, published_at=EARLIER, text="Clean water.")
    return slot


def test_what_was_published_before_its_event_was_opened_is_told_once_it_is(mailoutbox):
    slot = make_draft()
    event = slot.question.event
    for email, about in {
        "all": {},
        "event": {"event": event},
        "state": {"state": slot.candidacy.state},
        "question": {"question": slot.question},
        "topic": {"topic": slot.question.topics.get()},
        "search": {"words": "water"},
        "no-search": {"words": "fire"},
    }.items():
        make_alert(email=f"{email}@example.org", confirmed_at=EARLIER - DAY, **about)
    assert [queue_alerts(at=at) for at in [EARLIER, NOW]] == [0, 0]
    late = make_alert(email=READER)

    open_event(event, by=None, at=NOW)
    found = NOW + MINUTE
    assert queue_alerts(at=found) == 0
    confirm_alerts(Alert.objects.filter(pk=late.pk), at=found)
    queued = [queue_alerts(at=found + wait) for wait in [SETTLED_AFTER, SETTLED_AFTER, DAY]]

    assert queued == [6, 0, 0]
    send_due_mail(at=found + DAY)
    for message in mailoutbox:
        assert message.body.count("\nAnswered on time\n") == 1
        assert message.body.count("\nNew question\n") == (message.to != ["search@example.org"])


def test_a_reply_to_a_question_that_was_not_seen_yet_is_told_with_it(mailoutbox):
    make_alert(email=READER, confirmed_at=EARLIER)
    slot = make_slot()
    make_response(slot=slot, published=True, published_at=NOW)
    later = SETTLED + SETTLED_AFTER

    messages = [sent(mailoutbox, at=at) for at in [SETTLED, later, later + SETTLED_AFTER]]

    assert [len(some) for some in messages] == [0, 1, 0]
    [message] = messages[1]
    assert message.body.count(slot.question.symbol) == 2


def test_confirming_begins_what_was_asked_and_looks_forward_only():
    slot = make_slot()
    publish(slot, at=EARLIER)
    ask()

    assert confirm_alerts(Alert.objects.to_address(READER), at=NOW) == 1
    assert confirm_alerts(Alert.objects.to_address(READER), at=NOW + MINUTE) == 0

    queue_alerts(at=SETTLED + MINUTE)
    assert told() == []
    assert Alert.objects.get().confirmed_at == NOW


def test_what_is_published_within_five_minutes_waits_for_the_next_run():
    make_alert(email=READER, confirmed_at=EARLIER)
    Question.objects.update(seen_public_at=EARLIER)
    publish(make_slot(), at=NOW)
    Question.objects.update(seen_public_at=EARLIER)

    assert [queue_alerts(at=at) for at in [NOW, SETTLED - MINUTE, SETTLED, SETTLED]] == [0, 0, 1, 0]


def test_nothing_is_told_twice_and_nothing_is_left_out(mailoutbox):
    make_alert(email=READER, confirmed_at=EARLIER)
    slots = [make_slot() for _slot in range(3)]
    Question.objects.update(seen_public_at=EARLIER)
    seen = []

    for number, slot in enumerate(slots):
        publish(slot, at=NOW + number * 3 * MINUTE)
        for message in sent(mailoutbox, at=NOW + number * 3 * MINUTE):
            seen += re.findall(r"PE\d+/Q1/X\w\w", message.body)
    for message in sent(mailoutbox, at=NOW + DAY):
        seen += re.findall(r"PE\d+/Q1/X\w\w", message.body)

    assert seen == [slot.symbol for slot in [slots[0], *reversed(slots[1:])]]


def test_a_weekly_alert_is_told_on_monday_in_new_york():
    make_alert(email=READER, confirmed_at=EARLIER, frequency=AlertFrequency.WEEKLY)
    slot = make_slot()
    Question.objects.update(seen_public_at=EARLIER)
    publish(slot, at=NOW)
    monday = datetime(2021, 10, 11, 10, 0, tzinfo=UTC)  # six in the morning in New York

    times = [SETTLED, monday, monday + SETTLED_AFTER, monday + DAY, monday + 7 * DAY]

    assert [queue_alerts(at=at) for at in times] == [0, 0, 1, 0, 0]
