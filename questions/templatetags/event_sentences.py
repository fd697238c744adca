"""The sentence under the title of an event: who has answered what, as of a day (ux.md §1.3)."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions.days import written
from questions.models import Matrix

from .moments import end_of_day_in_cities
from .numbers import spelled, spelled_first

register = template.Library()


@register.filter
def event_lead(matrix: Matrix, today: date) -> SafeString | str:
    """An event reconstructed from files has no sentence about silence."""
    if matrix.event.is_reconstructed:
        return _reconstructed_lead(matrix)
    if not matrix.columns:
        return _no_common_lead(matrix)
    if not matrix.answered_any and not matrix.tally.rec and matrix.running:
        first = min(row.due_at for row in matrix.running)
        return _("No answer has been received yet. The first is due by %(due)s.") % {
            "due": end_of_day_in_cities(first, matrix.event.zone)
        }
    return format_html("{} {}", _answered_sentence(matrix, today), _running_sentence(matrix))


def _reconstructed_lead(matrix: Matrix) -> str:
    if not matrix.has_questions:
        return _("The questions put at this event are not on record.")
    lead = _("The questions of this event are on record. Whether candidates answered them is not.")
    if matrix.tally.asked:
        since = _("What was received here since then is shown.")
        return f"{lead} {since}"
    return lead


def _no_common_lead(matrix: Matrix) -> str:
    if matrix.own:
        return _("Each candidate was asked questions of its own. They appear on its page.")
    return _("Questions will be published when the letters have been sent to the candidates.")


def _running_sentence(matrix: Matrix) -> str:
    if not (number := len(matrix.running)):
        return ""
    return ngettext(
        "%(number)s reply is not yet due.", "%(number)s replies are not yet due.", number
    ) % {"number": spelled_first(number)}


def _answered_sentence(matrix: Matrix, today: date) -> SafeString:
    """One sentence for each case: none, all who answered answered everything, some did, none did.

    Where one question was put, who answered answered everything.
    """
    answered, every = matrix.answered_any, matrix.answered_all
    if not answered:
        words = _none_answered(matrix)
    elif answered == every:
        words = _answered_everything(matrix, answered)
    elif not every:
        words = _answered_something(matrix, answered)
    else:
        words = _answered_both(matrix, every)
    return format_html(
        words,
        day=written(today),
        answered=answered,
        asked=len(matrix.asked),
        every=every,
        number=spelled(matrix.common),
    )


def _none_answered(matrix: Matrix) -> str:
    if matrix.common == 1 and matrix.is_to_all:
        return ngettext(
            "As of {day}, <strong>none of {asked} candidate</strong> has answered the one"
            " question put to all.",
            "As of {day}, <strong>none of {asked} candidates</strong> has answered the one"
            " question put to all.",
            len(matrix.asked),
        )
    if matrix.common == 1:
        return ngettext(
            "As of {day}, <strong>none of {asked} candidate</strong> has answered the one"
            " question put to several or all.",
            "As of {day}, <strong>none of {asked} candidates</strong> has answered the one"
            " question put to several or all.",
            len(matrix.asked),
        )
    if matrix.is_to_all:
        return ngettext(
            "As of {day}, <strong>none of {asked} candidate</strong> has answered at least one"
            " of the {number} questions put to all.",
            "As of {day}, <strong>none of {asked} candidates</strong> has answered at least"
            " one of the {number} questions put to all.",
            len(matrix.asked),
        )
    return ngettext(
        "As of {day}, <strong>none of {asked} candidate</strong> has answered at least one of"
        " the {number} questions put to several or all.",
        "As of {day}, <strong>none of {asked} candidates</strong> has answered at least one of"
        " the {number} questions put to several or all.",
        len(matrix.asked),
    )


def _answered_everything(matrix: Matrix, answered: int) -> str:
    if matrix.common == 1 and matrix.is_to_all:
        return ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered the"
            " one question put to all.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered the"
            " one question put to all.",
            answered,
        )
    if matrix.common == 1:
        return ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered the"
            " one question put to several or all.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered the"
            " one question put to several or all.",
            answered,
        )
    if matrix.is_to_all:
        return ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered every"
            " one of the {number} questions put to all.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered"
            " every one of the {number} questions put to all.",
            answered,
        )
    return ngettext(
        "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered every one"
        " of the {number} questions put to several or all.",
        "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered every"
        " one of the {number} questions put to several or all.",
        answered,
    )


def _answered_something(matrix: Matrix, answered: int) -> str:
    if matrix.is_to_all:
        return ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered at"
            " least one of the {number} questions put to all.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered at"
            " least one of the {number} questions put to all.",
            answered,
        )
    return ngettext(
        "As of {day}, <strong>{answered} of {asked} candidates</strong> has answered at least"
        " one of the {number} questions put to several or all.",
        "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered at least"
        " one of the {number} questions put to several or all.",
        answered,
    )


def _answered_both(matrix: Matrix, every: int) -> str:
    if matrix.is_to_all:
        return ngettext(
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered at"
            " least one of the {number} questions put to all, and <strong>{every} has answered"
            " every one</strong>.",
            "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered at"
            " least one of the {number} questions put to all, and <strong>{every} have"
            " answered every one</strong>.",
            every,
        )
    return ngettext(
        "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered at least"
        " one of the {number} questions put to several or all, and <strong>{every} has"
        " answered every one</strong>.",
        "As of {day}, <strong>{answered} of {asked} candidates</strong> have answered at least"
        " one of the {number} questions put to several or all, and <strong>{every} have"
        " answered every one</strong>.",
        every,
    )
