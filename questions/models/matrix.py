"""The matrix of an event: every State that stands, every question, one status each.

Built from light rows, for an event page holds hundreds of cells.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import compress

from django.utils.translation import get_language

from questions.ordering import sort_key

from .candidacies import Candidacy, ElectionResult, Participation, Standing
from .events import Event
from .questions import AddressedQuestion, Question, QuestionScope
from .states import RegionalGroup
from .tallies import Tally

NOTED = {  # what the matrix says beneath a State's name
    value: label
    for value, label in Participation.choices
    if value not in {Participation.TOOK_PART, Participation.UNKNOWN}
}
STANDINGS = dict(Standing.choices) | {Standing.CANDIDATE: ""}
NOT_ASKED = ""


@dataclass(frozen=True)
class Row:
    """A State's line: its status for each question that was put to more than one State.

    NOT_ASKED where a question was not put to it; `due_at` while its deadline runs and something
    is still awaited.

    `standing` is empty for a plain candidate.
    """

    name: str
    href: str
    participation: str
    noted: str
    standing: str
    result: str
    has_result: bool
    votes: int | None
    slug: str
    statuses: tuple[str, ...]
    tally: Tally
    due_at: datetime | None
    is_sent: bool


@dataclass(frozen=True)
class Group:
    """The States of one regional group, in alphabetical order."""

    code: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """A question put to more than one State, and what became of it."""

    question: Question
    href: str
    tally: Tally

    @cached_property
    def askers(self) -> list[str]:
        return [asker.public_name for asker in self.question.askers_in_order]


@dataclass(frozen=True)
class OwnQuestions:
    """The questions put to one State alone."""

    state: str
    href: str
    askers: list[list[str]]

    @property
    def count(self) -> int:
        return len(self.askers)

    @property
    def only_askers(self) -> list[str]:
        """Who asked them, where the same asked them all."""
        return self.askers[0] if all(names == self.askers[0] for names in self.askers) else []


@dataclass(frozen=True)
class Matrix:
    """Everything that an event page counts and lists."""

    event: Event
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    own_by_state: tuple[OwnQuestions, ...]
    tally: Tally  # of the questions put to more than one State
    due_range: tuple[datetime, datetime] | None

    @cached_property
    def address(self) -> str:
        """Of the event's page, on which each State and question has its own below it."""
        return self.event.get_absolute_url()

    @property
    def seats(self) -> list[tuple[str, int]]:
        """Seats to fill, by the name of the regional group."""
        return [
            (label, self.event.seats[code])
            for code, label in RegionalGroup.choices
            if code in self.event.seats
        ]

    @property
    def has_results(self) -> bool:
        return any(row.has_result for row in self.rows)

    @cached_property
    def labels(self) -> list[str]:
        """Of the questions, as the table's head has them: Q1, Q2 …"""
        return [column.question.label for column in self.columns]

    @property
    def width(self) -> int:
        """Columns of the table, with the State's name and its figure."""
        return len(self.columns) + 2

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def asked(self) -> list[Row]:
        """The States that were asked at least one of its questions; those not on record apart."""
        return [row for row in self.rows if row.tally.asked]

    @property
    def answered_any(self) -> int:
        return sum(row.tally.answered > 0 for row in self.asked)

    @property
    def answered_all(self) -> int:
        return sum(row.tally.answered == row.tally.asked for row in self.asked)

    @property
    def running(self) -> list[Row]:
        """The States whose reply is not yet due."""
        return [row for row in self.asked if row.due_at]

    @property
    def common(self) -> int:
        return len(self.columns)

    @property
    def own(self) -> int:
        return sum(own.count for own in self.own_by_state)

    @property
    def has_questions(self) -> bool:
        return bool(self.columns or self.own_by_state)

    @property
    def is_to_all(self) -> bool:
        return all(column.question.scope == QuestionScope.ALL for column in self.columns)

    def of_questions(self, *, topic: str = "", asker: str = "") -> "Matrix":
        """Of the questions on that theme and by that asker alone, with the figures of these."""
        if not topic and not asker:
            return self
        chosen = [one for one in self.questions if one.matches(topic=topic, asker=asker)]
        columns = [column.question in chosen for column in self.columns]
        groups = [
            replace(group, rows=tuple(_narrowed(row, columns) for row in group.rows))
            for group in self.groups
        ]
        kept = tuple(compress(self.columns, columns))
        return replace(
            self,
            questions=tuple(chosen),
            groups=tuple(groups),
            columns=kept,
            own_by_state=_own(chosen, self.address),
            tally=Tally.of(s for group in groups for row in group.rows for s in row.statuses if s),
        )

    def only(self, *, group: str = "", status: str = "") -> tuple[Group, ...]:
        """The groups, or one; the States, or those of which a cell has the status."""
        groups = [chosen for chosen in self.groups if group in {"", chosen.code}]
        narrowed = [
            replace(
                chosen,
                rows=tuple(row for row in chosen.rows if not status or row.tally.count(status)),
            )
            for chosen in groups
        ]
        return tuple(chosen for chosen in narrowed if chosen.rows)


