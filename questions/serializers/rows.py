"""Model to the rows of the data files, in the order of `COLUMNS`.

Rows come in blocks of questions, so that a file of any size is made in little memory. They are in
English and hold what the public pages show: `publicly_visible()` and the status rule decide.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, F, Max, QuerySet

from questions.models import (
    NEW_YORK,
    AddressedQuestion,
    AttachedQuestion,
    Attachment,
    AttachmentKind,
    Candidacy,
    Event,
    EventRecord,
    PutQuestion,
    Question,
    Received,
    Response,
    ResponseStatus,
    SlotsOfEvent,
    Translation,
    last_day,
    start_of_day,
)

from .cells import boolean, day, number, utc
from .columns import COLUMNS

T = TypeVar("T")
ROWS_OF_A_BLOCK = 2_000
QUESTIONS_AT_ONCE = 50  # their words are few beside those of the answers


def shown_until(*, at: datetime) -> datetime:
    """What `exported_at_utc` says: the same in every copy made of the same record.

    The beginning of the day in New York, on which every page's "as of" turns, or the last
    publication or passing of a deadline since, whichever is later.
    """
    day = at.astimezone(ZoneInfo(NEW_YORK)).date()
    moments = [start_of_day(day)]
    kept = Candidacy.objects.publicly_visible().filter(event__record=EventRecord.KEPT)
    moments.append(kept.filter(due_at__lte=at).aggregate(last=Max("due_at"))["last"])
    for texts in (Response.objects.publicly_visible(), Translation.objects.publicly_visible()):
        # Not the greatest of all: the index leads to the newest, which is public as a rule.
        newest = texts.order_by("-published_at").values_list("published_at", flat=True)
        moments.append(newest.first())
    return max(moment for moment in moments if moment).astimezone(UTC)


def events_with_data():
    """Public events of which a question is public, the specimen among them."""
    asked = Question.objects.publicly_visible().values("event")
    return Event.objects.publicly_visible().filter(pk__in=asked)


def row_counts(events: Iterable[Event]) -> Counter[int]:
    """How many rows each event has, by its key."""
    rows = AddressedQuestion.objects.publicly_visible().filter(question__event__in=list(events))
    counted = rows.order_by().values("question__event").annotate(count=Count("pk"))
    return Counter(dict(counted.values_list("question__event", "count")))


def answer_rows(event: Event, *, until: str, at: datetime) -> Iterator[list[list[str]]]:
    """Blocks of rows in the order of the questions, each State's in that of its name."""
    for rows in EventRows(event, list, until=until, at=at).blocks():
        yield [[cell for cells in row for cell in cells] for row in rows]


def typed_cells(row: list[str]) -> list[str | int | bool | None]:
    read = {"integer": int, "boolean": lambda cell: cell == "true"}
    return [
        read.get(column.type, str)(cell) if cell else None
        for column, cell in zip(COLUMNS, row, strict=True)
    ]


class EventRows:
    """The rows of an event, each in parts of several cells, as `write` has written them.

    What many rows have in common is written once: a question, a State, a receipt.
    """

    def __init__(
        self, event: Event, write: Callable[[list[str]], Any], *, until: str, at: datetime
    ):
        self.event, self.write = event, write
        self.candidacies = {candidacy.pk: candidacy for candidacy in candidacies_of(event)}
        self.codes = {pk: candidacy.state.iso3 for pk, candidacy in self.candidacies.items()}
        self.slots = SlotsOfEvent(event, self.candidacies.values(), at=at)
        self.state, self.receipt = cache(self.state), cache(self.receipt)
        self.version = cache(self.version)
        self.permalinks, self.until = f"{settings.BASE_URL}/r/", write([until])
        self.no_files = self.files("false", "", "")
        public = Attachment.objects.publicly_visible()
        self.has_files = public.filter(submission__candidacy__event=event).exists()
        self.no_translation = write(["", ""])
        self.has_translations = english().filter(response__slot__question__event=event).exists()

    def blocks(self) -> Iterator[Iterator[tuple]]:
        for questions in blocks_of(self.event, len(self.candidacies)):
            yield self.rows(questions)

    def rows(self, questions: list[Question]) -> Iterator[tuple]:
        put: dict[int, dict[int, PutQuestion]] = defaultdict(dict)
        for slot in self.slots.of_questions(questions):
            put[slot.question][slot.candidacy] = slot
        found = files_of(questions) if self.has_files else {}
        files = {slot: self.files(*cells) for slot, cells in found.items()}
        found = translations_of(questions) if self.has_translations else {}
        translations = {slot: self.write(list(cells)) for slot, cells in found.items()}
        for question in questions:
            symbol, asked = question.symbol, self.write(question_cells(question))
            of_question = put[question.pk]
            for candidacy, code in self.codes.items():
                if slot := of_question.get(candidacy):
                    cell = symbol if question.state_id else f"{symbol}/{code}"
                    beside = (
                        translations.get(slot.pk, self.no_translation),
                        files.get(slot.pk, self.no_files),
                    )
                    yield self.row(cell, asked, slot, beside)

    def row(self, symbol: str, asked: Any, slot: PutQuestion, beside: tuple) -> tuple:
        received = slot.received
        amended_at = received.received_at if received.version and received.version > 1 else None
        return (
            self.write([symbol]),
            asked,
            self.state(slot.candidacy, slot.letter_date),
            self.receipt(slot.candidacy, slot.status, slot.decided_at),
            self.version(received.version, amended_at, received.language, words_in(received)),
            self.write([received.text]),
            *beside,
            self.write([self.permalinks + symbol.replace("/", "-")]),
            self.until,
        )

    def state(self, candidacy: int, letter_date: date | None) -> Any:
        return self.write(state_cells(self.candidacies[candidacy], letter_date))

    def receipt(self, candidacy: int, status: str, decided_at: datetime | None) -> Any:
        days = days_from_deadline(decided_at, self.candidacies[candidacy])
        return self.write([str(status), utc(decided_at), number(days)])

    def version(
        self, version: int | None, amended_at: datetime | None, language: str, words: int | None
    ) -> Any:
        return self.write([number(version), utc(amended_at), language, number(words)])

    def files(self, has_letter: str, addresses: str, digests: str) -> Any:
        return self.write([has_letter, addresses, digests])


