"""Pledging events, their sittings, and when their days end."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .addresses import address

NEW_YORK = "America/New_York"
GENEVA = "Europe/Zurich"
# A body that is not listed keeps its own name.
BODY_NAMES = {
    "Human Rights Council": {
        "ar": "مجلس حقوق الإنسان",
        "es": "Consejo de Derechos Humanos",
        "fr": "Conseil des droits de l'homme",
        "ru": "Совет по правам человека",
        "zh-hans": "人权理事会",
    }
}
CONTACTS_KEPT_FOR_MONTHS = 6  # after the election, as the form promises (ux.md M4)


def start_of_day(day: date, zone: str = NEW_YORK) -> datetime:
    """The instant (UTC) at which `day` begins in `zone`."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def end_of_day(day: date, zone: str = NEW_YORK) -> datetime:
    """The instant (UTC) at which `day` is over in `zone`: the first too late (security.md 27)."""
    return start_of_day(day + timedelta(days=1), zone)


def last_day(instant: datetime, zone: str = NEW_YORK) -> date:
    """The day that is over at `instant`: the inverse of `end_of_day`."""
    return (instant - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def zone_exists(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as unknown:
        raise ValidationError(_("Enter a time zone such as America/New_York.")) from unknown


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("Draft, not public")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


PUBLIC_EVENT_STATUSES = [EventStatus.OPEN, EventStatus.CLOSED]


class EventRecord(models.TextChoices):
    KEPT = "kept", _("Kept here as it happened")
    RECONSTRUCTED = "reconstructed", _("Reconstructed from files")


class EventQuerySet(models.QuerySet):
    def publicly_visible(self):
        return self.filter(status__in=PUBLIC_EVENT_STATUSES)

    def real(self):
        """Without the specimen event, which no list or figure but its own shows."""
        return self.filter(is_specimen=False)


class Event(models.Model):
    """One election cycle's pledging event."""

    code = models.CharField(
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2}\d{4}[A-Z]?$", _("Such as PE2021."))],
        help_text="The first part of every symbol, such as PE2021.",
    )
    slug = models.SlugField(
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^(\d{4}(-[a-z]+)?|specimen)$", _("Such as 2021."))],
        help_text="The year, as in the address of its page.",
    )
    title = models.CharField(max_length=120)
    body = models.CharField(max_length=100, default="Human Rights Council")
    term_start = models.PositiveSmallIntegerField("first year of the term")
    term_end = models.PositiveSmallIntegerField("last year of the term")
    organisers = models.TextField(blank=True, help_text="One a line.")
    letter_date = models.DateField(null=True, blank=True)
    answers_due_on = models.DateField(
        null=True, blank=True, help_text="Ends with that day in the event's time zone."
    )
    closes_on = models.DateField(
        null=True,
        blank=True,
        help_text="The last day on which the form takes answers. Empty: it stays open.",
    )
    zone = models.CharField("time zone", max_length=40, default=NEW_YORK, validators=[zone_exists])
    election_date = models.DateField(null=True, blank=True)
    seats = models.JSONField(
        default=dict, blank=True, help_text='Seats per group, such as {"AFG": 5}.'
    )
    hashtag = models.CharField(max_length=60, blank=True)
    question_channels = models.TextField(blank=True, help_text="One a line.")
    stated_counts = models.JSONField(
        default=dict, blank=True, help_text="Counts as the sources state them."
    )
    sources = models.TextField(blank=True, help_text="One address a line; shown in public.")
    staff_notes = models.TextField(blank=True, help_text="Never public.")
    status = models.CharField(
        max_length=6, choices=EventStatus, default=EventStatus.DRAFT, editable=False
    )
    record = models.CharField(max_length=13, choices=EventRecord, default=EventRecord.KEPT)
    is_specimen = models.BooleanField("specimen", default=False, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-term_start", "code"]
        permissions = [("open_event", "Can open and close events")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=EventStatus.values), name="event_status_known"
            ),
            models.CheckConstraint(
                condition=Q(record__in=EventRecord.values), name="event_record_known"
            ),
            models.CheckConstraint(
                condition=Q(term_start__lte=F("term_end")), name="event_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True)
                | Q(answers_due_on__isnull=True)
                | Q(closes_on__gte=F("answers_due_on")),
                name="event_closes_after_deadline",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.code})"

    def get_absolute_url(self):
        return address("public:event_detail", self.slug)

    def clean(self):
        due, closes = self.answers_due_on, self.closes_on
        if due and closes and closes < due:
            raise ValidationError({"closes_on": _("The form cannot close before the deadline.")})

    @property
    def symbol(self):
        return self.code

    @property
    def body_name(self):
        """In the language of the page."""
        return self.body_in(get_language())

    def body_in(self, language: str | None) -> str:
        return BODY_NAMES.get(self.body, {}).get(language, self.body)

    @property
    def is_public(self):
        return self.status in PUBLIC_EVENT_STATUSES

    @property
    def is_reconstructed(self):
        return self.record == EventRecord.RECONSTRUCTED

    @property
    def term(self):
        return f"{self.term_start}–{self.term_end}"

    @property
    def organiser_names(self):
        return self.organisers.splitlines()

    @property
    def source_addresses(self):
        return self.sources.splitlines()

    @property
    def due_at(self):
        """The deadline's instant for a State without one of its own; None where it is not known."""
        return self.answers_due_on and end_of_day(self.answers_due_on, self.zone)

    @property
    def closes_at(self):
        """The first instant at which the form is read-only; None: it stays open."""
        return self.closes_on and end_of_day(self.closes_on, self.zone)

    def forgets_contacts(self, *, at: datetime) -> bool:
        """Whether six months have passed since the election, or the last day it can have been."""
        elected_on = self.election_date or self.closes_on or date(self.term_start, 1, 1)
        months = elected_on.year * 12 + elected_on.month - 1 + CONTACTS_KEPT_FOR_MONTHS
        year, month = divmod(months, 12)
        day = min(elected_on.day, monthrange(year, month + 1)[1])
        return at >= end_of_day(date(year, month + 1, day), self.zone)


class EventSession(models.Model):
    """One sitting of an event; its day may be unknown."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="sessions")
    position = models.PositiveSmallIntegerField(default=1)
    date = models.DateField(null=True, blank=True)
    is_online = models.BooleanField("online", default=False)
    city = models.CharField(max_length=60, blank=True)
    venue = models.CharField(max_length=120, blank=True)
    local_time = models.CharField(max_length=80, blank=True)
    co_sponsors = models.TextField(blank=True, help_text="One a line.")
    moderator = models.CharField(max_length=200, blank=True)
    audience = models.CharField(
        max_length=200, blank=True, help_text='As the source writes it, such as "over 200".'
    )
    staff_note = models.TextField(blank=True, help_text="Never public.")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "position"], name="event_session_position_once"
            ),
        ]

    def __str__(self):
        place = "online" if self.is_online else self.city
        return f"{self.event.code}, {place or 'place not known'}"

    @property
    def co_sponsor_names(self):
        return self.co_sponsors.splitlines()
