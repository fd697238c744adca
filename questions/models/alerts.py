"""Who asked to be told by mail of what is published."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from questions.tokens import digest

from .asked import topics_in_public
from .askers import Asker
from .events import Event
from .questions import Question
from .states import UN_LANGUAGES, State
from .topics import Topic

UNCONFIRMED_KEPT_FOR = timedelta(days=7)
LINKS_KEPT_FOR = timedelta(days=365)
MOST_FOR_AN_ADDRESS = 20
LONGEST_WORDS = 200  # of a search
QUESTION = re.compile(
    r"(?P<event>[A-Z]{2}\d{4}[A-Z]?)[/-](?:Q|(?P<state>[A-Z]{3})-)(?P<number>[1-9]\d{0,3})"
)
ABOUT = ["event", "state", "question", "topic", "asker"]


def _question(symbol: str) -> Question | None:
    """By its symbol as permalinks write it: PE2021-Q5, PE2021-KAZ-1."""
    if not (found := QUESTION.fullmatch(symbol)):
        return None
    questions = Question.objects.publicly_visible().filter(
        event__is_specimen=False,
        event__code=found["event"],
        number=found["number"],
        state__iso3=found["state"],
    )
    return questions.select_related("event", "state").first()


def _asker(slug: str) -> Asker | None:
    """Named in public, with a public question; of anyone else nothing is said."""
    asked = Question.objects.over_the_years().order_by()
    named = Asker.objects.named_in_public().filter(slug=slug)
    return named.filter(asked__question__in=asked).first()


# What can be followed, by how an address names it; real and public things only.
FOLLOWED: dict[str, Callable[[str], models.Model | None]] = {
    "event": lambda slug: Event.objects.publicly_visible().real().filter(slug=slug).first(),
    "state": lambda code: State.objects.real().filter(iso3=code.upper()).first(),
    "question": _question,
    "topic": lambda slug: next((one for one in topics_in_public() if one.slug == slug), None),
    "asker": _asker,
}


def followed(kind: str, value: str) -> dict[str, Any] | None:
    """The field of an alert, with what it follows; None where nothing public is meant."""
    if kind == "search":
        words = " ".join(value.split())
        return {"words": words} if words and len(words) <= LONGEST_WORDS else None
    thing = FOLLOWED[kind](value) if kind in FOLLOWED and "\0" not in value else None
    return {kind: thing} if thing else None


class AlertFrequency(models.TextChoices):
    AT_ONCE = "once", _("As soon as something is published")
    WEEKLY = "weekly", _("Once a week, on Monday")


class AlertQuerySet(models.QuerySet):
    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self):
        return self.filter(confirmed_at__isnull=True)

    def outdated(self, *, at: datetime):
        """Asked for and never confirmed: whoever owns the address does not want them."""
        since = at - UNCONFIRMED_KEPT_FOR
        asked = self.unconfirmed().filter(asked_at__lt=since)
        return asked.filter(Q(asked_to_confirm_at__isnull=True) | Q(asked_to_confirm_at__lt=since))

    def to_be_asked(self, *, at: datetime):
        """Those whose addresses wait for a message that asks to confirm them, in their turn."""
        return self.unconfirmed().filter(ask_at__lte=at).order_by("turn", "asked_at", "pk")

    def first_turns_first(self):
        """Of one turn the latest first: what its owner asked for is newer than what others did."""
        return self.order_by("turn", "-asked_at", "-pk")

    def due(self, frequency: str, *, until: datetime):
        """Those that have not been told yet of all that happened until then."""
        return self.confirmed().filter(frequency=frequency, covered_until__lt=until)

    def counts(self) -> list[dict[str, Any]]:
        """How many there are of each kind of thing: one query."""
        kinds = {
            **{name: Q(**{f"{name}__isnull": False}) for name in ABOUT},
            "search": ~Q(words=""),
        }
        kinds["everything"] = ~reduce(or_, kinds.values())
        of_kind = {
            "at_once": Q(frequency=AlertFrequency.AT_ONCE, confirmed_at__isnull=False),
            "weekly": Q(frequency=AlertFrequency.WEEKLY, confirmed_at__isnull=False),
            "unconfirmed": Q(confirmed_at__isnull=True),
        }
        found = self.aggregate(
            **{
                f"{kind}_{name}": Count("pk", filter=is_of_kind & is_so)
                for kind, is_of_kind in kinds.items()
                for name, is_so in of_kind.items()
            }
        )
        return [
            {"about": kind, **{name: found[f"{kind}_{name}"] for name in of_kind}} for kind in kinds
        ]

    def to_address(self, email: str):
        return self.filter(email=address_of(email))

    def with_names(self):
        return self.select_related(
            "event", "state", "question__event", "question__state", "topic", "asker"
        )


def _about_one_thing() -> Q:
    """One of the things, or the words of a search, or none: then it is about everything."""
    none = {f"{name}__isnull": True for name in ABOUT}
    allowed = Q(**none)
    for name in ABOUT:
        allowed |= Q(**none | {f"{name}__isnull": False}, words="")
    return allowed


def address_of(typed: str) -> str:
    """One spelling, so that one mailbox is one address."""
    return typed.strip().lower()


def mailbox_of(address: str) -> str:
    """Without the dots and the +tag that some mail servers ignore; to count by, not to write to."""
    name, _at, domain = address.rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


class Alert(models.Model):
    """An address that is told of what is published about one thing, or of everything.

    The row is all that is kept of the address, and goes when the alert ends (GDPR 5(1)(e)).
    """

    email = models.EmailField()
    language = models.CharField(max_length=10, choices=UN_LANGUAGES)
    event = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    state = models.ForeignKey(State, models.CASCADE, null=True, related_name="+")
    question = models.ForeignKey(Question, models.CASCADE, null=True, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, related_name="+")
    asker = models.ForeignKey(Asker, models.CASCADE, null=True, related_name="+")
    words = models.CharField(max_length=LONGEST_WORDS, blank=True, help_text="Of a search.")
    frequency = models.CharField(max_length=6, choices=AlertFrequency)
    asked_at = models.DateTimeField()
    turn = models.PositiveIntegerField(
        default=1,
        help_text="Its number among the alerts asked for from one part of the network in a day:"
        " the messages that ask to confirm leave in this order.",
    )
    ask_at = models.DateTimeField(
        null=True, help_text="From when on the message that asks to confirm it may leave."
    )
    asked_to_confirm_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    covered_until = models.DateTimeField(
        null=True, help_text="What was published up to this moment is told or was none."
    )
    last_sent_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["turn", "asked_at"],
                condition=Q(ask_at__isnull=False),
                name="alert_to_be_asked",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=_about_one_thing(), name="alert_about_one_thing"),
            models.UniqueConstraint(
                "email", *(Coalesce(name, 0) for name in ABOUT), "words", name="alert_once"
            ),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in UN_LANGUAGES]),
                name="alert_language_known",
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=AlertFrequency.values), name="alert_frequency_known"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, covered_until__isnull=True)
                | Q(confirmed_at__isnull=False, covered_until__isnull=False),
                name="alert_confirmed_covers",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(ask_at__isnull=True),
                name="alert_confirmed_is_not_asked",
            ),
            models.CheckConstraint(
                condition=Q(last_sent_at__isnull=True) | Q(confirmed_at__lte=F("last_sent_at")),
                name="alert_sent_once_confirmed",
            ),
        ]

    def __str__(self):
        return f"alert {self.pk}"  # no address: it stands in the audit chain

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    @property
    def thing(self):
        """What it is about; None where that is everything or a search."""
        return self.event or self.state or self.question or self.topic or self.asker


class AlertLinkQuerySet(models.QuerySet):
    def outdated(self, *, at: datetime):
        """Older than a year; the last of an alert stays, so that who has it can end the alert."""
        newer = self.model.objects.filter(
            alert=models.OuterRef("alert"), minted_at__gt=models.OuterRef("minted_at")
        )
        return self.filter(models.Exists(newer), minted_at__lt=at - LINKS_KEPT_FOR)

    def for_token(self, token: str):
        return self.filter(token_digest=digest(token)).select_related("alert")


class AlertLink(models.Model):
    """The link in one message of an alert: confirms it, and ends it."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="links")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    minted_at = models.DateTimeField(editable=False)

    objects = AlertLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(token_digest__regex=r"^[0-9a-f]{64}$"), name="alert_link_keeps_a_digest"
            ),
        ]

    def __str__(self):
        return f"link {self.pk} of {self.alert}"
