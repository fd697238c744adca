"""Composing a letter: the facts of a candidacy in the paragraphs of a template that staff edit.

Placeholders are names in braces, of a fixed list, filled in one pass: what is filled in is never
looked at again, whatever it holds (security.md 66).
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from itertools import zip_longest
from pathlib import Path

from django.utils import translation
from django.utils.dateformat import format as format_date

from questions.models import (
    AddressedQuestionQuerySet,
    Asker,
    Candidacy,
    Contact,
    Event,
    LetterContent,
    LetterSection,
    Participation,
    PrintedAddressee,
    PrintedAsker,
    PrintedQuestion,
    PrintedSection,
    QuestionStatus,
    State,
)

DATA = Path(__file__).resolve().parent.parent / "data"

# What may stand in braces in a template, and what staff are told when it is not known.
PLACEHOLDERS = {
    "audience": "how many attended the event",
    "body": "the body",
    "deadline": "the day by which answers are due",
    "event_date": "the day of the event",
    "organisers": "the organisers of the event",
    "reply_address": "the address of the reply form",
    "reply_contact": "to whom answers are sent",
    "state": "the State",
    "term": "the membership term",
    "title_year": "the year of the event",
    "venue": "the place of the event",
}
PARAGRAPHS = tuple(json.loads((DATA / "letter_template_en.json").read_text(encoding="utf-8")))

_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_STRAY_BRACE = re.compile(r"[{}]")
# An organisation that running text calls "the": "the International Service for Human Rights".
_CALLED_THE = re.compile(
    r"(?!the\b).*\b(?:Alliance|Association|Campaign|Centre|Center|Coalition|Commission|Committee"
    r"|Council|Federation|Forum|Foundation|Initiative|Institute|League|Mission|Network|Office"
    r"|Organi[sz]ation|Service|Society|Union)s?\b.* (?:against|for|of|on)\b",
    re.IGNORECASE,
)


class LetterIncomplete(Exception):
    """The letter cannot be written yet; `missing` says what is not known, for staff."""

    def __init__(self, missing: Iterable[str]):
        self.missing = tuple(missing)
        super().__init__(", ".join(self.missing))


class TemplateRefused(Exception):
    """The template lacks a paragraph, or has braces around what is no placeholder."""


@dataclass(frozen=True)
class LetterSignatory:
    """Who signs a letter, as printed: each on a line of its own."""

    name: str
    title: str = ""
    organisation: str = ""
    email: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.name, self.title, self.organisation, self.email)))


def standard_template() -> dict[str, str]:
    """The English paragraphs that stand while staff have not written their own."""
    return json.loads((DATA / "letter_template_en.json").read_text(encoding="utf-8"))


def unknown_placeholders(template: Mapping[str, str]) -> list[str]:
    """What stands in braces and is no placeholder, as typed; a brace left alone too."""
    found = []
    for text in template.values():
        found += [m[0] for m in _IN_BRACES.finditer(text) if m[1] not in PLACEHOLDERS]
        found += _STRAY_BRACE.findall(_IN_BRACES.sub("", text))
    return list(dict.fromkeys(found))


def missing_paragraphs(template: Mapping[str, str]) -> list[str]:
    """The names of the paragraphs that a letter may need and the template has not, or empty."""
    return [name for name in PARAGRAPHS if not template.get(name, "").strip()]


def compose(
    candidacy: Candidacy,
    template: Mapping[str, str],
    *,
    letter_date: Date,
    signatory: LetterSignatory,
    reply_contact_email: str,
    reply_contact_name: str = "",
    reply_address: str = "",
    slots: AddressedQuestionQuerySet | None = None,
) -> LetterContent:
    """The letter to a candidacy with the questions in `slots`, else all that were put to it.

    Askers are named as the State may know them. Without `reply_address` the letter does not
    mention the form. Raises TemplateRefused, and LetterIncomplete where a fact is not known.
    """
    if unknown_placeholders(template) or missing_paragraphs(template):
        raise TemplateRefused
    if slots is None:
        slots = candidacy.slots.filter(question__status=QuestionStatus.ACCEPTED)
    with translation.override("en"):
        addressees = _addressees(candidacy.state)
        questions = _questions(slots)
        values = _values(candidacy, reply_contact_name, reply_contact_email, reply_address)
        print_paragraph = _Printer(template, values)
        content = LetterContent(
            reference=candidacy.symbol,
            language="en",
            addressees=addressees,
            date=format_date(letter_date, "jS F, Y"),
            salutation=print_paragraph(
                "salutation_one" if len(addressees) == 1 else "salutation_several"
            ),
            title=print_paragraph("title"),
            paragraphs=_introduction(candidacy, print_paragraph, questions),
            sections=_sections(questions, print_paragraph),
            closing=_paragraphs(print_paragraph("closing")),
            signatory=signatory.lines,
        )
    _check_complete(content, print_paragraph)
    return content


class _Printer:
    """Fills a template's paragraphs in, and remembers what it had no value for."""

    def __init__(self, template: Mapping[str, str], values: Mapping[str, str]):
        self.template = template
        self.values = values
        self.missing: list[str] = []

    def __call__(self, name: str) -> str:
        return _IN_BRACES.sub(self._value, self.template[name]).strip()

    def _value(self, match: re.Match[str]) -> str:
        value = self.values[match[1]]
        if not value and match[1] not in self.missing:
            self.missing.append(match[1])
        return value


def _check_complete(content: LetterContent, print_paragraph: _Printer) -> None:
    missing = [PLACEHOLDERS[name] for name in print_paragraph.missing]
    if not content.addressees:
        missing.append("an addressee")
    if not content.sections:
        missing.append("a question")
    if not content.signatory:
        missing.append("who signs")
    if missing:
        raise LetterIncomplete(missing)


