"""Where each State of an event stands: letter, deliveries, answers, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from questions.models import Candidacy, Contact, Event, Letter


@dataclass(frozen=True)
class Delivery:
    """How the letter, or the link sent again, came to one city's mission."""

    city: str  # a value of City
    status: str  # "none", "queued", "sent", "failed", "unsure" or "bounced"
    label: str  # the status in words
    at: datetime | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Standing:
    """One State's row."""

    candidacy: Candidacy
    letter: Letter | None  # the last one
    deliveries: tuple[Delivery, ...]  # New York, Geneva
    last_activity: datetime | None  # last saved or sent; opening is not recorded
    asked: int
    answered: int
    next_step: str


def standings(event: Event, *, at: datetime) -> list[Standing]:
    """The State's rows in order of names, as of `at`."""
    raise NotImplementedError
