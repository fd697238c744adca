"""What comes back, and what it changes: real reports, hostile messages, a mailbox."""

import ssl
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import trustme
from django.core.management import CommandError, call_command

from questions.models import AddressedQuestion, AuditEntry, Edition, MailKind, MailStatus
from questions.operations.deliveries import (
    MailboxAddressRefused,
    ReportResult,
    fetch_reports,
    read_report,
    read_reports_in,
)
from questions.operations.outbox import NothingToDecide, mark_sent, send_again, send_due_mail
from tests.factories import AFTER, BEFORE, make_contact, make_mail, make_slot, make_user
from tests.imap_server import Mailbox, imap_server
from tests.mail_server import certificate, trust_certificates
from tests.stopwatch import within

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 10, 2, 9, 0, tzinfo=UTC)


def report(mail, *, action="failed", returned="message/rfc822", to=None, extra=""):
    """As mail servers write it (RFC 3464)."""
    headers = f"Message-ID: {mail.message_id}\nTo: {mail.to}\nSubject: =?utf-8?q?PE=C3=A9?=\n"
    body = "\nExcellency" if returned == "message/rfc822" else ""
    return f"""From: MAILER-DAEMON@relay.example (Mail Delivery System)
To: bounces@portal.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Message-Id: <dsn@relay.example>
{extra}Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {to or mail.to}
Original-Recipient: rfc822;{mail.to}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{mail.to}>: Recipient address rejected:
    User unknown

--B
Content-Type: {returned}

{headers}{body}
--B--
""".encode()


def edition():
    return Edition.objects.values_list("number", flat=True).first()


def status_of(slot, *, at=AFTER):
    return AddressedQuestion.objects.with_status(at=at).get(pk=slot.pk).answer_status


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_failure_flags_the_message_and_the_contact_with_the_servers_words(returned):
    mail = make_mail()

    assert read_report(report(mail, returned=returned), at=NOW) == ReportResult.BOUNCED

    mail.refresh_from_db()
    contact = mail.contact
    contact.refresh_from_db()
    words = f"5.1.1 550 5.1.1 <{mail.to}>: Recipient address rejected: User unknown"
    assert (mail.bounced_at, mail.bounce_reason, mail.status) == (NOW, words, MailStatus.SENT)
    assert (contact.undelivered_at, contact.undelivered_reason) == (NOW, words)
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.subject) == ("mail.bounced", mail.candidacy.symbol)
    assert mail.to not in str(entry.details)


def test_a_report_that_returns_nothing_is_known_by_what_it_answers_to():
    mail = make_mail()
    raw = report(make_mail(), extra=f"References: {mail.message_id}\n")
    raw = raw.partition(b"--B\nContent-Type: message/rfc822")[0] + b"--B--\n"

    assert read_report(raw, at=NOW) == ReportResult.BOUNCED

    mail.refresh_from_db()
    assert mail.bounced_at == NOW


@pytest.mark.parametrize(
    ("action", "result"),
    [
        ("delayed", ReportResult.DELAYED),
        ("delivered", ReportResult.DELIVERED),
        ("relayed", ReportResult.DELIVERED),
        ("made up", ReportResult.DELAYED),
    ],
)
def test_what_is_no_failure_changes_nothing(action, result):
    mail = make_mail()

    assert read_report(report(mail, action=action), at=NOW) == result

    mail.refresh_from_db()
    mail.contact.refresh_from_db()
    assert (mail.bounced_at, mail.contact.undelivered_at) == (None, None)


def test_the_same_report_twice_changes_nothing_more():
    mail = make_mail()
    read_report(report(mail), at=NOW)

    assert read_report(report(mail), at=NOW + timedelta(days=1)) == ReportResult.KNOWN

    mail.refresh_from_db()
    assert mail.bounced_at == NOW
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (MailStatus.UNSURE, ReportResult.BOUNCED),
        (MailStatus.SENDING, ReportResult.TOO_EARLY),
        (MailStatus.QUEUED, ReportResult.KNOWN),
        (MailStatus.FAILED, ReportResult.KNOWN),
    ],
)
def test_a_failure_is_recorded_of_what_was_sent_or_possibly_sent(status, result):
    mail = make_mail(status=status)

    assert read_report(report(mail), at=NOW) == result

    mail.refresh_from_db()
    assert mail.bounced_at == (NOW if result == ReportResult.BOUNCED else None)


