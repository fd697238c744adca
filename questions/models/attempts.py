"""How often one client address tries what is limited: links, codes, asking for a link again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from questions.tokens import keyed_digest


class AttemptKind(models.TextChoices):
    LINK = "link", _("A link that does not exist")
    CODE = "code", _("A reply code that is not right")
    LINK_AGAIN = "again", _("A link asked for again")


@dataclass(frozen=True)
class Allowance:
    """`most` within `period`; then the address waits for that long."""

    most: int
    period: timedelta


ALLOWANCES = {
    AttemptKind.LINK: Allowance(30, timedelta(minutes=1)),  # security.md 11
    AttemptKind.CODE: Allowance(10, timedelta(minutes=15)),  # security.md 14
    AttemptKind.LINK_AGAIN: Allowance(5, timedelta(hours=1)),
}
ATTEMPTS_KEPT = timedelta(days=1)


def minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


class AttemptQuerySet(models.QuerySet):
    def by(self, address: str, kind: AttemptKind):
        digest = keyed_digest(settings.SECRET_KEY, address)
        return self.filter(address_digest=digest, kind=kind)

    def count_one(self, address: str, kind: AttemptKind, *, at: datetime) -> None:
        """Add one to the address's count in the minute of `at`; forget what is a day old."""
        row, made = self.get_or_create(
            address_digest=keyed_digest(settings.SECRET_KEY, address),
            kind=kind,
            minute=minute_of(at),
        )
        self.filter(pk=row.pk).update(count=F("count") + 1)
        if made:
            self.filter(minute__lt=at - ATTEMPTS_KEPT).delete()

    def too_many(self, address: str, kind: AttemptKind, *, at: datetime) -> bool:
        """Whether the address has used up its allowance and the period after it is not over.

        What is refused is not counted, so that trying again makes nobody wait longer.
        """
        allowance = ALLOWANCES[kind]
        tried = self.by(address, kind).filter(minute__lte=at)
        recent = tried.filter(minute__gte=minute_of(at) - allowance.period)
        last = recent.aggregate(last=models.Max("minute"))["last"]
        if last is None:
            return False
        counted = tried.filter(minute__gte=last - allowance.period)
        return counted.aggregate(total=models.Sum("count"))["total"] >= allowance.most


class Attempt(models.Model):
    """How often one client address tried one thing, by the minute.

    The address is kept as an HMAC, for a day.
    """

    address_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=5, choices=AttemptKind)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_digest", "kind", "minute"], name="attempt_once_per_minute"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AttemptKind.values), name="attempt_kind_known"
            ),
        ]

    def __str__(self):
        return f"{self.count} ({self.kind}) at {self.minute:%Y-%m-%d %H:%M}"
