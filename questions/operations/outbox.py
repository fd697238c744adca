"""Sending what the outbox holds; the only place that touches the network."""

import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from questions.models import MailStatus, OutgoingMail

STALE_AFTER = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=2)


def send_due_mail(*, at: datetime) -> dict[str, int]:
    """Send every message that is due at `at`; returns how many were sent, put off and refused.

    A message is claimed by compare-and-set and committed before the server is spoken to, so two
    senders never take one. One that was claimed and never finished is "possibly sent" and waits
    for a person; it is not sent again by itself.
    """
    counts = {"sent": 0, "put off": 0, "refused": 0}
    OutgoingMail.objects.filter(status=MailStatus.SENDING, claimed_at__lt=at - STALE_AFTER).update(
        status=MailStatus.UNSURE, error="The sender stopped while this was being sent."
    )
    for pk in list(OutgoingMail.objects.due(at=at).values_list("pk", flat=True)):
        claimed = OutgoingMail.objects.filter(pk=pk, status=MailStatus.QUEUED).update(
            status=MailStatus.SENDING, claimed_at=at
        )
        if claimed:
            counts[_send(OutgoingMail.objects.get(pk=pk), at)] += 1
    return counts


def _send(mail: OutgoingMail, at: datetime) -> str:
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[settings.OFFICE_EMAIL],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.tries += 1
    try:
        message.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return _put_off_or_refuse(mail, error, at)
    mail.status, mail.sent_at, mail.error = MailStatus.SENT, at, ""
    mail.save()
    return "sent"


def _put_off_or_refuse(mail: OutgoingMail, error: Exception, at: datetime) -> str:
    """A permanent refusal (5xx) is final, as is what cannot be written down as a message
    (ValueError); anything else is tried again, later each time.
    """
    mail.error = str(error)[:2000]
    permanent = _is_permanent(error)
    if permanent:
        mail.status = MailStatus.FAILED
    else:
        mail.status = MailStatus.QUEUED
        mail.next_try_at = at + min(timedelta(minutes=2**mail.tries), LONGEST_WAIT)
    mail.save()
    return "refused" if permanent else "put off"


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, ValueError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
