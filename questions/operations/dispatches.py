"""Sending issued letters: one message with its own link to each address on file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from questions.models import Candidacy, Contact, Event, Letter, OutgoingMail

from .preflight import Finding


class Blocked(Exception):
    """The pre-flight found errors; `findings` are these."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__("; ".join(finding.text for finding in findings))


class ClosesTooEarly(Exception):
    """The form cannot close before the deadline, or on a day that has passed."""


@dataclass(frozen=True)
class MessageToSend:
    """A letter to one address, not yet queued."""

    letter: Letter
    contact: Contact


def proposed_closing(event: Event) -> Date | None:
    """The day before the election where no closing day is set (DESIGN.md §3)."""
    raise NotImplementedError


def messages_to_send(
    event: Event, *, only: Collection[Candidacy] | None = None
) -> list[MessageToSend]:
    """What `send_letters` would queue, in order of States, New York first."""
    raise NotImplementedError


def send_letters(
    event: Event,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    closes_on: Date | None = None,
    only: Collection[Candidacy] | None = None,
) -> int:
    """Queue every letter that was issued and not sent; returns how many messages.

    `closes_on` sets the event's closing day. `only` chooses States. Sending again sends only
    what was not. Raises Blocked and ClosesTooEarly.
    """
    raise NotImplementedError


def send_to_self(
    letter: Letter, contact: Contact, to: str, *, by: AbstractBaseUser | None, at: datetime
) -> OutgoingMail:
    """Queue the message that the contact would get, to `to` and without a working link."""
    raise NotImplementedError
