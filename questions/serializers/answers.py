"""Model to the rows of the data files, as plain functions; `docs/data.md` promises them.

Rows come in blocks of questions, so that a file of any size is made in little memory. They are in
English and hold what the public pages show: `publicly_visible()` and the status method decide.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Max

from questions.models import (
    NEW_YORK,
    AddressedQuestion,
    AnswerStatus,
    AttachedQuestion,
    Attachment,
    AttachmentKind,
    Candidacy,
    Event,
    EventRecord,
    Question,
    Response,
    ResponseStatus,
    last_day,
)

BOM = "\N{BYTE ORDER MARK}"
# What a spreadsheet takes for a formula, and the mark itself, so that taking it off is exact.
MARKED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'")
ROWS_OF_A_BLOCK = 2_000


@dataclass(frozen=True)
class Column:
    """A column of answers.csv: its type in the Table Schema, and what it holds."""

    name: str
    type: str
    description: str

    @property
    def field(self) -> dict[str, Any]:
        """As the Table Schema has it."""
        return {"name": self.name, "type": self.type, "description": self.description}


# The one source of the data dictionary: the page, the schema and the header (ux.md §1.4).
COLUMNS = [
    Column("reference", "string", "Symbol of the question as put to the State."),
    Column("event", "string", "Code of the event."),
    Column("term", "string", "First and last year of the term of membership."),
    Column("question_no", "string", "Q5, or KAZ-1 for a question put to one State."),
    Column("question_scope", "string", "all, some or one: of how many candidates it was asked."),
    Column("question_text", "string", "The question, word for word."),
    Column("question_lang", "string", "Language of the question."),
    Column("theme", "string", "Themes, separated by semicolons."),
    Column("asker_public", "string", "Who asked, as public pages say, separated by semicolons."),
    Column("asker_type", "string", "Kind of each asker, in the same order."),
    Column("state_iso3", "string", "ISO 3166 code of the State; those of invented States begin X."),
    Column("state_m49", "string", "M49 code of the State."),
    Column("state_name_en", "string", "Short name of the State in English."),
    Column("regional_group", "string", "AFG, APG, EEG, LAC or WEOG."),
    Column("attendance", "string", "Whether the State took part in the event."),
    Column("letter_sent", "date", "Day of the letter that put the question."),
    Column("deadline_utc", "datetime", "The first instant that is late."),
    Column("extended", "boolean", "Whether the deadline of the State was moved."),
    Column("status", "string", "on, late, dec, rec, none, wait, undel or unk."),
    Column("received_at_utc", "datetime", "The receipt that decides between on time and late."),
    Column("days_from_deadline", "integer", "Days of the calendar; negative before the deadline."),
    Column("answer_version", "integer", "Number of the published text."),
    Column("amended_at_utc", "datetime", "Receipt of the text in force, where it is a later one."),
    Column("answer_lang", "string", "Language of the answer."),
    Column("answer_words", "integer", "Words between spaces; Chinese is not counted."),
    Column("answer_text", "string", "The answer in the words in which it was sent."),
    Column("translation_en", "string", "Empty: no translations are recorded yet."),
    Column("translation_kind", "string", "Empty: no translations are recorded yet."),
    Column("whole_letter", "boolean", "Whether one public letter answers several questions."),
    Column("attachment_url", "string", "Addresses of public files, separated by spaces."),
    Column("attachment_sha256", "string", "SHA-256 of each of these files, in the same order."),
    Column("permalink", "string", "Address of the reply."),
    Column("exported_at_utc", "datetime", "The moment up to which the record is shown."),
]


def shown_until(*, at: datetime) -> datetime:
    """What `exported_at_utc` says: the same in every copy made of the same record.

    The beginning of the day in New York, on which every page's "as of" turns, or the last
    publication or passing of a deadline since, whichever is later.
    """
    day = at.astimezone(ZoneInfo(NEW_YORK)).date()
    moments = [datetime.combine(day, time.min, ZoneInfo(NEW_YORK))]
    kept = Candidacy.objects.publicly_visible().filter(event__record=EventRecord.KEPT)
    moments.append(kept.filter(due_at__lte=at).aggregate(last=Max("due_at"))["last"])
    texts = Response.objects.publicly_visible()
    moments.append(texts.aggregate(last=Max("published_at"))["last"])
    return max(moment for moment in moments if moment).astimezone(UTC)


def events_with_data():
    """Public events of which a question is public, the specimen among them."""
    asked = Question.objects.publicly_visible().values("event")
    return Event.objects.publicly_visible().filter(pk__in=asked)


def row_count(event: Event) -> int:
    return AddressedQuestion.objects.publicly_visible().filter(question__event=event).count()


def answers_csv(events: Iterable[Event], *, at: datetime) -> Iterator[bytes]:
    """The long file: one row a question and State, in blocks of bytes."""
    until = utc(shown_until(at=at))
    yield (BOM + line([column.name for column in COLUMNS])).encode()
    for event in events:
        for rows in answer_rows(event, until=until, at=at):
            yield "".join(line(row) for row in rows).encode()


def answer_rows(event: Event, *, until: str, at: datetime) -> Iterator[list[list[str]]]:
    """Blocks of rows in the order of the questions, each State's in that of its name."""
    states = {candidacy.pk: candidacy for candidacy in candidacies_of(event)}
    for questions in blocks_of(event, len(states)):
        yield block(questions, states, until=until, at=at)


