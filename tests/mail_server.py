"""A real mail server in the tests' own process, which answers as a test tells it to."""

import contextlib
import email.policy
import socket
import ssl
from dataclasses import dataclass, field

import trustme
from aiosmtpd.controller import Controller

CERTIFICATES = trustme.CA()


def certificate(name="127.0.0.1", *, by=CERTIFICATES):
    """A server's TLS context with a certificate for `name`, made here."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    by.issue_cert(name).configure_cert(context)
    return context


def trust_certificates(monkeypatch, directory):
    """What Python's default contexts trust, for one test."""
    file = directory / "authority.pem"
    CERTIFICATES.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


@dataclass(frozen=True)
class Taken:
    """A message that the server answered with 250, or was about to."""

    recipients: tuple[str, ...]
    raw: bytes
    over_tls: bool

    @property
    def message(self):
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content().replace("\r\n", "\n")


@dataclass
class MailServer:
    """What it took, and what it answers next; `drop` in an answer ends the connection."""

    taken: list[Taken] = field(default_factory=list)
    to_recipients: list[str] = field(default_factory=list)
    to_messages: list[str] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)
    before_250: object = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.connections.add(session.peer[1])
        answer = self.to_recipients.pop(0) if self.to_recipients else "250 OK"
        if answer == "drop":
            server.transport.abort()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self.to_messages.pop(0) if self.to_messages else "250 OK"
        if answer[:3] in {"250", "dro"}:
            over_tls = session.ssl is not None
            self.taken.append(Taken(tuple(envelope.rcpt_tos), envelope.content, over_tls))
        if self.before_250:
            self.before_250()
        if answer == "drop":
            server.transport.abort()
        return answer


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def mail_server(settings, *, port=None, tls=None, use_tls=False):
    """Run one and point the settings at it."""
    port = port or free_port()
    server = MailServer()
    point_to(settings, port, use_tls=use_tls)
    controller = Controller(server, hostname="127.0.0.1", port=port, tls_context=tls)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def point_to(settings, port, *, use_tls=False):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = use_tls, False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
