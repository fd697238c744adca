"""The unsent reply that a State's missions share, and the words that a shared save would lose."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from .candidacies import Candidacy
from .letters import AccessLink
from .questions import AddressedQuestion
from .states import UN_LANGUAGES


class Draft(models.Model):
    """The shared, unsent reply of a State's missions."""

    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="draft")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    def __str__(self):
        return f"draft of {self.candidacy.symbol}"


# More than one draft is ever saved.
REVISIONS_OF_A_DRAFT = 10_000


class DraftAnswerQuerySet(models.QuerySet):
    def begun(self, draft: Draft, slot: AddressedQuestion, **fields):
        """Not saved yet. Its revisions are none of a draft sent before: a page that shows that
        one never takes this for it."""
        revision = slot.responses.count() * REVISIONS_OF_A_DRAFT
        return self.model(draft=draft, slot=slot, revision=revision, **fields)

    def with_saver(self):
        return self.select_related("saved_by__contact__mission")


class DraftAnswer(models.Model):
    """The unsent answer to one slot; each save makes the next revision."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="answers")
    slot = models.OneToOneField(AddressedQuestion, models.PROTECT, related_name="draft_answer")
    text = models.TextField(blank=True)
    text_as_typed = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, blank=True)
    amendment_reason = models.TextField(
        blank=True, help_text="Why a sent answer changes; published where given (ux.md M9)."
    )
    is_ready = models.BooleanField("ready to send", default=False)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    objects = DraftAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            # Its words may stand in an attached file; their language is always known.
            models.CheckConstraint(
                condition=Q(is_ready=False) | ~Q(language=""),
                name="draft_ready_answer_has_language",
            ),
        ]

    def __str__(self):
        return f"draft answer to {self.slot.symbol}, revision {self.revision}"


class DraftLetter(models.Model):
    """The one letter that answers several questions, not sent yet (ux.md M6).

    Which questions it answers, and on which pages, is in the rows of its file.
    """

    draft = models.OneToOneField(Draft, models.CASCADE, related_name="letter")
    attachment = models.OneToOneField(
        "questions.Attachment", models.PROTECT, related_name="draft_letter"
    )
    text = models.TextField(blank=True, help_text="Empty: ISHR types it from the file.")
    text_as_typed = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, blank=True)
    is_ready = models.BooleanField("ready to send", default=False)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ready=False) | ~Q(language=""),
                name="draft_ready_letter_has_language",
            ),
        ]

    def __str__(self):
        return f"letter in the {self.draft}"


CONFLICTS_SHOWN_FOR = timedelta(days=7)


class ConflictCopyQuerySet(models.QuerySet):
    def recent(self, *, at: datetime):
        """Those that a mission still finds beside the answer (ux.md M14)."""
        return self.filter(saved_at__gt=at - CONFLICTS_SHOWN_FOR).select_related(
            "saved_by__contact__mission"
        )


class ConflictCopy(models.Model):
    """What one mission typed while the other saved the same answer: no words vanish."""

    slot = models.ForeignKey(AddressedQuestion, models.PROTECT, related_name="conflict_copies")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, blank=True)
    based_on_revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")

    objects = ConflictCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "conflict copies"
        ordering = ["saved_at"]

    def __str__(self):
        return f"conflict copy for {self.slot.symbol}"
