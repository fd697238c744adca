"""What the public pages show of single slots, and of one State over the years."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from statistics import median
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from .candidacies import Candidacy, DeadlineExtension
from .events import NEW_YORK, Event
from .queries import GivenKeys, WrittenQuery
from .questions import AddressedQuestion, Question, QuestionAsker
from .responses import Response, ResponseKind, ResponseStatus
from .states import State
from .statuses import ANSWERED, AnswerStatus
from .tallies import Tally
from .topics import Topic
from .translations import load_translations


@dataclass(frozen=True)
class Entry:
    """A question put to a State and all that is public of the reply to it.

    `slot` carries its status; `versions` are the published texts, newest first. Of what waits
    to be published the first receipt is public, and why the newest is withheld, if it is.
    """

    slot: AddressedQuestion
    versions: tuple[Response, ...]
    receipt_at: datetime | None = None
    withheld_reason: str = ""

    @property
    def status(self) -> str:
        return self.slot.answer_status

    @cached_property
    def href(self) -> str:
        return self.slot.get_absolute_url()

    @cached_property
    def response(self) -> Response | None:
        """The text in force; none while a newer one is withheld."""
        in_force = [text for text in self.versions if text.status == ResponseStatus.PUBLISHED]
        return in_force[0] if in_force else None

    @cached_property
    def answer(self) -> Response | None:
        """The text in force where it is an answer and no refusal."""
        return self.response if self.status in ANSWERED else None

    @property
    def is_amended(self) -> bool:
        return self.response is not None and len(self.versions) > 1

    @cached_property
    def received_at(self) -> datetime | None:
        """The receipt that decides: the first of an answer, or what waits to be published."""
        if self.status in ANSWERED:
            return self.slot.first_answered_at
        if self.status == AnswerStatus.REC:
            return self.receipt_at
        return self.response and self.response.received_at

    @property
    def days_late(self) -> int | None:
        """Days from the deadline to the receipt, by the calendar of the event's zone."""
        candidacy = self.slot.candidacy
        if self.received_at is None or candidacy.due_at is None:
            return None
        there = self.received_at.astimezone(ZoneInfo(candidacy.event.zone)).date()
        return (there - candidacy.due_on).days


@cache
def _texts() -> WrittenQuery:
    """The public texts of public slots, the newest first, each with its receipt."""
    texts = Response.objects.once_published().filter(slot__in=GivenKeys("slots"))
    texts = texts.annotate(received_at=F("submission__received_at")).defer("text_as_typed")
    return WrittenQuery(texts.order_by("-version"))


def entries_of(slots: Iterable[AddressedQuestion]) -> list[Entry]:
    """The public slots, in order, each with its public texts and the translations of both.

    Two queries.
    """
    slots = list(slots)
    texts = defaultdict(list)
    for text in _texts().read(slots=[slot.pk for slot in slots]):
        texts[text.slot_id].append(text)
    load_translations(
        (text for versions in texts.values() for text in versions),
        (slot.question for slot in slots),
    )
    entries = []
    for slot in slots:
        for text in texts[slot.pk]:
            text.slot = slot
        waiting = ()
        if slot.answer_status == AnswerStatus.REC:
            waiting = slot.waits_since, slot.withheld_reason
        entries.append(Entry(slot, tuple(texts[slot.pk]), *waiting))
    return entries


def entries_of_question(question: Question, *, at: datetime) -> list[Entry]:
    """Every State to which the public question was put, in alphabetical order: three queries."""
    slots = list(
        AddressedQuestion.objects.filter(question=question)
        .readable(at=at)
        .select_related("candidacy__state")
        .order_by("candidacy__state__sort_key")
    )
    slots.sort(key=lambda slot: slot.candidacy.state.place)
    for slot in slots:
        slot.question = question
        slot.candidacy.event = question.event
    return entries_of(slots)


def entries_of_candidacy(candidacy: Candidacy, *, at: datetime) -> list[Entry]:
    """Every question put to the State, its own first, with who asked: four queries."""
    askers = QuestionAsker.objects.select_related("asker")
    slots = list(
        AddressedQuestion.objects.publicly_visible()
        .readable(at=at)
        .filter(candidacy=candidacy)
        .select_related("question__state")
        .prefetch_related(models.Prefetch("question__asked_by", askers), "question__topics")
        .in_letter_order()
    )
    for slot in slots:
        slot.candidacy = candidacy
        slot.question.event = candidacy.event
    return entries_of(slots)


class Happening(models.TextChoices):
    """What the correspondence with a State lists, each with a date and no more."""

    LETTER = "letter", _("Letter with the questions sent")
    EXTENDED = "extended", _("Deadline extended")
    RECEIVED = "received", _("Answers received")
    AMENDED = "amended", _("Amended answers received")
    DECLINED = "declined", _("Refusal to answer received")
    PREPARED = "prepared", _("Reply received, being prepared for publication")


def correspondence(
    zone: str,
    letters: Iterable[date],
    extensions: Iterable[DeadlineExtension],
    entries: Iterable[Entry],
) -> list[tuple[date, str]]:
    """Days and what happened on them, the earliest first.

    Of receipts, only what the statuses of the page say as well.
    """
    there = ZoneInfo(zone)
    days = {(letter, Happening.LETTER) for letter in letters}
    days |= {(e.extended_at.astimezone(there).date(), Happening.EXTENDED) for e in extensions}
    for entry in entries:
        if entry.status == AnswerStatus.REC:
            days.add((entry.received_at.astimezone(there).date(), Happening.PREPARED))
        for text in entry.versions:
            if text.kind == ResponseKind.DECLINED:
                what = Happening.DECLINED
            else:
                is_amended = text.version > 1 and text.redacts_id is None
                what = Happening.AMENDED if is_amended else Happening.RECEIVED
            days.add((text.received_at.astimezone(there).date(), what))
    order = list(Happening)
    return [
        (day, what.label) for day, what in sorted(days, key=lambda d: (d[0], order.index(d[1])))
    ]


