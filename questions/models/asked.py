"""Questions over the years, without the specimen event: by theme, by asker, and all of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from .askers import Asker
from .events import Event, EventRecord
from .questions import AddressedQuestion, Question
from .states import State
from .statuses import ANSWERED
from .tallies import Tally
from .topics import Topic


@dataclass(frozen=True)
class Asked:
    """A question, and what became of it; `answered_by` where it was asked for."""

    question: Question
    tally: Tally
    answered_by: tuple[State, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A theme, how many questions are on it, and the replies to those of events kept here."""

    topic: Topic
    questions: int
    tally: Tally


def themes(*, at: datetime) -> list[Theme]:
    """Every theme of a public question, in alphabetical order: three queries."""
    questions = Question.objects.over_the_years()
    pairs = list(Question.topics.through.objects.filter(question__in=questions).values_list())
    numbers = Counter(topic for _pk, _question, topic in pairs)
    statuses = defaultdict(list)
    for question, status in _kept_slots(questions, at).values_list("question", "answer_status"):
        statuses[question].append(status)
    of_topic = defaultdict(list)
    for _pk, question, topic in pairs:
        of_topic[topic] += statuses[question]
    topics = Topic.objects.in_bulk(numbers)
    found = [Theme(topic, numbers[pk], Tally.of(of_topic[pk])) for pk, topic in topics.items()]
    return sorted(found, key=lambda theme: theme.topic.place)


def theme_of(topic: Topic, asked: Iterable[Asked]) -> Theme:
    """The figures of one theme, all of whose questions are here."""
    asked = list(asked)
    counted = [one.tally for one in asked if not one.question.event.is_reconstructed]
    return Theme(topic, len(asked), sum(counted, Tally()))


def _kept_slots(questions, at: datetime):
    return AddressedQuestion.objects.filter(
        question__in=questions, candidacy__event__record=EventRecord.KEPT
    ).with_status(at=at)


def what_became_of(questions: Iterable[Question], *, at: datetime) -> list[Asked]:
    """The public questions in their order, each with its tally: one query."""
    questions = list(questions)
    statuses = defaultdict(list)
    for question, status in (
        AddressedQuestion.objects.filter(question__in=questions)
        .with_status(at=at)
        .values_list("question", "answer_status")
    ):
        statuses[question].append(status)
    return [Asked(question, Tally.of(statuses[question.pk])) for question in questions]


def questions_asked(asker: Asker, *, at: datetime) -> list[Asked]:
    """Its public questions, the latest event first, with the States that answered: two queries."""
    questions = list(Question.objects.over_the_years().filter(asked_by__asker=asker))
    statuses, answered_by = defaultdict(list), defaultdict(list)
    for slot in (
        AddressedQuestion.objects.filter(question__in=questions)
        .with_status(at=at)
        .select_related("candidacy__state")
    ):
        statuses[slot.question_id].append(slot.answer_status)
        if slot.answer_status in ANSWERED:
            answered_by[slot.question_id].append(slot.candidacy.state)
    return [
        Asked(
            question,
            Tally.of(statuses[question.pk]),
            tuple(sorted(answered_by[question.pk], key=lambda state: state.place)),
        )
        for question in questions
    ]


def topics_in_public() -> list[Topic]:
    """Those of public questions, in alphabetical order: one query."""
    asked = Question.objects.over_the_years()
    topics = Topic.objects.filter(pk__in=asked.order_by().values("topics"))
    return sorted(topics, key=lambda topic: topic.place)


def askers_in_public() -> list[Asker]:
    """Those named in public, with the number of their public questions as `number`: one query."""
    asked = Question.objects.over_the_years()
    askers = (
        Asker.objects.named_in_public()
        .filter(asked__question__in=asked.order_by())
        .annotate(number=Count("asked"))
    )
    return sorted(askers, key=lambda asker: asker.name.casefold())


def events_with_questions() -> list[Event]:
    """The latest first: one query."""
    asked = Question.objects.over_the_years().order_by()
    return list(Event.objects.filter(pk__in=asked.values("event")))
