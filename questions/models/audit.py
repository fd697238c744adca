"""The record of who did what, when: a chain of hashes, append-only."""

import hashlib
import json
from contextvars import ContextVar

from django.conf import settings
from django.db import models

# The client address of the request being answered; empty in commands. Set by the middleware.
acting_from: ContextVar[str] = ContextVar("acting_from", default="")

FIRST_PREVIOUS = "0" * 64


class AuditQuerySet(models.QuerySet):
    def about(self, name: str):
        """What was done to what has this name or symbol, its versions and translations."""
        return self.filter(
            models.Q(subject=name)
            | models.Q(subject__startswith=f"{name}.")
            | models.Q(subject__startswith=f"{name} in ")
        )


class AuditEntry(models.Model):
    """One act, chained to the one before by SHA-256.

    Who and from where are personal data: the chain holds only a salted commitment to them, so
    that they can be erased and the chain still verifies (security.md D5).
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, help_text="Symbol or name of what was acted on.")
    details = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="audit_entries"
    )
    actor = models.CharField(max_length=120)
    address = models.CharField(max_length=60, blank=True)
    salt = models.CharField(max_length=32)
    commitment = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-number"]

    def __str__(self):
        return f"{self.number}: {self.action} {self.subject}"

    def expected_commitment(self) -> str:
        who = "\x1f".join([self.salt, self.actor, self.address])
        return hashlib.sha256(who.encode()).hexdigest()

    def expected_sha256(self) -> str:
        """Hash of the row's facts and of the row before, as 64 hexadecimal digits."""
        facts = json.dumps(
            [
                self.number,
                self.at.isoformat(),
                self.action,
                self.subject,
                self.details,
                self.commitment,
                self.previous_sha256,
            ],
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return hashlib.sha256(facts.encode()).hexdigest()
