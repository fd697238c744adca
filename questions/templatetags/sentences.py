"""Sentences with figures in them: whole sentences, each count beside what it was counted of.

Candidates and questions are counted, never ranked; an event reconstructed from files has no
sentence about silence (ux.md §1.3).
"""

from datetime import date
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from questions.days import without_year, written
from questions.models import (
    UN_LANGUAGES,
    Candidacy,
    ElectionResult,
    Entry,
    EventSession,
    EventSummary,
    Matrix,
    OwnQuestions,
    ResponseKind,
    Row,
    Tally,
    last_day,
)
from questions.plaintext import word_count

from .lists import in_list, in_series, names
from .moments import day_there
from .numbers import spelled

register = template.Library()

LANGUAGES = dict(UN_LANGUAGES)


@register.filter
def row_figure(row: Row, zone: str) -> str:
    """What stands at the end of a State's line in the matrix."""
    tally = row.tally
    if not tally.slots:
        return _("Not asked")
    if not tally.asked:
        return _("Letter not delivered") if tally.undel else _("Not on record")
    if row.due_at:
        return _("Due %(day)s") % {"day": without_year(last_day(row.due_at, zone))}
    if not row.is_sent and not tally.answered:
        return _("Letter not sent yet")
    if tally.dec == tally.asked == 1 and tally.is_complete:
        return _("Declined to answer")
    if tally.dec == tally.asked and tally.is_complete:
        return _("Declined all %(number)d") % {"number": tally.dec}
    return answered_of(tally)


@register.filter
def answered_of(tally: Tally) -> str:
    """9 of 12 answered."""
    if not tally.slots:
        return _("No question on record")
    if not tally.is_complete and tally.answered:
        return ngettext(
            "%(number)d answer on record", "%(number)d answers on record", tally.answered
        ) % {"number": tally.answered}
    if not tally.is_complete:
        return _("Not on record")
    if not tally.asked:
        return _("Letter not delivered")
    return _("%(answered)d of %(asked)d answered") % {
        "answered": tally.answered,
        "asked": tally.asked,
    }


@register.filter
def own_questions(own: OwnQuestions) -> SafeString | str:
    """2 questions, both from Human Rights Watch."""
    if not own.only_askers:
        return ngettext("%(number)d question", "%(number)d questions", own.count) % {
            "number": own.count
        }
    if own.count == 2:
        words = _("2 questions, both from {asker}")
    else:
        words = ngettext(
            "{number} question, from {asker}", "{number} questions, all from {asker}", own.count
        )
    return format_html(words, number=own.count, asker=names(own.only_askers))


@register.filter
def question_lead(tally: Tally) -> SafeString | str:
    """7 of 12 candidates have answered: four on time and three late. One declined, …"""
    if not tally.is_complete and not tally.answered:
        return _("Whether candidates answered this question is not on record.")
    if not tally.is_complete:
        return _("%(answers)s. Whether others answered this question is not on record.") % {
            "answers": answered_of(tally)
        }
    if tally.undel and not tally.asked:
        return _("The letters with this question have not been delivered.")
    return followed_by(_candidates_answered(tally), _others(tally))


def followed_by(sentence: SafeString, clauses: list[str]) -> SafeString:
    """A sentence and, in one more, what became of the others."""
    if not clauses:
        return sentence
    # Translators: {clauses} is a list such as "one declined, two have not answered and one answer
    # is not yet due"; only the sign at the end of the sentence matters here.
    rest = format_html(_("{clauses}."), clauses=in_list([capfirst(clauses[0]), *clauses[1:]]))
    return format_html("{} {}", sentence, rest)


def _candidates_answered(tally: Tally) -> SafeString:
    if tally.on and tally.late:
        words = ngettext(
            "<strong>{answered} of {asked} candidate has answered</strong>: {on} on time and"
            " {late} late.",
            "<strong>{answered} of {asked} candidates have answered</strong>: {on} on time and"
            " {late} late.",
            tally.asked,
        )
    elif tally.late:
        words = _late_candidates(tally)
    elif tally.on:
        words = _punctual_candidates(tally)
    else:
        words = ngettext(
            "<strong>{answered} of {asked} candidate has answered</strong>.",
            "<strong>{answered} of {asked} candidates have answered</strong>.",
            tally.asked,
        )
    return in_figures(words, tally)


def _late_candidates(tally: Tally) -> str:
    if tally.late == 1:
        return ngettext(
            "<strong>{answered} of {asked} candidate has answered</strong>, late.",
            "<strong>{answered} of {asked} candidates have answered</strong>, late.",
            tally.asked,
        )
    return ngettext(
        "<strong>{answered} of {asked} candidate has answered</strong>, all late.",
        "<strong>{answered} of {asked} candidates have answered</strong>, all late.",
        tally.asked,
    )


def _punctual_candidates(tally: Tally) -> str:
    if tally.on == 1:
        return ngettext(
            "<strong>{answered} of {asked} candidate has answered</strong>, on time.",
            "<strong>{answered} of {asked} candidates have answered</strong>, on time.",
            tally.asked,
        )
    return ngettext(
        "<strong>{answered} of {asked} candidate has answered</strong>, all on time.",
        "<strong>{answered} of {asked} candidates have answered</strong>, all on time.",
        tally.asked,
    )


