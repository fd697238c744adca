"""What letters are composed from, and the documents that are frozen when one is issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .letters import Letter
from .states import UN_LANGUAGES


class LetterTemplate(models.Model):
    """The wording of our letters: named paragraphs with named placeholders, no code."""

    name = models.CharField(max_length=80, unique=True)
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, default="en")
    texts = models.JSONField(help_text="Paragraph by paragraph; see letter_template_en.json.")
    is_default = models.BooleanField("proposed for new letters", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="letter_template_one_default",
            ),
        ]

    def __str__(self):
        return self.name


class Letterhead(models.Model):
    """The office's paper: address, logo, signatory and signature; one row."""

    address = models.TextField(blank=True, help_text="One line of the address a line.")
    logo = models.BinaryField(null=True, editable=False)
    signature = models.BinaryField(null=True, editable=False)
    signatory_name = models.CharField(max_length=120, blank=True)
    signatory_title = models.CharField(max_length=200, blank=True)
    signatory_organisation = models.CharField(max_length=200, blank=True)
    signatory_email = models.EmailField(blank=True)
    reply_contact_name = models.CharField(max_length=120, blank=True)
    reply_contact_email = models.EmailField(blank=True)

    class Meta:
        verbose_name_plural = "letterhead"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="letterhead_one_row")]

    def __str__(self):
        return "Letterhead"


class DocumentKind(models.TextChoices):
    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")


class LetterDocument(models.Model):
    """A letter as a file, made once when it was issued and never again."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=4, choices=DocumentKind)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "kind"], name="letter_document_once"),
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values), name="letter_document_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="letter_document_has_hash"
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def file_name(self):
        reference = self.letter.candidacy.symbol.replace("/", "-")
        return f"{reference}-letter-{self.letter.number}.{self.kind}"


class OfficialHoliday(models.Model):
    """A day on which the United Nations is closed in one or both cities; entered by staff."""

    date = models.DateField()
    name = models.CharField(max_length=80)
    city = models.CharField(
        max_length=8,
        blank=True,
        choices=[("new_york", _("New York")), ("geneva", _("Geneva"))],
        help_text="Empty: both cities.",
    )

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["date", "city"], name="official_holiday_once"),
        ]

    def __str__(self):
        return f"{self.name}, {self.date}"
