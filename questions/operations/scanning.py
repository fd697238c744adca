"""Asking a ClamAV daemon about a file, where CLAMD_URL names one (security.md 61)."""

import logging
import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

from questions.models import ScanResult

logger = logging.getLogger(__name__)

_PIECE = 65_536  # bytes
_WAIT = 20  # seconds for each answer of the daemon
_LONGEST_REPLY = 4_096
_USUAL_PORT = 3310


def scanner_is_set() -> bool:
    return bool(settings.CLAMD_URL)


def scan(content: bytes) -> ScanResult:
    """What the scanner says; NOT_SCANNED where there is none, or none that answers."""
    if not scanner_is_set():
        return ScanResult.NOT_SCANNED
    try:
        reply = _asked(content)
    except OSError as error:
        logger.error("The virus scanner did not answer: %s", error)
        return ScanResult.NOT_SCANNED
    if reply == b"stream: OK":
        return ScanResult.CLEAN
    if reply.endswith(b" FOUND"):
        return ScanResult.FOUND
    logger.error("The virus scanner could not look: %s", reply[:200])
    return ScanResult.NOT_SCANNED


def _asked(content: bytes) -> bytes:
    """The daemon's reply to one INSTREAM command (clamd(8)): pieces with their length, then 0."""
    with _connected() as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < _LONGEST_REPLY:
            if not (more := connection.recv(_LONGEST_REPLY)):
                break
            reply += more
    return reply.rstrip(b"\0\n")


def _connected() -> socket.socket:
    """`unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`."""
    where = urlsplit(settings.CLAMD_URL)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname, where.port or _USUAL_PORT), _WAIT)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_WAIT)
    try:
        connection.connect(where.path)
    except OSError:
        connection.close()
        raise
    return connection
