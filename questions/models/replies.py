"""What a State is writing (the draft) and what it has sent (submissions)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .events import Candidacy
from .letters import AccessLink
from .questions import AddressedQuestion
from .states import UN_LANGUAGES, Mission


class Draft(models.Model):
    """The shared, unsent reply of a State's missions."""

    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="draft")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    def __str__(self):
        return f"draft of {self.candidacy.symbol}"


class DraftAnswer(models.Model):
    """The unsent answer to one slot; each save makes the next revision."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="answers")
    slot = models.OneToOneField(AddressedQuestion, models.PROTECT, related_name="draft_answer")
    text = models.TextField(blank=True)
    text_as_typed = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, blank=True)
    is_ready = models.BooleanField("ready to send", default=False)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ready=False) | (~Q(text="") & ~Q(language="")),
                name="draft_ready_answer_has_text",
            ),
        ]

    def __str__(self):
        return f"draft answer to {self.slot.symbol}, revision {self.revision}"


class ConflictCopy(models.Model):
    """What one mission typed while the other saved the same answer: no words vanish."""

    slot = models.ForeignKey(AddressedQuestion, models.PROTECT, related_name="conflict_copies")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, blank=True)
    based_on_revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "conflict copies"
        ordering = ["saved_at"]

    def __str__(self):
        return f"conflict copy for {self.slot.symbol}"


class Channel(models.TextChoices):
    FORM = "form", _("Reply form")
    EMAIL = "email", _("E-mail")
    NOTE_VERBALE = "note_verbale", _("Note verbale")
    PAPER = "paper", _("Letter on paper")
    AT_EVENT = "at_event", _("At the event")


class SubmissionQuerySet(models.QuerySet):
    def with_names(self):
        return self.select_related("candidacy__event", "candidacy__state", "mission")

    def next_number(self) -> int:
        """For one candidacy's submissions, with the candidacy locked."""
        return (self.aggregate(last=models.Max("number"))["last"] or 0) + 1


class Submission(models.Model):
    """One sending of a State's reply: numbered, never changed."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.FORM)
    mission = models.ForeignKey(
        Mission, models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    link = models.ForeignKey(
        AccessLink, models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    signatory_name = models.CharField(max_length=120)
    signatory_title = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="The deadline as it stood.")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(null=True)
    entry_reason = models.CharField(max_length=300, blank=True)
    form_key = models.UUIDField()
    text_sha256 = models.CharField("SHA-256 of the canonical text", max_length=64)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "number"], name="submission_number_once_per_candidacy"
            ),
            models.UniqueConstraint(
                fields=["candidacy", "form_key"], name="submission_once_per_form_key"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="submission_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.FORM, entered_by__isnull=True, entered_at__isnull=True)
                | (
                    ~Q(channel=Channel.FORM)
                    & Q(entered_by__isnull=False, entered_at__isnull=False)
                    & ~Q(entry_reason="")
                ),
                name="submission_entered_by_staff_or_form",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(received_at__lte=models.F("entered_at")),
                name="submission_not_received_in_future",
            ),
        ]

    def __str__(self):
        return self.symbol

    @property
    def symbol(self):
        return f"{self.candidacy.symbol}/R{self.number}"

    @property
    def is_late(self):
        """Against the deadline as it stood when it was received."""
        return self.due_at is not None and self.received_at >= self.due_at

    def canonical_text(self) -> str:
        """The text whose SHA-256 the receipt names (DESIGN.md §3), made from its responses."""
        responses = self.responses.select_related(
            "slot__question__event", "slot__question__state", "slot__candidacy__state"
        )
        return canonical_text(
            (response.slot, response.kind, response.language, response.text)
            for response in responses.in_letter_order()
        )


def canonical_text(answers) -> str:
    """One text for (slot, kind, language, text) in slot order: LF, NFC as the texts are."""
    return "".join(
        f"{slot.symbol}\n{f'{kind} {language}'.strip()}\n\n{text}\n\n"
        for slot, kind, language, text in answers
    )


def text_digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal; what `sha256sum` prints of the file."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Reply:
    """What a visitor with a live link works on; all is found through it (security.md 13, 15)."""

    link: AccessLink
    candidacy: Candidacy

    @property
    def reference(self) -> str:
        return self.candidacy.reference

    @property
    def slots(self):
        return AddressedQuestion.objects.sent().filter(candidacy=self.candidacy).with_names()

    @property
    def draft_answers(self):
        return DraftAnswer.objects.filter(draft__candidacy=self.candidacy)

    @property
    def submissions(self):
        return self.candidacy.submissions.with_names()
