"""Reminders: a week before a State's deadline, on its last day, and the day after."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from questions.models import Candidacy, Contact, Event, MailKind


@dataclass(frozen=True)
class DueReminder:
    """A reminder that one State is to get now, at each of its addresses that had none."""

    candidacy: Candidacy
    kind: MailKind
    contacts: tuple[Contact, ...]
    unanswered: int


def reminders_due(event: Event, *, at: datetime) -> list[DueReminder]:
    """What `send_reminders` would queue at `at`, in order of States."""
    raise NotImplementedError


def send_reminders(
    event: Event,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    only: Collection[Candidacy] | None = None,
) -> int:
    """Queue the reminders that are due, one each whatever happens; returns how many messages."""
    raise NotImplementedError
