"""Delivery reports (RFC 3464): bytes → DeliveryReport; anything hostile is refused, never raised.

Limits are those of security.md 72.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MOST_BYTES = 25_000_000
MOST_READ = 1_000_000  # bytes; a report says what it has to say at its beginning
MOST_HEADER_BYTES = 64_000
MOST_PARTS = 200
DEEPEST = 20

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")
_SPACES = re.compile(r"\s+")


class ReportRefused(Exception):
    """The message is beyond the limits or cannot be taken apart; the text says which."""


@dataclass(frozen=True)
class DeliveryReport:
    """What a mail server says became of one message."""

    action: str  # failed, delayed, delivered, relayed or expanded
    message_ids: tuple[str, ...]  # by which the message may be known, the likeliest first
    reason: str  # one line


def read_delivery_report(raw: bytes) -> DeliveryReport | None:
    """The report in a message; None where it is none. Raises ReportRefused."""
    message = _parsed(raw)
    if message.get_content_type() != "multipart/report":
        return None
    ids, fields = [], []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status" and part.is_multipart():
            fields += part.get_payload()
        elif kind in {"message/rfc822", "message/global"} and part.is_multipart():
            ids += _ids(part.get_payload(0), "Message-ID")
        elif kind in {"text/rfc822-headers", "message/global-headers"}:
            ids += _ids(_headers_in(part), "Message-ID")
    of_recipients = [found for found in fields if found["Action"]]
    if not of_recipients:
        return None
    ids += _ids(message, "In-Reply-To", "References")
    actions = {_text(found, "Action").lower(): found for found in reversed(of_recipients)}
    action = "failed" if "failed" in actions else next(reversed(actions))
    return DeliveryReport(action, tuple(dict.fromkeys(ids)), _reason(actions[action]))


def _parsed(raw: bytes) -> Message:
    if len(raw) > MOST_BYTES:
        raise ReportRefused("longer than 25 MB")
    end = _END_OF_HEADERS.search(raw, 0, MOST_HEADER_BYTES + 4)
    if end is None and len(raw) > MOST_HEADER_BYTES:
        raise ReportRefused("more than 64 KB of headers")
    try:
        return email.message_from_bytes(raw[:MOST_READ])
    except RecursionError as error:
        raise ReportRefused("parts within parts without end") from error


def _parts(message: Message) -> Iterator[Message]:
    """Every part, but those inside a returned message."""
    waiting, count = [(message, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        count += 1
        if count > MOST_PARTS:
            raise ReportRefused("more than 200 parts")
        if depth > DEEPEST:
            raise ReportRefused("parts nested deeper than 20")
        yield part
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            waiting += [(inner, depth + 1) for inner in part.get_payload()]


def _headers_in(part: Message) -> Message:
    return email.message_from_bytes(part.get_payload(decode=True) or b"")


def _ids(message: Message, *names: str) -> list[str]:
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return [found for value in values for found in _MESSAGE_ID.findall(value)]


def _reason(fields: Message) -> str:
    """The remote server's words, or else the status code."""
    said = _text(fields, "Diagnostic-Code").partition(";")[2]
    return " ".join(filter(None, [_text(fields, "Status"), said.strip()]))


def _text(fields: Message, name: str) -> str:
    return _SPACES.sub(" ", str(fields[name] or "")).strip()
