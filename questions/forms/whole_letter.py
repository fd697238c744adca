"""One letter for several questions (ux.md M6)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from questions.models import AddressedQuestion, ReplyItem

from .attachments import PdfField
from .reply import LANGUAGES, NO, YES, PlainTextField, revision
from .reply_texts import doubts

LONGEST_LETTER = 100_000
LAST_PAGE = 2_000


class WholeLetterForm(forms.Form):
    """The file, what it answers on which page, and its text where the mission pastes it."""

    file = PdfField(required=False, label=_("Choose the letter"))
    everything = forms.BooleanField(required=False)
    questions = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("Select the questions that the letter answers")},
    )
    text = PlainTextField(
        most=LONGEST_LETTER, required=False, label=_("Text of the letter (recommended)")
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=LANGUAGES, required=False
    )
    ready = forms.ChoiceField(
        label=_("Is this letter ready to send?"),
        choices=[(YES, _("Yes, it has been cleared")), (NO, _("No, keep it as a draft"))],
        error_messages={
            "required": _("Select whether this letter is ready to send"),
            "invalid_choice": _("Select whether this letter is ready to send"),
        },
    )
    as_it_is = forms.BooleanField(required=False)
    has_doubts = False

    def __init__(self, *args, items: list[ReplyItem], has_file: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.items, self.has_file = items, has_file
        self.fields["questions"].choices = [
            (item.slot.question.slug, item.slot.symbol) for item in items
        ]
        for item in items:
            self.fields[f"page-{item.slot.question.slug}"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=LAST_PAGE,
                error_messages=dict.fromkeys(
                    ["invalid", "min_value", "max_value"],
                    _("Enter the number of the page, such as 2"),
                ),
            )

    def clean(self):
        fields = self.cleaned_data
        if "file" in fields and fields["file"] is None and not self.has_file:
            self.add_error("file", _("Attach the letter as PDF"))
        if "questions" in fields and not self.slots:
            self.add_error("questions", _("Select the questions that the letter answers"))
        needs_language = fields.get("text") or fields.get("ready") == YES
        if needs_language and "language" in fields and not fields["language"]:
            self.add_error("language", _("Select the language of the letter"))
        if not self.errors and self.is_ready and not fields["as_it_is"]:
            for field, question in doubts(fields["text"], fields["language"]):
                self.add_error(field, question)
            self.has_doubts = bool(self.errors)
        return fields

    @property
    def slots(self) -> dict[AddressedQuestion, int | None]:
        """The questions it answers, each with its page or None."""
        fields = self.cleaned_data
        return {
            item.slot: fields.get(f"page-{item.slot.question.slug}")
            for item in self.items
            if fields["everything"] or item.slot.question.slug in fields["questions"]
        }

    @property
    def rows(self) -> list[tuple[ReplyItem, forms.BoundField, bool]]:
        """Each question with the field of its page, and whether it is ticked."""
        ticked = self["questions"].value() or []
        return [
            (item, self[f"page-{item.slot.question.slug}"], item.slot.question.slug in ticked)
            for item in self.items
        ]

    @property
    def is_ready(self) -> bool:
        return self.cleaned_data["ready"] == YES

    @property
    def based_on(self) -> int:
        return revision(self.data.get("revision", ""))
