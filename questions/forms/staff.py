"""What staff type. Each rule that the database holds is said here as a sentence first."""

import re

from django import forms
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from questions.models import (
    AskerKind,
    Contact,
    Ground,
    Question,
    QuestionScope,
    QuestionStatus,
    RegionalGroup,
)

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


class SourcesForm(forms.ModelForm):
    """A record with sources, which are shown in public, some as links."""

    def clean_sources(self):
        for line in self.cleaned_data["sources"].splitlines():
            scheme = SCHEME.match(line.strip())
            if scheme and scheme[1].lower() not in {"http", "https"}:
                raise forms.ValidationError(_("An address begins with https:// or http://."))
        return self.cleaned_data["sources"]


def seats_of(group):
    return forms.IntegerField(
        label=group,
        required=False,
        min_value=0,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "seats"}),
    )


class EventForm(SourcesForm):
    """An event; the seats as one number per regional group."""

    seats_AFG = seats_of(RegionalGroup.AFG)
    seats_APG = seats_of(RegionalGroup.APG)
    seats_EEG = seats_of(RegionalGroup.EEG)
    seats_LAC = seats_of(RegionalGroup.LAC)
    seats_WEOG = seats_of(RegionalGroup.WEOG)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for group in RegionalGroup.values:
            self.fields[f"seats_{group}"].initial = (self.instance.seats or {}).get(group)

    def clean(self):
        super().clean()
        start, end = self.cleaned_data.get("term_start"), self.cleaned_data.get("term_end")
        if start and end and end < start:
            self.add_error("term_end", _("The term cannot end before it begins."))
        letter, due = self.cleaned_data.get("letter_date"), self.cleaned_data.get("answers_due_on")
        if letter and due and due < letter:
            self.add_error("answers_due_on", "Answers cannot be due before the letter's date.")

    def save(self, commit=True):
        given = {group: self.cleaned_data[f"seats_{group}"] for group in RegionalGroup.values}
        self.instance.seats = {group: seats for group, seats in given.items() if seats}
        return super().save(commit)


class CandidacyForm(SourcesForm):
    """A State at an event."""


class NewCandidaciesFormSet(forms.BaseInlineFormSet):
    """States that stand, chosen on the event's page; each stands once.

    Django leaves constraints over an inline's own event unchecked.
    """

    def clean(self):
        super().clean()
        standing = set()
        if self.instance.pk:
            standing = set(self.instance.candidacies.values_list("state", flat=True))
        for form in self.forms:
            state = form.cleaned_data.get("state") if hasattr(form, "cleaned_data") else None
            if state and state.pk in standing:
                form.add_error("state", _("This State stands at the event already."))


class StateForm(forms.ModelForm):
    """A State; the invented ones have codes that ISO leaves to its users."""

    def clean(self):
        super().clean()
        iso3 = self.cleaned_data.get("iso3", "X")
        if self.cleaned_data.get("is_specimen") and not iso3.startswith("X"):
            self.add_error("iso3", _("The code of an invented State begins with X."))


class ContactForm(forms.ModelForm):
    """A person or mailbox at a mission, once.

    Django leaves a constraint unchecked when one of its fields is not on the form.
    """

    def clean(self):
        super().clean()
        contact = self.instance
        same = Contact.objects.exclude(pk=contact.pk).filter(
            mission=contact.mission_id,
            name=self.cleaned_data.get("name"),
            email=self.cleaned_data.get("email", contact.email),
        )
        if contact.pk and not self.errors and same.exists():
            raise forms.ValidationError(_("The mission has this contact already."))


