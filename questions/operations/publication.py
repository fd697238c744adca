"""What becomes public, and what stops being so."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, QuerySet

from questions.models import (
    AddressedQuestion,
    CorrectionKind,
    Edition,
    Event,
    EventStatus,
    Question,
    QuestionStatus,
    Response,
    ResponseStatus,
    text_digest,
)
from questions.operations import audit, search_index
from questions.operations.corrections import note_act
from questions.operations.taken_out import WordsStand, redactions_of, standing_in
from questions.operations.two_people import require_another
from questions.operations.whereabouts import whereabouts_of


class EventNotOpen(Exception):
    """Only an event that was opened is closed: a draft would become public by it."""


class NotPublic(Exception):
    """Only what is public is withdrawn."""


@transaction.atomic
def publish_responses(
    responses: QuerySet[Response],
    *,
    by: AbstractBaseUser,
    at: datetime,
    words_may_stand: bool = False,
) -> int:
    """Publish those that are received or withheld, oldest first; returns how many.

    Answers without a text wait until it is typed from their file; those from which words were
    taken out stay closed. The text published before on the same slot is superseded and stays
    readable as a version. What was public before comes back under its number, and behind the later
    text that is in force; so does what is left of an earlier text. What is left of a text, and
    another text to the slot that has words which were taken out, is published by someone else than
    who took them out; the latter only if `words_may_stand`, as what is left while the words stand
    elsewhere in public. Raises SamePerson and WordsStand (operations.taken_out).
    """
    locked = _locked(responses)
    sealed = set(Response.objects.filter(redacts__in=locked).values_list("redacts", flat=True))
    chosen = [
        response
        for response in locked
        if response.status in {ResponseStatus.RECEIVED, ResponseStatus.WITHHELD}
        and not response.waits_for_text
        and response.pk not in sealed
    ]
    again = _withdrawn_among(chosen)
    despite = _with_words(chosen, by, words_may_stand)
    for response in chosen:
        _publish(response, by, at)
    for response in again:
        _note(CorrectionKind.RESTORED, response, by=by, at=at)
    search_index.refresh_answers(_slots_of(chosen))
    for response in chosen:
        looked_at = {"words_may_stand": True} if response in despite else {}
        _record_published(response, by, at, **looked_at)
    if chosen:
        Edition.objects.bump(at=at)
    return len(chosen)


def _with_words(
    chosen: list[Response], by: AbstractBaseUser, words_may_stand: bool
) -> list[Response]:
    """Those that have words which were taken out of the same reply, or left them in public."""
    found = []
    redactions = redactions_of([response.slot_id for response in chosen])
    for response in chosen:
        if response.redacts_id:
            require_another(response.entered_by, by=by)
        standing = standing_in(response, redactions)
        for redaction, _words in standing:
            require_another(redaction.entered_by, by=by)
        if standing or (response.redacts_id and whereabouts_of(response).is_public):
            found.append(response)
    if found and not words_may_stand:
        raise WordsStand
    return found


def _publish(response: Response, by: AbstractBaseUser, at: datetime) -> None:
    others = Response.objects.filter(slot=response.slot).exclude(pk=response.pk)
    was = response if response.published_at else response.redacts
    if was and others.in_force().filter(version__gt=was.version or 0).exists():
        response.status = ResponseStatus.SUPERSEDED  # the State said something else since
    else:
        others.in_force().update(status=ResponseStatus.SUPERSEDED)
        response.status = ResponseStatus.PUBLISHED
    response.withheld_reason = ""
    if response.published_at is None:
        response.version = (others.aggregate(last=Max("version"))["last"] or 0) + 1
        response.published_at = at
    response.published_by = by
    response.approved_by = by
    response.approved_sha256 = text_digest(response.text)
    response.save()
    taken_out = response.corrections.acts().filter(kind=CorrectionKind.REDACTION)
    taken_out.filter(published_at=None).update(published_at=at, published_by=by)


def _record_published(
    response: Response, by: AbstractBaseUser, at: datetime, **looked_at: bool
) -> None:
    audit.record(
        "response.published",
        response,
        by=by,
        at=at,
        version=response.version,
        submission=response.submission.symbol,
        sha256=response.approved_sha256,
        **looked_at,
    )


@transaction.atomic
def withhold_responses(
    responses: QuerySet[Response],
    *,
    reason: str,
    by: AbstractBaseUser,
    at: datetime,
    ground: str = "",
) -> int:
    """Keep those received, published or superseded from the public, which reads the reason instead.

    What was public enters the register of corrections as withdrawn. Superseded before it was ever
    public, a text is not public anyway and stays as it is.
    """
    chosen = [response for response in _locked(responses) if response.may_be_withheld]
    before = {response: response.status for response in chosen}
    for response in _public_among(chosen):
        _note(CorrectionKind.WITHDRAWAL, response, by=by, at=at, reason=reason, ground=ground)
    for response in chosen:
        response.status = ResponseStatus.WITHHELD
        response.withheld_reason = reason
        response.save()
    search_index.refresh_answers(_slots_of(chosen))
    for response, was in before.items():
        audit.record(
            "response.withheld",
            response,
            by=by,
            at=at,
            was=was,
            submission=response.submission.symbol,
            sha256=text_digest(response.text),
        )
    if chosen:
        Edition.objects.bump(at=at)
    return len(chosen)


def _public_among(responses: list[Response]) -> list[Response]:
    visible = Response.objects.publicly_visible().filter(pk__in=[one.pk for one in responses])
    pks = set(visible.values_list("pk", flat=True))
    return [response for response in responses if response.pk in pks]


def _withdrawn_among(responses: list[Response]) -> list[Response]:
    """Those that the register names as withdrawn."""
    noted = Response.objects.filter(
        pk__in=[one.pk for one in responses],
        status=ResponseStatus.WITHHELD,
        corrections__kind=CorrectionKind.WITHDRAWAL,
    )
    pks = set(noted.values_list("pk", flat=True))
    return [response for response in responses if response.pk in pks]


def _note(kind: CorrectionKind, response: Response, **facts: Any) -> None:
    slot = response.slot
    note_act(kind, event=slot.candidacy.event, slot=slot, response=response, **facts)


@transaction.atomic
def withdraw_question(
    question: Question, *, reason: str, ground: str, by: AbstractBaseUser, at: datetime
) -> None:
    """Take the question, and all replies to it, from the public, which reads the reason instead.

    Missions do not see it either any more; nothing of it is deleted. Raises NotPublic.
    """
    locked = _locked_question(question)
    if not Question.objects.publicly_visible().filter(pk=locked.pk).exists():
        raise NotPublic
    about = {"event": locked.event, "question": locked, "by": by, "at": at}
    note_act(CorrectionKind.WITHDRAWAL, reason=reason, ground=ground, **about)
    _set_question(locked, QuestionStatus.WITHDRAWN, by, at)


@transaction.atomic
def restore_question(question: Question, *, by: AbstractBaseUser, at: datetime) -> None:
    """Undo the withdrawal. Raises NotPublic where it is not withdrawn."""
    locked = _locked_question(question)
    if locked.status != QuestionStatus.WITHDRAWN:
        raise NotPublic
    note_act(CorrectionKind.RESTORED, event=locked.event, question=locked, by=by, at=at)
    _set_question(locked, QuestionStatus.ACCEPTED, by, at)


def _locked_question(question: Question) -> Question:
    pks = search_index.lock(Question.objects.filter(pk=question.pk))
    return Question.objects.select_related("event", "state").get(pk__in=pks)


def _set_question(
    question: Question, status: QuestionStatus, by: AbstractBaseUser, at: datetime
) -> None:
    question.status = status
    question.save(update_fields=["status"])
    search_index.refresh_questions(Question.objects.filter(pk=question.pk))
    verb = "withdrawn" if status == QuestionStatus.WITHDRAWN else "restored"
    audit.record(f"question.{verb}", question, by=by, at=at)
    Edition.objects.bump(at=at)


def _locked(responses: QuerySet[Response]) -> list[Response]:
    """The rows, with their slots locked first, so that two publishers of one slot take turns."""
    pks = list(responses.order_by().values_list("pk", flat=True))
    lock_slots(AddressedQuestion.objects.filter(responses__in=pks))
    return list(
        Response.objects.filter(pk__in=pks).with_names().order_by("submission__received_at", "pk")
    )


def _slots_of(responses: list[Response]) -> QuerySet[AddressedQuestion]:
    return AddressedQuestion.objects.filter(pk__in=[response.slot_id for response in responses])


def lock_slots(slots: QuerySet[AddressedQuestion]) -> None:
    """Hold them until the transaction ends: publishing and sending take turns on a slot.

    All take them in one order, so that none waits for another that waits for it.
    """
    pks = list(slots.order_by().values_list("pk", flat=True).distinct())
    list(AddressedQuestion.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


@transaction.atomic
def open_event(event: Event, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Make the event public and take answers."""
    _set_status(event, EventStatus.OPEN, by, at)


@transaction.atomic
def close_event(event: Event, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Take no more answers through the form; the event stays public. Raises EventNotOpen."""
    _set_status(event, EventStatus.CLOSED, by, at)


def _set_status(
    event: Event, status: EventStatus, by: AbstractBaseUser | None, at: datetime
) -> None:
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.status == status:
        return
    if status == EventStatus.CLOSED and locked.status != EventStatus.OPEN:
        raise EventNotOpen
    was = locked.status
    locked.status = event.status = status
    locked.save(update_fields=["status"])
    search_index.refresh_event(event)
    audit.record(f"event.{status}", event, by=by, at=at, was=was)
    Edition.objects.bump(at=at)
