"""Sending issued letters: one message with its own link to each address on file."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count

from questions import mail
from questions.models import (
    Candidacy,
    Contact,
    Edition,
    Event,
    Letter,
    LetterOrigin,
    MailKind,
    OutgoingMail,
)
from questions.operations import audit
from questions.operations.links import ContactElsewhere
from questions.operations.preflight import Finding, preflight


class Blocked(Exception):
    """The pre-flight found errors; `findings` are these."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__("; ".join(finding.text for finding in findings))


class NoLetterIssued(Exception):
    """The State's first link goes with its letter."""


class ClosesTooEarly(Exception):
    """The form cannot close before the deadline, or on a day that has passed."""


@dataclass(frozen=True)
class MessageToSend:
    """A letter to one address, not yet queued."""

    letter: Letter
    contact: Contact


def proposed_closing(event: Event, *, at: datetime) -> Date | None:
    """The day before the election where no closing day is set (DESIGN.md §3).

    None where the election is not known, or that day is before the deadline or has passed.
    """
    if event.closes_on or not event.election_date:
        return None
    proposed = event.election_date - timedelta(days=1)
    return None if _closes_too_early(event, proposed, at) else proposed


def messages_to_send(
    event: Event, *, only: Collection[Candidacy] | None = None
) -> list[MessageToSend]:
    """What `send_letters` would queue, in order of States, New York first."""
    letters = _letters_to_send(event, only)
    contacts = _contacts_by_state([letter.candidacy.state_id for letter in letters])
    invitations = OutgoingMail.objects.filter(kind=MailKind.INVITATION, letter__in=letters)
    have_it = {(letter, to.lower()) for letter, to in invitations.values_list("letter", "to")}
    return [
        MessageToSend(letter, contact)
        for letter in letters
        for contact in contacts[letter.candidacy.state_id]
        if (letter.pk, contact.email.lower()) not in have_it
    ]


@transaction.atomic
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
    what was not; the event is locked, so that two who send at once do so one after the other.
    Raises Blocked and ClosesTooEarly.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    closed_on = event.closes_on
    if closes_on:
        _set_closing(event, closes_on, at)
    if errors := _errors(event, only, at):
        raise Blocked(errors)
    letters = {message.letter for message in messages_to_send(event, only=only)}
    queued = {
        letter: mail.queue_invitations(letter, at=at)
        for letter in sorted(letters, key=lambda one: (one.candidacy_id, one.number))
    }
    for letter, messages in queued.items():
        audit.record(
            "letter.sent", letter.candidacy, by=by, at=at, letter=letter.number, messages=messages
        )
    if event.closes_on != closed_on:
        days = {"was": str(closed_on or ""), "closes_on": str(closes_on)}
        audit.record("event.closing_set", event, by=by, at=at, **days)
        Edition.objects.bump(at=at)
    return sum(queued.values())


def preview_message(letter: Letter, contact: Contact) -> tuple[str, str]:
    """Subject and body of what the contact would get, without link and code."""
    return mail.preview_invitation(letter, contact)


@transaction.atomic
def send_to_self(
    letter: Letter, contact: Contact, to: str, *, by: AbstractBaseUser | None, at: datetime
) -> OutgoingMail:
    """Queue the message that the contact would get, to `to` and without a working link."""
    preview = mail.queue_preview(letter, contact, to, at=at)
    audit.record("letter.previewed", letter.candidacy, by=by, at=at, letter=letter.number)
    return preview


@transaction.atomic
def send_new_links(
    candidacy: Candidacy, contacts: Collection[Contact], *, by: AbstractBaseUser, at: datetime
) -> int:
    """Queue a new link to each contact that staff chose; returns how many messages.

    Only to addresses on file at the State's missions. Older links stay alive. Raises
    NoLetterIssued and ContactElsewhere.
    """
    if not candidacy.letters.issued().exists():
        raise NoLetterIssued
    on_file = set(Contact.objects.reachable().filter(mission__state=candidacy.state_id))
    if not set(contacts) <= on_file:
        raise ContactElsewhere
    for contact in contacts:
        mail.queue_link_again(contact, candidacy, at=at)
    to = [contact.pk for contact in contacts]
    audit.record("link.sent_again", candidacy, by=by, at=at, contacts=to)
    return len(to)


def _errors(event: Event, only: Collection[Candidacy] | None, at: datetime) -> list[Finding]:
    return [
        finding
        for finding in preflight(event, at=at)
        if finding.is_error
        and (only is None or finding.candidacy is None or finding.candidacy in only)
    ]


def _letters_to_send(event: Event, only: Collection[Candidacy] | None) -> list[Letter]:
    """Of each State the last letter and those that it adds to, oldest first.

    A letter that put no question of its own corrects all before it, which then are not sent.
    What went out by other means is not sent from here.
    """
    letters = Letter.objects.issued().filter(candidacy__in=event.candidacies.still_standing())
    if only is not None:
        letters = letters.filter(candidacy__in=only)
    by_candidacy: dict[Candidacy, list[Letter]] = defaultdict(list)
    ordered = letters.annotate(put=Count("slots")).order_by("candidacy__state__sort_key", "number")
    for letter in ordered.select_related("candidacy__event", "candidacy__state"):
        by_candidacy[letter.candidacy].append(letter)
    return [letter for several in by_candidacy.values() for letter in _still_valid(several)]


def _still_valid(letters: list[Letter]) -> Iterator[Letter]:
    corrections = [place for place, letter in enumerate(letters) if letter.put == 0]
    for letter in letters[corrections[-1] if corrections else 0 :]:
        if letter.origin != LetterOrigin.RECORDED:
            yield letter


def _contacts_by_state(states: Collection[int]) -> dict[int, list[Contact]]:
    """Whom messages reach, one for each address, New York first."""
    contacts = Contact.objects.reachable().filter(mission__state__in=states)
    found: dict[int, dict[str, Contact]] = defaultdict(dict)
    for contact in contacts.select_related("mission__state").order_by("pk"):
        found[contact.mission.state_id].setdefault(contact.email.lower(), contact)
    return defaultdict(list) | {
        state: sorted(several.values(), key=lambda one: one.mission.city, reverse=True)
        for state, several in found.items()
    }


def _set_closing(event: Event, closes_on: Date, at: datetime) -> None:
    if closes_on == event.closes_on:
        return
    if _closes_too_early(event, closes_on, at):
        raise ClosesTooEarly
    event.closes_on = closes_on
    event.save(update_fields=["closes_on"])


def _closes_too_early(event: Event, closes_on: Date, at: datetime) -> bool:
    today = at.astimezone(ZoneInfo(event.zone)).date()
    return closes_on < max(event.answers_due_on or today, today)