class QuestionForm(forms.ModelForm):
    """A question; its number is proposed when none is given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "number" in self.fields:
            self.fields["number"].required = False
            self.fields["number"].help_text = _(
                "5 in Q5, 1 in KAZ-1. Leave it empty for the next free number."
            )

        if "status" in self.fields:
            self.fields["status"].choices = [
                choice
                for choice in QuestionStatus.choices
                if choice[0] != QuestionStatus.WITHDRAWN  # by its own act, with a reason
            ]

    def clean(self):
        super().clean()
        self._check_state()
        self._check_status()
        if "number" in self.fields and not self.errors:
            self._check_number()

    def _check_state(self):
        scope = self._value("scope")
        state = self._value("state")
        if scope == QuestionScope.ONE and not state:
            self._say("state", _("Choose the State to which the question is put."))
        if scope != QuestionScope.ONE and state:
            self._say("state", _("Only a question put to one candidate names a State."))

    def _check_status(self):
        status, into = self._value("status"), self._value("merged_into")
        if status == QuestionStatus.MERGED and not into:
            self._say("merged_into", _("Choose the question into which this one was merged."))
        if status != QuestionStatus.MERGED and into:
            self._say("merged_into", _("Only a question with the status “merged” names another."))
        if into and into.pk == self.instance.pk:
            self._say("merged_into", _("A question cannot be merged into itself."))
        if into and into.event_id != getattr(self._value("event"), "pk", None):
            self._say("merged_into", _("Choose a question of the same event."))
        if status == QuestionStatus.DECLINED and not self._value("status_reason"):
            self._say("status_reason", _("Say why the question was declined. It stays internal."))

    def _check_number(self):
        event, state = self._value("event"), self._value("state")
        same = Question.objects.filter(event=event, state=state).exclude(pk=self.instance.pk)
        number = self.cleaned_data.get("number")
        if number is None:
            last = same.aggregate(last=Max("number"))["last"] or 0
            self.cleaned_data["number"] = self.instance.number = last + 1
        elif same.filter(number=number).exists():
            self.add_error("number", _("Another question of this event has this number."))

    def _value(self, name):
        """As typed; what cannot be changed any more, as stored."""
        if name in self.fields:
            return self.cleaned_data.get(name)
        return getattr(self.instance, name) if self._is_stored(name) else None

    def _is_stored(self, name):
        return name != "event" or self.instance.event_id is not None

    def _say(self, name, sentence):
        self.add_error(name if name in self.fields else None, sentence)


class AskerForm(forms.ModelForm):
    """An asker; a consent is a day and a source together."""

    def clean(self):
        super().clean()
        for consent in ["state_consent", "public_consent"]:
            on = self.cleaned_data.get(f"{consent}_on")
            source = self.cleaned_data.get(f"{consent}_source")
            if on and not source:
                self.add_error(f"{consent}_source", _("Say where the consent is on record."))
            if source and not on:
                self.add_error(f"{consent}_on", _("Enter the day of the consent."))
        state, kind = self.cleaned_data.get("state"), self.cleaned_data.get("kind")
        if state and kind != AskerKind.STATE_MISSION:
            self.add_error("state", _("Only the mission of a State names a State."))


class AskedByForm(forms.ModelForm):
    """One asker of a question and its place in the printed order."""

    order = forms.IntegerField(required=False, min_value=1, help_text=_("Empty: last."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["order"].initial = self.instance.position


class IssueLetterForm(forms.Form):
    """That the letter to a State went out by other means."""

    required_css_class = "required"
    date = forms.DateField(label=_("Date of the letter"))
    signatory_name = forms.CharField(label=_("Signed by"), max_length=120)
    signatory_title = forms.CharField(label=_("Title"), max_length=200, required=False)
    reply_contact_email = forms.EmailField(
        label=_("Address for replies"), required=False, help_text=_("As printed in the letter.")
    )

    def __init__(self, *args, last_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.last_day = last_day

    def clean_date(self):
        if self.cleaned_data["date"] > self.last_day:
            raise forms.ValidationError(_("This day is in the future."))
        return self.cleaned_data["date"]


class LinkForm(forms.Form):
    """For whom a link is made."""

    required_css_class = "required"
    contact = forms.ModelChoiceField(
        Contact.objects.none(), widget=forms.RadioSelect, empty_label=None, label=_("For")
    )

    def __init__(self, state, *args, **kwargs):
        super().__init__(*args, **kwargs)
        contacts = Contact.objects.active().filter(mission__state=state)
        self.fields["contact"].queryset = contacts.select_related("mission__state").order_by(
            "mission__city", "name"
        )
        self.fields["contact"].label_from_instance = described


def described(contact):
    parts = [str(contact), contact.email, contact.mission.get_city_display()]
    return ", ".join(str(part) for part in parts if part)


class WithholdForm(forms.Form):
    """Why something is kept from the public."""

    required_css_class = "required"
    ground = forms.ChoiceField(
        label="Ground",
        choices=[("", "–"), *Ground.choices],
        help_text="Of what was public, the register of corrections says this and the reason.",
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Shown in public in place of the text."),
    )


class WordsForm(forms.Form):
    """A yes to words that were taken out once."""

    required_css_class = "required"
    words_may_stand = forms.BooleanField(
        label="I have looked at each place: these words may be read there"
    )


class WithdrawForm(forms.Form):
    """Why a translation is taken off the public pages."""

    required_css_class = "required"
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="For staff; not published.",
    )


class RefuseFileForm(forms.Form):
    """Why a mission's file is not given to readers."""

    required_css_class = "required"
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("For staff; not published."),
    )


class PutForm(forms.Form):
    """The candidacies to which a question is put."""

    candidacies = forms.ModelMultipleChoiceField(
        None,
        widget=forms.CheckboxSelectMultiple,
        label=_("Put it to"),
        error_messages={"required": _("Choose at least one State.")},
    )

    def __init__(self, candidacies, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["candidacies"].queryset = candidacies
        self.fields["candidacies"].label_from_instance = lambda candidacy: str(candidacy.state)
