"""The slots of many questions at once, for files of any length: a few joins for a block of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Case, Exists, OuterRef, TextField, Value, When

from .candidacies import Candidacy
from .events import Event
from .mail import OutgoingMail
from .questions import AddressedQuestion, Question
from .replies import Submission
from .responses import ANSWER_KINDS, Response, ResponseKind, ResponseStatus
from .statuses import AnswerStatus, answer_status

# Looked up once: a block asks for each of its texts.
PUBLISHED, DECLINED = ResponseStatus.PUBLISHED.value, ResponseKind.DECLINED.value
UNPUBLISHED = frozenset({ResponseStatus.RECEIVED.value, ResponseStatus.WITHHELD.value})
OF_AN_ANSWER = frozenset(kind.value for kind in ANSWER_KINDS)


@dataclass(slots=True)
class Received:
    """What was received for a slot, and of the text in force all that is public."""

    first_answered_at: datetime | None = None
    unpublished_since: datetime | None = None
    kind: str = ""  # this and the rest: of the text in force
    version: int | None = None
    language: str = ""
    text: str = ""
    received_at: datetime | None = None


NOTHING = Received()


@dataclass(slots=True)
class PutQuestion:
    """A slot with its status, as `with_status` gives it."""

    pk: int
    question: int
    candidacy: int
    letter_date: date | None
    received: Received
    status: AnswerStatus

    @property
    def decided_at(self) -> datetime | None:
        """The receipt that its status goes by."""
        if self.received.kind in OF_AN_ANSWER:
            return self.received.first_answered_at
        return self.received.received_at or self.received.unpublished_since


class ReceiptTimes(dict[int, datetime]):
    """When each submission was received; one that came in meanwhile is looked up."""

    def __missing__(self, pk: int) -> datetime:
        self[pk] = Submission.objects.values_list("received_at", flat=True).get(pk=pk)
        return self[pk]


class SlotsOfEvent:
    """Reads the slots of an event in blocks of questions that are known to be public."""

    def __init__(self, event: Event, candidacies: Iterable[Candidacy], *, at: datetime):
        self.record, self.at = event.record, at
        self.due_at = {candidacy.pk: candidacy.due_at for candidacy in candidacies}
        sent = Submission.objects.filter(candidacy__event=event)
        self.received_at = ReceiptTimes(sent.values_list("pk", "received_at"))
        about_it = OutgoingMail.objects.filter(candidacy=OuterRef("pk"))
        undelivered = Candidacy.objects.filter(
            Exists(about_it.undelivered()), ~Exists(about_it.delivered()), event=event
        )
        self.undelivered = set(undelivered.values_list("pk", flat=True))
        self.status_of = cache(self.status_of)  # of few receipts, though of many slots

    def of_questions(self, questions: list[Question]) -> Iterator[PutQuestion]:
        """In two queries."""
        received = self.received_for(questions)
        slots = AddressedQuestion.objects.filter(question__in=questions)
        for pk, question, candidacy, letter, day in slots.values_list(
            "pk", "question", "candidacy", "letter", "letter__date"
        ):
            if candidacy not in self.due_at:
                continue  # stands since a moment ago
            found = received.get(pk, NOTHING)
            status = self.status_of(
                candidacy,
                letter is not None,
                found.kind,
                found.first_answered_at,
                found.unpublished_since is not None,
            )
            yield PutQuestion(pk, question, candidacy, day, found, status)

    def status_of(
        self,
        candidacy: int,
        is_sent: bool,
        kind: str,
        first_answered_at: datetime | None,
        is_received: bool,
    ) -> AnswerStatus:
        return answer_status(
            is_answered=kind in OF_AN_ANSWER,
            is_declined=kind == DECLINED,
            first_answered_at=first_answered_at,
            is_received=is_received,
            record=self.record,
            is_sent=is_sent,
            due_at=self.due_at[candidacy],
            is_undelivered=candidacy in self.undelivered,
            at=self.at,
        )

    def received_for(self, questions: list[Question]) -> dict[int, Received]:
        in_force = When(status=ResponseStatus.PUBLISHED, then="text")
        text = Case(in_force, default=Value(""), output_field=TextField())  # of others: no word
        by_slot: dict[int, Received] = {}
        for slot, submission, kind, status, *in_force in Response.objects.filter(
            slot__question__in=questions
        ).values_list("slot", "submission", "kind", "status", "version", "language", text):
            if (found := by_slot.get(slot)) is None:
                found = by_slot[slot] = Received()
            moment = self.received_at[submission]
            if kind in OF_AN_ANSWER:
                found.first_answered_at = earlier(found.first_answered_at, moment)
            if status in UNPUBLISHED:
                found.unpublished_since = earlier(found.unpublished_since, moment)
            elif status == PUBLISHED:
                found.kind, found.received_at = kind, moment
                found.version, found.language, found.text = in_force
        return by_slot


def earlier(first: datetime | None, moment: datetime) -> datetime:
    return moment if first is None or moment < first else first
