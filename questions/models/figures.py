"""The figures of an event beside its matrix: by day of receipt, and by regional group.

What is counted is what the pages of single answers say: the statuses of `with_status`, the first
receipts that decide them, and `Tally`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .events import Event
from .questions import AddressedQuestion
from .states import RegionalGroup
from .statuses import ANSWERED, AnswerStatus
from .tallies import Tally


@dataclass(frozen=True)
class DayFigures:
    """The answers that were first received on one day, and all up to its end."""

    day: date
    on: int
    late: int
    on_so_far: int
    so_far: int


@dataclass(frozen=True)
class EventFigures:
    """All questions put at an event, those to one State among them."""

    event: Event
    tally: Tally
    days: tuple[DayFigures, ...]
    groups: tuple[tuple[str, Tally], ...]  # those with a question put, in the UN's order
    as_of: date  # by the calendar of the event's zone

    @property
    def statuses(self) -> list[str]:
        return self.tally.present


def figures_of(event: Event, *, at: datetime) -> EventFigures:
    """The figures as of `at` (aware): one query."""
    zone = ZoneInfo(event.zone)
    received: dict[date, Counter[str]] = defaultdict(Counter)
    by_group: dict[str, list[str]] = defaultdict(list)
    for group, status, first_answered_at in (
        AddressedQuestion.objects.publicly_visible()
        .filter(question__event=event)
        .with_status(at=at)
        .values_list("candidacy__state__group", "answer_status", "first_answered_at")
    ):
        by_group[group].append(status)
        if status in ANSWERED:
            received[first_answered_at.astimezone(zone).date()][status] += 1
    return EventFigures(
        event=event,
        tally=Tally.of(status for statuses in by_group.values() for status in statuses),
        days=tuple(_in_order(received)),
        groups=tuple(
            (label, Tally.of(by_group[code]))
            for code, label in RegionalGroup.choices
            if code in by_group
        ),
        as_of=at.astimezone(zone).date(),
    )


def _in_order(received: dict[date, Counter[str]]):
    on_so_far = so_far = 0
    for day in sorted(received):
        on, late = received[day][AnswerStatus.ON], received[day][AnswerStatus.LATE]
        on_so_far += on
        so_far += on + late
        yield DayFigures(day, on, late, on_so_far, so_far)
