"""Links by which a capital reads the drafts, and whom ISHR may write to about a reply."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from questions.tokens import digest

from .candidacies import Candidacy
from .letters import AccessLink
from .states import UN_LANGUAGES, Mission

READING_LINK_WORKS_FOR = timedelta(days=14)


class ReadingLinkQuerySet(models.QuerySet):
    def live(self, *, at: datetime):
        """Neither ended nor switched off; those of a revoked link end with it."""
        return self.filter(
            ends_at__gt=at, switched_off_at__isnull=True, made_by__revoked_at__isnull=True
        )

    def with_names(self):
        return self.select_related(
            "candidacy__event", "candidacy__state", "made_by__contact__mission"
        )

    def for_token(self, token: str):
        return self.filter(token_digest=digest(token))


class ReadingLink(models.Model):
    """A way to read the drafts, and nothing else, for those in the capital who clear them."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="reading_links")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    made_by = models.ForeignKey(
        AccessLink, models.PROTECT, editable=False, related_name="reading_links"
    )
    ends_at = models.DateTimeField(editable=False)
    switched_off_at = models.DateTimeField(null=True, editable=False)
    switched_off_by = models.ForeignKey(
        AccessLink, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ReadingLinkQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"),
                name="reading_link_keeps_a_digest",
            ),
            models.CheckConstraint(
                condition=Q(switched_off_at__isnull=True, switched_off_by__isnull=True)
                | Q(switched_off_at__isnull=False, switched_off_by__isnull=False),
                name="reading_link_switched_off_when_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("made_at")), name="reading_link_ends_later"
            ),
        ]

    def __str__(self):
        return f"reading link {self.pk} of {self.candidacy.symbol}"


class ReplyContact(models.Model):
    """Whom ISHR may write to about one mission's part of a reply, as the mission says (ux.md M4).

    Not published; used for this reply only, and deleted six months after the election.
    """

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="reply_contacts")
    mission = models.ForeignKey(Mission, models.PROTECT, related_name="reply_contacts")
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=200, blank=True)
    email = models.EmailField("official e-mail address")
    language = models.CharField(max_length=10, choices=UN_LANGUAGES)
    saved_at = models.DateTimeField(editable=False)
    saved_by = models.ForeignKey(AccessLink, models.PROTECT, editable=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "mission"], name="reply_contact_once_per_mission"
            ),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in UN_LANGUAGES]),
                name="reply_contact_language_known",
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.mission}"
