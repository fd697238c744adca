"""What a State was asked at an event and what it answered, on a few pages, in the active language.

For those who vote: facts and the beginning of each answer, in the order of the letter; no grade.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from questions.days import written
from questions.models import (
    AnswerStatus,
    Candidacy,
    ElectionResult,
    Entry,
    LetterSection,
    Tally,
    Translation,
    text_direction,
)
from questions.plaintext import excerpt

from .printable import printable
from .typesetting import Printed, language_tag, set_pdf

WORDS = 60  # of each answer; the whole texts are on the page that the brief names


def brief_pdf(
    candidacy: Candidacy, entries: Sequence[Entry], *, today: date, at: datetime
) -> bytes:
    """As of `today`, in New York. Raises what `set_pdf` raises."""
    event = candidacy.event
    term = {"body": event.body_name, "term": event.term}
    as_of = _("As of %(day)s, New York time") % {"day": written(today)}
    data = {
        "lang": language_tag(get_language()),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "reference": candidacy.symbol,
        "permalink": f"{settings.BASE_URL}/r/{candidacy.symbol.replace('/', '-')}",
        "title": printable(str(candidacy.state)),
        "over": [
            printable(event.title),
            printable(_("%(body)s elections · membership term %(term)s") % term),
            printable(as_of),
        ],
        "notes": [printable(note) for note in _notes(candidacy, entries)],
        "facts": _facts(candidacy, entries),
        "totals": _totals(Tally.of(entry.status for entry in entries)),
        "sections": _sections(entries),
    }
    return set_pdf("brief.typ", Printed(candidacy.symbol, data), at=at)


def _notes(candidacy: Candidacy, entries: Sequence[Entry]) -> list[str]:
    """What has to be known before anything below is read."""
    notes = []
    if candidacy.event.is_specimen:
        notes.append(
            _(
                "This event, its States, and every question, answer and status shown are invented"
                " to show how the portal works. Nothing here is a statement by any Government."
            )
        )
    if any(entry.status == AnswerStatus.UNK for entry in entries):
        notes.append(
            _(
                "No record of an answer is held here unless it is shown below; that is no evidence"
                " that none was given."
            )
        )
    if any(entry.response and _is_cut(entry.response.text) for entry in entries):
        notes.append(
            _("Of long answers the start is printed, up to “…”; the address below has them whole.")
        )
    if any(_translations(entry) for entry in entries):
        notes.append(
            _(
                "Where a translation is named, the address below has it."
                " Only the text as sent is the original."
            )
        )
    return notes


def _is_cut(text: str) -> bool:
    return excerpt(text, WORDS) != " ".join(text.split())


def _facts(candidacy: Candidacy, entries: Sequence[Entry]) -> list[dict[str, str]]:
    event = candidacy.event
    letters = {entry.slot.letter_date for entry in entries if entry.slot.letter_date}
    sent = " · ".join(written(day) for day in sorted(letters))
    due = render_to_string("brief/due.txt", {"candidacy": candidacy}, using="mail")
    election = event.election_date and written(event.election_date)
    if candidacy.result != ElectionResult.PENDING:
        election = " · ".join(filter(None, [election, candidacy.get_result_display()]))
    facts = [
        (_("Regional group"), candidacy.state.get_group_display()),
        (_("At the event"), candidacy.get_participation_display()),
        (_("Letter sent"), sent or (_("not known") if event.is_reconstructed else _("not yet"))),
        (_("Answers due"), due or _("not known")),
        (_("Election"), election or _("not known")),
    ]
    return [{"label": label, "value": printable(str(value))} for label, value in facts]


def _totals(tally: Tally) -> list[dict[str, str]]:
    """Each status that occurs, with its number: counted, not weighed."""
    return [
        {"label": str(AnswerStatus(status).label), "number": str(tally.count(status))}
        for status in tally.present
    ]


def _sections(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    titles = {
        LetterSection.OWN: _("Questions addressed to this State"),
        LetterSection.COMMON: _("Questions put to several or all candidates"),
    }
    sections = [
        {"title": title, "entries": [_entry(e) for e in entries if e.slot.section == section]}
        for section, title in titles.items()
    ]
    return [section for section in sections if section["entries"]]


def _entry(entry: Entry) -> dict[str, Any]:
    text = entry.response
    zone = ZoneInfo(entry.slot.candidacy.event.zone)
    received_on = entry.received_at and entry.received_at.astimezone(zone).date()
    said = [str(AnswerStatus(entry.status).label), written(received_on) if received_on else ""]
    if text and text.language:
        said.append(str(text.get_language_display()))
    if entry.withheld_reason:
        said += [_("The text is withheld. Reason:") + f" {entry.withheld_reason}"]
    if text and text.redacts_id:
        said.append(_("ISHR took words out of this text, where […] stands."))
    start = excerpt(text.text, WORDS) if text else ""
    return {
        "heading": printable(entry.slot.question.full_title),
        "said": printable(" · ".join(filter(None, said))),
        "start": printable(start),
        "lang": language_tag(text.language or "en") if text else "en",
        "dir": text_direction(start, text.language) if text else "ltr",
        "translations": [_named(translation) for translation in _translations(entry)],
    }


def _translations(entry: Entry) -> list[Translation]:
    return entry.response.shown_translations if entry.response else []


def _named(translation: Translation) -> dict[str, str]:
    said = render_to_string("brief/translation.txt", {"translation": translation}, using="mail")
    address = f"{settings.BASE_URL}{translation.get_absolute_url()}"
    return {"said": printable(said.strip()), "address": address}
