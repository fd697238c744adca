"""The Word document that came back from the capital: choosing it, and confirming what it says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from questions.models import AddressedQuestion, ReplyItem, text_digest
from questions.parsing.refusals import FileRefused
from questions.parsing.replies import MAX_BYTES, NotWord, ParsedReply, Wanted, parse_reply

from .reply import LANGUAGES, LONGEST_ANSWER, PlainTextField, revision
from .reply_texts import LATIN, is_in_doubt, looks_like

NOT_WORD = {
    "pdf": _("The file is a PDF. Choose the Word document, or attach the PDF to an answer"),
    "old": _(
        "The Word document has a password or an old format. Save it as .docx without a password"
    ),
    "other": _("The file is not a Word document. Choose the one that you downloaded here"),
}
NOT_SAFE = _(
    "The Word document is damaged or holds something that could not be opened safely. "
    "Save it as a new Word document (.docx) and choose that one"
)
TOO_BIG = _("The Word document must be smaller than 10 MB. Yours is %(megabytes)s MB")
NONE_CHOSEN = _("Choose the Word document")
CHOOSE_CHANGES = _("Select whether the tracked changes are accepted or refused")
CHOOSE_COMMENTS = _("Select what becomes of the comments")
CHOOSE_LANGUAGE = _("Select the language of this answer")
LONGEST_LOOSE = 200_000
MOST_LOOSE = 100
MOST_NAMED = 300
ACCEPT, REFUSE = "accept", "refuse"
LEAVE, KEEP = "leave", "keep"


class WordFileForm(forms.Form):
    """One .docx; its cleaned value is a ParsedReply. Nothing is kept of the file itself."""

    document = forms.FileField(
        label=_("Word document (.docx)"),
        allow_empty_file=True,
        error_messages={"required": NONE_CHOSEN, "invalid": NONE_CHOSEN},
    )

    def __init__(self, *args, wanted: Sequence[Wanted], own_lines: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.wanted, self.own_lines = wanted, own_lines

    def clean_document(self) -> ParsedReply:
        file = self.cleaned_data["document"]
        if file.size > MAX_BYTES:
            raise ValidationError(TOO_BIG, params={"megabytes": -(-file.size // 1_000_000)})
        try:
            return parse_reply(file.read(), self.wanted, self.own_lines)
        except NotWord as other:
            raise ValidationError(NOT_WORD[other.kind]) from other
        except FileRefused as refused:
            raise ValidationError(NOT_SAFE) from refused


@dataclass(frozen=True)
class Standing:
    """What the form holds for one question while the document is looked at."""

    item: ReplyItem
    text: str
    language: str

    @property
    def slug(self) -> str:
        return self.item.slot.question.slug


@dataclass(frozen=True)
class Chosen:
    """A text to be saved under a question, on top of the revision that was shown."""

    text: str
    language: str
    based_on: int


class ReturnedForm(forms.Form):
    """Every text under its question, to be confirmed; what has no place, to be given one."""

    changes = forms.ChoiceField(
        label=_("Tracked changes"),
        choices=[(ACCEPT, _("Accept all of them")), (REFUSE, _("Refuse all of them"))],
        error_messages={"required": CHOOSE_CHANGES, "invalid_choice": CHOOSE_CHANGES},
    )
    comments = forms.ChoiceField(
        label=_("Comments"),
        choices=[
            (LEAVE, _("Leave them out")),
            (KEEP, _("Keep them in the drafts, each marked, to be settled before sending")),
        ],
        error_messages={"required": CHOOSE_COMMENTS, "invalid_choice": CHOOSE_COMMENTS},
    )

    def __init__(self, standings: Sequence[Standing], last_language: str, **kwargs):
        super().__init__(**kwargs)
        self.standings = list(standings)
        self.last_language = last_language
        self.named: list[list[str]] = []  # kind, symbol, text, what it is about
        self.headings: list[tuple[str, str]] = []
        self.unchanged: list[Standing] = []
        self.newer: list[Standing] = []  # unchanged in the document, but not in the form since
        self.without: list[Standing] = []
        self.loose_about: dict[int, tuple[str, str]] = {}

    @classmethod
    def of(cls, parsed: ParsedReply, standings: Sequence[Standing], last_language: str):
        """The form as it is shown first."""
        form = cls(standings, last_language)
        form.named = [
            [thing.kind, symbol, thing.text, thing.about] for symbol, thing in parsed.named
        ]
        form.headings = list(parsed.headings.items())
        for one in form.standings:
            form._add_returned(one, parsed)
        loose = [one for one in parsed.unplaced if one.text.strip()]
        for number, one in enumerate(loose[:MOST_LOOSE]):
            form._add_loose(number, one.text, one.near, one.why)
        if len(loose) > MOST_LOOSE:
            rest = "\n\n".join(one.text for one in loose[MOST_LOOSE:])
            form._add_loose(MOST_LOOSE, rest, "", "place")
        form._leave_out_idle_choices()
        return form

    @classmethod
    def posted(cls, data, standings: Sequence[Standing], last_language: str):
        """The form as it came back."""
        form = cls(standings, last_language, data=data)
        form.named = _rows(data.get("named", ""), 4)
        form.headings = [tuple(row) for row in _rows(data.get("headings", ""), 2)]
        lists = (data.get(name, "").split() for name in ("unchanged", "newer", "without"))
        form.unchanged, form.newer, form.without = (
            [one for one in form.standings if one.slug in slugs] for slugs in lists
        )
        for one in form.standings:
            if f"text-{one.slug}" in data:
                form._add_text(one, has_changes=f"refused-{one.slug}" in data)
        for number in range(MOST_LOOSE + 1):
            if f"loose-{number}" in data:
                near, why = data.get(f"near-{number}", "")[:200], data.get(f"why-{number}", "")
                form._add_loose(number, "", near, why)
        form._leave_out_idle_choices()
        return form

    def _add_returned(self, one: Standing, parsed: ParsedReply) -> None:
        returned = parsed.texts.get(one.item.slot.symbol)
        if returned is None or not (returned.text or returned.without_changes):
            self.without.append(one)
            return
        has_changes = returned.text != returned.without_changes
        if returned.text == one.text and not has_changes:
            self.unchanged.append(one)
            return
        is_as_made = returned.made_from and text_digest(returned.text).startswith(
            returned.made_from
        )
        if is_as_made and not has_changes:
            self.newer.append(one)
            return
        self._add_text(one, has_changes=has_changes)
        self.initial |= {
            f"text-{one.slug}": returned.text,
            f"refused-{one.slug}": returned.without_changes,
            f"language-{one.slug}": self._language_of(returned.text, one),
            f"take-{one.slug}": True,
        }

    def _language_of(self, text: str, one: Standing) -> str:
        """The draft's or the last, unless the letters are another's."""
        looks = looks_like(text)
        for language in (one.language, self.last_language):
            if language and not is_in_doubt(looks, language):
                return language
        return "" if looks in {None, LATIN} else looks

    def _add_text(self, one: Standing, *, has_changes: bool) -> None:
        symbol = {"symbol": one.item.slot.symbol}
        label = (
            _("Text for %(symbol)s")
            if not has_changes
            else _("Text for %(symbol)s with the tracked changes accepted")
        )
        self.fields[f"text-{one.slug}"] = _text(label % symbol)
        if has_changes:
            label = _("Text for %(symbol)s with the tracked changes refused")
            self.fields[f"refused-{one.slug}"] = _text(label % symbol)
        self.fields[f"language-{one.slug}"] = forms.ChoiceField(
            label=_("Language of this answer"), choices=LANGUAGES, required=False
        )
        self.fields[f"take-{one.slug}"] = forms.BooleanField(required=False)

    def _add_loose(self, number: int, text: str, near: str, why: str) -> None:
        self.fields[f"loose-{number}"] = PlainTextField(
            most=LONGEST_LOOSE, required=False, label=_("Text without a question")
        )
        self.fields[f"put-{number}"] = forms.ChoiceField(
            label=_("Where does it belong?"),
            choices=[
                ("", _("Leave it out")),
                *((one.slug, one.item.slot.symbol) for one in self.standings),
            ],
            required=False,
        )
        self.initial[f"loose-{number}"] = text
        self.loose_about[number] = (near, why)

    def _leave_out_idle_choices(self) -> None:
        """Nothing is asked about changes and comments that are not there."""
        if not any(name.startswith("refused-") for name in self.fields):
            del self.fields["changes"]
        if not any(row[0] == "comment" for row in self.named):
            del self.fields["comments"]

    def clean(self):
        for one in self.standings:
            if f"text-{one.slug}" not in self.fields or not self._is_taken(one):
                continue
            if self._text_for(one) and not self.cleaned_data.get(f"language-{one.slug}"):
                self.add_error(f"language-{one.slug}", CHOOSE_LANGUAGE)
        if not self.errors:
            for one in self.standings:
                self._check_length(one)
        return self.cleaned_data

    def _check_length(self, one: Standing) -> None:
        chosen = self._whole_text(one)
        if chosen is None or len(chosen) <= LONGEST_ANSWER:
            return
        field = f"text-{one.slug}"
        if field not in self.fields:
            field = next(f"loose-{n}" for n in self.loose_about if self._put(n) == one.slug)
        self.add_error(field, PlainTextField(most=LONGEST_ANSWER).too_long(chosen))

    def _is_taken(self, one: Standing) -> bool:
        return bool(self.cleaned_data.get(f"take-{one.slug}"))

    def _text_for(self, one: Standing) -> str:
        is_refused = self.cleaned_data.get("changes") == REFUSE
        name = "refused" if is_refused and f"refused-{one.slug}" in self.fields else "text"
        return self.cleaned_data.get(f"{name}-{one.slug}", "")

    def _put(self, number: int) -> str:
        return self.cleaned_data.get(f"put-{number}", "")

    def _whole_text(self, one: Standing) -> str | None:
        """What would be saved under a question; None for nothing."""
        loose = [self.cleaned_data.get(f"loose-{n}", "") for n in self._loose_under(one.slug)]
        is_taken = f"text-{one.slug}" in self.fields and self._is_taken(one)
        if not is_taken and not any(loose):
            return None
        parts = [self._text_for(one) if is_taken else one.text, *loose]
        if is_taken and self.cleaned_data.get("comments") == KEEP:
            parts.append(self._comments_on(one))
        return "\n\n".join(part for part in parts if part)

    def _loose_under(self, slug: str) -> list[int]:
        return [number for number in self.loose_about if self._put(number) == slug]

    def _comments_on(self, one: Standing) -> str:
        """Each with a mark that is asked about again before the answer is called ready."""
        symbol = one.item.slot.symbol
        said = [row for row in self.named if row[0] == "comment" and row[1] == symbol]
        return "\n".join(
            f"[COM{number}] “{about}”: {text}" if about else f"[COM{number}] {text}"
            for number, (_kind, _symbol, text, about) in enumerate(said[:999], start=1)
        )

    def chosen(self) -> dict[AddressedQuestion, Chosen]:
        """What to save under which question."""
        found = {}
        for one in self.standings:
            text = self._whole_text(one)
            if not text or text == one.text:
                continue
            language = self.cleaned_data.get(f"language-{one.slug}", "") or one.language
            based_on = revision(self.data.get(f"revision-{one.slug}", ""))
            found[one.item.slot] = Chosen(text, language, based_on)
        return found

    @property
    def returned(self) -> list[dict]:
        """For the page: each text beside what the form holds."""
        return [
            {
                "standing": one,
                "text": self[f"text-{one.slug}"],
                "refused": self[f"refused-{one.slug}"]
                if f"refused-{one.slug}" in self.fields
                else None,
                "language": self[f"language-{one.slug}"],
                "take": self[f"take-{one.slug}"],
            }
            for one in self.standings
            if f"text-{one.slug}" in self.fields
        ]

    @property
    def loose(self) -> list[dict]:
        return [
            {
                "number": number,
                "text": self[f"loose-{number}"],
                "put": self[f"put-{number}"],
                "near": near,
                "why": why,
            }
            for number, (near, why) in self.loose_about.items()
        ]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the page needs again when it is shown with errors."""
        lists = {"unchanged": self.unchanged, "newer": self.newer, "without": self.without}
        return [
            ("named", json.dumps(self.named[:MOST_NAMED])),
            ("headings", json.dumps(self.headings)),
            *((name, " ".join(one.slug for one in ones)) for name, ones in lists.items()),
        ]


def _text(label: str) -> PlainTextField:
    return PlainTextField(most=LONGEST_ANSWER, required=False, label=label)


def _rows(typed: str, width: int) -> list[list[str]]:
    """Rows of texts, as this form wrote them; of anything else nothing."""
    try:
        rows = json.loads(typed)
    except (ValueError, RecursionError):
        return []
    if not isinstance(rows, list):
        return []
    return [
        row
        for row in rows[:MOST_NAMED]
        if isinstance(row, list) and len(row) == width and all(isinstance(x, str) for x in row)
    ]
