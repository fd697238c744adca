"""Every message we send: one function and one template each, written to the outbox."""

from .letters import (
    LetterNotIssued,
    preview_invitation,
    queue_disowned_notice,
    queue_extension_notice,
    queue_invitations,
    queue_link_again,
    queue_preview,
    queue_reminder,
)
from .receipts import queue_notice, queue_receipts
from .words import flat, write_over_marks

__all__ = [
    "LetterNotIssued",
    "flat",
    "preview_invitation",
    "queue_disowned_notice",
    "queue_extension_notice",
    "queue_invitations",
    "queue_link_again",
    "queue_notice",
    "queue_preview",
    "queue_receipts",
    "queue_reminder",
    "write_over_marks",
]
