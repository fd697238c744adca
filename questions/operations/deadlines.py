"""Moving deadlines: later only, with a reason, and with notice to both missions."""

from collections.abc import Iterable
from datetime import date as Date
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions import mail
from questions.models import (
    AddressedQuestion,
    Candidacy,
    DeadlineExtension,
    Edition,
    Event,
    end_of_day,
    last_day,
)
from questions.operations import audit, search_index


class EarlierDeadline(Exception):
    """The new day is not later than the deadline of `candidacy` as it stands."""

    def __init__(self, candidacy: Candidacy):
        self.candidacy = candidacy
        super().__init__(str(candidacy))


class NoDeadline(Exception):
    """A State without a deadline has none to extend."""


class ReasonMissing(Exception):
    """An extension has a reason."""


@transaction.atomic
def extend_deadline(
    candidacies: Iterable[Candidacy],
    due_on: Date,
    *,
    reason: str,
    by: AbstractBaseUser,
    at: datetime,
) -> int:
    """Give the States until the end of `due_on`, all or none; returns how many.

    Lateness follows the deadline as it stands; submissions keep what stood at their receipt
    (security.md 33). Where the form of the event would close before, it closes with that day.
    Raises EarlierDeadline, NoDeadline and ReasonMissing.
    """
    if not reason.strip():
        raise ReasonMissing
    locked = _locked([one.pk for one in candidacies])
    extensions = [_extension(one, due_on, reason.strip(), by, at) for one in locked]
    for candidacy, extension in zip(locked, extensions, strict=True):
        candidacy.due_at = extension.due_at
        candidacy.save(update_fields=["due_at"])
        extension.save()
    events = {one.event for one in locked}
    Event.objects.filter(pk__in=[event.pk for event in events], closes_on__lt=due_on).update(
        closes_on=due_on
    )
    for event in events:
        event.refresh_from_db(fields=["closes_on"])
    _queue_notices(locked, extensions, at)
    search_index.refresh_answers(AddressedQuestion.objects.filter(candidacy__in=locked))
    for candidacy, extension in zip(locked, extensions, strict=True):
        _record(candidacy, extension, by, at)
    if locked:
        Edition.objects.bump(at=at)
    return len(locked)


def _locked(pks: list[int]) -> list[Candidacy]:
    """The rows, with their events locked before, as sending locks them."""
    events = Event.objects.filter(candidacies__in=pks).values("pk")
    by_pk = {
        event.pk: event
        for event in Event.objects.select_for_update().filter(pk__in=events).order_by("pk")
    }
    candidacies = Candidacy.objects.select_for_update(of=["self"]).select_related("state")
    locked = list(candidacies.filter(pk__in=pks).order_by("pk"))
    for candidacy in locked:
        candidacy.event = by_pk[candidacy.event_id]
    return locked


def _extension(
    candidacy: Candidacy, due_on: Date, reason: str, by: AbstractBaseUser, at: datetime
) -> DeadlineExtension:
    if candidacy.due_at is None:
        raise NoDeadline
    due_at = end_of_day(due_on, candidacy.event.zone)
    if due_at <= candidacy.due_at:
        raise EarlierDeadline(candidacy)
    return DeadlineExtension(
        candidacy=candidacy,
        previous_due_at=candidacy.due_at,
        due_at=due_at,
        reason=reason,
        by=by,
        extended_at=at,
    )


def _queue_notices(
    candidacies: list[Candidacy], extensions: list[DeadlineExtension], at: datetime
) -> None:
    """To those that were asked: who has no letter yet reads the deadline in it."""
    slots = AddressedQuestion.objects.sent().filter(candidacy__in=candidacies)
    asked = set(slots.values_list("candidacy", flat=True))
    for candidacy, extension in zip(candidacies, extensions, strict=True):
        if candidacy.pk in asked:
            mail.queue_extension_notice(candidacy, extension.previous_due_at, at=at)


def _record(
    candidacy: Candidacy, extension: DeadlineExtension, by: AbstractBaseUser, at: datetime
) -> None:
    """The reason stays in its row: the chain holds nothing that people wrote."""
    zone = candidacy.event.zone
    audit.record(
        "deadline.extended",
        candidacy,
        by=by,
        at=at,
        was=last_day(extension.previous_due_at, zone).isoformat(),
        due_on=last_day(extension.due_at, zone).isoformat(),
    )