def _addressees(state: State) -> tuple[PrintedAddressee, ...]:
    """The active contacts that letters are addressed to, New York first."""
    contacts = Contact.objects.active().filter(mission__state=state, is_addressee=True)
    contacts = contacts.select_related("mission__state").order_by("-mission__city", "pk")
    return tuple(
        PrintedAddressee(
            name=str(contact),
            role=contact.role
            or f"Permanent Mission of {_in_a_sentence(state)} to the United Nations in "
            f"{contact.mission.get_city_display()}",
        )
        for contact in contacts
    )


def _questions(slots: AddressedQuestionQuerySet) -> dict[str, tuple[PrintedQuestion, ...]]:
    """Those of each section that has some, numbered from 1, in the order of the letter."""
    questions: dict[str, list[PrintedQuestion]] = {}
    for slot in slots.with_names().with_askers().in_letter_order():
        section = questions.setdefault(slot.section, [])
        section.append(
            PrintedQuestion(
                number=len(section) + 1,
                askers=tuple(_asker(asker) for asker in slot.question.askers_in_order),
                text=slot.question.text,
                language=slot.question.language,
            )
        )
    return {section: tuple(found) for section, found in questions.items()}


def _asker(asker: Asker) -> PrintedAsker:
    """The label goes with the name: what stands in place of a name says it by itself."""
    return PrintedAsker(str(asker.name_for_state), asker.label if asker.is_named_to_state else "")


def _introduction(
    candidacy: Candidacy, print_paragraph: _Printer, questions: Mapping[str, object]
) -> tuple[str, ...]:
    about_event = _paragraphs(print_paragraph(_event_variant(candidacy.event)))
    has_audience = bool(print_paragraph.values["audience"])
    audience = print_paragraph("audience" if has_audience else "audience_unknown")
    part = print_paragraph(_participation_variant(candidacy))
    purpose = print_paragraph(_purpose_variant(questions))
    asking = [print_paragraph("publication_and_deadline")]
    if print_paragraph.values["reply_address"]:
        asking.append(print_paragraph("reply_form"))
    return (
        *about_event,
        *_paragraphs(audience),
        *_paragraphs(f"{part} {purpose}"),
        *_paragraphs("\n\n".join(asking)),
    )


def _event_variant(event: Event) -> str:
    sessions = event.sessions.all()
    if any(session.city for session in sessions):
        return "event_held_at_venue"
    is_online = bool(sessions) and all(session.is_online for session in sessions)
    return "event_held_online" if is_online else "event_held"


def _participation_variant(candidacy: Candidacy) -> str:
    """Where the reason of an absence is not stated, the letter states none."""
    if candidacy.participation == Participation.ABSENT:
        return Participation.UNKNOWN.value
    return candidacy.participation


def _purpose_variant(questions: Mapping[str, object]) -> str:
    if len(questions) == 2:
        return "purpose_two_sections"
    return "purpose_own_only" if LetterSection.OWN in questions else "purpose_common_only"


def _sections(
    questions: Mapping[str, tuple[PrintedQuestion, ...]], print_paragraph: _Printer
) -> tuple[PrintedSection, ...]:
    headings = {LetterSection.OWN: "heading_own", LetterSection.COMMON: "heading_common"}
    return tuple(
        PrintedSection(print_paragraph(heading), questions[section])
        for section, heading in headings.items()
        if section in questions
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    """Staff may write several paragraphs in one place, with a blank line between."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())


def _values(
    candidacy: Candidacy, contact_name: str, contact_email: str, reply_address: str
) -> dict[str, str]:
    event = candidacy.event
    sessions = list(event.sessions.all())
    due_on = candidacy.due_on or event.answers_due_on
    return {
        "audience": next((one.audience for one in sessions if one.audience), ""),
        "body": event.body,
        "deadline": format_date(due_on, "jS F Y") if due_on else "",
        "event_date": _days([one.date for one in sessions if one.date]),
        "organisers": _listed([_organiser(name) for name in event.organiser_names]),
        "reply_address": reply_address,
        "reply_contact": " at ".join(filter(None, (contact_name, contact_email))),
        "state": _in_a_sentence(candidacy.state),
        "term": f"{event.term_start}-{event.term_end}",
        "title_year": "".join(re.findall(r"\d{4}", event.code)[:1]),
        "venue": _venue(sessions),
    }


def _in_a_sentence(state: State) -> str:
    """ "the Gambia", "the Plurinational State of Bolivia": the formal name shows the article."""
    if "(" in state.name and state.formal_name:
        return state.formal_name
    takes_article = state.formal_name.casefold().endswith(f"the {state.name}".casefold())
    return f"the {state.name}" if takes_article else state.name


def _organiser(name: str) -> str:
    return f"the {name}" if _CALLED_THE.match(name) else name


def _venue(sessions: list) -> str:
    places = list(dict.fromkeys(session.city for session in sessions if session.city))
    is_hybrid = any(session.is_online for session in sessions)
    return _listed([*places, "online"] if places and is_hybrid else places)


def _days(days: list[Date]) -> str:
    """ "8th September 2021", "6th and 8th September 2021", "30th August and 1st September 2021"."""
    days = sorted(set(days))
    written = []
    for day, following in zip_longest(days, days[1:]):
        is_same_month = following and (day.year, day.month) == (following.year, following.month)
        is_same_year = following and day.year == following.year
        form = "jS" if is_same_month else "jS F" if is_same_year else "jS F Y"
        written.append(format_date(day, form))
    return _listed(written)


def _listed(names: list[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
