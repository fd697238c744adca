"""Letters and reminders sent twice at once, and letters issued twice at once (security.md 63)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from questions import mail
from questions.models import AuditEntry, LetterDocument, LetterStatus, MailKind, OutgoingMail
from questions.operations import dispatches, issuing, reminders
from questions.operations.audit import first_bad_entry
from questions.operations.deadlines import EarlierDeadline, extend_deadline
from questions.operations.dispatches import send_letters
from questions.operations.issuing import AlreadyIssued, issue_composed
from questions.operations.reminders import send_reminders
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import BEFORE, DUE_AT, answer, make_user, send
from tests.operations.letters_out import AT, draft, make_issued, make_ready, make_ready_event

pytestmark = pytest.mark.django_db(transaction=True)

WEEK_BEFORE = DUE_AT - timedelta(days=7)
STATES = 3


@pytest.fixture
def event():
    """Three States with letters issued and not sent, two addresses each."""
    event = make_ready_event()
    for _ in range(STATES):
        make_issued(event=event)
    return event


def addresses():
    """How many messages each address has in the outbox."""
    return Counter(OutgoingMail.objects.values_list("kind", "to"))


def send_letters_twice(monkeypatch, event):
    """Both have found the letters unsent before either queues any."""
    meet_before(monkeypatch, dispatches, "_errors")
    return at_once(*[lambda: send_letters(event, by=None, at=AT)] * 2)


def test_req_063_letters_sent_twice_at_once_are_queued_once(monkeypatch, event):
    outcomes = send_letters_twice(monkeypatch, event)

    assert sorted(outcomes) == [0, 2 * STATES]
    assert set(addresses().values()) == {1}
    assert len(addresses()) == 2 * STATES
    assert AuditEntry.objects.filter(action="letter.sent").count() == STATES
    assert first_bad_entry() is None


def test_control_of_req_063_without_locks_both_queue_the_letters(monkeypatch, event):
    without_row_locks(monkeypatch)
    meet_before(monkeypatch, mail, "queue_invitations")

    outcomes = send_letters_twice(monkeypatch, event)

    assert errors_in(outcomes) == [IntegrityError]


def test_letters_sent_four_times_at_once_are_queued_once(event):
    outcomes = at_once(*[lambda: send_letters(event, by=None, at=AT)] * 4)

    assert errors_in(outcomes) == []
    assert sum(outcomes) == 2 * STATES
    assert set(addresses().values()) == {1}


def send_reminders_twice(monkeypatch, event):
    send_letters(event, by=None, at=AT)
    OutgoingMail.objects.update(queued_at=AT)
    meet_before(monkeypatch, reminders, "_contacts_without")
    return at_once(*[lambda: send_reminders(event, by=None, at=WEEK_BEFORE)] * 2)


def test_req_063_reminders_sent_twice_at_once_are_queued_once(monkeypatch, event):
    outcomes = send_reminders_twice(monkeypatch, event)

    assert sorted(outcomes) == [0, 2 * STATES]
    sent = {row: count for row, count in addresses().items() if row[0] == MailKind.REMINDER_WEEK}
    assert len(sent) == 2 * STATES
    assert set(sent.values()) == {1}
    assert AuditEntry.objects.filter(action="reminder.sent").count() == STATES
    assert first_bad_entry() is None


def test_control_of_req_063_without_locks_both_queue_the_reminders(monkeypatch, event):
    without_row_locks(monkeypatch)
    meet_before(monkeypatch, OutgoingMail, "save")

    outcomes = send_reminders_twice(monkeypatch, event)

    assert errors_in(outcomes) == [IntegrityError]


def issue_twice(monkeypatch, letter):
    """Both have made the files before either stores them."""
    user = make_user()
    meet_before(monkeypatch, issuing, "_store_documents")
    return at_once(*[lambda: issue_composed(letter, by=user, at=AT)] * 2)


def test_a_letter_issued_twice_at_once_is_issued_once(monkeypatch):
    letter = draft(make_ready())

    outcomes = issue_twice(monkeypatch, letter)

    assert errors_in(outcomes) == [AlreadyIssued]
    letter.refresh_from_db()
    assert letter.status == LetterStatus.ISSUED
    assert LetterDocument.objects.count() == 2
    assert AuditEntry.objects.filter(action="letter.issued").count() == 1


def test_control_without_locks_a_letter_is_issued_twice(monkeypatch):
    without_row_locks(monkeypatch)

    outcomes = issue_twice(monkeypatch, draft(make_ready()))

    assert errors_in(outcomes) == [IntegrityError]


def test_two_who_compose_at_once_share_one_draft(monkeypatch):
    candidacy = make_ready()
    draft(candidacy)
    candidacy.letters.all().delete()
    meet_before(monkeypatch, issuing, "_content_as_of_now")

    outcomes = at_once(*[lambda: draft(candidacy)] * 2)

    assert errors_in(outcomes) == []
    assert candidacy.letters.count() == 1


def test_one_of_two_who_extend_to_the_same_day_at_once_is_told_that_it_stands(event):
    user = make_user()
    candidacies = list(event.candidacies.all())

    def extending(ordered):
        return lambda: extend_deadline(
            ordered, date(2021, 10, 15), reason="Asked", by=user, at=BEFORE
        )

    outcomes = at_once(extending(candidacies), extending(candidacies[::-1]))

    assert errors_in(outcomes) == [EarlierDeadline]
    assert sorted(one.extensions.count() for one in candidacies) == [1] * STATES


def test_sending_extending_reminding_and_answering_at_once_wait_for_each_other(event):
    """All lock rows before the audit chain: none waits for another that waits for it."""
    user = make_user()
    send_letters(event, by=None, at=AT)
    slots = [one.slots.get() for one in event.candidacies.all()]
    work = [
        lambda: send_reminders(event, by=None, at=WEEK_BEFORE),
        lambda: send_letters(event, by=None, at=AT, closes_on=date(2021, 10, 13)),
        lambda: extend_deadline(
            event.candidacies.all(), date(2021, 10, 15), reason="Asked", by=user, at=BEFORE
        ),
        *[lambda slot=slot: send(slot.candidacy, {slot: answer("Yes.")}) for slot in slots],
    ]

    outcomes = at_once(*work)

    assert errors_in(outcomes) == []
    assert first_bad_entry() is None
