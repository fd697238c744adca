"""Our letters to candidacies, and the links by which missions answer them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from questions.tokens import digest, read_code

from .candidacies import Candidacy
from .states import Contact


class LetterOrigin(models.TextChoices):
    COMPOSED = "composed", _("Composed here")
    IMPORTED = "imported", _("Imported")
    RECORDED = "recorded", _("Sent by other means, recorded here")


class LetterStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class LetterQuerySet(models.QuerySet):
    def issued(self):
        return self.filter(status=LetterStatus.ISSUED)

    def with_pdf(self):
        """Those that exist as a PDF: made when they were issued, or imported as one."""
        from .letter_templates import DocumentKind, LetterDocument

        pdfs = LetterDocument.objects.filter(letter=models.OuterRef("pk"), kind=DocumentKind.PDF)
        imported = Q(file__isnull=False, file_name__iendswith=".pdf")
        return self.filter(models.Exists(pdfs) | imported)

    def next_number(self) -> int:
        """For one candidacy's letters, with the candidacy locked."""
        return (self.aggregate(last=models.Max("number"))["last"] or 0) + 1


class Letter(models.Model):
    """Our letter to one candidacy; its text is frozen once issued."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField(default=1)
    date = models.DateField()
    title = models.CharField(max_length=200, blank=True)
    signatory_name = models.CharField(max_length=120, blank=True)
    signatory_title = models.CharField(max_length=200, blank=True)
    signatory_organisation = models.CharField(max_length=200, blank=True)
    signatory_email = models.EmailField(blank=True)
    reply_contact_name = models.CharField(max_length=120, blank=True)
    reply_contact_email = models.EmailField(blank=True)
    origin = models.CharField(max_length=8, choices=LetterOrigin)
    status = models.CharField(max_length=6, choices=LetterStatus, default=LetterStatus.DRAFT)
    content = models.JSONField(
        null=True, editable=False, help_text="Of a letter composed here: what its files print."
    )
    text = models.TextField(help_text="The whole letter as plain text.")
    text_sha256 = models.CharField(max_length=64, editable=False)
    file = models.BinaryField(null=True, editable=False)
    file_name = models.CharField(max_length=120, blank=True, editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "number"], name="letter_number_once_per_candidacy"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=LetterOrigin.values), name="letter_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=LetterStatus.values), name="letter_status_known"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, file_sha256="")
                | (Q(file__isnull=False) & ~Q(file_sha256="")),
                name="letter_file_has_hash",
            ),
        ]

    def __str__(self):
        return f"Letter {self.number} to {self.candidacy.symbol}, {self.date}"

    @property
    def pdf_name(self):
        return f"{self.candidacy.symbol.replace('/', '-')}-letter-{self.number}.pdf"

    def pdf(self) -> bytes:
        """The PDF, for one of those `with_pdf()`."""
        document = self.documents.filter(kind="pdf").first()
        return bytes(document.content if document else self.file)


class AccessLinkQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at__isnull=True)

    def with_names(self):
        return self.select_related("candidacy__event", "candidacy__state", "contact__mission")

    def for_token(self, token: str):
        return self.filter(token_digest=digest(token))

    def for_code(self, typed: str):
        """By the reply code as people type it: its State may be left out, or has to fit."""
        iso3, code = read_code(typed)
        if not code:
            return self.none()
        links = self.filter(code_digest=digest(code))
        return links.filter(candidacy__state__iso3=iso3) if iso3 else links


class AccessLink(models.Model):
    """One contact's way in to the reply form; opened as often as needed until revoked."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="links")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    code_digest = models.CharField(  # noqa: DJ001  (unique: links without a code do not clash)
        max_length=64, unique=True, null=True, editable=False
    )
    minted_at = models.DateTimeField(editable=False)
    minted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    disowned_at = models.DateTimeField(
        "said to be not for them", null=True, editable=False, help_text="By whoever opened it."
    )
    last_used_at = models.DateTimeField(
        "last saved or sent", null=True, editable=False, help_text="Opening is not recorded."
    )

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        permissions = [("mint_link", "Can make and revoke missions' links")]
        constraints = [
            models.CheckConstraint(
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"), name="link_keeps_a_digest"
            ),
        ]

    def __str__(self):
        return f"link {self.pk} of {self.candidacy.symbol}"

    @property
    def is_live(self):
        return self.revoked_at is None