def candidacies_of(event: Event) -> Iterable[Candidacy]:
    found = Candidacy.objects.filter(event=event).select_related("state")
    candidacies = list(found.prefetch_related("extensions").order_by("state__sort_key", "pk"))
    for candidacy in candidacies:
        candidacy.event = event
    return candidacies


def blocks_of(event: Event, states: int) -> Iterator[list[Question]]:
    """The public questions, so many at once that their rows are a block."""
    size = max(1, ROWS_OF_A_BLOCK // max(1, states))
    questions = (
        Question.objects.publicly_visible()
        .filter(event=event)
        .select_related("state")
        .prefetch_related("topics")
        .with_askers()
        .in_symbol_order()
    )
    start = 0
    while found := list(questions[start : start + size]):
        for question in found:
            question.event = event
        yield found
        start += size


def block(
    questions: list[Question], states: dict[int, Candidacy], *, until: str, at: datetime
) -> list[list[str]]:
    """The rows of some questions, in four queries at most."""
    slots = list(
        AddressedQuestion.objects.filter(question__in=questions)
        .readable(at=at)
        .values_list(
            "pk",
            "question",
            "candidacy",
            "answer_status",
            "first_answered_at",
            "letter_date",
        )
    )
    texts = texts_of(questions)
    files = files_of(questions)
    waiting = waiting_of([slot[0] for slot in slots if slot[3] == AnswerStatus.REC])
    put_by_question = defaultdict(dict)
    for slot in slots:
        put_by_question[slot[1]][slot[2]] = slot
    of_state = {pk: state_cells(candidacy) for pk, candidacy in states.items()}
    rows = []
    for question in questions:
        asked, put = question_cells(question), put_by_question[question.pk]
        for pk, candidacy in states.items():
            if (slot := put.get(pk)) is None:
                continue
            symbol = symbol_of(question, candidacy)
            reply = reply_cells(slot, candidacy, texts.get(slot[0]), waiting.get(slot[0]))
            rows.append(
                [
                    *(symbol, *asked, *of_state[pk][:5], day(slot[5]), *of_state[pk][5:]),
                    *(*reply, "", "", *files.get(slot[0], ("false", "", ""))),
                    *(f"{settings.BASE_URL}/r/{symbol.replace('/', '-')}", until),
                ]
            )
    return rows


def texts_of(questions: list[Question]) -> dict[int, tuple]:
    """By slot, the text in force; of questions that are public."""
    found = Response.objects.filter(
        status=ResponseStatus.PUBLISHED, slot__question__in=questions
    ).values_list("slot", "version", "language", "text", "submission__received_at", "kind")
    return {text[0]: text[1:] for text in found}


def waiting_of(slots: list[int]) -> dict[int, datetime]:
    """By slot, when something was first received that is not published."""
    if not slots:
        return {}
    found = Response.objects.unpublished().filter(slot__in=slots)
    received = found.order_by("-submission__received_at")
    return dict(received.values_list("slot", "submission__received_at"))


def files_of(questions: list[Question]) -> dict[int, tuple[str, str, str]]:
    """By slot: whether a public letter answers it, and its public files."""
    found = (
        AttachedQuestion.objects.filter(
            slot__question__in=questions, attachment__in=Attachment.objects.publicly_visible()
        )
        .filter(slot__responses__in=Response.objects.once_published())
        .filter(slot__responses__submission=F("attachment__submission"))
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


def state_cells(candidacy: Candidacy) -> list[str]:
    state = candidacy.state
    return [
        *(state.iso3, state.m49, state.name, state.group, candidacy.participation),
        *(utc(candidacy.due_at), boolean(candidacy.extensions.all())),
    ]


def symbol_of(question: Question, candidacy: Candidacy) -> str:
    return question.symbol if question.state_id else f"{question.symbol}/{candidacy.state.iso3}"


def reply_cells(slot: tuple, candidacy: Candidacy, text, waiting_since) -> list[str]:
    """From the status to the answer's text."""
    status, first_answered_at = slot[3], slot[4]
    version, language, words, received_at, _kind = text or (None, "", "", None, "")
    if status in {AnswerStatus.ON, AnswerStatus.LATE}:
        decides = first_answered_at
    else:
        decides = waiting_since if status == AnswerStatus.REC else received_at
    counted = len(words.split()) if words and language != "zh-hans" else None
    return [
        *(status, utc(decides), number(days_from_deadline(decides, candidacy))),
        *(number(version), utc(received_at) if version and version > 1 else ""),
        *(language, number(counted), words),
    ]


def days_from_deadline(moment: datetime | None, candidacy: Candidacy) -> int | None:
    if moment is None or candidacy.due_at is None:
        return None
    zone = candidacy.event.zone
    return (moment.astimezone(ZoneInfo(zone)).date() - last_day(candidacy.due_at, zone)).days


def matrix_csv(event: Event, *, at: datetime) -> Iterator[bytes]:
    """States by questions, a status in each cell; empty where a question was not put."""
    questions = list(
        Question.objects.publicly_visible()
        .filter(event=event)
        .select_related("state")
        .in_symbol_order()
    )
    yield (BOM + line(["state_iso3", "state_name_en", *(q.label for q in questions)])).encode()
    candidacies = candidacies_of(event)
    size = max(1, ROWS_OF_A_BLOCK // max(1, len(questions)))
    for start in range(0, len(candidacies), size):
        some = candidacies[start : start + size]
        cells = (
            AddressedQuestion.objects.publicly_visible()
            .filter(candidacy__in=some)
            .with_status(at=at)
        )
        found = {
            (candidacy, question): status
            for candidacy, question, status in cells.values_list(
                "candidacy", "question", "answer_status"
            )
        }
        yield "".join(
            line(
                [
                    candidacy.state.iso3,
                    candidacy.state.name,
                    *(found.get((candidacy.pk, question.pk), "") for question in questions),
                ]
            )
            for candidacy in some
        ).encode()


def event_json(event: Event, *, at: datetime) -> Iterator[bytes]:
    """The event, its States, and every row of answers.csv as an object, empty cells null."""
    until = utc(shown_until(at=at))
    about = {
        "code": event.code,
        "title": event.title,
        "body": event.body,
        "term": event.term,
        "organisers": event.organiser_names,
        "letter_date": event.letter_date,
        "answers_due_on": event.answers_due_on,
        "election_date": event.election_date,
        "record": event.record,
        "is_specimen": event.is_specimen,
        "sources": event.source_addresses,
        "exported_at_utc": until,
    }
    opening = json.dumps(about, default=str, ensure_ascii=False, indent=1)
    yield (opening.removesuffix("\n}") + ',\n "answers": [').encode()
    comma = ""
    for rows in answer_rows(event, until=until, at=at):
        for row in rows:
            yield f"{comma}\n  {json.dumps(typed(row), ensure_ascii=False)}".encode()
            comma = ","
    yield b"\n ]\n}\n"


def typed(row: list[str]) -> dict[str, Any]:
    read = {"integer": int, "boolean": lambda cell: cell == "true"}
    return {
        column.name: read.get(column.type, str)(cell) if cell else None
        for column, cell in zip(COLUMNS, row, strict=True)
    }


def line(cells: Iterable[str]) -> str:
    """As RFC 4180 has it, with what a spreadsheet takes for a formula marked (security.md 75)."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([marked(cell) for cell in cells])
    return written.getvalue()


def marked(cell: str) -> str:
    """A text that begins like a formula gets an apostrophe before it; a negative number stays."""
    if cell.startswith(MARKED) and not cell.removeprefix("-").isdecimal():
        return f"'{cell}"
    return cell


def utc(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def day(found) -> str:
    return found.isoformat() if found else ""


def number(figure: int | None) -> str:
    return "" if figure is None else str(figure)


def boolean(fact: object) -> str:
    return "true" if fact else "false"