def test_a_contact_whose_address_was_changed_since_is_not_flagged():
    mail = make_mail()
    mail.contact.email = "new@octava.example"
    mail.contact.save()

    read_report(report(mail), at=NOW)

    mail.contact.refresh_from_db()
    assert mail.contact.undelivered_at is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: Out of office\nAuto-Submitted: auto-replied\n\nI am away.",
        b"Content-Type: multipart/report\n\nno parts",
        b"Content-Type: multipart/report; boundary=B\n\n--B\n"
        b"Content-Type: message/delivery-status\n\nReporting-MTA: x\n\n--B--",
    ],
)
def test_req_073_automatic_replies_and_broken_reports_are_no_reports(raw):
    make_mail()

    assert read_report(raw, at=NOW) == ReportResult.NO_REPORT


def test_a_report_about_strangers_mail_is_counted_and_left_alone():
    mail = make_mail()
    other = report(mail).replace(mail.message_id.encode(), b"<other@stranger.example>")

    assert read_report(other, at=NOW) == ReportResult.STRANGE

    mail.refresh_from_db()
    assert mail.bounced_at is None


def nested(depth):
    return b"".join(
        b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (level, level)
        for level in range(depth)
    )


def with_parts(number):
    parts = b"".join(b"--B\nContent-Type: text/plain\n\nx\n" for _ in range(number))
    return b"Content-Type: multipart/report; boundary=B\n\n" + parts + b"--B--\n"


@pytest.mark.parametrize(
    "raw",
    [
        nested(1_500),
        nested(30),
        with_parts(5_000),
        b"Subject: " + b"x" * 1_000_000 + b"\n\n",
        b"Subject: x\n\n" + b"x" * 25_000_000,
    ],
    ids=["1500 nested", "30 nested", "5000 parts", "1 MB header", "25 MB"],
)
def test_req_072_what_is_beyond_the_limits_is_refused_quickly(raw):
    with within(1):
        assert read_report(raw, at=NOW) == ReportResult.REFUSED


@pytest.mark.parametrize(
    "change",
    [
        (b"Action: failed", b"Action: failed\nAction: delivered"),
        (b"text/plain", b"text/plain; charset=no-such-charset"),
        (b"I'm sorry", b"\xff\xfe\x00 \xd8\x00"),
        (b"Subject: Und", b"Subject: =?no-such?q?=ff?= \xff"),
        (b"User unknown", b"User unknown \xff\xe2\x80\xa8" + b"y" * 5_000),
        (b"Reporting-MTA: dns; relay.example", b"Reporting-MTA\xff"),
    ],
)
def test_req_072_what_is_badly_written_around_a_report_does_not_hide_it(change):
    mail = make_mail()
    raw = report(mail)
    assert change[0] in raw

    assert read_report(raw.replace(*change), at=NOW) == ReportResult.BOUNCED

    mail.refresh_from_db()
    assert len(mail.bounce_reason) <= 300
    assert "\n" not in mail.bounce_reason


def test_when_all_addresses_failed_the_public_reads_not_delivered_at_once():
    slot = make_slot()
    mails = [make_mail(candidacy=slot.candidacy), make_mail(candidacy=slot.candidacy)]
    Edition.objects.bump(at=NOW)

    read_report(report(mails[0]), at=NOW)
    assert status_of(slot) == "none"
    before = edition()
    read_report(report(mails[1]), at=NOW)

    assert status_of(slot) == "undel"
    assert edition() == before + 1


def test_a_later_message_to_another_address_clears_it_by_itself(mailoutbox):
    slot = make_slot()
    read_report(report(make_mail(candidacy=slot.candidacy)), at=NOW)
    contact = make_contact(state=slot.candidacy.state, email="new@octava.example")
    make_mail(candidacy=slot.candidacy, contact=contact, status=MailStatus.QUEUED)
    before = edition()

    send_due_mail(at=NOW)

    assert len(mailoutbox) == 1
    assert status_of(slot) == "none"
    assert edition() == before + 1


def test_what_came_back_can_be_sent_again_by_staff():
    slot = make_slot()
    mail = make_mail(candidacy=slot.candidacy)
    read_report(report(mail), at=NOW)
    user = make_user()

    send_again(mail, by=user, at=NOW)

    mail.refresh_from_db()
    assert (mail.status, mail.sent_at, mail.next_try_at) == (MailStatus.QUEUED, None, NOW)
    assert (mail.bounced_at, mail.bounce_reason) == (None, "")
    assert status_of(slot) == "none"
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.user) == ("mail.queued_again", user)


@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING, MailStatus.SENT])
def test_send_again_leaves_alone_what_is_under_way_or_arrived(status):
    with pytest.raises(NothingToDecide):
        send_again(make_mail(status=status), by=make_user(), at=NOW)


