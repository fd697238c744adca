"""What missions type. Each error keeps the text as typed; wording: ux.md §2.3."""

from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from questions.models import AddressedQuestion, ReplyItem, State
from questions.plaintext import UnreadableText, normalise

from .attachments import PdfField
from .reply_texts import doubts

LONGEST_ANSWER = 20_000
LONGEST_REASON = 2_000
# Composing and unifying newlines shorten an honest text by less; beyond it nothing is read.
LARGEST_SHRINKING = 5
LARGEST_REVISION_DIGITS = 9

LANGUAGES = [
    ("", _("Choose a language")),
    ("ar", "العربية (Arabic)"),
    ("zh-hans", "中文 (Chinese)"),
    ("en", "English"),
    ("fr", "Français (French)"),
    ("ru", "Русский (Russian)"),
    ("es", "Español (Spanish)"),
]
YES, NO = "yes", "no"

NOTHING_TO_CLEAR = _("Enter an answer or attach a PDF before marking this question as ready")
TOO_LONG = _("This text must be %(most)s characters or fewer. Yours has %(count)s")
UNREADABLE = _(
    "Some characters in your text could not be read and show as �. "
    "Paste the text again, or type over them"
)


class PlainTextField(forms.CharField):
    """A text as people paste it, cleaned to the form in which it is kept."""

    def __init__(self, *, most: int, **kwargs):
        super().__init__(strip=False, **kwargs)
        self.most = most

    def to_python(self, value) -> str:
        typed = super().to_python(value)
        if len(typed) > self.most * LARGEST_SHRINKING:
            raise self.too_long(typed)
        try:
            text = normalise(typed)
        except UnreadableText as unreadable:
            raise ValidationError(UNREADABLE) from unreadable
        if "\ufffd" in text:
            raise ValidationError(UNREADABLE)
        if len(text) > self.most:
            raise self.too_long(text)
        return text

    def too_long(self, text: str) -> ValidationError:
        return ValidationError(
            TOO_LONG, params={"most": f"{self.most:,}", "count": f"{len(text):,}"}
        )


class LineField(PlainTextField):
    """One line: a name, a title."""

    def to_python(self, value) -> str:
        return " ".join(super().to_python(value).split())


def revision(typed: str) -> int:
    """The revision a form was shown with; what cannot be one stands for none yet."""
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LARGEST_REVISION_DIGITS
    return int(typed) if is_number else 0


class AnswerForm(forms.Form):
    """The answer to one question (ux.md M5)."""

    language = forms.ChoiceField(
        label=_("Language of this answer"), choices=LANGUAGES, required=False
    )
    text = PlainTextField(most=LONGEST_ANSWER, required=False, label=_("Your answer"))
    ready = forms.ChoiceField(
        label=_("Is this answer ready to send?"),
        choices=[(YES, _("Yes, it has been cleared")), (NO, _("No, keep it as a draft"))],
        error_messages={
            "required": _("Select whether this answer is ready to send"),
            "invalid_choice": _("Select whether this answer is ready to send"),
        },
    )
    file = PdfField(required=False, label=_("Attach a PDF (optional)"))
    amendment_reason = PlainTextField(
        most=LONGEST_REASON, required=False, label=_("Reason for the amendment (optional)")
    )
    as_it_is = forms.BooleanField(required=False)
    has_doubts = False
    field_order = ["language", "text", "file", "amendment_reason", "ready"]

    def __init__(self, *args, has_files: bool = False, **kwargs):
        """`has_files`: whether some are attached already."""
        super().__init__(*args, **kwargs)
        self.has_files = has_files

    def clean(self):
        fields = self.cleaned_data
        is_attached = self.has_files or fields.get("file") is not None
        is_called_ready = fields.get("ready") == YES
        if is_called_ready and fields.get("text") == "" and not is_attached:
            self.add_error("text", NOTHING_TO_CLEAR)
        needs_language = fields.get("text") or (is_called_ready and is_attached)
        if needs_language and "language" in fields and not fields["language"]:
            self.add_error("language", _("Select the language of this answer"))
        if not self.errors and self.is_ready and not fields["as_it_is"]:
            self.doubt(fields["text"], fields["language"])
        return fields

    def doubt(self, text: str, language: str) -> None:
        """What is probably a slip is asked about before an answer is called ready, not refused."""
        for field, question in doubts(text, language):
            self.add_error(field, question)
        self.has_doubts = bool(self.errors)

    @property
    def is_ready(self) -> bool:
        return self.cleaned_data["ready"] == YES

    @property
    def based_on(self) -> int:
        return revision(self.data.get("revision", ""))

    @property
    def copy(self) -> int | None:
        """The conflict copy that autosave made of what this page shows."""
        return revision(self.data.get("copy", "")) or None


