"""What a letter says, as plain values; every word is the letter's."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

City = Literal["new_york", "geneva"]
Participation = Literal["took_part", "declined", "no_reply", "did_not_attend", "unknown"]


@dataclass(frozen=True)
class ParsedAddressee:
    """One Permanent Representative written to."""

    honorific: str
    name: str
    role: str  # the line as printed
    state: str
    city: City


@dataclass(frozen=True)
class ParsedAsker:
    """Who put a question."""

    name: str
    label: str = ""  # "Twitter user"


@dataclass(frozen=True)
class ParsedQuestion:
    """One question; paragraphs of its text are separated by one blank line."""

    number: int
    askers: tuple[ParsedAsker, ...]  # empty when the letter names nobody
    text: str


@dataclass(frozen=True)
class ParsedLetter:
    """A letter to one State. Texts are "" where the letter does not say."""

    state: str  # as written: "Kazakhstan", "the Republic of Fiji"
    addressees: tuple[ParsedAddressee, ...]
    letter_date: date
    title: str
    body: str
    event_dates: tuple[date, ...]
    venue: str  # "online", or a city as written
    organisers: tuple[str, ...]
    term_start: int
    term_end: int
    audience: str  # as written: "over 200 online attendees"
    participation: Participation
    answers_due_on: date
    reply_contact_name: str
    reply_contact_email: str
    signatory_name: str
    signatory_title: str
    signatory_organisation: str
    signatory_email: str
    own_questions: tuple[ParsedQuestion, ...]
    common_questions: tuple[ParsedQuestion, ...]
    text: str  # the whole letter, normalised; askers in italics stand between asterisks

    @property
    def event_year(self) -> int:
        """The year in the title ("Pledging Event 2021"), else that of the event."""
        for word in reversed(self.title.replace(",", " ").split()):
            if len(word) == 4 and word.isdecimal() and word.startswith(("19", "20")):
                return int(word)
        return self.event_dates[0].year
