"""Sentences with figures in them: whole sentences, each count beside what it was counted of.

Candidates and questions are counted, never ranked; an event reconstructed from files has no
sentence about silence (ux.md §1.3).
"""

from datetime import date
from functools import lru_cache

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from questions.models import (
    UN_LANGUAGES,
    Entry,
    EventSummary,
    Matrix,
    OwnQuestions,
    ResponseKind,
    Row,
    Tally,
    last_day,
)
from questions.plaintext import word_count

from .moments import day_there, end_of_day_in_cities
from .numbers import spelled, spelled_first

register = template.Library()

LANGUAGES = dict(UN_LANGUAGES)


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


@register.filter
def in_list(parts: list[str]) -> str:
    """a; a and b; a, b and c."""
    parts = [str(part) for part in parts]
    if len(parts) < 2:
        return "".join(parts)
    return _("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


@register.filter
def names(people: list[str]) -> SafeString | str:
    """As `in_list`, each name isolated, so that none reorders what stands beside it."""
    isolated = [format_html('<bdi dir="auto">{}</bdi>', name) for name in people]
    if len(isolated) < 2:
        return isolated[0] if isolated else ""
    first = format_html_join(", ", "{}", ((name,) for name in isolated[:-1]))
    return format_html(_("{first} and {last}"), first=first, last=isolated[-1])


@register.filter
def event_lead(matrix: Matrix, today: date) -> SafeString | str:
    """The sentence under the title of an event."""
    if matrix.event.is_reconstructed:
        return _reconstructed_lead(matrix)
    if not matrix.columns:
        return _no_common_lead(matrix)
    asked, answered = len(matrix.asked), matrix.answered_any
    if not answered and not matrix.tally.rec and matrix.running:
        first = min(row.due_at for row in matrix.running)
        return _("No answer has been received yet. The first is due by %(due)s.") % {
            "due": end_of_day_in_cities(first, matrix.event.zone)
        }
    return format_html(
        "{} {}", _answered_sentence(matrix, asked, answered, today), _running_sentence(matrix)
    )


def _reconstructed_lead(matrix: Matrix) -> str:
    if not matrix.has_questions:
        return _("The questions put at this event are not on record.")
    lead = _("The questions of this event are on record. Whether candidates answered them is not.")
    if matrix.tally.asked:
        return f"{lead} {_('What was received here since then is shown.')}"
    return lead


def _no_common_lead(matrix: Matrix) -> str:
    if matrix.own:
        return _("Each candidate was asked questions of its own. They appear on its page.")
    return _("Questions will be published when the letters have been sent to the candidates.")


def _answered_sentence(matrix: Matrix, asked: int, answered: int, today: date) -> SafeString:
    every = matrix.answered_all
    if not answered:
        words = _("As of {day}, <strong>none of {asked} candidates</strong> has answered {one}.")
    elif answered == every:
        words = ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered {all}.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered {all}.",
            answered,
        )
    elif not every:
        words = ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered {one}.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered {one}.",
            answered,
        )
    else:
        words = ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered {one},"
            " and <strong>{every} has answered every one</strong>.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered {one},"
            " and <strong>{every} have answered every one</strong>.",
            every,
        )
    one, all_of_them = _questions_put(matrix)
    return format_html(
        words,
        day=_day(today),
        answered=answered,
        asked=asked,
        every=every,
        one=one,
        all=all_of_them,
    )


def _questions_put(matrix: Matrix) -> tuple[str, str]:
    """At least one of the nine questions put to all; every one of them."""
    number = matrix.common
    to = _("put to all") if matrix.is_to_all else _("put to several or all")
    if number == 1:
        return (_("the one question %(to)s") % {"to": to},) * 2
    values = {"number": spelled(number), "to": to}
    return (
        _("at least one of the %(number)s questions %(to)s") % values,
        _("every one of the %(number)s questions %(to)s") % values,
    )


def _running_sentence(matrix: Matrix) -> str:
    if not (number := len(matrix.running)):
        return ""
    return ngettext(
        "%(number)s reply is not yet due.", "%(number)s replies are not yet due.", number
    ) % {"number": spelled_first(number)}


@register.filter
def row_figure(row: Row, zone: str) -> str:
    """What stands at the end of a State's line in the matrix."""
    tally = row.tally
    if not tally.slots:
        return _("Not asked")
    if not tally.asked:
        return _("Letter not delivered") if tally.undel else _("Not on record")
    if row.due_at:
        return _("Due %(day)s") % {
            "day": date_format(last_day(row.due_at, zone), "MONTH_DAY_FORMAT")
        }
    if not row.is_sent and not tally.answered:
        return _("Letter not sent yet")
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
    counted = ngettext("%(number)d question", "%(number)d questions", own.count) % {
        "number": own.count
    }
    if not own.only_askers:
        return counted
    if own.count == 1:
        words = _("{counted}, from {asker}")
    elif own.count == 2:
        words = _("{counted}, both from {asker}")
    else:
        words = _("{counted}, all from {asker}")
    return format_html(words, counted=counted, asker=names(own.only_askers))


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
    head = format_html(
        ngettext(
            "<strong>{answered} of {asked} candidate has answered</strong>",
            "<strong>{answered} of {asked} candidates have answered</strong>",
            tally.asked,
        ),
        answered=tally.answered,
        asked=tally.asked,
    )
    rest = _others(tally)
    return format_html("{}{}.{}", head, timing(tally), f" {rest}." if rest else "")


def timing(tally: Tally) -> str:
    if tally.on and tally.late:
        return _(": %(on)s on time and %(late)s late") % {
            "on": spelled(tally.on),
            "late": spelled(tally.late),
        }
    if tally.late:
        return _(", late") if tally.late == 1 else _(", all late")
    if tally.on:
        return _(", on time") if tally.on == 1 else _(", all on time")
    return ""


def _others(tally: Tally) -> str:
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
    if tally.wait:
        clauses.append(
            ngettext("%(n)s answer is not yet due", "%(n)s answers are not yet due", tally.wait)
            % n_of(tally.wait)
        )
    if tally.rec:
        clauses.append(
            ngettext("%(n)s is being prepared", "%(n)s are being prepared", tally.rec)
            % n_of(tally.rec)
        )
    return capfirst(in_list(clauses))


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
def questions_counted(counts: Matrix | EventSummary) -> str:
    """9 to all candidates, 17 to individual States."""
    common, own = counts.common, counts.own
    parts = []
    if common:
        parts.append(_("%(number)d to all candidates") % {"number": common})
    if own:
        parts.append(
            ngettext("%(number)d to one State", "%(number)d to individual States", own)
            % {"number": own}
        )
    return ", ".join(parts) or _("None on record")


@register.filter
def receipt(entry: Entry) -> SafeString:
    """Received 28 September 2021, 2 days before its deadline."""
    day = day_there(entry.received_at, entry.slot.candidacy.event.zone)
    return _received(day, entry.days_late, get_language())


@lru_cache(maxsize=512)
def _received(day: date, days: int | None, language: str) -> SafeString:
    """Kept, since the answers on a page arrived on few days."""
    when = format_html('<time datetime="{}">{}</time>', day.isoformat(), _day(day))
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
        parts.append(_("amended by the State %(day)s") % {"day": _day(amended)})
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
