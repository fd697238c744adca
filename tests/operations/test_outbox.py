import smtplib
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage

from questions.models import MailStatus, OutgoingMail
from questions.operations.outbox import LONGEST_WAIT, STALE_AFTER, send_due_mail
from tests.factories import BEFORE, answer, make_contact, make_slot, send

pytestmark = pytest.mark.django_db


def make_mail(*addresses):
    """One queued receipt to each address."""
    slot = make_slot()
    for address in addresses or ["geneva@octava.example"]:
        make_contact(state=slot.candidacy.state, email=address)
    send(slot.candidacy, {slot: answer("Yes.")}, received_at=BEFORE)
    return list(OutgoingMail.objects.order_by("pk"))


def fail_with(monkeypatch, error):
    """The mail server refuses or is away: the network's edge, where Django hands over."""

    def refuse(message, fail_silently=False):
        raise error

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_each_message_goes_to_one_address_once(mailoutbox, settings):
    settings.OFFICE_EMAIL = "office@ngo.example"
    make_mail("geneva@octava.example", "newyork@octava.example")

    first = send_due_mail(at=BEFORE)
    second = send_due_mail(at=BEFORE)

    assert first == {"sent": 2, "put off": 0, "refused": 0}
    assert second == {"sent": 0, "put off": 0, "refused": 0}
    assert sorted(message.recipients() for message in mailoutbox) == [
        ["geneva@octava.example"],
        ["newyork@octava.example"],
    ]
    assert [message.reply_to for message in mailoutbox] == [["office@ngo.example"]] * 2


def test_a_message_keeps_its_id_and_says_it_was_made_by_a_machine(mailoutbox):
    (mail,) = make_mail()

    send_due_mail(at=BEFORE)

    message = mailoutbox[0].message()
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    mail.refresh_from_db()
    assert (mail.status, mail.sent_at, mail.tries) == (MailStatus.SENT, BEFORE, 1)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPResponseException(451, b"try later"),
        smtplib.SMTPRecipientsRefused({"geneva@octava.example": (450, b"busy")}),
        TimeoutError("slow"),
        ConnectionRefusedError("down"),
    ],
)
def test_a_server_that_is_away_puts_the_message_off_and_later_each_time(monkeypatch, error):
    (mail,) = make_mail()
    fail_with(monkeypatch, error)
    waits, moment = [], BEFORE

    for _ in range(9):
        assert send_due_mail(at=moment)["put off"] == 1
        mail.refresh_from_db()
        waits.append(mail.next_try_at - moment)
        assert send_due_mail(at=mail.next_try_at - timedelta(seconds=1))["put off"] == 0
        moment = mail.next_try_at

    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=2)
    assert waits[-1] == LONGEST_WAIT
    assert mail.status == MailStatus.QUEUED
    assert mail.error == str(error)


def test_what_was_put_off_leaves_once_the_server_is_back(monkeypatch, mailoutbox):
    (mail,) = make_mail()
    with monkeypatch.context() as away:
        fail_with(away, TimeoutError("slow"))
        send_due_mail(at=BEFORE)
    mail.refresh_from_db()

    send_due_mail(at=mail.next_try_at)

    assert len(mailoutbox) == 1
    mail.refresh_from_db()
    assert (mail.status, mail.error, mail.tries) == (MailStatus.SENT, "", 2)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPResponseException(550, b"no such mailbox"),
        smtplib.SMTPRecipientsRefused({"geneva@octava.example": (550, b"no such mailbox")}),
    ],
)
def test_a_final_refusal_is_not_tried_again(monkeypatch, error):
    (mail,) = make_mail()
    fail_with(monkeypatch, error)

    first = send_due_mail(at=BEFORE)
    second = send_due_mail(at=BEFORE + timedelta(days=1))

    assert (first["refused"], second["refused"]) == (1, 0)
    mail.refresh_from_db()
    assert (mail.status, mail.tries) == (MailStatus.FAILED, 1)


def test_one_refused_address_does_not_keep_the_others_back(monkeypatch, mailoutbox):
    make_mail("gone@octava.example", "newyork@octava.example")
    hand_over = EmailMessage.send

    def refuse_one(message, fail_silently=False):
        if message.to == ["gone@octava.example"]:
            raise smtplib.SMTPResponseException(550, b"no such mailbox")
        return hand_over(message)

    monkeypatch.setattr(EmailMessage, "send", refuse_one)

    assert send_due_mail(at=BEFORE) == {"sent": 1, "put off": 0, "refused": 1}
    assert [message.to for message in mailoutbox] == [["newyork@octava.example"]]


def test_a_message_that_another_sender_claimed_is_left_to_it(mailoutbox):
    (mail,) = make_mail()
    OutgoingMail.objects.update(status=MailStatus.SENDING, claimed_at=BEFORE)

    send_due_mail(at=BEFORE + STALE_AFTER)

    mail.refresh_from_db()
    assert mail.status == MailStatus.SENDING
    assert mailoutbox == []


def test_a_message_whose_sender_stopped_is_possibly_sent_and_waits_for_a_person(mailoutbox):
    (mail,) = make_mail()
    OutgoingMail.objects.update(status=MailStatus.SENDING, claimed_at=BEFORE)

    send_due_mail(at=BEFORE + STALE_AFTER + timedelta(seconds=1))
    send_due_mail(at=BEFORE + timedelta(days=1))

    mail.refresh_from_db()
    assert (mail.status, mail.sent_at) == (MailStatus.UNSURE, None)
    assert mail.error == "The sender stopped while this was being sent."
    assert mailoutbox == []


def test_req_002_a_queued_message_holds_no_token(client):
    (mail,) = make_mail()

    assert "/reply/open/" not in mail.body + mail.subject
