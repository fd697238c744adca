import smtplib
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection

from questions import mail
from questions.models import AuditEntry, Contact, MailKind, MailStatus, OutgoingMail
from questions.operations.deadlines import extend_deadline
from questions.operations.outbox import LONGEST_RUN, LONGEST_WAIT, STALE_AFTER, send_due_mail
from tests.factories import (
    answer,
    make_contact,
    make_question,
    make_response,
    make_slot,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 10, 2, 9, 0, tzinfo=UTC)
numbers = count(1)


class Server(BaseEmailBackend):
    """A mail server that answers each message with the next of `answers`."""

    answers = ()

    def send_messages(self, messages):
        answer = next(Server.answers)
        if isinstance(answer, Exception):
            raise answer
        return len(messages)


@pytest.fixture
def server(settings):
    """`server(answer, …)` sets what the mail server says; an exception, or None for yes."""
    settings.EMAIL_BACKEND = f"{__name__}.Server"

    def answering(*answers):
        Server.answers = iter(answers)

    return answering


def make_mail(**fields):
    contact = Contact.objects.first() or make_contact(email="geneva@octava.example")
    number = next(numbers)
    defaults = {
        "kind": MailKind.RECEIPT,
        "contact": contact,
        "to": f"mission{number}@octava.example",
        "subject": "Received",
        "body": "Received.\n\nDear colleagues, …",
        "message_id": f"<{number}@portal.example>",
        "next_try_at": NOW,
        "queued_at": NOW,
    }
    return OutgoingMail.objects.create(**defaults | fields)


def state_of(mail):
    mail.refresh_from_db()
    return mail.status, mail.tries


def test_what_is_due_is_sent_once_with_its_own_message_id(mailoutbox, settings):
    settings.OFFICE_EMAIL = "office@portal.example"
    mail = make_mail()

    first, again = send_due_mail(at=NOW), send_due_mail(at=NOW + timedelta(days=1))

    (sent,) = mailoutbox
    assert (first["sent"], again["sent"]) == (1, 0)
    assert (sent.to, sent.subject, sent.body) == ([mail.to], mail.subject, mail.body)
    assert sent.reply_to == ["office@portal.example"]
    headers = sent.message()
    assert headers["Message-ID"] == mail.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert state_of(mail) == (MailStatus.SENT, 1)
    assert mail.sent_at == NOW


def test_each_message_has_one_recipient_and_no_copies(mailoutbox):
    make_mail()
    make_mail()

    send_due_mail(at=NOW)

    assert [len(sent.recipients()) for sent in mailoutbox] == [1, 1]


def test_what_is_not_yet_due_waits(mailoutbox):
    make_mail(next_try_at=NOW + timedelta(seconds=1))

    assert set(send_due_mail(at=NOW).values()) == {0}
    assert mailoutbox == []


@pytest.mark.parametrize(
    "trouble",
    [
        OSError("connection refused"),
        TimeoutError("timed out"),
        smtplib.SMTPServerDisconnected("closed"),
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        smtplib.SMTPDataError(451, b"try later"),
        smtplib.SMTPRecipientsRefused({"a@octava.example": (450, b"busy")}),
    ],
)
def test_req_068_a_passing_trouble_is_tried_again_and_then_sent(server, trouble):
    mail = make_mail()
    server(trouble, None)

    counts = send_due_mail(at=NOW)
    too_soon = send_due_mail(at=NOW + timedelta(minutes=1))
    later = send_due_mail(at=NOW + timedelta(minutes=2))

    assert (counts["put off"], too_soon["sent"], later["sent"]) == (1, 0, 1)
    assert state_of(mail) == (MailStatus.SENT, 2)
    assert mail.error == ""


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPDataError(550, b"no such mailbox"),
        smtplib.SMTPSenderRefused(553, b"not you", "office@portal.example"),
        smtplib.SMTPRecipientsRefused({"a@octava.example": (550, b"no such mailbox")}),
    ],
)
def test_req_068_a_refusal_is_final_and_says_why(server, refusal):
    mail = make_mail()
    server(refusal)

    counts = send_due_mail(at=NOW)
    send_due_mail(at=NOW + timedelta(days=1))

    assert counts["refused"] == 1
    assert state_of(mail) == (MailStatus.FAILED, 1)
    assert str(refusal) in mail.error


def test_waits_grow_to_two_hours_and_no_further(server):
    mail = make_mail()
    server(*[OSError("down")] * 9)
    waits = []
    at = NOW
    for _ in range(9):
        send_due_mail(at=at)
        mail.refresh_from_db()
        waits.append(mail.next_try_at - at)
        at = mail.next_try_at

    assert waits == sorted(waits)
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert waits[-1] == LONGEST_WAIT


def test_trouble_with_one_message_does_not_stop_the_next(server):
    mails = [make_mail(), make_mail(), make_mail()]
    server(OSError("down"), smtplib.SMTPDataError(550, b"no"), None)

    counts = send_due_mail(at=NOW)

    assert counts == {"sent": 1, "put off": 1, "refused": 1, "possibly sent": 0}
    assert [state_of(mail)[0] for mail in mails] == [
        MailStatus.QUEUED,
        MailStatus.FAILED,
        MailStatus.SENT,
    ]


def test_what_a_sender_left_unfinished_waits_for_a_person(mailoutbox):
    stale = make_mail(
        status=MailStatus.SENDING, claimed_at=NOW - STALE_AFTER - timedelta(seconds=1)
    )
    under_way = make_mail(status=MailStatus.SENDING, claimed_at=NOW - STALE_AFTER)

    send_due_mail(at=NOW)

    assert mailoutbox == []
    assert state_of(stale)[0] == MailStatus.UNSURE
    assert stale.error
    assert state_of(under_way)[0] == MailStatus.SENDING


