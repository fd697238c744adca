"""Two senders never send one message twice; the mail server is a small real one."""

from collections import Counter
from datetime import UTC, datetime
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from questions.models import MailKind, MailStatus, OutgoingMail, OutgoingMailQuerySet
from questions.operations.outbox import send_due_mail
from tests.concurrency.racing import at_once, meet_before
from tests.factories import make_contact

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2021, 10, 2, 9, 0, tzinfo=UTC)
MESSAGES = 6


class Session(StreamRequestHandler):
    """As much of SMTP as smtplib speaks; what was taken is counted by its Message-ID."""

    def handle(self):
        self.say("220 ready")
        while line := self.rfile.readline().strip().upper():
            if line.startswith(b"DATA"):
                self.say("354 go on")
                self.take()
            elif line.startswith(b"QUIT"):
                self.say("221 bye")
                return
            self.say("250 ok")

    def take(self):
        while (line := self.rfile.readline()) != b".\r\n":
            if line.lower().startswith(b"message-id:"):
                self.server.taken.append(line.split(b":", 1)[1].strip().decode())

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server(settings):
    with ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        server.daemon_threads = True
        server.taken = []
        thread = Thread(target=server.serve_forever)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def queued():
    contact = make_contact(email="geneva@octava.example")
    return OutgoingMail.objects.bulk_create(
        OutgoingMail(
            kind=MailKind.RECEIPT,
            contact=contact,
            to=f"mission{number}@octava.example",
            subject="Received",
            body="Received.",
            message_id=f"<{number}@portal.example>",
            next_try_at=NOW,
            queued_at=NOW,
        )
        for number in range(MESSAGES)
    )


def send_twice(monkeypatch):
    """Both senders have read what is due before either claims any of it."""
    meet_before(monkeypatch, OutgoingMailQuerySet, "update")
    return at_once(*[lambda: send_due_mail(at=NOW)] * 2)


def test_two_senders_at_once_send_each_message_once(monkeypatch, mail_server, queued):
    outcomes = send_twice(monkeypatch)

    assert sum(counts["sent"] for counts in outcomes) == MESSAGES
    assert Counter(mail_server.taken) == {mail.message_id: 1 for mail in queued}
    assert set(OutgoingMail.objects.values_list("status", "tries")) == {(MailStatus.SENT, 1)}


def test_control_without_the_claim_messages_go_out_twice(monkeypatch, mail_server, queued):
    update = OutgoingMailQuerySet.update

    def claims_anyway(self, **values):
        update(self, **values)
        return 1

    monkeypatch.setattr(OutgoingMailQuerySet, "update", claims_anyway)

    send_twice(monkeypatch)

    assert max(Counter(mail_server.taken).values()) == 2