def words_in(received: Received) -> int | None:
    """Between spaces, so not of a Chinese text."""
    if not received.text or received.language == "zh-hans":
        return None
    return len(received.text.split())


def candidacies_of(event: Event) -> list[Candidacy]:
    found = Candidacy.objects.filter(event=event).select_related("state")
    candidacies = list(found.prefetch_related("extensions").order_by("state__sort_key", "pk"))
    for candidacy in candidacies:
        candidacy.event = event
    return candidacies


def blocks_of(event: Event, states: int) -> Iterator[list[Question]]:
    """The public questions, so many at once that their rows are a block."""
    size = max(1, ROWS_OF_A_BLOCK // max(1, states))
    public = Question.objects.publicly_visible().filter(event=event).in_symbol_order()
    for some in parts_of(list(public.values_list("pk", flat=True)), max(size, QUESTIONS_AT_ONCE)):
        questions = (
            Question.objects.filter(pk__in=some)
            .select_related("state")
            .prefetch_related("topics")
            .with_askers()
            .in_symbol_order()
        )
        for question in questions:
            question.event = event
        yield from parts_of(list(questions), size)


def parts_of(items: list[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def files_of(questions: list[Question]) -> dict[int, tuple[str, str, str]]:
    """By slot: whether a public letter answers it, and its public files."""
    found = (
        AttachedQuestion.objects.filter(
            slot__question__in=questions, attachment__in=Attachment.objects.publicly_visible()
        )
        .filter(
            slot__responses__in=Response.objects.once_published(),
            slot__responses__submission=F("attachment__submission"),
        )
        .select_related("attachment__submission__candidacy__event")
        .select_related("attachment__submission__candidacy__state")
        .distinct()
        .order_by("attachment")
    )
    by_slot = defaultdict(list)
    for attached in found:
        by_slot[attached.slot_id].append(attached.attachment)
    return {
        slot: (
            boolean(any(file.kind == AttachmentKind.LETTER for file in files)),
            " ".join(f"{settings.BASE_URL}/files/{file.file_name}" for file in files),
            " ".join(file.public_sha256 for file in files),
        )
        for slot, files in by_slot.items()
    }


def english() -> QuerySet[Translation]:
    """Public translations of texts in force."""
    texts = Translation.objects.publicly_visible().filter(language="en")
    return texts.filter(response__status=ResponseStatus.PUBLISHED)


def translations_of(questions: list[Question]) -> dict[int, tuple[str, str]]:
    """By slot: the text in force in English, and of which kind that translation is."""
    found = english().filter(response__slot__question__in=questions)
    return {slot: cells for slot, *cells in found.values_list("response__slot", "text", "kind")}


def question_cells(question: Question) -> list[str]:
    askers = question.askers_in_order
    return [
        question.event.code,
        question.event.term,
        question.label,
        question.scope,
        question.text,
        question.language,
        "; ".join(topic.name for topic in question.topics.all()),
        "; ".join(str(asker.public_name) for asker in askers),
        "; ".join(asker.kind for asker in askers),
    ]


def state_cells(candidacy: Candidacy, letter_date: date | None) -> list[str]:
    state = candidacy.state
    return [
        *(state.iso3, state.m49, state.name, state.group, candidacy.participation),
        *(day(letter_date), utc(candidacy.due_at), boolean(candidacy.extensions.all())),
    ]


def days_from_deadline(moment: datetime | None, candidacy: Candidacy) -> int | None:
    if moment is None or candidacy.due_at is None:
        return None
    zone = candidacy.event.zone
    return (moment.astimezone(ZoneInfo(zone)).date() - last_day(candidacy.due_at, zone)).days
