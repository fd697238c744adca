"""Pictures of figures as shapes in whole numbers; the words and the figures stand beside them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import template

from questions.models import DayFigures, EventFigures, Tally

register = template.Library()


@dataclass(frozen=True)
class DayChart:
    """Answers so far, day by day. A unit across is a day, a unit up is an answer."""

    first: date
    last: date
    width: int
    height: int
    answered: str  # paths: of all answers, and of those on time before them
    on_time: str
    due: int | None  # where the deadline's day ends


@register.filter
def day_chart(figures: EventFigures) -> DayChart:
    """From the day of the letters, or the first answer, to the deadline or the last answer."""
    event, days = figures.event, figures.days
    marked = [figures.days[0].day, figures.days[-1].day]
    marked += [day for day in [event.letter_date, event.answers_due_on] if day]
    first, last = min(marked), max(marked)
    width, height = _days(first, last) + 1, days[-1].so_far
    shown_to = min(width, _days(first, figures.as_of) + 1)
    return DayChart(
        first=first,
        last=last,
        width=width,
        height=height,
        answered=_area(days, lambda day: day.so_far, first, height, shown_to),
        on_time=_area(days, lambda day: day.on_so_far, first, height, shown_to),
        due=_days(first, event.answers_due_on) + 1 if event.answers_due_on else None,
    )


def _days(first: date, day: date) -> int:
    return (day - first) // timedelta(days=1)


def _area(
    days: Iterable[DayFigures],
    so_far: Callable[[DayFigures], int],
    first: date,
    height: int,
    shown_to: int,
) -> str:
    """In steps, each where a day begins, so that its answers stand over the day."""
    steps = "".join(f"H{_days(first, day.day)}V{height - so_far(day)}" for day in days)
    return f"M0 {height}{steps}H{shown_to}V{height}Z"


@register.filter
def bar(tally: Tally) -> Iterator[tuple[str, int, int]]:
    """(status, where it begins, how long it is), a unit for each question."""
    start = 0
    for status in tally.present:
        yield status, start, tally.count(status)
        start += tally.count(status)


@register.filter
def longest(groups: Iterable[tuple[str, Tally]]) -> int:
    """How many questions the longest bar stands for: all have one scale."""
    return max(tally.slots for _name, tally in groups)


@register.filter
def count_of(tally: Tally, status: str) -> int:
    return tally.count(status)
