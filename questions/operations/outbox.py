"""Sending what the outbox holds; the only place that touches the network."""

import logging
import mimetypes
import smtplib
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import BadHeaderError, EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from questions.mail import alert_text, write_over_marks
from questions.models import (
    CODE_MARK,
    LINK_MARK,
    OF_ALERTS,
    REMINDERS,
    WITH_LINK,
    DocumentKind,
    Edition,
    Letter,
    MailKind,
    MailStatus,
    OutgoingMail,
)
from questions.operations import audit, deliveries
from questions.operations.alerts import mint_alert_link, news_of
from questions.operations.links import mint_link_with_code
from questions.operations.reminders import is_outdated

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=2)
LONGEST_RUN = 600  # seconds; what is left goes with the next, before anything of this is stale
MOST_ALERTS = 100  # in a run
OUTCOMES = {
    MailStatus.SENT: "sent",
    MailStatus.QUEUED: "put off",
    MailStatus.FAILED: "refused",
    MailStatus.UNSURE: "possibly sent",
}
SERVICE_NOT_AVAILABLE = 421


class NothingToDecide(Exception):
    """The message is under way, waits to be sent, or was sent and has not come back."""


@dataclass(frozen=True)
class Outcome:
    """What became of a message at the mail server."""

    status: MailStatus
    error: str = ""
    is_undeliverable: bool = False  # the server refuses the address or the message for good


@dataclass(frozen=True)
class Claimed:
    """A message that is this sender's, with links and codes that are kept nowhere."""

    mail: OutgoingMail
    body: str
    ends_at: str = ""  # the address that ends the alert whose message it is


def send_due_mail(*, at: datetime) -> dict[str, int]:
    """Send every message that is due at `at`; returns how many had which outcome.

    A message is claimed by compare-and-set and committed before the server is spoken to, so two
    senders never take one. One that was claimed and never finished is "possibly sent" and waits
    for a person; it is not sent again by itself. Without a server nothing is claimed: all that is
    due is put off. No transaction is open while the server is spoken to.
    """
    counts = dict.fromkeys(OUTCOMES.values(), 0)
    OutgoingMail.objects.filter(status=MailStatus.SENDING, claimed_at__lt=at - STALE_AFTER).update(
        status=MailStatus.UNSURE, error="The sender stopped while this was being sent."
    )
    due = _due(at=at)
    server, until = _Server(), time.monotonic() + LONGEST_RUN
    for position, pk in enumerate(due):
        if trouble := server.trouble():
            counts["put off"] += _put_off(due[position:], trouble, at=at)
            break
        if outcome := _claim_and_send(pk, server, at=at):
            counts[OUTCOMES[outcome.status]] += 1
        if time.monotonic() > until:
            break
    server.leave()
    if overdue := OutgoingMail.objects.overdue(at=at).count():
        logger.error("%s messages have waited for more than 15 minutes to be sent", overdue)
    return counts


