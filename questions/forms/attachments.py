"""The PDF that a mission attaches. Wording: ux.md §2.3."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from questions.parsing.attachments import (
    MOST_PAGES,
    ExaminedPdf,
    PdfRefused,
    check_name,
    examine_pdf,
    name_to_show,
)

LARGEST_FILE = 10_000_000  # bytes; what comes in beyond it is let go (uploads.py)
MEGABYTE = 1_000_000

WHY = {
    "word": _("The attached file is a Word document. Save it as PDF and attach it again."),
    "not_pdf": _("The attached file is not a PDF. Save it as PDF and attach it again."),
    "damaged": _("The PDF is empty or damaged and could not be opened"),
    "password": _("The PDF is protected by a password. Attach a copy without one"),
}
TOO_BIG = _("The PDF must be smaller than 10 MB. Yours is %(megabytes)s MB")
TOO_MANY_PAGES = _("The PDF must have %(most)s pages or fewer. Yours has %(pages)s")
BROKE_OFF = _("The file did not arrive completely. Your text has been saved. Attach the file again")
# Raised by attach_file, and by no form.
UNSAFE = _(
    "The PDF was not accepted because a security check found a problem. "
    "Export it again from the original document"
)
TOO_MANY = _("No more files can be attached. Remove one, or send what is ready first")
# Not an error: it may be sent all the same.
ONLY_PICTURES = _(
    "The PDF has no text in it, only pictures of pages. You can still send it. "
    "Paste the text as well, or ISHR will type it"
)


@dataclass(frozen=True)
class UploadedPdf:
    """A file as it came, its name made safe to show, and what is in it."""

    content: bytes
    name: str
    examined: ExaminedPdf


class PdfField(forms.FileField):
    """One PDF; its cleaned value is an UploadedPdf, or None where none was chosen.

    What the browser says of its type counts for nothing (security.md 55).
    """

    widget = forms.FileInput(attrs={"accept": ".pdf,application/pdf"})

    def to_python(self, data) -> UploadedPdf | None:
        if data in self.empty_values:
            return None
        if getattr(data, "broke_off", False):
            raise ValidationError(BROKE_OFF, code="broke_off")
        if data.size > LARGEST_FILE:
            megabytes = -(-data.size // MEGABYTE)
            raise ValidationError(TOO_BIG, code="too_big", params={"megabytes": megabytes})
        content = data.read()
        try:
            check_name(data.name)
            examined = examine_pdf(content)
        except PdfRefused as refused:
            raise self.refusal(refused) from refused
        return UploadedPdf(content, name_to_show(data.name), examined)

    def clean(self, data, initial=None) -> UploadedPdf | None:
        """None stays None, whatever was attached before."""
        value = self.to_python(data)
        self.validate(value)
        return value

    def refusal(self, refused: PdfRefused) -> ValidationError:
        if refused.reason == "pages":
            pages = {"most": MOST_PAGES, "pages": f"{int(str(refused)):,}"}
            return ValidationError(TOO_MANY_PAGES, code="pages", params=pages)
        return ValidationError(WHY[refused.reason], code=refused.reason)