@dataclass(frozen=True)
class YearRecord:
    """A State at one event, in its record over the years."""

    candidacy: Candidacy
    statuses: tuple[str, ...]
    days_to_answer: tuple[int, ...]

    @property
    def tally(self) -> Tally:
        return Tally.of(self.statuses)

    @property
    def is_counted(self) -> bool:
        """Whether figures may count it: kept here as it happened, and asked something."""
        return bool(self.statuses) and not self.candidacy.event.is_reconstructed

    @property
    def median_days(self) -> float | None:
        """From the letter to the answer, over the questions answered."""
        return median(self.days_to_answer) if self.days_to_answer else None


@dataclass(frozen=True)
class ThemeTally:
    """What a State was asked on one theme, and in which years."""

    topic: Topic
    events: tuple[Event, ...]
    tally: Tally

    @property
    def years(self) -> list[str]:
        return [event.slug for event in reversed(self.events)]


@dataclass(frozen=True)
class StateRecord:
    """A State at every event at which it stood, the latest first."""

    state: State
    standings: tuple[YearRecord, ...]
    themes: tuple[ThemeTally, ...]
    latest: tuple[Entry, ...]

    @property
    def tally(self) -> Tally:
        """Of the events kept here."""
        counted = (year for year in self.standings if year.is_counted)
        return Tally.of(status for year in counted for status in year.statuses)

    @property
    def years(self) -> list[str]:
        """The addresses' names of the events, the earliest first: mostly years."""
        return [year.candidacy.event.slug for year in reversed(self.standings)]

    @property
    def has_reconstructed(self) -> bool:
        return any(standing.candidacy.event.is_reconstructed for standing in self.standings)


def latest_entries(count: int, *, at: datetime) -> list[Entry]:
    """The answers published last, outside the specimen event: two queries."""
    texts = list(
        Response.objects.publicly_visible()
        .answers()
        .filter(status=ResponseStatus.PUBLISHED, slot__candidacy__event__is_specimen=False)
        .annotate(received_at=F("submission__received_at"))
        .order_by("-published_at", "-pk")[:count]
    )
    slots = (
        AddressedQuestion.objects.publicly_visible()
        .readable(at=at)
        .with_names()
        .in_bulk([text.slot_id for text in texts])
    )
    return [Entry(slots[text.slot_id], (text,)) for text in texts]


def record_of(state: State, *, at: datetime) -> StateRecord:
    """The record as of `at` (aware), without the specimen event: five queries."""
    candidacies = list(
        Candidacy.objects.publicly_visible()
        .filter(state=state, event__is_specimen=False)
        .select_related("event")
        .order_by("-event__term_start", "event__code")
    )
    slots = list(
        AddressedQuestion.objects.publicly_visible()
        .readable(at=at)
        .filter(candidacy__in=candidacies)
        .select_related("question__state")
        .prefetch_related("question__topics")
        .in_letter_order()
    )
    by_candidacy = {candidacy.pk: candidacy for candidacy in candidacies}
    for candidacy in candidacies:
        candidacy.state = state
    for slot in slots:
        slot.candidacy = by_candidacy[slot.candidacy_id]
        slot.question.event = slot.candidacy.event
    return StateRecord(
        state=state,
        standings=tuple(_standing(candidacy, slots) for candidacy in candidacies),
        themes=_themes([candidacy.event for candidacy in candidacies], slots),
        latest=_latest(candidacies, slots),
    )


def _standing(candidacy: Candidacy, slots: list[AddressedQuestion]) -> YearRecord:
    own = [slot for slot in slots if slot.candidacy_id == candidacy.pk]
    zone = ZoneInfo(NEW_YORK)
    days = (
        (slot.first_answered_at.astimezone(zone).date() - slot.letter_date).days
        for slot in own
        if slot.answer_status in ANSWERED and slot.letter_date
    )
    return YearRecord(candidacy, tuple(slot.answer_status for slot in own), tuple(days))


def _themes(events: list[Event], slots: list[AddressedQuestion]) -> tuple[ThemeTally, ...]:
    """By theme, those asked most first; what is not on record is left out."""
    by_topic = defaultdict(list)
    for slot in slots:
        if not slot.candidacy.event.is_reconstructed:
            for topic in slot.question.topics.all():
                by_topic[topic].append(slot)
    themes = [_theme(topic, events, asked) for topic, asked in by_topic.items()]
    return tuple(sorted(themes, key=lambda theme: (-theme.tally.asked, theme.topic.place)))


def _theme(topic: Topic, events: list[Event], asked: list[AddressedQuestion]) -> ThemeTally:
    where = {slot.candidacy.event for slot in asked}
    return ThemeTally(
        topic=topic,
        events=tuple(event for event in events if event in where),
        tally=Tally.of(slot.answer_status for slot in asked),
    )


def _latest(candidacies: list[Candidacy], slots: list[AddressedQuestion]) -> tuple[Entry, ...]:
    """The answers of the last event at which the State gave some."""
    answered = [slot for slot in slots if slot.answer_status in ANSWERED]
    for candidacy in candidacies:
        if here := [slot for slot in answered if slot.candidacy_id == candidacy.pk]:
            return tuple(entries_of(here))
    return ()