def _due(*, at: datetime) -> list[int]:
    """The office's messages first: what missions wait for never waits for readers' alerts."""
    due = OutgoingMail.objects.due(at=at)
    office = list(due.of_the_office().values_list("pk", flat=True))
    return [*office, *due.of_alerts().values_list("pk", flat=True)[:MOST_ALERTS]]


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: AbstractBaseUser, at: datetime) -> None:
    """Queue once more what was possibly sent, was refused or came back; staff decide it.

    It keeps its Message-ID, by which mail programs find a copy. Raises NothingToDecide.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not mail.may_go_again:
        raise NothingToDecide
    mail.status, mail.sent_at, mail.next_try_at = MailStatus.QUEUED, None, at
    mail.bounced_at, mail.bounce_reason, mail.error = None, "", ""
    mail.save()
    audit.record("mail.queued_again", _subject(mail), by=by, at=at, mail=mail.pk)
    Edition.objects.bump(at=at)


@transaction.atomic
def mark_sent(mail: OutgoingMail, *, by: AbstractBaseUser, at: datetime) -> None:
    """Staff know that what was possibly sent did arrive. Raises NothingToDecide."""
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.status != MailStatus.UNSURE:
        raise NothingToDecide
    mail.status, mail.sent_at, mail.error = MailStatus.SENT, mail.claimed_at or at, ""
    mail.save()
    audit.record("mail.marked_sent", _subject(mail), by=by, at=at, mail=mail.pk)


def _subject(mail: OutgoingMail) -> Any:
    return mail.candidacy or mail.submission or mail.kind


def _claim_and_send(pk: int, server: "_Server", *, at: datetime) -> Outcome | None:
    """None where another sender has it, or nobody needs it any more."""
    claimed = _claim(pk, at=at)
    if claimed is None:
        return None
    mail = claimed.mail
    if mail.kind in WITH_LINK and not mail.contact.is_active:
        outcome = Outcome(MailStatus.FAILED, "The contact is no longer active.")
    else:
        outcome = server.send(_message(claimed))
    _finish(mail, outcome, at=at)
    return outcome


@transaction.atomic
def _claim(pk: int, *, at: datetime) -> Claimed | None:
    """The message, now taken, with a link and a code where it holds them.

    Each try has a link of its own; the link of an earlier try stays alive, since what seemed to
    fail may have arrived.
    """
    claimed = (
        OutgoingMail.objects.due(at=at)
        .filter(pk=pk)
        .update(status=MailStatus.SENDING, claimed_at=at, tries=F("tries") + 1)
    )
    if not claimed:
        return None
    mail = OutgoingMail.objects.select_related(
        "contact__mission", "candidacy__state", "candidacy__event", "submission"
    ).get(pk=pk)
    if mail.kind in OF_ALERTS:
        return _claimed_of_alert(mail, at=at)
    if mail.kind in REMINDERS and is_outdated(mail):
        _drop(mail, at=at)
        return None
    if mail.kind not in WITH_LINK or not mail.contact.is_active:
        return Claimed(mail, mail.body)
    mail.link, token, code = mint_link_with_code(mail.contact, mail.candidacy, by=None, at=at)
    mail.save(update_fields=["link"])
    address = f"{settings.BASE_URL}{reverse('open_link', args=[token])}"
    return Claimed(mail, write_over_marks(mail.body, {LINK_MARK: address, CODE_MARK: code}))


def _claimed_of_alert(mail: OutgoingMail, *, at: datetime) -> Claimed | None:
    """With its link; what became public is written now, and None where nothing of it still is."""
    if mail.kind == MailKind.ALERT:
        news = news_of(mail)
        if not news:
            mail.delete()
            return None
        mail.subject, mail.body = alert_text(mail.alert, news)
    address = f"{settings.BASE_URL}{reverse('alert', args=[mint_alert_link(mail.alert, at=at)])}"
    ends_at = address if mail.kind == MailKind.ALERT else ""
    return Claimed(mail, write_over_marks(mail.body, {LINK_MARK: address}), ends_at)


def _drop(mail: OutgoingMail, *, at: datetime) -> None:
    """A reminder that waited for the server while things moved on: it would be untrue."""
    kind, candidacy = mail.kind, mail.candidacy
    mail.delete()
    audit.record("reminder.dropped", candidacy, by=None, at=at, kind=kind)


def _message(claimed: Claimed) -> EmailMessage:
    mail = claimed.mail
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
    }
    if mail.in_reply_to:
        headers |= {"In-Reply-To": mail.in_reply_to, "References": mail.in_reply_to}
    if claimed.ends_at:  # RFC 8058: the mail program ends it for who presses its button
        headers |= {
            "List-Unsubscribe": f"<{claimed.ends_at}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    message = EmailMessage(
        subject=mail.subject,
        body=claimed.body,
        from_email=settings.BOUNCE_EMAIL,  # the envelope's: where reports of failure go
        to=[mail.to],
        reply_to=[settings.OFFICE_EMAIL],
        headers=headers,
    )
    if mail.letter_id:
        _attach(mail.letter, message)
    return message


def _attach(letter: Letter, message: EmailMessage) -> None:
    """The PDF made when the letter was issued, or else the file that was imported."""
    document = letter.documents.filter(kind=DocumentKind.PDF).first()
    if document:
        message.attach(document.file_name, bytes(document.content), "application/pdf")
    elif letter.file is not None:
        kind = mimetypes.guess_type(letter.file_name)[0] or "application/octet-stream"
        message.attach(letter.file_name, bytes(letter.file), kind)


@transaction.atomic
def _finish(mail: OutgoingMail, outcome: Outcome, *, at: datetime) -> None:
    """Another sender may have called it "possibly sent" meanwhile: what is known wins."""
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail.pk).first()
    if mail is None:
        return  # its alert ended, and it went with it
    if mail.status not in {MailStatus.SENDING, MailStatus.UNSURE}:
        return
    mail.status, mail.error = outcome.status, outcome.error
    mail.sent_at = at if outcome.status == MailStatus.SENT else None
    if outcome.status == MailStatus.QUEUED:
        mail.next_try_at = at + _wait(mail.tries)
    mail.save()
    if outcome.is_undeliverable:
        deliveries.flag_contact(mail, outcome.error, at=at)
    deliveries.note_change(mail, at=at)


def _put_off(pks: list[int], trouble: str, *, at: datetime) -> int:
    """What could not be tried at all; each waits longer each time."""
    waiting = OutgoingMail.objects.due(at=at).filter(pk__in=pks).order_by()
    put_off = 0
    for tries in list(waiting.values_list("tries", flat=True).distinct()):
        put_off += waiting.filter(tries=tries).update(
            tries=tries + 1, next_try_at=at + _wait(tries + 1), error=trouble[:2000]
        )
    return put_off


def _wait(tries: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(tries, 10)), LONGEST_WAIT)


class _Attentive:
    """Knows whether a message was handed over whole and the server's word on it not heard."""

    awaits_verdict = False

    def send(self, s: bytes | str) -> None:
        super().send(s)
        self.awaits_verdict = s[-5:] in (b"\r\n.\r\n", "\r\n.\r\n")

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        self.awaits_verdict = False
        return reply


