"""What someone types who wants to be told by mail of what is published."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from questions.models import AlertFrequency, address_of, followed

FASTEST = timedelta(seconds=3)  # in which nobody has read the form and typed an address
LONGEST = timedelta(days=1)
LONGEST_ADDRESS = 254
EVERYTHING = "everything"
ENTER_ADDRESS = _("Enter an e-mail address in the correct format, such as name@example.org")
CHOOSE = _("Choose what the messages are to be about")
SEND_AGAIN = _("Wait a few seconds, then send the form once more")


class AlertForm(forms.Form):
    """An address, and what it is told of: `event:2021`, `search:civil society`, or everything."""

    email = forms.EmailField(
        max_length=LONGEST_ADDRESS,
        label=_("E-mail address"),
        error_messages={
            "required": ENTER_ADDRESS,
            "invalid": ENTER_ADDRESS,
            "max_length": ENTER_ADDRESS,
            "null_characters_not_allowed": ENTER_ADDRESS,
        },
    )
    about = forms.CharField(
        label=_("What to follow"),
        error_messages={"required": CHOOSE, "null_characters_not_allowed": CHOOSE},
    )
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=AlertFrequency,
        initial=AlertFrequency.AT_ONCE,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    website = forms.CharField(required=False)  # a trap: people do not see it
    shown_at = forms.CharField(required=False)

    def __init__(self, *args, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at

    @property
    def is_of_a_machine(self) -> bool:
        return bool(self.data.get("website"))

    def clean_email(self) -> str:
        """In the letters that mail servers use: one mailbox has one spelling, and one limit."""
        name, _at, domain = address_of(self.cleaned_data["email"]).rpartition("@")
        try:
            address = f"{name}@{domain.encode('idna').decode()}".lower()
            validate_email(address)
        except (UnicodeError, forms.ValidationError) as wrong:
            raise forms.ValidationError(ENTER_ADDRESS) from wrong
        if not address.isascii() or len(address) > LONGEST_ADDRESS:
            raise forms.ValidationError(ENTER_ADDRESS)
        return address

    def clean_about(self) -> dict[str, Any]:
        """The fields of an alert that name the thing, which has to be public."""
        kind, _colon, value = self.cleaned_data["about"].partition(":")
        about = {} if kind == EVERYTHING else followed(kind, value)
        if about is None:
            raise forms.ValidationError(CHOOSE)
        return about

    def clean_shown_at(self) -> str:
        since = self._time_since(self.cleaned_data["shown_at"])
        if since is None or not FASTEST <= since <= LONGEST:
            raise forms.ValidationError(SEND_AGAIN)
        return self.cleaned_data["shown_at"]

    def moment_shown(self) -> str:
        """Signed; that of the first showing, until it is too old."""
        typed = self.data.get("shown_at", "")
        since = self._time_since(typed)
        if since is not None and since <= LONGEST:
            return typed
        return _signer().sign(str(int(self.at.timestamp())))

    def _time_since(self, signed: str) -> timedelta | None:
        try:
            return timedelta(seconds=self.at.timestamp() - int(_signer().unsign(signed)))
        except BadSignature:
            return None


def _signer() -> Signer:
    return Signer(salt="alerts")


def chosen_in(parameters: Mapping[str, str]) -> str:
    """What a "follow" link names, as the form writes it; everything where that is not public."""
    for kind in ["question", "event", "state", "topic", "asker"]:
        if (value := parameters.get(kind, "")) and followed(kind, value):
            return f"{kind}:{value}"
    if (words := parameters.get("q", "")) and followed("search", words):
        return f"search:{words}"
    return EVERYTHING