def _narrowed(row: Row, columns: list[bool]) -> Row:
    """The line with the statuses of those columns alone."""
    statuses = tuple(compress(row.statuses, columns))
    tally = Tally.of(status for status in statuses if status)
    return replace(row, statuses=statuses, tally=tally, due_at=row.due_at if tally.wait else None)


def matrix_of(event: Event, *, at: datetime) -> Matrix:
    """The matrix as of `at` (aware), in five queries whatever its size."""
    questions = list(
        Question.objects.publicly_visible()
        .filter(event=event)
        .select_related("state")
        .with_askers()
        .with_topics()
        .in_symbol_order()
    )
    for question in questions:
        question.event = event
    common = [question for question in questions if not question.state_id]
    slots = {
        (candidacy, question): (status, letter)
        for candidacy, question, status, letter in AddressedQuestion.objects.filter(
            question__in=common
        )
        .with_status(at=at)
        .values_list("candidacy", "question", "answer_status", "letter")
    }
    candidacies = _candidacies(event)
    address = event.get_absolute_url()
    dues = sorted(candidacy["due_at"] for candidacy in candidacies if candidacy["due_at"])
    return Matrix(
        event=event,
        questions=tuple(questions),
        groups=_groups(candidacies, common, slots, address),
        columns=_columns(common, slots, address),
        own_by_state=_own(questions, address),
        tally=Tally.of(status for status, _letter in slots.values()),
        due_range=(dues[0], dues[-1]) if dues else None,
    )


def _candidacies(event: Event) -> list[dict]:
    """In the alphabetical order of the active language, with the State's name in it as `name`."""
    language = get_language() or "en"
    localised = "state__name" if language == "en" else f"state__name_{language.replace('-', '_')}"
    rows = list(
        Candidacy.objects.filter(event=event)
        .order_by("state__sort_key")
        .values(
            "pk",
            "participation",
            "standing",
            "result",
            "votes",
            "due_at",
            "state__name",
            "state__iso3",
            "state__group",
            localised,
        )
    )
    for row in rows:
        row["name"] = row[localised] or row["state__name"]
    if language != "en":
        rows.sort(key=lambda row: sort_key(row["name"], language))
    return rows


def _groups(candidacies, common, slots, address) -> tuple[Group, ...]:
    rows = defaultdict(list)
    for candidacy in candidacies:
        rows[candidacy["state__group"]].append(_row(candidacy, common, slots, address))
    return tuple(
        Group(code, label, tuple(rows[code])) for code, label in RegionalGroup.choices if rows[code]
    )


def _row(candidacy, common, slots, address) -> Row:
    slug = candidacy["state__iso3"].lower()
    cells = [slots.get((candidacy["pk"], question.pk)) for question in common]
    put = [cell for cell in cells if cell]
    tally = Tally.of(status for status, _letter in put)
    is_sent = any(letter for _status, letter in put)
    return Row(
        name=candidacy["name"],
        href=f"{address}{slug}/",
        participation=Participation(candidacy["participation"]).label,
        noted=NOTED.get(candidacy["participation"], ""),
        standing=STANDINGS[candidacy["standing"]],
        result=ElectionResult(candidacy["result"]).label,
        has_result=candidacy["result"] != ElectionResult.PENDING,
        votes=candidacy["votes"],
        slug=slug,
        statuses=tuple(cell[0] if cell else NOT_ASKED for cell in cells),
        tally=tally,
        due_at=candidacy["due_at"] if tally.wait and is_sent else None,
        is_sent=is_sent,
    )


def _columns(common, slots, address) -> tuple[Column, ...]:
    statuses = defaultdict(list)
    for (_candidacy, question), (status, _letter) in slots.items():
        statuses[question].append(status)
    return tuple(
        Column(question, f"{address}{question.slug}/", Tally.of(statuses[question.pk]))
        for question in common
    )


def _own(questions, address) -> tuple[OwnQuestions, ...]:
    askers = defaultdict(list)
    for question in questions:
        if question.state_id:
            askers[question.state].append(
                [str(asker.public_name) for asker in question.askers_in_order]
            )
    return tuple(
        OwnQuestions(str(state), f"{address}{state.slug}/", askers[state])
        for state in sorted(askers, key=lambda state: state.place)
    )
