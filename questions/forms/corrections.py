"""What staff enter of a correction: what it is about by its symbol or address, and the words."""

import re

from django import forms
from django.urls import Resolver404, resolve

from questions.models import AddressedQuestion, Candidacy, Correction, Event, Question
from questions.plaintext import UnreadableText, normalise

from .attachments import PdfField
from .staff import WithholdForm

SYMBOL = re.compile(
    r"(?P<event>[A-Z]{2}\d{4}[A-Z]?)"
    r"(?:/Q(?P<number>[1-9]\d{0,3})(?:/(?P<of>[A-Z]{3}))?|/(?P<state>[A-Z]{3})(?:-(?P<own>[1-9]\d{0,3}))?)?"
)
LONGEST = 2_000


def subject_of(symbol):
    """The public row that a symbol names, as the fields of a correction; None where none does."""
    found = SYMBOL.fullmatch(symbol)
    event = found and Event.objects.publicly_visible().filter(code=found["event"]).first()
    if not event:
        return None
    name, row = "event", event
    if found["of"]:
        slots = AddressedQuestion.objects.publicly_visible().filter(
            question__event=event,
            question__state__isnull=True,
            question__number=found["number"],
            candidacy__state__iso3=found["of"],
        )
        name, row = "slot", slots.with_names().first()
    elif found["number"] or found["own"]:
        number, state = found["number"] or found["own"], found["state"]
        questions = Question.objects.publicly_visible().filter(event=event, number=number)
        of_state = {"state__iso3": state} if state else {"state__isnull": True}
        name, row = "question", questions.filter(**of_state).first()
    elif found["state"]:
        candidacies = Candidacy.objects.publicly_visible().with_names().filter(event=event)
        name, row = "candidacy", candidacies.filter(state__iso3=found["state"]).first()
    return row and {"event": event, name: row}


def office_page(address):
    """The address of a page that belongs to no event, without its language; None for others."""
    path = re.sub(r"^https?://[^/]+", "", address)
    path = re.sub(r"^/(ar|en|es|fr|ru|zh-hans)(?=/)", "", path)
    try:
        found = resolve(f"/en{path}")
    except Resolver404:
        return None
    return path if found.namespaces == ["public"] and "event" not in found.kwargs else None


class CorrectionForm(forms.ModelForm):
    """A note for the register."""

    about = forms.CharField(
        max_length=200,
        help_text="A symbol, such as PE2021/Q5/KAZ, PE2021/KAZ or PE2021, or the address of a "
        "page of the office, such as /about/method/.",
    )
    what_was_wrong = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In English, for readers. Do not repeat what must not be read any more.",
    )
    what_changed = forms.CharField(
        label="What it says now", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = forms.CharField(
        label="Why",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="How the mistake happened or came to light.",
    )

    class Meta:
        model = Correction
        fields = ["about", "corrected_on", "what_was_wrong", "what_changed", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["about"].initial = self.instance.symbol

    def clean_about(self):
        typed = self.cleaned_data["about"].strip()
        subject = {"page": page} if (page := office_page(typed)) else subject_of(typed.upper())
        if subject is None:
            raise forms.ValidationError("No public page has this symbol or address.")
        nothing = {"event": None, "candidacy": None, "question": None, "slot": None, "page": ""}
        for name, value in (nothing | subject).items():
            setattr(self.instance, name, value)
        return typed

    def clean_corrected_on(self):
        if self.cleaned_data["corrected_on"] > self.last_day:
            raise forms.ValidationError("This day is in the future.")
        return self.cleaned_data["corrected_on"]

    def clean(self):
        super().clean()
        for name in ["what_was_wrong", "what_changed", "reason"]:
            try:
                self.cleaned_data[name] = normalise(self.cleaned_data.get(name) or "")
            except UnreadableText:
                self.add_error(name, "The text holds a character that cannot be stored.")


class RedactionForm(WithholdForm):
    """A text without some words, and why."""

    text = forms.CharField(
        label="Text without them",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto", "class": "vLargeTextField"}),
        help_text="Take words out, and write […] where they stood. Change nothing else.",
    )
    keeps_files = forms.BooleanField(
        label="The files that came with it do not hold these words",
        required=False,
        help_text="Otherwise they are withdrawn too.",
    )
    field_order = ["text", "ground", "reason", "keeps_files"]

    def clean_text(self):
        try:
            return normalise(self.cleaned_data["text"])
        except UnreadableText as unreadable:
            raise forms.ValidationError(
                "The text holds a character that cannot be stored."
            ) from unreadable


class NoteRedactionForm(forms.Form):
    """A note of the register without some words."""

    def __init__(self, note, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, text in note.words.items():
            self.fields[name] = forms.CharField(
                label=note._meta.get_field(name).verbose_name.capitalize(),
                initial=text,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="Take words out, and write […] where they stood. Change nothing else.",
            )

    def clean(self):
        for name, text in self.cleaned_data.items():
            try:
                self.cleaned_data[name] = normalise(text)
            except UnreadableText:
                self.add_error(name, "The text holds a character that cannot be stored.")


class ReplacementForm(WithholdForm):
    """A file without some words, and why."""

    file = PdfField(label="PDF of pictures of its pages")
    field_order = ["file", "ground", "reason"]
