"""What States' submissions say to single questions."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from .events import PUBLIC_EVENT_STATUSES
from .questions import AddressedQuestion, LetterSection, Question
from .replies import Submission
from .states import UN_LANGUAGES


class ResponseKind(models.TextChoices):
    ANSWER = "answer", _("Answer")
    DECLINED = "declined", _("Declined to answer")
    GENERAL = "general", _("General statement")


ANSWER_KINDS = [ResponseKind.ANSWER, ResponseKind.GENERAL]


class ResponseStatus(models.TextChoices):
    RECEIVED = "received", _("Received, being prepared")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHHELD = "withheld", _("Withheld")


class ResponseQuerySet(models.QuerySet):
    def publicly_visible(self):
        """What any public page, feed, file or API may show. Nothing else decides this."""
        return self.once_published().filter(
            slot__candidacy__event__status__in=PUBLIC_EVENT_STATUSES,
            slot__question__in=Question.objects.publicly_visible(),
        )

    def once_published(self):
        """The texts in force and those before them; of slots that are known to be public."""
        return self.filter(
            status__in=[ResponseStatus.PUBLISHED, ResponseStatus.SUPERSEDED],
            published_at__isnull=False,  # superseded before it was ever public stays private
        )

    def in_force(self):
        """The latest public text of each slot."""
        return self.filter(status=ResponseStatus.PUBLISHED)

    def as_sent(self):
        """The texts of States, without those from which words were taken out since."""
        return self.filter(redacts__isnull=True)

    def unpublished(self):
        """Received and being prepared, or withheld; of these no text is public."""
        return self.filter(status__in=[ResponseStatus.RECEIVED, ResponseStatus.WITHHELD])

    def may_be_withheld(self):
        """All but what is withheld, and what was superseded before it was ever public."""
        return self.exclude(status=ResponseStatus.WITHHELD).exclude(
            status=ResponseStatus.SUPERSEDED, published_at__isnull=True
        )

    def withdrawn(self):
        """Withheld after they were public; of these the reason is public, and nothing else."""
        return self.filter(
            status=ResponseStatus.WITHHELD,
            published_at__isnull=False,
            slot__candidacy__event__status__in=PUBLIC_EVENT_STATUSES,
            slot__question__in=Question.objects.publicly_visible(),
        )

    def history(self):
        """Every text that was ever public, newest first, withdrawn ones too; without its words."""
        return (
            self.exclude(status=ResponseStatus.RECEIVED)
            .filter(published_at__isnull=False)
            .annotate(received_at=models.F("submission__received_at"))
            .defer("text", "text_as_typed", "amendment_reason")
            .order_by("-version")
        )

    def with_names(self):
        """Join what every listing prints, so that no template runs a query."""
        return self.select_related(
            "submission",
            "slot__question__event",
            "slot__question__state",
            "slot__candidacy__event",
            "slot__candidacy__state",
        )

    def answers(self):
        return self.exclude(kind=ResponseKind.DECLINED)

    def refusals(self):
        return self.filter(kind=ResponseKind.DECLINED)

    def in_letter_order(self):
        return self.order_by(
            Case(When(slot__section=LetterSection.OWN, then=0), default=1), "slot__position"
        )


class Response(models.Model):
    """What one submission says to one question put to a State."""

    slot = models.ForeignKey(AddressedQuestion, models.PROTECT, related_name="responses")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="responses")
    redacts = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="redactions",
        help_text="The text from which words were taken out to make this one.",
    )
    kind = models.CharField(max_length=8, choices=ResponseKind, default=ResponseKind.ANSWER)
    text = models.TextField(blank=True)
    text_as_typed = models.TextField(blank=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, blank=True)
    amendment_reason = models.TextField(
        blank=True, help_text="Why it changes what was sent before; published with it."
    )
    status = models.CharField(
        max_length=10, choices=ResponseStatus, default=ResponseStatus.RECEIVED, editable=False
    )
    version = models.PositiveSmallIntegerField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    withheld_reason = models.CharField(
        max_length=300, blank=True, editable=False, help_text="Shown in public."
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    shown_translations = ()  # filled in by `load_translations`

    objects = ResponseQuerySet.as_manager()

    class Meta:
        permissions = [("publish_response", "Can publish and withhold responses")]
        indexes = [models.Index(fields=["published_at"], name="response_published_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "submission"],
                condition=Q(redacts__isnull=True),
                name="response_once_per_submission",
            ),
            models.CheckConstraint(
                condition=Q(redacts__isnull=True) | Q(entered_by__isnull=False),
                name="response_redacted_by_whom",
            ),
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(status=ResponseStatus.PUBLISHED),
                name="response_one_published_per_slot",
            ),
            models.UniqueConstraint(
                fields=["slot", "version"], name="response_version_once_per_slot"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ResponseStatus.values), name="response_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ResponseKind.values), name="response_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ResponseKind.DECLINED) | ~Q(language=""),
                name="response_answer_has_language",
            ),
            # Until it is typed from the file that came with it, an answer waits without a text.
            models.CheckConstraint(
                condition=Q(kind=ResponseKind.DECLINED)
                | ~Q(text="")
                | Q(published_at__isnull=True),
                name="response_published_answer_has_text",
            ),
            models.CheckConstraint(
                condition=Q(
                    published_at__isnull=True, version__isnull=True, published_by__isnull=True
                )
                | Q(
                    published_at__isnull=False,
                    version__isnull=False,
                    published_by__isnull=False,
                ),
                name="response_published_when_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(status=ResponseStatus.PUBLISHED) | Q(published_at__isnull=False),
                name="response_published_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=ResponseStatus.RECEIVED) | Q(published_at__isnull=True),
                name="response_received_has_no_date",
            ),
            models.CheckConstraint(
                condition=(Q(status=ResponseStatus.WITHHELD) & ~Q(withheld_reason=""))
                | (~Q(status=ResponseStatus.WITHHELD) & Q(withheld_reason="")),
                name="response_withheld_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.slot.symbol} in {self.submission.symbol}"

    @property
    def symbol(self):
        """Of this text: PE2021/Q5/KAZ, with .v2 from the second published text on."""
        if self.version and self.version > 1:
            return f"{self.slot.symbol}.v{self.version}"
        return self.slot.symbol

    @property
    def waits_for_text(self):
        """Whether its words stand in a file only, until ISHR types them; not publishable yet."""
        return self.kind != ResponseKind.DECLINED and not self.text

    @property
    def is_unpublished(self):
        """Received or withheld: it can be published."""
        return self.status in {ResponseStatus.RECEIVED, ResponseStatus.WITHHELD}

    @property
    def may_be_withheld(self):
        """Superseded before it was ever public, it is not public anyway."""
        was_public = self.status == ResponseStatus.SUPERSEDED and self.published_at is not None
        return was_public or self.status in {ResponseStatus.RECEIVED, ResponseStatus.PUBLISHED}

    @property
    def dir(self):
        """Text direction from the declared language."""
        if not self.language:
            return "auto"
        return "rtl" if self.language == "ar" else "ltr"
