"""Loading the elections of the past: what public reports say of fourteen pledging events."""

import json
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from questions.models import (
    Candidacy,
    Edition,
    ElectionResult,
    Event,
    EventRecord,
    EventSession,
    EventStatus,
    Participation,
    Question,
    QuestionScope,
    QuestionStatus,
    State,
)
from questions.operations import audit, search_index
from questions.operations.publication import close_event, open_event
from questions.operations.questions import put_question
from questions.operations.states import DATA

FILE = "hrc_elections_2012_2025.json"
LUMPED = "source lumps"  # of the reasons for an absence


class StatesMissing(Exception):
    """The States are loaded first."""


@transaction.atomic
def load_history(*, at: datetime) -> dict[str, int]:
    """Bring the events of the file into the record; returns what changed.

    It fills only what a row does not say: what staff entered, and what a letter states, stays,
    so that file and letter may come in either order. Raises StatesMissing.
    """
    states = {state.iso3: state for state in State.objects.real()}
    _lock_what_is_there()
    counted = ["events_made", "sessions_made", "candidacies_made", "rows_changed", "slots_made"]
    counts = dict.fromkeys(counted, 0)
    for election in elections():
        if not {candidate["iso3"] for candidate in election["candidates"]} <= set(states):
            raise StatesMissing
        event = _load_event(election, counts)
        _load_sessions(event, election, counts)
        _load_candidacies(event, election["candidates"], states, counts)
        if event.status == EventStatus.DRAFT:
            open_event(event, by=None, at=at)  # its facts are public
            # Questions that were sent have no closing date: it takes answers.
            if not election["questions_sent"]:
                close_event(event, by=None, at=at)
        counts["slots_made"] += _put_common_questions(event, at)
    if any(counts.values()):
        search_index.refresh_questions(Question.objects.filter(event__code__in=_codes()))
        audit.record("history.loaded", "Events", by=None, at=at, **counts)
        Edition.objects.bump(at=at)
    return counts


def _lock_what_is_there() -> None:
    """All rows before the first audit entry: a mission that is sending may wait for the chain."""
    list(Event.objects.select_for_update().filter(code__in=_codes()).order_by("pk"))
    candidacies = Candidacy.objects.filter(event__code__in=_codes()).order_by("pk")
    list(candidacies.select_for_update(of=["self"]))
    search_index.lock(Question.objects.filter(event__code__in=_codes()))


def _codes() -> list[str]:
    return [f"PE{election['year']}" for election in elections()]


def elections() -> list[dict[str, Any]]:
    """The elections of the history file, oldest first, each as the file states it."""
    return json.loads((DATA / FILE).read_text(encoding="utf-8"))


def _load_event(election: dict[str, Any], counts: dict[str, int]) -> Event:
    first_year, last_year = election["term"].split("-")
    event, made = Event.objects.select_for_update().get_or_create(
        code=f"PE{election['year']}",
        defaults={
            "slug": str(election["year"]),
            "title": f"Pledging event {election['year']}",
            "term_start": int(first_year),
            "term_end": int(last_year),
        },
    )
    counts["events_made"] += made
    changed = _fill(
        event,
        body=election["body"],
        record=EventRecord.RECONSTRUCTED,
        organisers=_lines(election["organisers"]),
        letter_date=_day(election["questions_sent"]),
        answers_due_on=_day(election["response_deadline"]),
        election_date=_day(election["election_date"]),
        seats=election["seats"],
        hashtag=election["hashtag"] or "",
        question_channels=_lines(election["question_channels"]),
        stated_counts=election["stated_counts"] or {},
        sources=_lines(election["sources"]),
        staff_notes=_lines(_notes_on(election)),
    )
    counts["rows_changed"] += changed and not made
    return event


def _notes_on(election: dict[str, Any]) -> list[str]:
    published = election["questions_published"]
    return election["notes"] + ([f"Questions published on {published}."] if published else [])


def _load_sessions(event: Event, election: dict[str, Any], counts: dict[str, int]) -> None:
    """The first is the one that a letter of the event speaks of, and reports count the audience."""
    for position, session in enumerate(election["sessions"], start=1):
        row, made = EventSession.objects.get_or_create(event=event, position=position)
        changed = _fill(
            row,
            date=_day(session["date"]),
            is_online=session["format"] == "online",
            city=session["city"] or "",
            venue=session["venue"] or "",
            local_time=session["local_time"] or "",
            co_sponsors=_lines(session["co_sponsors"]),
            moderator=session["moderator"] or "",
            audience=(election["attendee_count_text"] or "") if position == 1 else "",
            staff_note=session["note"] or "",
        )
        counts["rows_changed"] += changed and not made
        counts["sessions_made"] += made


def _load_candidacies(
    event: Event,
    candidates: list[dict[str, Any]],
    states: dict[str, State],
    counts: dict[str, int],
) -> None:
    known = {row.state_id: row for row in event.candidacies.select_for_update()}
    new = []
    for candidate in candidates:
        state = states[candidate["iso3"]]
        facts = _facts_of(candidate) | {"due_at": event.due_at}
        if state.pk in known:
            counts["rows_changed"] += _fill(known[state.pk], **facts)
        else:
            new.append(Candidacy(event=event, state=state, **facts))
    Candidacy.objects.bulk_create(new)
    counts["candidacies_made"] += len(new)


def _facts_of(candidate: dict[str, Any]) -> dict[str, Any]:
    absence = candidate["absence"] or ""
    notes = [candidate["note"], f"Absence: {absence}" if LUMPED in absence else None]
    return {
        "participation": _participation(candidate["attended"], absence),
        "standing": candidate["standing"].replace(" ", "_"),
        "at_event": candidate["candidate_at_event"],
        "result": ElectionResult.ELECTED if candidate["elected"] else ElectionResult.NOT_ELECTED,
        "votes": candidate["votes"],
        "staff_note": _lines(note for note in notes if note),
    }


def _participation(attended: str, absence: str) -> Participation:
    """Where the source lumps reasons together, none of them is stated (DESIGN.md §3)."""
    if attended == "yes":
        return Participation.TOOK_PART
    if attended == "unknown":
        return Participation.UNKNOWN
    return Participation.DECLINED if absence == "declined" else Participation.ABSENT


def _fill(row: models.Model, **facts: Any) -> bool:
    """Set what the row does not say: fields that still hold their default."""
    news = {
        name: value
        for name, value in facts.items()
        if getattr(row, name) == row._meta.get_field(name).get_default() != value
    }
    for name, value in news.items():
        setattr(row, name, value)
    if news:
        row.save(update_fields=list(news))
    return bool(news)


def _put_common_questions(event: Event, at: datetime) -> int:
    """What a letter put to all was put to those that only the file names, too."""
    questions = Question.objects.filter(
        event=event,
        scope=QuestionScope.ALL,
        status=QuestionStatus.ACCEPTED,
        slots__letter__isnull=False,
    )
    candidates = event.candidacies.filter(at_event=True).order_by("pk")
    return sum(
        put_question(question, candidates.exclude(slots__question=question), by=None, at=at)
        for question in questions.distinct().order_by("number")
    )


def _lines(items: Any) -> str:
    return "\n".join(items or [])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
