"""Files that missions send with their answers: the sealed original, and a copy for the public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .candidacies import Candidacy
from .letters import AccessLink
from .questions import AddressedQuestion
from .replies import Submission


class AttachmentKind(models.TextChoices):
    ANSWER = "answer", _("File beside one answer")
    LETTER = "letter", _("Letter for several questions")


class AttachmentStatus(models.TextChoices):
    QUARANTINED = "quarantined", _("Not looked at yet")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class ScanResult(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("Not scanned")
    CLEAN = "clean", _("Nothing found")
    FOUND = "found", _("Something was found")


class AttachmentQuerySet(models.QuerySet):
    def unsent(self):
        """Those beside the draft."""
        return self.filter(submission__isnull=True)

    def sent(self):
        return self.filter(submission__isnull=False)

    def with_names(self):
        """Joined with what their symbols need."""
        return self.select_related("submission__candidacy__event", "submission__candidacy__state")

    def of_response(self, response):
        """Those that came with it; none where there is none."""
        if response is None:
            return self.none()
        return self.filter(submission=response.submission_id, questions__slot=response.slot_id)

    def publicly_visible(self):
        """Accepted, and all answers that came with it public: what any page or address may show.

        Of a letter that answers several questions a copy has the words of each.
        """
        from .responses import Response

        public = Response.objects.publicly_visible()
        with_it = {
            "submission": models.OuterRef("submission"),
            "slot__attached__attachment": models.OuterRef("pk"),
        }
        same = {"submission": models.OuterRef("submission"), "slot": models.OuterRef("slot")}
        closed = Response.objects.filter(~models.Exists(public.filter(**same)), **with_it)
        return self.filter(
            models.Exists(public.filter(**with_it)),
            ~models.Exists(closed),
            status=AttachmentStatus.ACCEPTED,
        )


class Attachment(models.Model):
    """A file that came with a submission, or lies beside the draft until it is sent.

    The original is sealed: stored once under a random name, its SHA-256 taken on arrival. The
    public copy is made when staff accept the file and holds no metadata (security.md 55–62).
    """

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="attachments")
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, editable=False, related_name="attachments"
    )
    number = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Among the files of its submission."
    )
    kind = models.CharField(max_length=6, choices=AttachmentKind)
    name = models.CharField(max_length=150, help_text="As sent, made safe to show.")
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    pages = models.PositiveIntegerField()
    has_text = models.BooleanField(help_text="Or only pictures of pages.")
    findings = models.JSONField(
        default=list, help_text="Active content in the original: JavaScript, embedded files …"
    )
    scan = models.CharField(
        max_length=11, choices=ScanResult, default=ScanResult.NOT_SCANNED, editable=False
    )
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(AccessLink, models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=11,
        choices=AttachmentStatus,
        default=AttachmentStatus.QUARANTINED,
        editable=False,
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    refusal_reason = models.CharField(max_length=300, blank=True, editable=False)
    public_as = models.CharField(max_length=80, blank=True, editable=False)
    public_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    public_version = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Of the copy for readers: 2 once words were taken out."
    )
    replaced_as = models.CharField(max_length=80, blank=True, editable=False)
    replaced_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    public_size = models.PositiveIntegerField(null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        permissions = [("accept_attachment", "Can accept and refuse files from missions")]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number"], name="attachment_number_once_per_submission"
            ),
            models.CheckConstraint(
                condition=Q(submission__isnull=True, number__isnull=True)
                | Q(submission__isnull=False, number__isnull=False),
                name="attachment_numbered_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AttachmentKind.values), name="attachment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(scan__in=ScanResult.values), name="attachment_scan_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    status=AttachmentStatus.QUARANTINED,
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    refusal_reason="",
                    public_as="",
                    public_sha256="",
                    public_size__isnull=True,
                )
                | (
                    Q(
                        status=AttachmentStatus.ACCEPTED,
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        refusal_reason="",
                        public_size__isnull=False,
                        submission__isnull=False,
                    )
                    & ~Q(public_as="")
                    & ~Q(public_sha256="")
                )
                | (
                    Q(
                        status=AttachmentStatus.REFUSED,
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        public_as="",
                        public_sha256="",
                        public_size__isnull=True,
                    )
                    & ~Q(refusal_reason="")
                ),
                name="attachment_decided_when_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(replaced_as="", replaced_sha256="", replaced_by__isnull=True)
                | (~Q(replaced_as="") & ~Q(replaced_sha256="") & Q(replaced_by__isnull=False)),
                name="attachment_replaced_by_whom",
            ),
        ]

    def __str__(self):
        return self.symbol or self.name

    @property
    def alone(self):
        """As a list of files that holds this one."""
        return [self]

    @property
    def symbol(self):
        """PE2021/KAZ/R3/F1, once sent."""
        return f"{self.submission.symbol}/F{self.number}" if self.submission_id else ""

    def get_absolute_url(self):
        """Of the copy for readers."""
        return reverse("attachment", args=[self.file_name])

    @property
    def file_name(self):
        """Of the file as downloaded: PE2021-KAZ-R3-F1.pdf; .v2.pdf once words were taken out."""
        if not self.symbol:
            return "attachment.pdf"
        version = f".v{self.public_version}" if self.public_version > 1 else ""
        return f"{self.symbol.replace('/', '-')}{version}.pdf"

    @property
    def public_name(self):
        """As the mission named it; where words were taken out, its name may hold them too."""
        return self.file_name if self.public_version > 1 else self.name


class AttachedQuestionQuerySet(models.QuerySet):
    def unsent_by_slot(self, candidacy: Candidacy):
        """For each slot's key its unsent files; and the unsent letter with the page, if one."""
        rows = self.filter(
            attachment__candidacy=candidacy, attachment__submission__isnull=True
        ).select_related("attachment__draft_letter__saved_by__contact__mission")
        files, letters = {}, {}
        for row in rows.order_by("attachment"):
            if row.attachment.kind == AttachmentKind.ANSWER:
                files.setdefault(row.slot_id, []).append(row.attachment)
            elif hasattr(row.attachment, "draft_letter"):
                letters[row.slot_id] = row.attachment.draft_letter, row.page
        return files, letters


class AttachedQuestion(models.Model):
    """That a file answers a question, and on which of its pages, as the mission says."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="questions")
    slot = models.ForeignKey(AddressedQuestion, models.PROTECT, related_name="attached")
    page = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = AttachedQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attachment", "slot"], name="attached_question_once_per_file"
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=True) | Q(page__gte=1),
                name="attached_question_page_from_1",
            ),
        ]

    def __str__(self):
        return f"{self.attachment} for {self.slot.symbol}"
