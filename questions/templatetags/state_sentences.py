"""Sentences with figures about one State: at an event, and over the years (ux.md §1.2, §1.5)."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from questions.models import Candidacy, Participation, StateRecord, Tally

from .moments import end_of_day_in_cities
from .numbers import spelled
from .sentences import answered_of, followed_by, in_figures, n_of, not_yet_due

register = template.Library()


@register.filter
def reply_lead(tally: Tally, candidacy: Candidacy) -> SafeString | str:
    """What one State did with the questions put to it at one event."""
    state = format_html("<bdi>{}</bdi>", candidacy.state)
    due = candidacy.due_at and end_of_day_in_cities(candidacy.due_at, candidacy.event.zone)
    if not tally.slots:
        return format_html(_("No question to {state} is on record."), state=state)
    if not tally.is_complete and not tally.answered:
        return _("No record of an answer is held here; that is no evidence that none was given.")
    if not tally.is_complete:
        return _("%(answers)s. Whether there were others is not.") % {"answers": answered_of(tally)}
    if tally.answered or tally.dec or tally.rec:
        return _reply_so_far(tally)
    if tally.undel:
        return format_html(
            _(
                "The letter to {state} could not be delivered to any address to which it was"
                " sent. That is not counted as “no answer”."
            ),
            state=state,
        )
    if tally.none == tally.asked:
        return _(
            "No answer was received by the deadline. If one arrives later it will be published"
            " here and marked late."
        )
    if due:
        return format_html(
            _("{state} has not answered yet. Its answers are due by {due}."), state=state, due=due
        )
    return format_html(_("The letter to {state} has not been sent yet."), state=state)


def _reply_so_far(tally: Tally) -> SafeString:
    return followed_by(in_figures(_questions_answered(tally), tally), _others_of_state(tally))


def _questions_answered(tally: Tally) -> str:
    if tally.on and tally.late:
        return ngettext(
            "<strong>{answered} of {asked} question is answered</strong>: {on} on time and {late}"
            " late.",
            "<strong>{answered} of {asked} questions are answered</strong>: {on} on time and {late}"
            " late.",
            tally.asked,
        )
    if tally.late:
        return _questions_answered_late(tally)
    if tally.on:
        return _questions_answered_on_time(tally)
    return ngettext(
        "<strong>{answered} of {asked} question is answered</strong>.",
        "<strong>{answered} of {asked} questions are answered</strong>.",
        tally.asked,
    )


def _questions_answered_late(tally: Tally) -> str:
    if tally.late == 1:
        return ngettext(
            "<strong>{answered} of {asked} question is answered</strong>, late.",
            "<strong>{answered} of {asked} questions are answered</strong>, late.",
            tally.asked,
        )
    return ngettext(
        "<strong>{answered} of {asked} question is answered</strong>, all late.",
        "<strong>{answered} of {asked} questions are answered</strong>, all late.",
        tally.asked,
    )


def _questions_answered_on_time(tally: Tally) -> str:
    if tally.on == 1:
        return ngettext(
            "<strong>{answered} of {asked} question is answered</strong>, on time.",
            "<strong>{answered} of {asked} questions are answered</strong>, on time.",
            tally.asked,
        )
    return ngettext(
        "<strong>{answered} of {asked} question is answered</strong>, all on time.",
        "<strong>{answered} of {asked} questions are answered</strong>, all on time.",
        tally.asked,
    )


def _others_of_state(tally: Tally) -> list[str]:
    clauses = []
    if tally.dec:
        clauses.append(
            ngettext("%(n)s was declined", "%(n)s were declined", tally.dec) % n_of(tally.dec)
        )
    if tally.none:
        clauses.append(
            ngettext("%(n)s has no answer", "%(n)s have no answer", tally.none) % n_of(tally.none)
        )
    if tally.undel:
        clauses.append(
            ngettext("%(n)s was not delivered", "%(n)s were not delivered", tally.undel)
            % n_of(tally.undel)
        )
    if tally.wait:
        clauses.append(
            ngettext("%(n)s is not yet due", "%(n)s are not yet due", tally.wait) % n_of(tally.wait)
        )
    if tally.rec:
        clauses.append(
            ngettext("%(n)s is being prepared", "%(n)s are being prepared", tally.rec)
            % n_of(tally.rec)
        )
    return clauses


@register.filter
def state_figure(tally: Tally) -> str:
    """What one State did at one event, in a word or a count."""
    if tally.is_complete and tally.wait:
        return _("not all answers are due yet")
    if tally.is_complete and tally.dec == tally.asked == 1:
        return _("declined to answer")
    if tally.is_complete and tally.asked and tally.dec == tally.asked:
        return _("declined all %(number)d") % {"number": tally.dec}
    return answered_of(tally)


@register.filter
def record_lead(record: StateRecord) -> SafeString:
    """What the State was asked and answered in all its elections."""
    state = format_html("<bdi>{}</bdi>", record.state)
    if not record.standings:
        return format_html(
            _("{state} has not been a candidate at an event on record."), state=state
        )
    if len(record.standings) == 1:
        return format_html(
            _(
                "{state} has been a candidate once. A record over the years appears after its"
                " second candidature."
            ),
            state=state,
        )
    counted = [year for year in record.standings if year.is_counted]
    if not counted:
        return format_html(
            ngettext(
                "{state} has been a candidate in {number} election on record. Whether it answered"
                " questions then is not on record.",
                "{state} has been a candidate in {number} elections on record. Whether it answered"
                " questions then is not on record.",
                len(record.standings),
            ),
            state=state,
            number=spelled(len(record.standings)),
        )
    sentence = _record_in_figures(record.tally, state, len(counted))
    return followed_by(sentence, not_yet_due(record.tally))


def _record_in_figures(tally: Tally, state: SafeString, elections: int) -> SafeString:
    return format_html(
        _answered_none_of(tally, elections)
        if not tally.answered
        else _answered_some_of(tally, elections),
        elections=spelled(elections),
        state=state,
        asked=tally.asked,
        answered=tally.answered,
        on=tally.on,
    )


def _answered_none_of(tally: Tally, elections: int) -> str:
    if elections == 1:
        return ngettext(
            "In one election {state} has been asked <strong>{asked} question</strong> and has"
            " answered <strong>none</strong>.",
            "In one election {state} has been asked <strong>{asked} questions</strong> and has"
            " answered <strong>none</strong>.",
            tally.asked,
        )
    return ngettext(
        "In {elections} elections {state} has been asked <strong>{asked} question</strong> and has"
        " answered <strong>none</strong>.",
        "In {elections} elections {state} has been asked <strong>{asked} questions</strong> and"
        " has answered <strong>none</strong>.",
        tally.asked,
    )


def _answered_some_of(tally: Tally, elections: int) -> str:
    if elections == 1:
        return ngettext(
            "In one election {state} has been asked <strong>{asked} question</strong> and has"
            " answered <strong>{answered}</strong>, of which {on} on time.",
            "In one election {state} has been asked <strong>{asked} questions</strong> and has"
            " answered <strong>{answered}</strong>, of which {on} on time.",
            tally.asked,
        )
    return ngettext(
        "In {elections} elections {state} has been asked <strong>{asked} question</strong> and has"
        " answered <strong>{answered}</strong>, of which {on} on time.",
        "In {elections} elections {state} has been asked <strong>{asked} questions</strong> and"
        " has answered <strong>{answered}</strong>, of which {on} on time.",
        tally.asked,
    )


ABSENCES = {
    Participation.DECLINED: gettext_noop("{state} declined to take part in the event."),
    Participation.NO_REPLY: gettext_noop("{state} did not reply to the invitation to the event."),
    Participation.DID_NOT_ATTEND: gettext_noop("{state} did not attend the event."),
}


@register.filter
def absence(candidacy: Candidacy) -> SafeString | str:
    """That the State did not take part in the event, where the record says how."""
    if candidacy.participation not in ABSENCES:
        return ""
    state = format_html("<bdi>{}</bdi>", candidacy.state)
    return format_html(_(ABSENCES[candidacy.participation]), state=state)
