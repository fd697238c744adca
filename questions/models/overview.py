"""All events and all States at a glance: what the home page and the two lists show."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from .candidacies import Candidacy
from .events import Event, EventRecord, EventSession, EventStatus
from .questions import AddressedQuestion, Question
from .states import RegionalGroup, State
from .statuses import AnswerStatus
from .tallies import Tally


@dataclass(frozen=True)
class EventSummary:
    """A public event in figures; the figures of answers count candidates."""

    event: Event
    sessions: tuple[EventSession, ...]
    candidates: int
    common: int
    own: int
    asked: int
    answered: int
    first_due: datetime | None  # of the deadlines that still run

    @property
    def questions(self) -> int:
        return self.common + self.own


def event_summaries(*, at: datetime) -> list[EventSummary]:
    """Every real public event, the latest first: five queries."""
    events = list(Event.objects.publicly_visible().real().prefetch_related("sessions"))
    candidates = dict(
        Candidacy.objects.filter(event__in=events)
        .order_by()
        .values_list("event")
        .annotate(Count("pk"))
    )
    own, common = _questions_by_event(events)
    statuses, dues = _statuses_by_candidacy(events, at)
    return [
        EventSummary(
            event=event,
            sessions=tuple(event.sessions.all()),
            candidates=candidates.get(event.pk, 0),
            common=common[event.pk],
            own=own[event.pk],
            asked=sum(tally.asked > 0 for tally in statuses[event.pk]),
            answered=sum(tally.answered > 0 for tally in statuses[event.pk]),
            first_due=min(dues[event.pk], default=None),
        )
        for event in events
    ]


def _questions_by_event(events) -> tuple[dict[int, int], dict[int, int]]:
    own, common = defaultdict(int), defaultdict(int)
    asked = Question.objects.publicly_visible().filter(event__in=events)
    for event, state in asked.values_list("event", "state"):
        (own if state else common)[event] += 1
    return own, common


def _statuses_by_candidacy(events, at: datetime):
    """Of the events kept here: a tally for each candidate that was asked, and running deadlines."""
    statuses, dues = defaultdict(lambda: defaultdict(list)), defaultdict(set)
    slots = (
        AddressedQuestion.objects.publicly_visible()
        .filter(
            candidacy__event__in=events,
            candidacy__event__record=EventRecord.KEPT,
        )
        .with_status(at=at)
        .values_list(
            "candidacy__event", "candidacy", "answer_status", "letter", "candidacy__due_at"
        )
    )
    for event, candidacy, status, letter, due_at in slots:
        statuses[event][candidacy].append(status)
        if status == AnswerStatus.WAIT and letter and due_at:
            dues[event].add(due_at)
    tallies = defaultdict(list)
    for event, candidacies in statuses.items():
        tallies[event] = [Tally.of(found) for found in candidacies.values()]
    return tallies, dues


def is_current(summary: EventSummary, *, on) -> bool:
    """Whether it is the event of a coming election, on that day."""
    event = summary.event
    if event.is_reconstructed or event.status != EventStatus.OPEN:
        return False
    return event.election_date is None or event.election_date >= on


@dataclass(frozen=True)
class StateLine:
    """A State that ever stood: the events, and its marks at the latest."""

    state: State
    events: tuple[Event, ...]
    tally: Tally

    @property
    def years(self) -> list[str]:
        return [event.slug for event in reversed(self.events)]

    @property
    def latest(self) -> Event:
        return self.events[0]


def state_lines(*, at: datetime) -> list[StateLine]:
    """Every real State that stood at a public event, in alphabetical order: three queries."""
    events = defaultdict(list)
    states, latest = {}, {}
    for candidacy in (
        Candidacy.objects.publicly_visible()
        .filter(event__is_specimen=False)
        .select_related("event", "state")
        .order_by("state__sort_key", "-event__term_start", "event__code")
    ):
        states[candidacy.state_id] = candidacy.state
        latest.setdefault(candidacy.state_id, candidacy.pk)
        events[candidacy.state_id].append(candidacy.event)
    statuses = defaultdict(list)
    for state, status in (
        AddressedQuestion.objects.publicly_visible()
        .filter(candidacy__in=list(latest.values()))
        .with_status(at=at)
        .values_list("candidacy__state", "answer_status")
    ):
        statuses[state].append(status)
    lines = [
        StateLine(state, tuple(events[pk]), Tally.of(statuses[pk])) for pk, state in states.items()
    ]
    return sorted(lines, key=lambda line: line.state.place)


def by_group(lines: list[StateLine]) -> list[tuple[str, list[StateLine]]]:
    """The five groups in the UN's order, also where one is empty."""
    return [
        (label, [line for line in lines if line.state.group == code])
        for code, label in RegionalGroup.choices
    ]
