"""States that stand at events, and their deadlines."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .addresses import address
from .events import PUBLIC_EVENT_STATUSES, Event, EventRecord, EventStatus, last_day
from .states import State


class Participation(models.TextChoices):
    TOOK_PART = "took_part", _("Took part in the event")
    DECLINED = "declined", _("Declined to take part in the event")
    NO_REPLY = "no_reply", _("Did not reply to the invitation")
    DID_NOT_ATTEND = "did_not_attend", _("Did not attend the event")
    ABSENT = "absent", _("Absent (reason not stated)")
    UNKNOWN = "unknown", _("Participation not known")


class Standing(models.TextChoices):
    CANDIDATE = "candidate", _("Candidate")
    ENTERED_LATE = "entered_late", _("Entered late")
    REPLACED = "replaced", _("Replaced")
    WITHDREW = "withdrew", _("Withdrew")


NO_LONGER_STANDING = [Standing.WITHDREW, Standing.REPLACED]


class ElectionResult(models.TextChoices):
    ELECTED = "elected", _("Elected")
    NOT_ELECTED = "not_elected", _("Not elected")
    PENDING = "pending", _("Pending")


class CandidacyQuerySet(models.QuerySet):
    def publicly_visible(self):
        return self.filter(event__status__in=PUBLIC_EVENT_STATUSES)

    def with_names(self):
        return self.select_related("event", "state")

    def still_standing(self):
        """Without those that withdrew or were replaced: nobody writes to them."""
        return self.exclude(standing__in=NO_LONGER_STANDING)

    def with_unsent_questions(self):
        """Those to which a question was put that no letter took to them."""
        from .questions import AddressedQuestion

        unsent = AddressedQuestion.objects.unsent().filter(candidacy=OuterRef("pk"))
        return self.filter(Exists(unsent))

    def propose_deadline(self, due_at: datetime) -> int:
        """Give it to those that have none; a deadline that stands is never moved here."""
        return self.filter(due_at__isnull=True).update(due_at=due_at)

    def with_unanswered(self):
        """Annotate `unanswered`: how many questions sent to it nothing has been received to."""
        from .questions import AddressedQuestion

        waiting = AddressedQuestion.objects.sent().filter(
            candidacy=OuterRef("pk"), responses__isnull=True
        )
        counted = waiting.order_by().values("candidacy").annotate(count=Count("pk"))
        return self.annotate(unanswered=Coalesce(Subquery(counted.values("count")), 0))

    def awaited(self):
        """Those at open events kept here that have something left to answer, earliest first."""
        return (
            self.with_unanswered()
            .filter(unanswered__gt=0, due_at__isnull=False)
            .filter(event__status=EventStatus.OPEN, event__record=EventRecord.KEPT)
            .order_by("due_at", "state__sort_key")
        )


class Candidacy(models.Model):
    """A State standing at an event."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="candidacies")
    state = models.ForeignKey(State, models.PROTECT, related_name="candidacies")
    participation = models.CharField(
        max_length=14, choices=Participation, default=Participation.UNKNOWN
    )
    standing = models.CharField(max_length=12, choices=Standing, default=Standing.CANDIDATE)
    at_event = models.BooleanField(
        "candidate when the event was held",
        null=True,
        blank=True,
        default=True,
        help_text="Unknown where no source says so.",
    )
    result = models.CharField(max_length=11, choices=ElectionResult, default=ElectionResult.PENDING)
    votes = models.PositiveSmallIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(
        "answers due",
        null=True,
        blank=True,
        editable=False,
        help_text="The instant (UTC) at which the deadline has passed.",
    )
    staff_note = models.TextField(blank=True, help_text="Never public.")
    sources = models.TextField(blank=True, help_text="One address a line; shown in public.")

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "candidacies"
        permissions = [("extend_deadline", "Can extend deadlines")]
        constraints = [
            models.UniqueConstraint(fields=["event", "state"], name="candidacy_once_per_event"),
            models.CheckConstraint(
                condition=Q(participation__in=Participation.values),
                name="candidacy_participation_known",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="candidacy_standing_known"
            ),
            models.CheckConstraint(
                condition=Q(result__in=ElectionResult.values), name="candidacy_result_known"
            ),
        ]

    def __str__(self):
        return f"{self.state} at {self.event.code}"

    def get_absolute_url(self):
        return address("public:state_at_event", self.event.slug, self.state.slug)

    @property
    def symbol(self):
        return f"{self.event.code}/{self.state.iso3}"

    @property
    def reference(self):
        """The symbol as it stands in the form's addresses: pe2021-kaz."""
        return f"{self.event.code}-{self.state.iso3}".lower()

    @property
    def is_still_standing(self):
        return self.standing not in NO_LONGER_STANDING

    @property
    def source_addresses(self):
        return self.sources.splitlines()

    @property
    def due_on(self):
        """The day with whose end the deadline passes, in the event's time zone."""
        return self.due_at and last_day(self.due_at, self.event.zone)

    def is_late(self, moment: datetime) -> bool:
        """Whether what is received at `moment` is late; no grace (DESIGN.md §3)."""
        return self.due_at is not None and moment >= self.due_at

    def days_left(self, *, at: datetime) -> int | None:
        """Days of the calendar until the deadline's day, 0 on that day; None where not known."""
        if self.due_at is None:
            return None
        return (self.due_on - at.astimezone(ZoneInfo(self.event.zone)).date()).days

    @property
    def closes_at(self) -> datetime | None:
        """When its form is read-only: never before its own deadline (security.md 31)."""
        closes_at = self.event.closes_at
        return closes_at and max(closes_at, self.due_at or closes_at)

    def takes_answers(self, *, at: datetime) -> bool:
        """Whether the form still stores what a mission sends."""
        if self.event.status == EventStatus.CLOSED:
            return False
        return self.closes_at is None or at < self.closes_at


class DeadlineExtension(models.Model):
    """A State's deadline moved to a later day."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="extensions")
    previous_due_at = models.DateTimeField(editable=False)
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    extended_at = models.DateTimeField()

    class Meta:
        ordering = ["extended_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("previous_due_at")), name="extension_later_only"
            ),
        ]

    def __str__(self):
        return f"{self.candidacy.symbol} until {self.due_at:%Y-%m-%d}"
