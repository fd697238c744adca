"""What one letter says, as plain values: PDF, Word, preview and text all print this and no more."""

import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any

_RIGHT_TO_LEFT = {"R", "AL"}


def text_direction(text: str, language: str) -> str:
    """ "rtl" or "ltr" by the first letter that has a direction, else by the language."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return "ltr"
        if direction in _RIGHT_TO_LEFT:
            return "rtl"
    return "rtl" if language == "ar" else "ltr"


@dataclass(frozen=True)
class PrintedAddressee:
    """One person written to, as two lines."""

    name: str  # "H.E. Mr. Magzhan Ilyassov"
    role: str


@dataclass(frozen=True)
class PrintedAsker:
    """Who put a question, as the State may know them."""

    name: str
    label: str = ""  # "Twitter user"

    def __str__(self):
        return f"{self.name} ({self.label})" if self.label else self.name

    @property
    def dir(self) -> str:
        return text_direction(self.name, "")


@dataclass(frozen=True)
class PrintedQuestion:
    """One question; the paragraphs of its text are separated by one blank line."""

    number: int
    askers: tuple[PrintedAsker, ...]
    text: str
    language: str = "en"

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip("\n") for part in self.text.split("\n\n") if part.strip()]

    @property
    def dir(self) -> str:
        return text_direction(self.text, self.language)

    @property
    def askers_in_words(self) -> list[tuple[str, PrintedAsker]]:
        """Each asker with what stands before it: nothing, a comma, or "and"."""
        last = len(self.askers) - 1
        before = ["", *[", "] * (last - 1), " and "]
        return list(zip(before, self.askers, strict=False))


@dataclass(frozen=True)
class PrintedSection:
    """Questions under one heading."""

    heading: str
    questions: tuple[PrintedQuestion, ...]


@dataclass(frozen=True)
class LetterContent:
    """One letter to one State, whole; frozen when the letter is issued."""

    reference: str  # "PE2021/KAZ"
    language: str
    addressees: tuple[PrintedAddressee, ...]
    date: str  # as printed: "29th September, 2021"
    salutation: str
    title: str
    paragraphs: tuple[str, ...]
    sections: tuple[PrintedSection, ...]
    closing: tuple[str, ...]
    signatory: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The content as `json.dumps` takes it, and `from_json` what that wrote."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "LetterContent":
        texts = ("paragraphs", "closing", "signatory")
        return cls(
            **stored
            | {name: tuple(stored[name]) for name in texts}
            | {
                "addressees": tuple(PrintedAddressee(**one) for one in stored["addressees"]),
                "sections": tuple(_section(one) for one in stored["sections"]),
            }
        )

    def plain_text(self) -> str:
        """The letter as text, in the form in which `questions.parsing.letters` reads one."""
        blocks = []
        for addressee in self.addressees:
            blocks += [addressee.name, addressee.role]
        blocks += [self.date, self.salutation, self.title, *self.paragraphs]
        for section in self.sections:
            blocks += [section.heading, *(_question_text(one) for one in section.questions)]
        blocks += [*self.closing, "\n".join(self.signatory)]
        return "\n\n".join(block for block in blocks if block) + "\n"


def _section(stored: dict[str, Any]) -> PrintedSection:
    return PrintedSection(
        stored["heading"],
        tuple(
            PrintedQuestion(
                **one | {"askers": tuple(PrintedAsker(**asker) for asker in one["askers"])}
            )
            for one in stored["questions"]
        ),
    )


def _question_text(question: PrintedQuestion) -> str:
    askers = "".join(f"{before}*{asker}*" for before, asker in question.askers_in_words)
    who = f"{askers}: " if askers else ""
    return f"{question.number}. {who}{question.text}"
