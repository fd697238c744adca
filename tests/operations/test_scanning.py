"""The virus scanner, as a daemon on a real socket that speaks clamd's protocol (security.md 61)."""

import socket
import struct
from contextlib import contextmanager
from threading import Thread

import pytest

from questions.models import Attachment, ScanResult
from questions.operations.attachments import FileNotScanned, FileUnsafe, accept_file
from questions.operations.scanning import scan
from tests.factories import BEFORE, make_slot, make_user

from .test_attachments import sent_file

EICAR = b"the daemon's own word for harm"


def read(connection, size):
    content = b""
    while len(content) < size and (more := connection.recv(size - len(content))):
        content += more
    return content


@contextmanager
def daemon(settings, *, answers=None):
    """Answers each INSTREAM by what came, or always with `answers`."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD_URL = f"tcp://127.0.0.1:{server.getsockname()[1]}"

    def serve():
        while True:
            try:
                connection, _peer = server.accept()
            except OSError:
                return
            with connection:
                assert read(connection, 10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", read(connection, 4))[0]:
                    content += read(connection, size)
                harm = b"stream: Eicar FOUND\0" if EICAR in content else b"stream: OK\0"
                connection.sendall(answers if answers is not None else harm)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(timeout=5)


def test_req_061_what_the_daemon_says_is_what_is_kept(settings):
    with daemon(settings):
        assert scan(b"%PDF" + b"x" * 200_000) == ScanResult.CLEAN
        assert scan(b"x" * 70_000 + EICAR) == ScanResult.FOUND


@pytest.mark.parametrize("answers", [b"", b"stream: size limit exceeded. ERROR\0"])
def test_req_061_a_daemon_that_cannot_say_means_not_scanned(settings, answers):
    with daemon(settings, answers=answers):
        assert scan(b"%PDF") == ScanResult.NOT_SCANNED


@pytest.mark.django_db
def test_req_061_with_a_scanner_that_is_down_nothing_is_accepted(settings):
    file = sent_file(make_slot())
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.CLAMD_URL = f"tcp://127.0.0.1:{closed.getsockname()[1]}"

    with pytest.raises(FileNotScanned):
        accept_file(file, by=make_user(), at=BEFORE)

    assert Attachment.objects.get().status == "quarantined"


@pytest.mark.django_db
def test_req_061_what_the_scanner_finds_is_not_accepted(settings):
    file = sent_file(make_slot())

    with daemon(settings, answers=b"stream: Eicar FOUND\0"), pytest.raises(FileUnsafe):
        accept_file(file, by=make_user(), at=BEFORE)

    stored = Attachment.objects.get()
    assert (stored.status, stored.scan) == ("quarantined", "found")