class _Smtp(_Attentive, smtplib.SMTP):
    pass


class _SmtpOverTls(_Attentive, smtplib.SMTP_SSL):
    pass


class _AttentiveBackend(EmailBackend):
    @property
    def connection_class(self):
        return _SmtpOverTls if self.use_ssl else _Smtp


class _Server:
    """One connection to the mail server for a run, opened anew when it breaks."""

    backend: BaseEmailBackend | None = None

    def trouble(self) -> str:
        """Why the server cannot be spoken to; empty when it can.

        A connection that failed while it was opened is never used: it may lack TLS.
        """
        if self.backend is not None:
            return ""
        backend = get_connection()
        if type(backend) is EmailBackend:
            backend = _AttentiveBackend()
        try:
            backend.open()
        except OSError as error:  # smtplib's own errors are such
            _close(backend)
            return f"The mail server cannot be used: {error}"
        self.backend = backend
        return ""

    def send(self, message: EmailMessage) -> Outcome:
        message.connection = self.backend
        try:
            message.send()
        except BadHeaderError:
            error = "A line break stands in the subject or an address: not written as a message."
            return Outcome(MailStatus.FAILED, error)
        except ValueError as error:
            return Outcome(MailStatus.FAILED, f"It cannot be written as a message: {error}")
        except OSError as error:
            outcome = self._outcome_of(error)
            if not _has_answered(error):
                self.leave()
            return outcome
        return Outcome(MailStatus.SENT)

    def leave(self) -> None:
        if self.backend is not None:
            _close(self.backend)
        self.backend = None

    def _outcome_of(self, error: OSError) -> Outcome:
        """A permanent refusal (5xx) is final; anything else is tried again, later each time."""
        if self._awaits_verdict() and not isinstance(error, smtplib.SMTPResponseException):
            reason = f"The message was handed over, and the server's answer not heard: {error}"
            return Outcome(MailStatus.UNSURE, reason[:2000])
        if not _is_permanent(error):
            return Outcome(MailStatus.QUEUED, str(error)[:2000])
        of_sender = isinstance(error, smtplib.SMTPSenderRefused)
        return Outcome(MailStatus.FAILED, str(error)[:2000], is_undeliverable=not of_sender)

    def _awaits_verdict(self) -> bool:
        return getattr(getattr(self.backend, "connection", None), "awaits_verdict", False)


def _close(backend: BaseEmailBackend) -> None:
    with suppress(OSError):  # it is broken already
        backend.close()


def _has_answered(error: OSError) -> bool:
    """Whether the server refused and goes on listening."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code != SERVICE_NOT_AVAILABLE
    return isinstance(error, smtplib.SMTPRecipientsRefused)


def _is_permanent(error: OSError) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
