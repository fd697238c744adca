"""What staff choose and confirm when they import a letter."""

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.parsing.letters import LetterRefused, parse_letter

LETTER_MAX_BYTES = 5_000_000
PASTED_LETTER = "pasted.txt"


class ImportLetterForm(forms.Form):
    """A letter that was sent, as a file or as its text; valid once it was read."""

    file = forms.FileField(
        label=_("The letter as a file"),
        required=False,
        allow_empty_file=True,  # the parser says what it expected
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf"}),
        help_text=_("A plain text (.txt), a Word document (.docx) or a PDF, up to 5 MB."),
    )
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text=_("The whole letter, from the addressees to the signature."),
    )

    def clean(self):
        super().clean()
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text")
        if self.errors:
            return
        if bool(file) == bool(text.strip()):
            raise forms.ValidationError(_("Choose a file or paste the text, one of the two."))
        if file and file.size > LETTER_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        self.name = file.name if file else PASTED_LETTER
        self.content = file.read() if file else text.encode()
        self.letter = read_letter(self.content, self.name)


class ConfirmLetterForm(forms.Form):
    """The word to import the letter that was previewed, and no other."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    fingerprint = forms.CharField(widget=forms.HiddenInput)
    make_public = forms.BooleanField(required=False)

    def __init__(self, content, name, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.content, self.name = content, name

    def clean(self):
        super().clean()
        if self.cleaned_data.get("sha256") != hashlib.sha256(self.content).hexdigest():
            raise forms.ValidationError(
                _("Another letter was chosen since this page was shown. Choose the file again.")
            )
        self.letter = read_letter(self.content, self.name)


def read_letter(content, name):
    try:
        return parse_letter(content, name)
    except LetterRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
