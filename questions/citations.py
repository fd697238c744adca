"""What a reference to a page says, and the formats in which others take it (ux.md §1.4).

Silence is cited like an answer: with its status, as of a day.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import override

from questions.days import written
from questions.models import (
    NEW_YORK,
    AnswerStatus,
    Candidacy,
    Entry,
    Event,
    Question,
    Response,
    ResponseStatus,
)
from questions.plaintext import excerpt

PUBLISHER = "International Service for Human Rights"
INVENTED = "specimen, invented to show how the portal works"  # references are in English
WORDS = 40  # of a text, in what a page is described by
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # an escaped brace would still count as one
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&%#_"},
}
# What a wiki takes for a template, a link, a table, a tag, a signature or a switch.
WIKI = {ord(sign): f"&#{ord(sign)};" for sign in "{}|[]<>&~_"}


@dataclass(frozen=True)
class Citation:
    """A page as others cite it. `title` and `description` follow the active language."""

    reference: str  # as it stands in addresses: PE2021-Q5-KAZ.v2
    symbol: str
    title: str
    authors: tuple[str, ...]  # none: the office
    description: str
    published_on: date | None = None
    language: str = ""  # of the text that is cited
    status: str = ""  # of a reply that is no text
    is_specimen: bool = False
    is_redacted: bool = False
    text: str = ""
    dir: str = "auto"

    @property
    def permalink(self) -> str:
        return f"{settings.BASE_URL}/r/{self.reference}"

    @property
    def files(self) -> list[tuple[str, str]]:
        """The formats with the addresses of their files."""
        return [(name, f"/cite/{self.reference}.{ending}") for ending, name in FORMATS.items()]

    @property
    def by(self) -> tuple[str, ...]:
        return self.authors or (PUBLISHER,)

    @property
    def redaction(self) -> str:
        return _("ISHR took words out of this text, where […] stands.")

    def note(self, today: date) -> str:
        """Until which day a silence lasted, that words were taken out, and what is invented."""
        said = [
            as_of(self.status, today) if self.status else "",
            self.redaction if self.is_redacted else "",
            INVENTED if self.is_specimen else "",
        ]
        return "; ".join(filter(None, said))


FORMATS = {"ris": "RIS", "bib": "BibTeX"}


def as_of(status: str, today: date) -> str:
    return _("%(status)s as of %(day)s") % {
        "status": AnswerStatus(status).label,
        "day": written(today),
    }


def _later(words: Callable[[], str]) -> str:
    """The words in the language that is active when they are read."""
    return lazy(words, str)()


def cite_reply(entry: Entry, today: date, *, text: Response | None) -> Citation:
    """A State's reply to a question: one text, or that there is none."""
    slot = entry.slot
    state, question = slot.candidacy.state, slot.question
    title = _later(
        lambda: (
            _("%(state)s: %(heading)s (%(symbol)s)")
            % {"state": state, "heading": question.heading, "symbol": slot.symbol}
        )
    )
    if text is None:
        status = entry.status
        said = _later(lambda: as_of(status, today))
        where = (_dashed(slot.symbol), slot.symbol, title, (), said)
        return Citation(*where, status=status, is_specimen=question.event.is_specimen)
    return Citation(
        reference=_dashed(slot.symbol) + version_suffix(text),
        symbol=text.symbol,
        title=title,
        authors=(str(state),),
        description=excerpt(text.text, WORDS) or _later(lambda: text.get_kind_display()),
        published_on=text.received_at.astimezone(ZoneInfo(NEW_YORK)).date(),
        language=text.language,
        text=text.text,
        dir=text.dir,
        is_redacted=text.redacts_id is not None,
        is_specimen=question.event.is_specimen,
    )


def cite_question(question: Question) -> Citation:
    """Loaded `with_askers()`; who is not named in public is not named."""
    named = [asker.name for asker in question.askers_in_order if asker.is_named_in_public]
    return Citation(
        reference=_dashed(question.symbol),
        symbol=question.symbol,
        title=f"{question.heading} ({question.symbol})",
        authors=tuple(named),
        description=excerpt(question.text, WORDS),
        published_on=question.event.letter_date,
        language=question.language,
        text=question.text,
        is_specimen=question.event.is_specimen,
    )