def test_a_message_is_claimed_before_the_server_is_spoken_to(settings, monkeypatch):
    mail = make_mail()
    seen = []
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr(
        Server, "send_messages", lambda self, messages: seen.append(state_of(mail)) or 1
    )

    send_due_mail(at=NOW)

    assert seen == [(MailStatus.SENDING, 1)]


def test_what_cannot_be_written_as_a_message_is_refused_and_the_next_is_sent(mailoutbox):
    forged = make_mail(subject="Received\nBcc: other@octava.example")
    good = make_mail()

    counts = send_due_mail(at=NOW)

    assert counts == {"sent": 1, "put off": 0, "refused": 1, "possibly sent": 0}
    assert (state_of(forged)[0], state_of(good)[0]) == (MailStatus.FAILED, MailStatus.SENT)
    assert [mail.to for mail in mailoutbox] == [[good.to]]


def test_req_021_each_address_on_file_gets_one_receipt(mailoutbox, settings):
    slot = make_slot()
    state = slot.candidacy.state
    make_contact(state=state, city="geneva", email="geneva@octava.example")
    make_contact(state=state, city="new_york", email="newyork@octava.example")
    make_contact(state=state, city="new_york", email="NewYork@octava.example")
    make_contact(state=state, city="new_york", email="")
    make_contact(state=state, city="geneva", email="left@octava.example", is_active=False)
    make_contact(email="other@nona.example")

    submission = send(slot.candidacy, {slot: answer("Yes.")})
    send_due_mail(at=submission.received_at)

    receipts = [message for message in mailoutbox if message.to != [settings.OFFICE_EMAIL]]
    assert sorted(message.to[0].lower() for message in receipts) == [
        "geneva@octava.example",
        "newyork@octava.example",
    ]
    for message in receipts:
        assert submission.symbol in message.subject
        assert submission.text_sha256 in message.body
        assert submission.canonical_text() in message.body.replace("\r\n", "\n")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_server_is_spoken_to(settings, monkeypatch):
    make_mail()
    seen = []
    settings.EMAIL_BACKEND = f"{__name__}.Server"

    def note(name):
        return lambda *args: seen.append((name, connection.in_atomic_block))

    for name in ("open", "send_messages", "close"):
        monkeypatch.setattr(Server, name, note(name))

    send_due_mail(at=NOW)

    assert seen == [("open", False), ("send_messages", False), ("close", False)]


def test_a_run_ends_before_what_it_holds_is_stale(mailoutbox, monkeypatch):
    make_mail()
    make_mail()
    monkeypatch.setattr("questions.operations.outbox.LONGEST_RUN", -1)

    assert send_due_mail(at=NOW)["sent"] == 1
    assert timedelta(seconds=LONGEST_RUN) < STALE_AFTER


def test_req_068_staff_are_alerted_when_mail_has_waited_for_a_quarter_of_an_hour(server, caplog):
    make_mail()
    server(OSError("down"), OSError("down"))

    send_due_mail(at=NOW + timedelta(minutes=14))
    assert caplog.messages == []
    send_due_mail(at=NOW + timedelta(minutes=16))

    assert caplog.messages == ["1 messages have waited for more than 15 minutes to be sent"]


def test_the_command_says_what_it_did(mailoutbox):
    make_mail(next_try_at=NOW - timedelta(days=1))
    out = StringIO()

    call_command("send_mail", stdout=out)

    assert out.getvalue() == "1 sent, 0 put off, 0 refused, 0 possibly sent\n"
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("kind", [MailKind.REMINDER_WEEK, MailKind.LATE_NOTICE])
def test_a_reminder_that_waited_while_the_state_answered_is_not_sent(mailoutbox, kind):
    slot = make_slot()
    contact = make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    mail.queue_reminder(slot.candidacy, contact, kind, at=NOW)
    make_response(slot=slot)

    counts = send_due_mail(at=NOW)

    assert set(counts.values()) == {0}
    assert mailoutbox == []
    assert not OutgoingMail.objects.exists()
    assert AuditEntry.objects.latest("number").action == "reminder.dropped"


def test_a_reminder_is_sent_while_one_question_is_left(mailoutbox):
    slot = make_slot()
    candidacy = slot.candidacy
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
    contact = make_contact(state=candidacy.state, email="geneva@octava.example")
    mail.queue_reminder(candidacy, contact, MailKind.REMINDER_WEEK, at=NOW)
    make_response(slot=slot)

    assert send_due_mail(at=NOW)["sent"] == 1
    assert [message.to for message in mailoutbox] == [["geneva@octava.example"]]


@pytest.mark.parametrize(("extended", "kinds"), [(-1, ["day", "extended"]), (1, ["extended"])])
def test_a_reminder_is_not_sent_once_the_deadline_it_names_was_moved(mailoutbox, extended, kinds):
    slot = make_slot()
    contact = make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    mail.queue_reminder(slot.candidacy, contact, MailKind.REMINDER_DAY, at=NOW)
    at = NOW + timedelta(minutes=extended)
    extend_deadline([slot.candidacy], date(2021, 10, 20), reason="Asked", by=make_user(), at=at)

    send_due_mail(at=NOW + timedelta(minutes=2))

    assert [one.kind for one in OutgoingMail.objects.order_by("pk")] == kinds
    assert len(mailoutbox) == len(kinds)
