"""Whom ISHR can contact about a reply (ux.md M4)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .reply import LANGUAGES, LineField

WRONG_ADDRESS = _("Enter an e-mail address in the correct format, such as mission@example.org")


class ReplyContactForm(forms.Form):
    """Named by one mission, not published."""

    contact_name = LineField(
        most=120, label=_("Name"), error_messages={"required": _("Enter a name")}
    )
    contact_post = LineField(most=200, required=False, label=_("Post"))
    contact_email = forms.EmailField(
        label=_("Official e-mail address"),
        error_messages={
            "required": WRONG_ADDRESS,
            "invalid": WRONG_ADDRESS,
            "max_length": WRONG_ADDRESS,
            "null_characters_not_allowed": WRONG_ADDRESS,
        },
    )
    contact_language = forms.ChoiceField(
        label=_("Language for messages from ISHR"),
        choices=LANGUAGES,
        error_messages={
            "required": _("Select the language for messages from ISHR"),
            "invalid_choice": _("Select the language for messages from ISHR"),
        },
    )

    def clean_contact_name(self):
        """Blank after cleaning is as good as empty."""
        if not self.cleaned_data["contact_name"]:
            raise forms.ValidationError(self.fields["contact_name"].error_messages["required"])
        return self.cleaned_data["contact_name"]

    def clean_contact_email(self):
        """One that is not ASCII is one that our mail server cannot reach."""
        address = self.cleaned_data["contact_email"]
        if not address.isascii():
            raise forms.ValidationError(WRONG_ADDRESS)
        return address
