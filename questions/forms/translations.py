"""What staff type of a translation, and what looks like a slip in it. Staff's words are English."""

from django import forms

from questions.models import (
    UN_LANGUAGES,
    Response,
    ResponseStatus,
    Translation,
    TranslationKind,
    TranslationStatus,
)
from questions.plaintext import UnreadableText, normalise, paragraphs

from .entries import LONGEST_ANSWER
from .reply_texts import LATIN, LOOKS, is_in_doubt, looks_like


class TranslationForm(forms.Form):
    """A translation of a response or a question; the language stands once it is entered."""

    required_css_class = "required"
    language = forms.ChoiceField(label="Language")
    kind = forms.ChoiceField(label="Made")
    made_by = forms.CharField(
        label="By whom",
        max_length=80,
        initial="ISHR",
        help_text="As readers see it: ISHR, the Permanent Mission, or the name of the engine. "
        "No names of staff.",
    )
    made_on = forms.DateField(label="Made on", help_text="As 2021-10-05.")
    text = forms.CharField(
        label="Translation",
        strip=False,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}),
    )

    def __init__(self, original, *args, last_day, **kwargs):
        super().__init__(*args, **kwargs)
        self.last_day = last_day
        self.fields["made_on"].initial = last_day
        self.fields["language"].choices = [
            choice for choice in UN_LANGUAGES if choice[0] != original.language
        ]
        self.fields["language"].initial = "fr" if original.language == "en" else "en"
        self.fields["kind"].choices = [
            choice
            for choice in TranslationKind.choices
            if choice[0] != TranslationKind.OFFICIAL or isinstance(original, Response)
        ]
        self.fields["kind"].initial = TranslationKind.OFFICE

    def clean_made_on(self):
        if self.cleaned_data["made_on"] > self.last_day:
            raise forms.ValidationError("This day is in the future.")
        return self.cleaned_data["made_on"]

    def clean_text(self):
        try:
            text = normalise(self.cleaned_data["text"])
        except UnreadableText as unreadable:
            sentence = "The text holds a character that cannot be stored."
            raise forms.ValidationError(sentence) from unreadable
        if not text:
            raise forms.ValidationError("This field is required.")
        return text


def warnings_of(translation: Translation) -> list[str]:
    """What to look at before it is published; nothing here refuses it."""
    original = translation.original
    found = [*_doubts(translation.text, translation.language)]
    parts = len(paragraphs(original.text)), len(paragraphs(translation.text))
    if parts[0] != parts[1]:
        found.append(f"The original has {parts[0]} paragraphs, the translation {parts[1]}.")
    if translation.text == original.text:
        found.append("The translation is the same as the original.")
    if not type(original).objects.publicly_visible().filter(pk=original.pk).exists():
        found.append("The original is not public. The translation is shown once it is.")
    if isinstance(original, Response) and original.status == ResponseStatus.SUPERSEDED:
        found.append("The original is an earlier wording; the one in force has texts of its own.")
    same = Translation.objects.exclude(pk=translation.pk).filter(
        response=translation.response_id,
        question=translation.question_id,
        language=translation.language,
    )
    if same.published().exists():
        found.append("Publishing it withdraws the translation into this language that is public.")
    if same.filter(status=TranslationStatus.DRAFT).exists():
        found.append("Another draft into this language waits. Withdraw the one not to be used.")
    return found


def _doubts(text: str, language: str):
    looks = looks_like(text)
    if is_in_doubt(looks, language):
        name = "English, French or Spanish" if looks == LATIN else LOOKS[looks]
        yield f"The text looks like {name}; the language chosen is {LOOKS[language]}."
