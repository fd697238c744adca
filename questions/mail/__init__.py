"""Every message we send: one function and one template each, written to the outbox."""

from .alerts import alert_text, queue_alert_confirmation, queue_alert_mails
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
    "alert_text",
    "flat",
    "preview_invitation",
    "queue_alert_confirmation",
    "queue_alert_mails",
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
