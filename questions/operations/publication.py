"""What becomes public, and what stops being so."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, QuerySet

from questions.models import (
    AddressedQuestion,
    Edition,
    Event,
    EventStatus,
    Response,
    ResponseStatus,
    text_digest,
)
from questions.operations import audit, search_index


class EventNotOpen(Exception):
    """Only an event that was opened is closed: a draft would become public by it."""


@transaction.atomic
def publish_responses(responses: QuerySet[Response], *, by: AbstractBaseUser, at: datetime) -> int:
    """Publish those that are received or withheld, oldest first; returns how many.

    Answers without a text wait until it is typed from their file. The text published before on
    the same slot is superseded and stays readable as a version.
    """
    chosen = [
        response
        for response in _locked(responses)
        if response.status in {ResponseStatus.RECEIVED, ResponseStatus.WITHHELD}
        and not response.waits_for_text
    ]
    for response in chosen:
        _publish(response, by, at)
    search_index.refresh_answers(_slots_of(chosen))
    for response in chosen:
        _record_published(response, by, at)
    if chosen:
        Edition.objects.bump(at=at)
    return len(chosen)


def _publish(response: Response, by: AbstractBaseUser, at: datetime) -> None:
    others = Response.objects.filter(slot=response.slot).exclude(pk=response.pk)
    others.filter(status=ResponseStatus.PUBLISHED).update(status=ResponseStatus.SUPERSEDED)
    last = others.aggregate(last=Max("version"))["last"] or 0
    response.status = ResponseStatus.PUBLISHED
    response.withheld_reason = ""
    if response.published_at is None or response.version < last:
        response.version = last + 1
        response.published_at = at
    response.published_by = by
    response.approved_by = by
    response.approved_sha256 = text_digest(response.text)
    response.save()


def _record_published(response: Response, by: AbstractBaseUser, at: datetime) -> None:
    audit.record(
        "response.published",
        response,
        by=by,
        at=at,
        version=response.version,
        submission=response.submission.symbol,
        sha256=response.approved_sha256,
    )


@transaction.atomic
def withhold_responses(
    responses: QuerySet[Response], *, reason: str, by: AbstractBaseUser, at: datetime
) -> int:
    """Keep those that are received or published from the public, which reads the reason instead."""
    chosen = [
        response
        for response in _locked(responses)
        if response.status in {ResponseStatus.RECEIVED, ResponseStatus.PUBLISHED}
    ]
    before = {response: response.status for response in chosen}
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