class AutosaveForm(forms.Form):
    """What is typed so far: it may lack its language, and is never called ready."""

    text = PlainTextField(most=LONGEST_ANSWER, required=False)
    language = forms.ChoiceField(choices=LANGUAGES, required=False)
    amendment_reason = PlainTextField(most=LONGEST_REASON, required=False)
    based_on = AnswerForm.based_on
    copy = AnswerForm.copy


MINE, SAVED, COMBINED = "mine", "saved", "combined"


class KeepForm(AnswerForm):
    """Which of two texts to keep when both missions changed one answer (ux.md M14)."""

    keep = forms.ChoiceField(
        label=_("Which text do you want to keep?"),
        choices=[
            (MINE, _("Keep your text")),
            (SAVED, _("Keep the saved text")),
            (COMBINED, _("Keep the combined text, edited below")),
        ],
        error_messages={
            "required": _("Select which text to keep"),
            "invalid_choice": _("Select which text to keep"),
        },
    )
    field_order = ["keep", "language", "text", "file", "amendment_reason", "ready"]

    def clean(self):
        if self.cleaned_data.get("keep") in {MINE, SAVED}:
            return self.cleaned_data
        return super().clean()


class SignedForm(forms.Form):
    """What is sent at one press: named by a person, once however often it is pressed."""

    signatory_name = LineField(
        most=120,
        label=_("Name of the person sending"),
        error_messages={"required": _("Enter the name of the person sending")},
    )
    signatory_title = LineField(
        most=200,
        label=_("Title or post"),
        error_messages={"required": _("Enter the title or post of the person sending")},
    )

    def clean_signatory_name(self):
        return self._filled("signatory_name")

    def clean_signatory_title(self):
        return self._filled("signatory_title")

    def _filled(self, name: str) -> str:
        """Blank after cleaning is as good as empty."""
        if not self.cleaned_data[name]:
            raise ValidationError(self.fields[name].error_messages["required"])
        return self.cleaned_data[name]

    @property
    def form_key(self) -> UUID:
        """The one the form was shown with; a new one for a new form, or where it is unreadable."""
        try:
            return UUID(hex=self.data.get("form_key", ""))
        except ValueError:
            return self._new_key

    def __init__(self, *args, state: State, **kwargs):
        super().__init__(*args, **kwargs)
        self._new_key = uuid4()
        self.state = state


class SendForm(SignedForm):
    """Checking and sending (ux.md M7)."""

    declaration = forms.BooleanField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["declaration"].error_messages["required"] = _(
            "Confirm that these answers may be published as statements of %(state)s"
        ) % {"state": self.state}

    def shown(self, items: list[ReplyItem]) -> dict[AddressedQuestion, int]:
        """The slots that were previewed, each with the revision of its draft."""
        return {
            item.slot: revision(self.data[name])
            for item in items
            if (name := f"revision-{item.slot.question.slug}") in self.data
        }

    def shown_by_letter(self, items: list[ReplyItem]) -> list[AddressedQuestion]:
        """The slots for which the letter was previewed."""
        listed = self.data.getlist("by_letter") if self.is_bound else []
        return [item.slot for item in items if item.slot.question.slug in listed]

    @property
    def letter_revision(self) -> int | None:
        """Of the letter that was previewed; None where none goes along."""
        return revision(self.data["letter"]) if "letter" in self.data else None

    @property
    def was_on_time(self) -> bool:
        """Whether the preview said that the answers would be on time; decides nothing else."""
        return self.data.get("shown") == "on_time"


class DeclineForm(SignedForm):
    """Declining to answer some questions or all (ux.md M10)."""

    everything = forms.BooleanField(required=False)
    questions = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Select the questions to decline")}
    )
    reason = PlainTextField(most=LONGEST_REASON, required=False, label=_("Reason (optional)"))
    language = forms.ChoiceField(
        label=_("Language of the reason"), choices=LANGUAGES, required=False
    )
    confirmation = forms.BooleanField()
    field_order = [
        "everything",
        "questions",
        "reason",
        "language",
        "signatory_name",
        "signatory_title",
        "confirmation",
    ]

    def __init__(self, *args, items: list[ReplyItem], **kwargs):
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["questions"].choices = [
            (item.slot.question.slug, item.slot.symbol) for item in items
        ]
        self.fields["confirmation"].error_messages["required"] = _(
            "Confirm that %(state)s declines to answer"
        ) % {"state": self.state}

    def clean(self):
        fields = self.cleaned_data
        if "questions" in fields and not self.slots:
            self.add_error("questions", _("Select the questions to decline"))
        if fields.get("reason") and "language" in fields and not fields["language"]:
            self.add_error("language", _("Select the language of the reason"))
        return fields

    @property
    def slots(self) -> list[AddressedQuestion]:
        """Those ticked; all are those that the page listed and that still have no answer."""
        everything = self.cleaned_data["everything"]
        chosen = self.data.getlist("listed") if everything else self.cleaned_data["questions"]
        return [item.slot for item in self.items if item.slot.question.slug in chosen]
