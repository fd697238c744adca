"""How a mission gets in without its link at hand, or says that it is the wrong one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.models import City, State

from .reply import LineField

NOT_RECOGNISED = _("Reply code not recognised. It has four parts, such as KAZ 7F3M Q2XD 9TKP")
TOO_MANY_CODES = _(
    "Too many attempts from this network. Try again in 15 minutes, or use the link in the message"
)


class CodeForm(forms.Form):
    """The reply code, as typed; whether it is one is for the record of links to say."""

    code = forms.CharField(
        max_length=100,
        label=_("Reply code"),
        error_messages={
            "required": _("Enter your reply code. It has four parts, such as KAZ 7F3M Q2XD 9TKP"),
            "max_length": NOT_RECOGNISED,
            "null_characters_not_allowed": NOT_RECOGNISED,
        },
    )


class LinkAgainForm(forms.Form):
    """Whose link to send again."""

    state = LineField(
        most=200,
        label=_("State"),
        error_messages={"required": _("Enter the name of the State")},
    )
    city = forms.ChoiceField(
        label=_("Which mission?"),
        choices=City,
        error_messages={
            "required": _("Select the mission in New York or in Geneva"),
            "invalid_choice": _("Select the mission in New York or in Geneva"),
        },
    )

    def clean_state(self) -> State:
        name = self.cleaned_data["state"]
        state = (
            State.objects.called(name).first() or State.objects.filter(iso3=name.upper()).first()
        )
        if state is None:
            raise forms.ValidationError(
                _("No State of this name was found. Enter its name in English")
            )
        return state


class NotForUsForm(forms.Form):
    """That a link reached the wrong people; said by a tick, which no machine sets."""

    confirmation = forms.BooleanField(
        error_messages={"required": _("Confirm that this message was not meant for you")}
    )
