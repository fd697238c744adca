"""The sender and a real mail server: what leaves, and what the row says when it does not."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from socket import create_server

import pytest
import trustme
from django.db import connection

from questions import mail
from questions.models import (
    AccessLink,
    DocumentKind,
    LetterDocument,
    MailKind,
    MailStatus,
    OutgoingMail,
)
from questions.operations.outbox import STALE_AFTER, send_due_mail
from tests.factories import make_candidacy, make_contact, make_mail, make_slot, make_state
from tests.mail_server import (
    certificate,
    free_port,
    mail_server,
    point_to,
    trust_certificates,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 10, 2, 9, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 a letter"
ADDRESS = re.compile(r"^https://portal\.example(/reply/open/([\w-]{43}))$", re.MULTILINE)
CODE = re.compile(r"^(X[A-Z]{2}( [0-9A-HJKMNP-TV-Z]{4}){3})$", re.MULTILINE)


@pytest.fixture(autouse=True)
def address_of_the_portal(settings):
    settings.BASE_URL = "https://portal.example"
    settings.OFFICE_EMAIL = "office@portal.example"
    settings.DEFAULT_FROM_EMAIL = "Pledging event <event@portal.example>"
    settings.BOUNCE_EMAIL = "bounces@portal.example"


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


def queue_letter(state):
    """An issued letter with its PDF, queued for both missions."""
    candidacy = make_candidacy(state=state)
    letter = make_slot(candidacy=candidacy).letter
    LetterDocument.objects.create(
        letter=letter,
        kind=DocumentKind.PDF,
        content=PDF + state.iso3.encode(),
        sha256=hashlib.sha256(PDF).hexdigest(),
    )
    for city in ("new_york", "geneva"):
        make_contact(state=state, city=city, email=f"{city}@{state.slug}.example")
    assert mail.queue_invitations(letter, at=NOW) == 2
    return letter


def queue_one(**fields):
    row = make_mail(status=MailStatus.QUEUED, at=NOW, body="[link]\n\n[code]", **fields)
    row.contact.refresh_from_db()
    return row


def state_of(row):
    row.refresh_from_db()
    return row.status, row.tries


def everything_stored():
    with connection.cursor() as cursor:
        rows = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows.append(f"{cursor.fetchall()}")
    return "\n".join(rows)


def test_req_064_each_mission_gets_its_own_letter_link_and_code_and_nothing_of_others(
    server, client
):
    names = {"XOC": "Octava", "XNO": "Nonaria", "XQU": "Quartz Islands"}
    states = [make_state(iso3=iso3, name=name) for iso3, name in names.items()]
    for state in states:
        queue_letter(state)

    counts = send_due_mail(at=NOW)

    assert counts["sent"] == 6
    assert sorted(taken.recipients for taken in server.taken) == sorted(
        (f"{city}@{state.slug}.example",) for city, state in product(["new_york", "geneva"], states)
    )
    tokens = set()
    for taken in server.taken:
        (recipient,) = taken.recipients
        own = next(state for state in states if f"@{state.slug}." in recipient)
        message = taken.message
        assert [message[name] for name in ("To", "Cc", "Bcc")] == [recipient, None, None]
        whole = message["Subject"] + taken.text
        assert [name for name in names.values() if name in whole] == [own.name]
        (attached,) = message.iter_attachments()
        assert attached.get_content() == PDF + own.iso3.encode()
        path, token = ADDRESS.search(taken.text).groups()
        opened = client.get(path)
        assert (opened.status_code, own.slug in opened["Location"]) == (303, True)
        link = AccessLink.objects.for_code(CODE.search(taken.text)[1]).get()
        assert link == AccessLink.objects.for_token(token).get()
        assert (link.candidacy.state, link.contact.email) == (own, recipient)
        tokens.add(token)
    assert len(tokens) == 6


def test_req_002_after_sending_no_table_holds_a_token_or_a_code(server):
    queue_letter(make_state())
    queue_one()

    send_due_mail(at=NOW)

    stored = everything_stored()
    assert len(server.taken) == 3
    for taken in server.taken:
        token = ADDRESS.search(taken.text)[2]
        code = CODE.search(taken.text)[1]
        bare = code.replace(" ", "")[3:]
        assert hashlib.sha256(token.encode()).hexdigest() in stored
        assert hashlib.sha256(bare.encode()).hexdigest() in stored
        assert [secret for secret in (token, code, bare) if secret in stored] == []


def test_messages_are_threaded_automatic_and_from_role_addresses(server):
    letter = queue_letter(make_state())
    contact = letter.mails.first().contact
    mail.queue_reminder(letter.candidacy, contact, MailKind.REMINDER_WEEK, at=NOW)

    send_due_mail(at=NOW)

    invitation, _other, reminder = sorted(server.taken, key=lambda t: "reminder" in t.text)
    by_id = {row.message_id: row for row in OutgoingMail.objects.all()}
    assert {taken.message["Message-ID"] for taken in server.taken} == set(by_id)
    first = letter.mails.get(contact=contact).message_id
    assert reminder.message["In-Reply-To"] == reminder.message["References"] == first
    assert invitation.message["In-Reply-To"] is None
    for taken in server.taken:
        message = taken.message
        assert letter.candidacy.symbol in message["Subject"]
        assert message["From"] == "Pledging event <event@portal.example>"
        assert message["Reply-To"] == "office@portal.example"
        assert message["Auto-Submitted"] == "auto-generated"


def test_a_run_uses_one_connection(server):
    for _ in range(5):
        queue_one()

    assert send_due_mail(at=NOW)["sent"] == 5
    assert len(server.connections) == 1


def test_req_067_with_starttls_everything_leaves_over_tls(settings, monkeypatch, tmp_path):
    trust_certificates(monkeypatch, tmp_path)
    queue_one()

    with mail_server(settings, tls=certificate(), use_tls=True) as server:
        counts = send_due_mail(at=NOW)

    assert counts["sent"] == 1
    assert [taken.over_tls for taken in server.taken] == [True]


@pytest.mark.parametrize(
    ("offered", "says"),
    [
        ("nothing", "STARTTLS"),
        ("another name's certificate", "certificate"),
        ("nobody's certificate", "certificate"),
    ],
)
def test_req_067_without_good_tls_nothing_leaves_and_the_row_stays_to_send(
    settings, monkeypatch, tmp_path, offered, says
):
    trust_certificates(monkeypatch, tmp_path)
    tls = {
        "nothing": None,
        "another name's certificate": certificate("evil.example"),
        "nobody's certificate": certificate(by=trustme.CA()),
    }[offered]
    rows = [queue_one(), queue_one()]

    with mail_server(settings, tls=tls, use_tls=True) as server:
        counts = send_due_mail(at=NOW)
        again = send_due_mail(at=NOW + timedelta(hours=1))

    assert (counts["put off"], again["put off"], server.taken) == (2, 2, [])
    assert [state_of(row) for row in rows] == [(MailStatus.QUEUED, 2)] * 2
    assert all(says.lower() in row.error.lower() for row in rows)
    assert not AccessLink.objects.exists()


def test_req_067_a_server_that_never_answers_is_left_and_nothing_is_lost(settings):
    with create_server(("127.0.0.1", 0)) as silent:
        point_to(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.2
        row = queue_one()
        counts = send_due_mail(at=NOW)

    assert counts["put off"] == 1
    assert state_of(row) == (MailStatus.QUEUED, 1)


def test_req_068_after_a_day_without_a_server_everything_leaves_once(settings):
    port = free_port()
    point_to(settings, port)
    rows = [queue_one() for _ in range(30)]
    at = NOW
    while at < NOW + timedelta(days=1):
        assert send_due_mail(at=at)["sent"] == 0
        at += timedelta(minutes=10)
    assert {state_of(row)[0] for row in rows} == {MailStatus.QUEUED}
    assert rows[0].tries < 25

    with mail_server(settings, port=port) as server:
        later = [send_due_mail(at=at + timedelta(hours=hours)) for hours in (0, 1, 2, 3)]

    assert sum(counts["sent"] for counts in later) == 30
    assert len(server.taken) == len({taken.recipients for taken in server.taken}) == 30
    assert AccessLink.objects.count() == 30


def test_req_068_a_refused_address_flags_the_contact_and_never_the_state(server):
    server.to_recipients = ["550 no such mailbox"]
    refused, good = queue_one(), queue_one()

    counts = send_due_mail(at=NOW)

    assert (counts["refused"], counts["sent"]) == (1, 1)
    assert state_of(refused) == (MailStatus.FAILED, 1)
    refused.contact.refresh_from_db()
    assert refused.contact.undelivered_at == NOW
    assert "no such mailbox" in refused.contact.undelivered_reason
    good.contact.refresh_from_db()
    assert good.contact.undelivered_at is None


@pytest.mark.parametrize("where", ["to_recipients", "to_messages"])
def test_req_068_what_is_put_off_is_tried_again_with_a_new_link(server, where):
    setattr(server, where, ["451 try later"])
    row = queue_one()

    first, second = send_due_mail(at=NOW), send_due_mail(at=NOW + timedelta(minutes=2))

    assert (first["put off"], second["sent"]) == (1, 1)
    assert len(server.taken) == 1
    token = ADDRESS.search(server.taken[0].text)[2]
    row.refresh_from_db()
    assert row.link == AccessLink.objects.for_token(token).get()
    assert AccessLink.objects.live().count() == 2  # the first try's may have arrived


def test_a_message_refused_for_good_after_it_was_handed_over_is_final(server):
    server.to_messages = ["554 not wanted"]
    row = queue_one()

    send_due_mail(at=NOW)
    send_due_mail(at=NOW + timedelta(days=1))

    assert state_of(row) == (MailStatus.FAILED, 1)


def test_a_connection_that_breaks_before_the_message_is_opened_anew_and_nothing_is_unsure(server):
    server.to_recipients = ["drop"]
    rows = [queue_one() for _ in range(3)]

    counts = send_due_mail(at=NOW)
    later = send_due_mail(at=NOW + timedelta(minutes=2))

    assert (counts["put off"], counts["sent"], later["sent"]) == (1, 2, 1)
    assert [state_of(row) for row in rows] == [
        (MailStatus.SENT, 2),
        (MailStatus.SENT, 1),
        (MailStatus.SENT, 1),
    ]
    assert len(server.connections) == 3


def test_req_063_a_message_handed_over_without_an_answer_is_possibly_sent_and_waits(server):
    server.to_messages = ["drop"]
    row, next_row = queue_one(), queue_one()

    counts = send_due_mail(at=NOW)
    send_due_mail(at=NOW + STALE_AFTER + timedelta(days=1))

    assert (counts["possibly sent"], counts["sent"]) == (1, 1)
    assert state_of(row) == (MailStatus.UNSURE, 1)
    assert "answer not heard" in row.error
    assert state_of(next_row) == (MailStatus.SENT, 1)
    assert len(server.taken) == 2


def test_req_065_no_name_makes_a_header_or_a_second_recipient(server):
    forged = "Oct\r\nBcc: a@evil.example\u2028Cc: b@evil.example =?utf-8?q?x=0d=0aBcc:c@evil?="
    state = make_state(iso3="XOC", name="Octava", formal_name="")
    state.name = forged
    state.save()
    letter = queue_letter(state)

    assert send_due_mail(at=NOW)["sent"] == 2

    for taken in server.taken:
        message = taken.message
        assert len(taken.recipients) == 1
        assert [message[name] for name in ("Cc", "Bcc")] == [None, None]
        assert "\n" not in message["Subject"]
        assert "Oct Bcc: a@evil.example Cc: b@evil.example = ?utf-8?q?x" in message["Subject"]
        assert not re.search("^B?cc:", taken.text, re.MULTILINE | re.IGNORECASE)
    assert letter.mails.filter(status=MailStatus.SENT).count() == 2


def test_req_066_a_mark_or_a_placeholder_within_a_name_stays_as_it_was_written(server):
    name = "[link] {{ office_email }} {% now 'Y' %} {reply_address} %(link)s [code]"
    letter = queue_letter(make_state(iso3="XOC", name=name))
    contact = letter.mails.first().contact
    mail.queue_link_again(contact, letter.candidacy, at=NOW)

    send_due_mail(at=NOW)

    assert len(server.taken) == 3
    for taken in server.taken:
        assert name in taken.text
        assert len(ADDRESS.findall(taken.text)) == 1


def test_req_066_a_mark_that_a_state_wrote_in_its_answer_is_no_mark(server):
    row = queue_one(kind=MailKind.RECEIPT)

    send_due_mail(at=NOW)

    assert server.taken[0].text.strip() == "[link]\n\n[code]"
    assert not AccessLink.objects.exists()
    assert state_of(row)[0] == MailStatus.SENT


def test_a_contact_who_left_meanwhile_gets_no_link(server):
    row = queue_one()
    row.contact.is_active = False
    row.contact.save()

    counts = send_due_mail(at=NOW)

    assert (counts["refused"], server.taken) == (1, [])
    assert not AccessLink.objects.exists()
    assert state_of(row) == (MailStatus.FAILED, 1)
    assert row.error == "The contact is no longer active."


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [("letter.pdf", "application/pdf"), ("letter.txt", "text/plain"), ("x", None)],
)
def test_an_imported_letter_is_attached_as_the_file_it_is(server, file_name, kind):
    letter = make_slot().letter
    letter.file, letter.file_name, letter.file_sha256 = b"Excellency", file_name, "0" * 64
    letter.save()
    make_contact(state=letter.candidacy.state, email="geneva@octava.example")
    mail.queue_invitations(letter, at=NOW)

    send_due_mail(at=NOW)

    (attached,) = server.taken[0].message.iter_attachments()
    assert attached.get_filename() == file_name
    assert attached.get_content_type() == (kind or "application/octet-stream")
    assert "Please find attached" in server.taken[0].text
