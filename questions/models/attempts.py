"""How often one client address tries what is limited: links, codes, asking for a link again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from questions.tokens import keyed_digest


class AttemptKind(models.TextChoices):
    LINK = "link", _("A link that does not exist")
    CODE = "code", _("A reply code that is not right")
    LINK_AGAIN = "again", _("A link asked for again")
    ALERT = "alert", _("An alert asked for")
    ALERT_TO = "to", _("An alert asked for, to this e-mail address")
    ALERT_NEAR = "near", _("An alert asked for, from this part of the network")
    ALERT_OF_ALL = "all", _("A message that asks to confirm an alert, to anyone")


@dataclass(frozen=True)
class Allowance:
    """`most` within `period`; then the address waits for that long."""

    most: int
    period: timedelta


ALLOWANCES = {
    AttemptKind.LINK: Allowance(30, timedelta(minutes=1)),  # security.md 11
    AttemptKind.CODE: Allowance(10, timedelta(minutes=15)),  # security.md 14
    AttemptKind.LINK_AGAIN: Allowance(5, timedelta(hours=1)),
    AttemptKind.ALERT: Allowance(10, timedelta(hours=1)),
    AttemptKind.ALERT_OF_ALL: Allowance(120, timedelta(hours=1)),  # security.md 88: in total
}
ATTEMPTS_KEPT = timedelta(days=1)
ANYONE = "anyone"  # instead of an address, where all are counted together


def day_of(moment: datetime) -> datetime:
    """The beginning of its day, in UTC."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def day_after(moment: datetime) -> datetime:
    return day_of(moment) + timedelta(days=1)


def minute_of(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _digest(who: str) -> str:
    """Of an IPv6 address its network: whoever has one has 2**64 addresses in it."""
    try:
        address = ip_address(who)
    except ValueError:
        address = None
    if isinstance(address, IPv6Address):
        who = str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
    return keyed_digest(settings.SECRET_KEY, who)


def _neighbourhood(who: str) -> str:
    """What one provider gives to few: 256 addresses of IPv4, or 65,536 networks of IPv6."""
    try:
        address = ip_address(who)
    except ValueError:
        return who
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(IPv6Network((int(address), 48), strict=False))
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else address
    return str(IPv4Network((int(mapped), 24), strict=False))


class AttemptQuerySet(models.QuerySet):
    def by(self, address: str, kind: AttemptKind):
        digest = _digest(address)
        return self.filter(address_digest=digest, kind=kind)

    def count_one(self, address: str, kind: AttemptKind, *, at: datetime) -> None:
        """Add one to the address's count in the minute of `at`; forget what is a day old."""
        row, made = self.get_or_create(
            address_digest=_digest(address),
            kind=kind,
            minute=minute_of(at),
        )
        self.filter(pk=row.pk).update(count=F("count") + 1)
        if made:
            self.outdated(at=at).delete()

    def outdated(self, *, at: datetime):
        return self.filter(minute__lt=at - ATTEMPTS_KEPT)

    def is_first_of_day(self, value: str, kind: AttemptKind, *, at: datetime) -> bool:
        """Whether it is the first in this day (UTC), of which one is counted, however many ask."""
        day = day_of(at)
        _row, made = self.get_or_create(address_digest=_digest(value), kind=kind, minute=day)
        return made

    def turn_of(self, address: str, *, at: datetime) -> int:
        """Count an alert that is asked for, and how many were in a day from its neighbourhood."""
        near = _neighbourhood(address)
        self.count_one(near, AttemptKind.ALERT_NEAR, at=at)
        return _total(self.by(near, AttemptKind.ALERT_NEAR).filter(minute__gte=at - ATTEMPTS_KEPT))

    def hold_what_is_left(self, who: str, kind: AttemptKind, *, at: datetime) -> int:
        """Of the allowance in the period up to now; others who ask wait for this transaction.

        Their rows are locked in the order of their minutes, so that none waits in a circle.
        """
        allowance, minute = ALLOWANCES[kind], minute_of(at)
        self.get_or_create(address_digest=_digest(who), kind=kind, minute=minute)
        used = self.by(who, kind).filter(minute__gt=minute - allowance.period, minute__lte=minute)
        counted = used.select_for_update().order_by("minute")
        return max(0, allowance.most - sum(one.count for one in counted))

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
        return _total(tried.filter(minute__gte=last - allowance.period)) >= allowance.most


def _total(attempts: models.QuerySet) -> int:
    return attempts.aggregate(total=models.Sum("count"))["total"]


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
