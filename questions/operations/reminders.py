"""Reminders: a week before a State's deadline, on its last day, and the day after."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Min

from questions import mail
from questions.models import (
    REMINDERS,
    Candidacy,
    Contact,
    Event,
    EventStatus,
    Letter,
    LetterOrigin,
    MailKind,
    OutgoingMail,
    end_of_day,
)
from questions.operations import audit

DAY = timedelta(days=1)
# From when to when each goes out, counted from the deadline. "In seven days" is true for a day;
# the notice may be late by a weekend on which nothing ran.
TIMES = {
    MailKind.REMINDER_WEEK: (-7 * DAY, -6 * DAY),
    MailKind.REMINDER_DAY: (-DAY, 0 * DAY),
    MailKind.LATE_NOTICE: (0 * DAY, 3 * DAY),
}


@dataclass(frozen=True)
class DueReminder:
    """A reminder that one State is to get now, at each of its addresses that had none."""

    candidacy: Candidacy
    kind: MailKind
    contacts: tuple[Contact, ...]
    unanswered: int


def reminders_due(event: Event, *, at: datetime) -> list[DueReminder]:
    """What `send_reminders` would queue at `at`, in order of States.

    Nothing for a State that sent something to every question, nor what fell due before it was
    asked; nothing at all for an event that is closed or reconstructed.
    """
    if event.status != EventStatus.OPEN or event.is_reconstructed:
        return []
    kinds = {one: kind for one in _waiting(event) if (kind := _kind(one, at))}
    asked_at = _asked_at(event, list(kinds))
    due = {
        one: kind
        for one, kind in kinds.items()
        if one.pk in asked_at and asked_at[one.pk] <= one.due_at + TIMES[kind][0]
    }
    contacts = _contacts_without(due)
    return [
        DueReminder(one, kind, tuple(contacts[one.pk]), one.unanswered)
        for one, kind in due.items()
        if contacts[one.pk]
    ]


@transaction.atomic
def send_reminders(
    event: Event,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    only: Collection[Candidacy] | None = None,
) -> int:
    """Queue the reminders that are due, one each whatever happens; returns how many messages.

    The event is locked: two who send at once do so one after the other, and the second finds
    that nothing is due.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    due = [one for one in reminders_due(event, at=at) if only is None or one.candidacy in only]
    queued = []
    for reminder in sorted(due, key=lambda one: one.candidacy.pk):
        messages = sum(
            mail.queue_reminder(reminder.candidacy, contact, reminder.kind, at=at)
            for contact in reminder.contacts
        )
        queued.append((reminder, messages))
    for reminder, messages in queued:
        audit.record(
            "reminder.sent",
            reminder.candidacy,
            by=by,
            at=at,
            kind=reminder.kind.value,
            messages=messages,
        )
    return sum(messages for _reminder, messages in queued)


def is_outdated(reminder: OutgoingMail) -> bool:
    """Whether the State has answered, or been given more time, since the message was queued."""
    candidacy = reminder.candidacy
    extended = candidacy.extensions.filter(extended_at__gte=reminder.queued_at)
    return extended.exists() or _has_answered_all(candidacy)


def _has_answered_all(candidacy: Candidacy) -> bool:
    """Whether something was received to every question sent to the State."""
    [unanswered] = (
        Candidacy.objects.with_unanswered()
        .filter(pk=candidacy.pk)
        .values_list("unanswered", flat=True)
    )
    return not unanswered and candidacy.slots.sent().exists()


def _waiting(event: Event) -> list[Candidacy]:
    candidacies = event.candidacies.still_standing().with_unanswered().with_names()
    waiting = candidacies.filter(unanswered__gt=0, due_at__isnull=False)
    return list(waiting.order_by("state__sort_key"))


def _kind(candidacy: Candidacy, at: datetime) -> MailKind | None:
    """The late notice says that the form is open: it is not sent once it has closed."""
    if not candidacy.takes_answers(at=at):
        return None
    passed = at - candidacy.due_at
    return next((kind for kind, (start, end) in TIMES.items() if start <= passed < end), None)


def _asked_at(event: Event, candidacies: list[Candidacy]) -> dict[int, datetime]:
    """When each was first asked: its message was queued, or the day of a letter sent otherwise."""
    letters = Letter.objects.issued().filter(candidacy__in=candidacies)
    by_hand = letters.exclude(origin=LetterOrigin.COMPOSED).values_list("candidacy")
    asked_at = {
        pk: end_of_day(day - DAY, event.zone) for pk, day in by_hand.annotate(day=Min("date"))
    }
    invitations = OutgoingMail.objects.filter(
        kind=MailKind.INVITATION, candidacy__in=candidacies
    ).values_list("candidacy")
    asked_at |= dict(invitations.annotate(first=Min("queued_at")))
    return asked_at


def _contacts_without(due: dict[Candidacy, MailKind]) -> dict[int, list[Contact]]:
    """By candidacy, one contact for each address that had not its reminder, New York first."""
    mails = OutgoingMail.objects.filter(kind__in=REMINDERS, candidacy__in=due)
    had = {(pk, kind, to.lower()) for pk, kind, to in mails.values_list("candidacy", "kind", "to")}
    by_state = {one.state_id: one for one in due}
    contacts = Contact.objects.reachable().filter(mission__state__in=by_state)
    found: dict[int, dict[str, Contact]] = defaultdict(dict)
    for contact in contacts.select_related("mission").order_by("-mission__city", "pk"):
        candidacy, address = by_state[contact.mission.state_id], contact.email.lower()
        if (candidacy.pk, due[candidacy], address) not in had:
            found[candidacy.pk].setdefault(address, contact)
    return defaultdict(list) | {pk: list(several.values()) for pk, several in found.items()}
