"""Two senders never send one message twice; the mail server is a small real one."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import pytest
from django.db import connection

from questions.models import MailKind, MailStatus, OutgoingMail, OutgoingMailQuerySet
from questions.operations.outbox import STALE_AFTER, send_again, send_due_mail
from tests.concurrency.racing import at_once, database_url, meet_before
from tests.factories import make_contact, make_user
from tests.mail_server import mail_server as mail_server_running

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


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def worker(server_port):
    """`manage.py send_mail` as a process of its own, on this test's database."""
    environment = os.environ | {
        "PORTAL_ENV": "test",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{server_port}",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_mail"], env=environment, stdout=subprocess.DEVNULL
    )


def test_req_063_a_worker_killed_after_the_servers_250_sends_nothing_twice(settings, queued):
    mail = queued[0]
    OutgoingMail.objects.exclude(pk=mail.pk).delete()
    locked = Event()
    other = connection.get_new_connection(connection.get_connection_params())

    def lock_the_row():
        """What the worker knows after the 250 it cannot write down."""
        other.execute("SELECT 1 FROM questions_outgoingmail WHERE id = %s FOR UPDATE", [mail.pk])
        locked.set()

    with mail_server_running(settings) as server:
        server.before_250 = lock_the_row
        process = worker(settings.EMAIL_PORT)
        assert locked.wait(timeout=30)
        until = time.monotonic() + 20
        while not waits_for_a_lock() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=20) == -signal.SIGKILL
        other.close()
        server.before_250 = None
        mail.refresh_from_db()
        assert (mail.status, mail.tries) == (MailStatus.SENDING, 1)

        soon = send_due_mail(at=mail.claimed_at + STALE_AFTER)
        stale = send_due_mail(at=mail.claimed_at + STALE_AFTER + timedelta(seconds=1))
        mail.refresh_from_db()
        assert (soon["sent"], stale["sent"], len(server.taken)) == (0, 0, 1)
        assert mail.status == MailStatus.UNSURE

        send_again(mail, by=make_user(), at=mail.claimed_at)
        assert send_due_mail(at=mail.claimed_at)["sent"] == 1
        assert [taken.message["Message-ID"] for taken in server.taken] == [mail.message_id] * 2