def test_mark_sent_says_that_what_was_possibly_sent_did_arrive():
    mail = make_mail(status=MailStatus.UNSURE, claimed_at=BEFORE, error="not heard")
    user = make_user()

    mark_sent(mail, by=user, at=NOW)

    mail.refresh_from_db()
    assert (mail.status, mail.sent_at, mail.error) == (MailStatus.SENT, BEFORE, "")
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.user) == ("mail.marked_sent", user)
    with pytest.raises(NothingToDecide):
        mark_sent(mail, by=user, at=NOW)


def test_reports_are_read_from_a_directory_the_good_one_after_the_bad(tmp_path):
    mail = make_mail()
    (tmp_path / "1.eml").write_bytes(nested(1_500))
    (tmp_path / "2.eml").write_bytes(report(mail))
    (tmp_path / "notes.txt").write_bytes(report(make_mail()))

    counts = read_reports_in(tmp_path, at=NOW)

    assert counts == {"not readable": 1, "came back": 1}


def test_the_command_reads_a_file_and_says_what_it_was(tmp_path):
    file = tmp_path / "report.eml"
    file.write_bytes(report(make_mail()))
    out = StringIO()

    call_command("fetch_mail", "--from", str(file), stdout=out)

    assert out.getvalue() == "1 came back\n"


def test_the_command_asks_for_a_mailbox_or_a_file_that_exists(settings, tmp_path):
    settings.BOUNCE_MAILBOX_URL = ""
    with pytest.raises(CommandError, match="BOUNCE_MAILBOX_URL"):
        call_command("fetch_mail")
    with pytest.raises(CommandError, match="no file or directory"):
        call_command("fetch_mail", "--from", str(tmp_path / "nothing"))


def test_reports_in_a_mailbox_are_read_once_and_the_rest_stays_unread(
    settings, monkeypatch, tmp_path
):
    trust_certificates(monkeypatch, tmp_path)
    bounced, early = make_mail(), make_mail(status=MailStatus.SENDING)
    late = make_mail(kind=MailKind.RECEIPT)
    mailbox = Mailbox(
        {
            1: report(bounced),
            2: nested(1_500),
            3: report(early),
            4: b"Subject: Our answers\n\nContent-Type: multipart/report",
            5: report(late, action="delayed") + b"x" * 30_000_000,
            6: report(late).replace(late.message_id.encode(), b"<1@stranger.example>"),
        },
        flags={7: set()},  # deleted after it was listed
    )
    out = StringIO()

    with imap_server(mailbox, certificate()) as port:
        settings.BOUNCE_MAILBOX_URL = f"imap+ssl://us%40er:pass@127.0.0.1:{port}/Bounces"
        call_command("fetch_mail", stdout=out)
        again = fetch_reports(settings.BOUNCE_MAILBOX_URL, at=NOW)

    assert out.getvalue() == (
        "1 came back, 1 delayed, 1 left for later, 2 no report, 1 not about our mail,"
        " 1 not readable\n"
    )
    assert again == {"left for later": 1, "no report": 2, "not about our mail": 1}
    assert mailbox.flags == {
        1: {"\\Seen"},
        2: {"\\Seen", "\\Flagged"},
        3: set(),
        4: set(),
        5: {"\\Seen"},
        6: set(),
        7: set(),
    }
    assert len(mailbox.messages) == 6
    assert mailbox.commands[1].replace('"', "") == "LOGIN us@er pass"
    assert [command for command in mailbox.commands if "FETCH 4" in command] == [
        "UID FETCH 4 (BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE)])"
    ] * 2


def test_a_mailbox_that_shows_nobodys_certificate_is_not_logged_in_to(monkeypatch, tmp_path):
    trust_certificates(monkeypatch, tmp_path)
    mailbox = Mailbox({})

    with (
        imap_server(mailbox, certificate(by=trustme.CA())) as port,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        fetch_reports(f"imap+ssl://user:pass@127.0.0.1:{port}", at=NOW)

    assert mailbox.commands == []


@pytest.mark.parametrize("address", ["imap://user:pass@host", "imap+ssl:///INBOX", "mailbox"])
def test_a_mailbox_in_clear_or_nowhere_is_refused(settings, address):
    with pytest.raises(MailboxAddressRefused):
        fetch_reports(address, at=NOW)
    settings.BOUNCE_MAILBOX_URL = address
    with pytest.raises(CommandError, match=r"imap\+ssl://"):
        call_command("fetch_mail")
