"""What mail servers report of our messages: what came back, and from whom."""

import ssl
from collections import Counter
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailMessageFlags

from questions.mail import flat
from questions.models import Alert, Contact, Edition, MailStatus, OutgoingMail
from questions.operations import audit
from questions.operations.alerts import end_alerts
from questions.parsing.reports import MOST_BYTES, MOST_READ, ReportRefused, read_delivery_report

TIMEOUT = 20  # seconds
DELIVERED = {"delivered", "relayed", "expanded"}  # actions of RFC 3464


class ReportResult(StrEnum):
    """What a message in the bounce mailbox was."""

    BOUNCED = "came back"
    DELIVERED = "delivered"
    DELAYED = "delayed"
    KNOWN = "known before"
    STRANGE = "not about our mail"
    NO_REPORT = "no report"
    REFUSED = "not readable"
    TOO_EARLY = "left for later"  # about a message that is being sent at this moment


READ = [MailMessageFlags.SEEN]
FLAGS = {
    ReportResult.BOUNCED: READ,
    ReportResult.DELIVERED: READ,
    ReportResult.DELAYED: READ,
    ReportResult.KNOWN: READ,
    ReportResult.REFUSED: [*READ, MailMessageFlags.FLAGGED],
}


class MailboxAddressRefused(Exception):
    """BOUNCE_MAILBOX_URL is no address of a mailbox, or of one without TLS."""


def read_report(raw: bytes, *, at: datetime) -> ReportResult:
    """Read one message of the bounce mailbox; only a failure changes anything, and once.

    Nothing in a message, however hostile, raises an error (security.md 72).
    """
    try:
        report = read_delivery_report(raw)
    except ReportRefused:
        return ReportResult.REFUSED
    if report is None:
        return ReportResult.NO_REPORT
    mails = OutgoingMail.objects.filter(message_id__in=report.message_ids)
    pk = mails.values_list("pk", flat=True).first()
    if pk is None:
        return ReportResult.STRANGE
    if report.action in DELIVERED:
        return ReportResult.DELIVERED
    if report.action != "failed":
        return ReportResult.DELAYED
    return _record_bounce(pk, report.reason, at=at)


@transaction.atomic
def _record_bounce(pk: int, reason: str, *, at: datetime) -> ReportResult:
    mail = OutgoingMail.objects.select_for_update().get(pk=pk)
    if mail.status == MailStatus.SENDING:
        return ReportResult.TOO_EARLY
    if mail.bounced_at or mail.status not in {MailStatus.SENT, MailStatus.UNSURE}:
        return ReportResult.KNOWN
    mail.bounced_at, mail.bounce_reason = at, flat(reason)[:300]
    mail.save(update_fields=["bounced_at", "bounce_reason"])
    flag_contact(mail, reason, at=at)
    subject = mail.candidacy or mail.submission or mail.kind
    audit.record("mail.bounced", subject, by=None, at=at, mail=mail.pk)
    note_change(mail, at=at)
    return ReportResult.BOUNCED


def flag_contact(mail: OutgoingMail, reason: str, *, at: datetime) -> None:
    """Say at the contact that its address fails; never at the State (security.md 68).

    Nobody reads what an alert sends there: all alerts to the address end.
    """
    if mail.alert_id:
        end_alerts(Alert.objects.to_address(mail.to), why="not delivered", at=at)
    Contact.objects.filter(pk=mail.contact_id, email__iexact=mail.to).update(
        undelivered_at=at, undelivered_reason=flat(reason)[:300]
    )


@transaction.atomic
def trust_again(contact: Contact, *, by: AbstractBaseUser, at: datetime) -> bool:
    """Staff know that the address works; False where nothing had come back from it."""
    flagged = Contact.objects.filter(pk=contact.pk, undelivered_at__isnull=False)
    if trusted := flagged.update(undelivered_at=None, undelivered_reason=""):
        audit.record("contact.trusted_again", f"contact {contact.pk}", by=by, at=at)
    return bool(trusted)


def note_change(mail: OutgoingMail, *, at: datetime) -> None:
    """Make the next edition where deliveries decide what is public of the candidacy."""
    undelivered = OutgoingMail.objects.undelivered().filter(candidacy=mail.candidacy_id)
    if mail.candidacy_id and mail.contact_id and undelivered.exists():
        Edition.objects.bump(at=at)


def read_reports_in(path: Path, *, at: datetime) -> Counter[str]:
    """How many of which result, in a file or in the .eml files of a directory; they stay."""
    files = sorted(path.glob("*.eml")) if path.is_dir() else [path]
    return Counter(read_report(_beginning_of(file), at=at).value for file in files)


def _beginning_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def fetch_reports(address: str, *, at: datetime) -> Counter[str]:
    """How many of which result, among the unread messages of a mailbox.

    A report is marked as read once what it says is stored, and stays in the mailbox; one that
    could not be read is flagged there too. What is no report about our mail stays unread: people
    may share the mailbox, and a mission's answer is not to go unseen. Raises
    MailboxAddressRefused.
    """
    counts = Counter()
    with _opened(address) as mailbox:
        for uid in mailbox.uids(AND(seen=False)):
            result = ReportResult.NO_REPORT
            if _is_report(mailbox, uid):
                beginning = _fetched(mailbox, uid, f"BODY.PEEK[]<0.{MOST_READ}>")
                result = read_report(beginning, at=at)
            counts[result.value] += 1
            if result in FLAGS:
                mailbox.flag(uid, FLAGS[result], True)
    return counts


def _opened(address: str) -> BaseMailBox:
    """imap+ssl://user:password@host:993/INBOX, or imap+tls:// for STARTTLS; never in clear."""
    parts = urlsplit(address)
    kinds = {"imap+ssl": (MailBox, 993), "imap+tls": (MailBoxStartTls, 143)}
    if parts.scheme not in kinds or not parts.hostname:
        raise MailboxAddressRefused
    kind, port = kinds[parts.scheme]
    mailbox = kind(
        parts.hostname,
        port=parts.port or port,
        timeout=TIMEOUT,
        ssl_context=ssl.create_default_context(),
    )
    return mailbox.login(
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        initial_folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def _is_report(mailbox: BaseMailBox, uid: str) -> bool:
    header = _fetched(mailbox, uid, "BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE)]")
    return b"multipart/report" in header.lower()


def _fetched(mailbox: BaseMailBox, uid: str, what: str) -> bytes:
    """That of the message, which stays unread; nothing where it was deleted meanwhile."""
    _answer, found = mailbox.client.uid("fetch", uid, f"({what})")
    return found[0][1] if isinstance(found[0], tuple) else b""