def cite_candidacy(candidacy: Candidacy) -> Citation:
    title = _later(lambda: f"{candidacy.state}, {candidacy.event.title}")
    where = (_dashed(candidacy.symbol), candidacy.symbol, title, (), _term_of(candidacy.event))
    return Citation(*where, is_specimen=candidacy.event.is_specimen)


def cite_event(event: Event) -> Citation:
    where = (event.symbol, event.symbol, event.title, (), _term_of(event))
    return Citation(*where, is_specimen=event.is_specimen)


def _term_of(event: Event) -> str:
    return _later(
        lambda: (
            _("%(body)s elections · membership term %(term)s")
            % {"body": event.body_name, "term": event.term}
        )
    )


def _dashed(symbol: str) -> str:
    return symbol.replace("/", "-")


def version_suffix(text: Response) -> str:
    """Of the permanent link to one wording; the first has none while it is in force."""
    is_in_force = text.status == ResponseStatus.PUBLISHED
    return "" if text.version == 1 and is_in_force else f".v{text.version}"


def wikipedia(citation: Citation, today: date) -> str:
    """The template "cite web", which is in English; no text can end it or open another."""
    with override("en"):
        english, note = str(citation.title), citation.note(today)
    title = str(citation.title)
    fields = [
        *_numbered("author", citation.by if citation.authors else ()),
        ("title", title),
        ("trans-title", english if english != title else ""),
        ("type", note),
        ("date", citation.published_on and citation.published_on.isoformat()),
        ("language", citation.language.partition("-")[0]),
        ("id", citation.symbol),
        ("publisher", PUBLISHER),
    ]
    filled = [f"|{name}={wiki_text(value)}" for name, value in fields if value]
    return " ".join(
        [
            "{{cite web",
            *filled,
            f"|url={citation.permalink}",
            f"|access-date={today.isoformat()}" + "}}",
        ]
    )


def wiki_text(text: str) -> str:
    """On one line, without bold, links or templates."""
    return one_line(text).translate(WIKI).replace("''", "&#39;&#39;").replace("://", "&#58;//")


def _numbered(name: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """author, author2, author3."""
    return [(f"{name}{n if n > 1 else ''}", value) for n, value in enumerate(values, start=1)]


def ris(citation: Citation, today: date) -> str:
    """For reference managers; each field is one line, so that none can add another."""
    day = citation.published_on
    fields = [
        ("TY", "ELEC"),
        *(("AU", author) for author in citation.by),
        ("TI", citation.title),
        ("PY", day and str(day.year)),
        ("DA", day and day.strftime("%Y/%m/%d/")),
        ("PB", PUBLISHER),
        ("LA", citation.language),
        ("CN", citation.symbol),
        ("N1", citation.note(today)),
        ("UR", citation.permalink),
        ("Y2", today.strftime("%Y/%m/%d/")),
    ]
    lines = [f"{tag}  - {one_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def bibtex(citation: Citation, today: date) -> str:
    """For LaTeX; what means something there is written out."""
    day = citation.published_on
    fields = [
        ("author", " and ".join(f"{{{latex(author)}}}" for author in citation.by)),
        ("title", f"{{{latex(citation.title)}}}"),
        ("year", day and str(day.year)),
        ("date", day and day.isoformat()),
        ("publisher", PUBLISHER),
        ("language", citation.language),
        ("number", latex(citation.symbol)),
        ("note", latex(citation.note(today))),
        ("url", citation.permalink),
        ("urldate", today.isoformat()),
    ]
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields if value]
    return f"@misc{{{citation.reference},\n{''.join(lines)}}}\n"


def latex(text: str) -> str:
    return "".join(LATEX.get(character, character) for character in one_line(text))


def one_line(text: str) -> str:
    """Without line breaks, controls and what turns the direction of other words."""
    kept = "".join(
        " " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c
        for c in str(text)
        if not "\u202a" <= c <= "\u202e"
    )
    return re.sub(r"\s+", " ", kept).strip()
