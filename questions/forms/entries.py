"""Record an answer: what staff enter for a State that answered by another road than the form."""

import re
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.models import GENEVA, NEW_YORK, UN_LANGUAGES, Channel, Mission, ResponseKind
from questions.plaintext import UnreadableText, normalise

DAY_FIRST = ["%d %b %Y %H:%M", "%d %B %Y %H:%M", "%d %b %Y %H:%M:%S", "%d %B %Y %H:%M:%S"]
FIRST_YEAR = 2006  # of the Human Rights Council
ZONES = [(NEW_YORK, gettext_lazy("New York")), (GENEVA, gettext_lazy("Geneva"))]
LONGEST_ANSWER = 100_000
AS_ABOVE = ("", gettext_lazy("As above"))


def read_moment(typed, zone):
    """What staff typed, as an aware datetime: "27 Sep 2021 15:10" or ISO, in `zone` unless it says.

    Raises ValidationError with a sentence.
    """
    moment = _parsed(" ".join(typed.replace(",", " ").split()))
    if moment is None:
        raise forms.ValidationError(_("Write it as 27 Sep 2021 15:10 or 2021-09-27 15:10."))
    if moment.year < FIRST_YEAR:
        raise forms.ValidationError(_("Enter a year from %(year)s on.") % {"year": FIRST_YEAR})
    if moment.tzinfo:
        return moment
    there = ZoneInfo(zone)
    offsets = {moment.replace(tzinfo=there, fold=fold).utcoffset() for fold in (0, 1)}
    if len(offsets) > 1:
        raise forms.ValidationError(
            _("Clocks were changed at that time. Write it in UTC, as 2021-10-31T01:30Z.")
        )
    return moment.replace(tzinfo=there)


def _parsed(typed):
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", typed):
        try:
            return datetime.fromisoformat(typed)
        except ValueError:
            return None
    for layout in DAY_FIRST:
        try:
            return datetime.strptime(typed.title(), layout)
        except ValueError:
            continue
    return None


class EntryForm(forms.Form):
    """One sending of a State, with one box for each question put to it."""

    required_css_class = "required"
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.FORM],
    )
    mission = forms.ModelChoiceField(
        Mission.objects.none(),
        label=gettext_lazy("From the mission in"),
        required=False,
        empty_label=gettext_lazy("Not known"),
    )
    received = forms.CharField(
        label=gettext_lazy("Received at"),
        max_length=40,
        help_text=gettext_lazy("As 27 Sep 2021 15:10 or 2021-09-27 15:10; the moment it arrived."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time of"), choices=ZONES, initial=GENEVA)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=UN_LANGUAGES, initial="en")
    signatory_name = forms.CharField(label=gettext_lazy("Signed by"), max_length=120)
    signatory_title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it is entered by hand"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Such as: sent by e-mail to the office. Never public."),
    )

    def __init__(self, candidacy, slots, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.slots, self.at = slots, at
        missions = Mission.objects.filter(state=candidacy.state).order_by("city")
        self.fields["mission"].queryset = missions
        self.fields["mission"].label_from_instance = lambda mission: mission.get_city_display()
        for slot in slots:
            self._add_fields(slot)

    def _add_fields(self, slot):
        self.fields[f"text_{slot.pk}"] = forms.CharField(
            label=_("Answer to %(symbol)s") % {"symbol": slot.symbol},
            required=False,
            strip=False,
            max_length=LONGEST_ANSWER,
            widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        )
        self.fields[f"language_{slot.pk}"] = forms.ChoiceField(
            label=_("Language of this answer"), required=False, choices=[AS_ABOVE, *UN_LANGUAGES]
        )
        self.fields[f"declined_{slot.pk}"] = forms.BooleanField(
            label=_("The State declines to answer; the text, if any, is its reason"),
            required=False,
        )

    def clean(self):
        typed, zone = self.cleaned_data.get("received"), self.cleaned_data.get("zone")
        if typed and zone:
            self._read_received(typed, zone)
        for slot in self.slots:
            self._normalise(f"text_{slot.pk}")
        if not self.errors and not self.answers():
            raise forms.ValidationError(_("Enter at least one answer, or tick one as declined."))

    def _read_received(self, typed, zone):
        try:
            received_at = read_moment(typed, zone)
        except forms.ValidationError as refused:
            self.add_error("received", refused)
            return
        if received_at > self.at:
            self.add_error("received", _("This is in the future. Enter when it arrived."))
            return
        self.cleaned_data["received_at"] = received_at

    def _normalise(self, name):
        try:
            text = normalise(self.cleaned_data.get(name) or "")
        except UnreadableText:
            self.add_error(name, _("The text holds a character that cannot be stored."))
            return
        self.cleaned_data[name] = text

    def answers(self):
        """(slot, kind, text, text as typed, language) of each question that is answered."""
        found = []
        for slot in self.slots:
            text = self.cleaned_data.get(f"text_{slot.pk}", "")
            declined = self.cleaned_data.get(f"declined_{slot.pk}")
            if not text and not declined:
                continue
            language = self.cleaned_data.get(f"language_{slot.pk}")
            language = (language or self.cleaned_data["language"]) if text else ""
            kind = ResponseKind.DECLINED if declined else ResponseKind.ANSWER
            found.append((slot, kind, text, self.data.get(f"text_{slot.pk}", ""), language))
        return found

    def boxes(self):
        """Each question beside the fields of its answer."""
        return [
            {
                "slot": slot,
                "text": self[f"text_{slot.pk}"],
                "language": self[f"language_{slot.pk}"],
                "declined": self[f"declined_{slot.pk}"],
            }
            for slot in self.slots
        ]
