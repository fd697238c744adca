"""The state of everything public."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import F

from .candidacies import Candidacy
from .events import NEW_YORK, Event, EventRecord, EventStatus, end_of_day


def next_change_after(at: datetime) -> datetime:
    """The next moment at which time alone changes a public page.

    Deadlines and closings of events that are kept here are such moments, and each midnight in
    New York, since every page says "as of" a day where it is printed.
    """
    kept = Event.objects.publicly_visible().filter(record=EventRecord.KEPT)
    moments = list(
        Candidacy.objects.filter(event__in=kept, due_at__gt=at)
        .order_by("due_at")
        .values_list("due_at", flat=True)[:1]
    )
    closings = kept.filter(status=EventStatus.OPEN, closes_on__isnull=False)
    moments += [event.closes_at for event in closings if event.closes_at > at]
    moments.append(end_of_day(at.astimezone(ZoneInfo(NEW_YORK)).date()))
    return min(moments)


class EditionQuerySet(models.QuerySet):
    def bump(self, *, at: datetime) -> None:
        """Make the next edition, in the transaction of the public change that causes it."""
        with transaction.atomic():
            self.get_or_create(pk=1)
            self.filter(pk=1).update(number=F("number") + 1, fresh_until=next_change_after(at))

    def bump_from(self, number: int, *, at: datetime) -> bool:
        """Make the next edition if `number` is still the current one (compare and set)."""
        changed = self.filter(pk=1, number=number).update(
            number=F("number") + 1, fresh_until=next_change_after(at)
        )
        return bool(changed)


class Edition(models.Model):
    """The number of the current state of everything public; one row."""

    number = models.PositiveBigIntegerField(default=1)
    fresh_until = models.DateTimeField(
        null=True, help_text="The next moment at which time alone changes a page."
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="edition_one_row"),
        ]

    def __str__(self):
        return f"edition {self.number}"
