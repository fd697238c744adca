"""The register of what changed after it was published (security.md 49)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .attachments import AttachedQuestion, Attachment, AttachmentStatus
from .candidacies import Candidacy
from .events import PUBLIC_EVENT_STATUSES, Event
from .questions import AddressedQuestion, Question
from .replies import text_digest
from .responses import Response

PARTS = ["candidacy", "question", "slot", "attachment"]
WORDS = ["what_was_wrong", "what_changed", "reason"]


class CorrectionKind(models.TextChoices):
    NOTE = "note", _("Correction")
    WITHDRAWAL = "withdrawal", _("Withdrawal")
    RESTORED = "restored", _("Published again")
    REDACTION = "redaction", _("Words removed")


class Ground(models.TextChoices):
    """Why something is withdrawn, in a word; the reason says the rest."""

    STATE = "state", _("At the State's request")
    MISTAKE = "mistake", _("Published by mistake")
    PERSON = "person", _("To protect a person")
    LEGAL = "legal", _("Required by law")


class CorrectionQuerySet(models.QuerySet):
    def publicly_visible(self):
        """Published, and about something that is public. Nothing else decides this."""
        questions = Question.objects.publicly_visible()
        came_with = Response.objects.filter(
            submission=OuterRef("attachment__submission"),
            slot__attached__attachment=OuterRef("attachment"),
            slot__question__in=questions,
            published_at__isnull=False,  # of a file with what was never public nothing is said
        )
        tombstones = Q(kind=CorrectionKind.WITHDRAWAL, question__in=Question.objects.withdrawn())
        return self.filter(
            Q(event__isnull=True) | Q(event__status__in=PUBLIC_EVENT_STATUSES),
            Q(question__isnull=True) | Q(question__in=questions) | tombstones,
            Q(slot__isnull=True) | Q(slot__question__in=questions),
            Q(attachment__isnull=True) | Exists(came_with),
            published_at__isnull=False,
            replacement__isnull=True,  # words were taken out of it, whoever has read that already
        )

    def real(self):
        """Without the specimen event, which no list but its own shows."""
        return self.filter(Q(event__isnull=True) | Q(event__is_specimen=False))

    def with_names(self):
        """Joined with what the register prints."""
        return self.select_related(
            "event",
            "candidacy__event",
            "candidacy__state",
            "question__event",
            "question__state",
            "slot__question__event",
            "slot__question__state",
            "slot__candidacy__event",
            "slot__candidacy__state",
            "attachment__submission__candidacy__event",
            "attachment__submission__candidacy__state",
        ).annotate(version=models.F("response__version"))

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def shown(self):
        """What the register prints, and the pages of answers with their files."""
        return self.publicly_visible().with_names().newest_first()

    def here(self):
        """What the page of something public prints of those about it: nobody is named."""
        return self.filter(published_at__isnull=False, replacement__isnull=True).newest_first()

    def acts(self):
        """What acts of publication entered, and no one wrote anew to take words out of it."""
        return self.exclude(kind=CorrectionKind.NOTE).filter(replaces__isnull=True)

    def drafts(self):
        """Notes that wait for another person."""
        return self.filter(kind=CorrectionKind.NOTE, published_at__isnull=True)

    def withdrawals(self):
        return self.filter(kind=CorrectionKind.WITHDRAWAL)

    def withdrawals_of_file(self, file: Attachment, version: int):
        """Those by which readers lost this version of its copy; none where they never had it."""
        if file.status == AttachmentStatus.ACCEPTED and version == file.public_version:
            with_its_answer = Q(
                response__submission=file.submission_id, slot__attached__attachment=file
            ) | Q(question__slots__attached__attachment=file)
            return self.withdrawals().filter(with_its_answer, published_at__gte=file.decided_at)
        redactions = file.corrections.filter(kind=CorrectionKind.REDACTION)
        was_public = 1 + redactions.filter(published_at__isnull=False).count()
        return self.withdrawals().filter(attachment=file) if version <= was_public else self.none()

    def about_event(self, event: Event):
        """Its own; those about its parts stand on their pages."""
        return self.filter(event=event, **{f"{part}__isnull": True for part in PARTS})

    def about_slot(self, slot: AddressedQuestion):
        """With those about the files of its answers."""
        files = AttachedQuestion.objects.filter(slot=slot).values("attachment")
        about = Q(slot=slot) | Q(attachment__in=files)
        if slot.question.state_id:  # question and cell are one page
            about |= Q(question=slot.question_id)
        return self.filter(about)


def _at_most_one_part():
    """No part, or one of them."""
    return Q(*(Q(**{f"{part}__isnull": True}) for part in PARTS)) | Q(
        *(Q(**{f"{part}__isnull": part != named for part in PARTS}) for named in PARTS),
        _connector=Q.OR,
    )


class Correction(models.Model):
    """A public note that something published changed."""

    kind = models.CharField(
        max_length=10, choices=CorrectionKind, default=CorrectionKind.NOTE, editable=False
    )
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    candidacy = models.ForeignKey(
        Candidacy, models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    slot = models.ForeignKey(
        AddressedQuestion, models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    response = models.ForeignKey(
        Response, models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, editable=False, related_name="corrections"
    )
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="replacement",
        help_text="The published note from which words were taken out to make this one.",
    )
    page = models.CharField(max_length=200, blank=True, editable=False)
    ground = models.CharField(max_length=7, choices=Ground, blank=True, editable=False)
    corrected_on = models.DateField(help_text="The day on which it was changed.")
    what_was_wrong = models.TextField(blank=True)
    what_changed = models.TextField("what it says now", blank=True)
    reason = models.TextField(
        "why", blank=True, help_text="How the mistake happened or came to light."
    )
    entered_at = models.DateTimeField(editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    by_one_person = models.BooleanField(
        default=False, editable=False, help_text="Published by who entered it: TWO_PEOPLE was off."
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        permissions = [("publish_correction", "Can publish corrections")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CorrectionKind.values), name="correction_kind_known"
            ),
            models.CheckConstraint(
                condition=(Q(event__isnull=False) & Q(page=""))
                | (
                    Q(event__isnull=True, **{f"{part}__isnull": True for part in PARTS})
                    & ~Q(page="")
                ),
                name="correction_of_event_or_page",
            ),
            models.CheckConstraint(condition=_at_most_one_part(), name="correction_of_one_part"),
            models.CheckConstraint(
                condition=Q(response__isnull=True) | Q(slot__isnull=False),
                name="correction_text_of_slot",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CorrectionKind.NOTE)
                | (~Q(what_was_wrong="") & ~Q(what_changed="")),
                name="correction_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(kind=CorrectionKind.RESTORED),
                name="correction_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["", *Ground.values])
                & (Q(ground="") | ~Q(kind__in=[CorrectionKind.NOTE, CorrectionKind.RESTORED])),
                name="correction_ground_of_withdrawal",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="correction_published_when_by_whom",
            ),
            # What an act of publication enters by itself needs no second person.
            models.CheckConstraint(
                condition=(~Q(kind=CorrectionKind.NOTE) & Q(replaces__isnull=True))
                | Q(published_by__isnull=True)
                | Q(by_one_person=True)
                | ~Q(published_by=models.F("entered_by")),
                name="correction_published_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.symbol}"

    @property
    def subject(self):
        """The row that it is about; None where it is a page of the office."""
        return self.slot or self.question or self.candidacy or self.attachment or self.event

    @property
    def symbol(self):
        """Of what it is about, PE2021/Q5/KAZ; or a page."""
        return self.subject.symbol if self.subject else self.page

    @property
    def cited(self):
        """The same, with .v2 where it is about that text. Loaded by `with_names()`."""
        return f"{self.symbol}.v{self.version}" if (self.version or 1) > 1 else self.symbol

    @property
    def is_draft(self):
        """Waits for another person; what is made by an act waits with the act."""
        is_written = self.kind == CorrectionKind.NOTE or self.replaces_id is not None
        return is_written and self.published_at is None

    @property
    def words(self):
        """What it says, by field."""
        return {name: getattr(self, name) for name in WORDS if getattr(self, name)}

    @property
    def is_removal(self):
        """Of a text, by law."""
        is_withdrawal = self.kind == CorrectionKind.WITHDRAWAL
        return is_withdrawal and self.ground == Ground.LEGAL and self.response_id is not None

    @property
    def anchor(self):
        return f"c{self.pk}"

    def get_absolute_url(self):
        """Of the page that it is about, in the language of the reader."""
        if self.page:
            return f"/{get_language()}{self.page}"
        if self.attachment_id:
            return reverse(
                "public:state_at_event",
                args=[self.event.slug, self.attachment.candidacy.state.slug],
            )
        return self.subject.get_absolute_url()

    @property
    def sha256(self):
        """Of all that it says: what is published is what was looked at (security.md 45)."""
        parts = [self.symbol, self.kind, self.corrected_on.isoformat()]
        return text_digest("\0".join([*parts, self.what_was_wrong, self.what_changed, self.reason]))