def in_figures(words: str, tally: Tally) -> SafeString:
    return format_html(
        words,
        answered=tally.answered,
        asked=tally.asked,
        on=spelled(tally.on),
        late=spelled(tally.late),
    )


def _others(tally: Tally) -> list[str]:
    clauses = []
    if tally.dec:
        clauses.append(ngettext("%(n)s declined", "%(n)s declined", tally.dec) % n_of(tally.dec))
    if tally.none:
        clauses.append(
            ngettext("%(n)s has not answered", "%(n)s have not answered", tally.none)
            % n_of(tally.none)
        )
    if tally.undel:
        clauses.append(
            ngettext(
                "%(n)s letter was not delivered", "%(n)s letters were not delivered", tally.undel
            )
            % n_of(tally.undel)
        )
    clauses += not_yet_due(tally)
    if tally.rec:
        clauses.append(
            ngettext("%(n)s is being prepared", "%(n)s are being prepared", tally.rec)
            % n_of(tally.rec)
        )
    return clauses


def not_yet_due(tally: Tally) -> list[str]:
    if not tally.wait:
        return []
    words = ngettext("%(n)s answer is not yet due", "%(n)s answers are not yet due", tally.wait)
    return [words % n_of(tally.wait)]


def n_of(number: int) -> dict[str, str]:
    return {"n": spelled(number)}


@register.filter
def candidates_answered(summary: EventSummary) -> str:
    """9 of 12 candidates have answered: at least one question each."""
    if summary.event.is_reconstructed:
        return _("Not on record")
    if not summary.asked:
        return _("No question put yet")
    return ngettext(
        "%(answered)d of %(asked)d candidate has answered",
        "%(answered)d of %(asked)d candidates have answered",
        summary.asked,
    ) % {"answered": summary.answered, "asked": summary.asked}


@register.filter
def questions_counted(counts: Matrix | EventSummary) -> SafeString | str:
    """9 to all candidates, 17 to individual States."""
    common, own = counts.common, counts.own
    parts = []
    if common:
        parts.append(
            # Translators: how many questions were put to all candidates.
            ngettext("%(number)d to all candidates", "%(number)d to all candidates", common)
            % {"number": common}
        )
    if own:
        parts.append(
            ngettext("%(number)d to one State", "%(number)d to individual States", own)
            % {"number": own}
        )
    return in_series(parts) or _("None on record")


@register.filter
def sitting(session: EventSession) -> SafeString:
    """8 September 2021, online."""
    day = _("Day not known")
    if session.date:
        day = format_html(
            '<time datetime="{}">{}</time>', session.date.isoformat(), written(session.date)
        )
    cities = {"Geneva": _("Geneva"), "New York": _("New York")}  # others as the source has them
    city = cities.get(session.city, session.city)
    place = _("online") if session.is_online else city or _("place not known")
    # Translators: when and where an event was held: "8 September 2021, online".
    return format_html(_("{day}, {place}"), day=day, place=place)


@register.filter
def election(candidacy: Candidacy) -> str:
    """Elected, term 2022–2024; or what else came of it."""
    if candidacy.result == ElectionResult.ELECTED:
        return _("Elected, term %(term)s") % {"term": candidacy.event.term}
    return candidacy.get_result_display()


@register.filter
def receipt(entry: Entry) -> SafeString:
    """Received 28 September 2021, 2 days before its deadline."""
    day = day_there(entry.received_at, entry.slot.candidacy.event.zone)
    return _received(day, entry.days_late, get_language())


@lru_cache(maxsize=512)
def _received(day: date, days: int | None, language: str) -> SafeString:
    """Kept, since the answers on a page arrived on few days."""
    when = format_html('<time datetime="{}">{}</time>', day.isoformat(), written(day))
    if days is None:
        words = _("Received {when}")
    elif days == 0:
        words = _("Received {when}, on the day of its deadline")
    elif days > 0:
        words = ngettext(
            "Received {when}, {days} day after its deadline",
            "Received {when}, {days} days after its deadline",
            days,
        )
    else:
        words = ngettext(
            "Received {when}, {days} day before its deadline",
            "Received {when}, {days} days before its deadline",
            -days,
        )
    return format_html(words, when=when, days=abs(days or 0))


@register.filter
def answer_meta(entry: Entry) -> SafeString:
    """Received …, 2 days before its deadline · amended … · in Spanish · 164 words."""
    text = entry.answer
    parts = [receipt(entry)]
    if entry.is_amended:
        amended = day_there(text.received_at, entry.slot.candidacy.event.zone)
        parts.append(_("amended by the State %(day)s") % {"day": written(amended)})
    if text.kind == ResponseKind.GENERAL:
        parts.append(_("general statement, not on this question alone"))
    parts.append(_("in %(language)s") % {"language": LANGUAGES[text.language]})
    parts.append(_length(text.text, text.language))
    return format_html_join(" · ", "{}", ((part,) for part in parts))


def _length(text: str, language: str) -> str:
    number = word_count(text, language)
    if language.startswith("zh"):
        counted = ngettext("%(number)d character", "%(number)d characters", number)
    else:
        counted = ngettext("%(number)d word", "%(number)d words", number)
    return counted % {"number": number}
