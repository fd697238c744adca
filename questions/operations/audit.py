"""The one writer of the audit chain."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import translation

from questions.models import FIRST_PREVIOUS, AccessLink, AuditEntry, acting_from

CHAIN_LOCK = 0x70_6C_65_64_67_65  # any number that nothing else locks: "pledge" in ASCII

CHECK_FOREIGN_KEYS = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;"


def record(
    action: str,
    subject: object,
    *,
    by: AbstractBaseUser | AccessLink | None,
    at: datetime,
    **details: Any,
) -> AuditEntry:
    """Append one act to the chain, in the transaction of the act; `by=None` is the system itself.

    `details` must be JSON without personal data. Lock order is rows, then audit, then edition.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act and its audit entry are one.")
    _lock_chain()
    last = AuditEntry.objects.order_by("-number").first()
    user = None if by is None or isinstance(by, AccessLink) else by
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=at.astimezone(UTC),  # as the row comes back, so that its hash does not change
        action=action,
        subject=subject_of(subject),
        details=details,
        user=user,
        actor=_actor(by),
        address=acting_from.get(),
        salt=secrets.token_hex(16),
        previous_sha256=last.sha256 if last else FIRST_PREVIOUS,
    )
    entry.commitment = entry.expected_commitment()
    entry.sha256 = entry.expected_sha256()
    entry.save(force_insert=True)
    return entry


def subject_of(subject: object) -> str:
    """Its symbol, else its name in English, whatever the language in which someone acted."""
    with translation.override("en"):
        return getattr(subject, "symbol", None) or str(subject)[:120]


def _actor(by: AbstractBaseUser | AccessLink | None) -> str:
    if by is None:
        return "system"
    if isinstance(by, AccessLink):
        return f"link {by.pk}"
    return f"user {by.pk} {by.get_username()}"[:120]


def _lock_chain() -> None:
    """PostgreSQL: until the end of the transaction. SQLite has one writer at a time anyway.

    Foreign keys are checked before, not at commit: that locks the rows they name, and whoever
    holds such a row may be waiting for the chain.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"{CHECK_FOREIGN_KEYS} SELECT pg_advisory_xact_lock({CHAIN_LOCK})")


def first_bad_entry() -> AuditEntry | None:
    """The first row of the chain that was changed, or follows a gap; None when all verify."""
    previous, number = FIRST_PREVIOUS, 0
    for entry in AuditEntry.objects.order_by("number").iterator():
        intact = (
            entry.number == number + 1
            and entry.previous_sha256 == previous
            and entry.commitment == entry.expected_commitment()
            and entry.sha256 == entry.expected_sha256()
        )
        if not intact:
            return entry
        previous, number = entry.sha256, entry.number
    return None
