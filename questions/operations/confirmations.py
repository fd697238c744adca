"""Asking for alerts, and the messages that ask to confirm them.

Anyone may type anybody's address: such messages are few for one address and few in all, and who
asks for little is served before who asks for much. The order and a day's count are all that is
kept of where it was asked from (security.md 88).
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from questions import mail
from questions.models import (
    ABOUT,
    ANYONE,
    MOST_FOR_AN_ADDRESS,
    Alert,
    Attempt,
    AttemptKind,
    address_of,
    day_after,
    day_of,
    mailbox_of,
)

MOST_WHILE_SOMEONE_WAITS = 5  # messages are queued while a page is answered


@transaction.atomic
def ask_for_alert(
    *, email: str, language: str, frequency: str, turn: int, at: datetime, **about: Any
) -> None:
    """Keep what was asked for; a message that asks to confirm it leaves in its turn.

    `about` is one of the things that an alert follows, or nothing; `turn` is what
    `Attempt.objects.turn_of` counts. One message a day goes to an address, whoever asks; nobody
    learns whether the address is known.
    """
    left = _hold_messages_left(at=at)
    address = address_of(email)
    _lock_unconfirmed(address)
    if Alert.objects.to_address(address).confirmed().count() < MOST_FOR_AN_ADDRESS:
        _keep(
            Alert(
                email=address,
                language=language,
                frequency=frequency,
                turn=turn,
                asked_at=at,
                ask_at=at,
                **about,
            )
        )
    _ask_in_turn(min(left, MOST_WHILE_SOMEONE_WAITS), at=at)


@transaction.atomic
def ask_those_who_wait(*, at: datetime) -> None:
    """Queue what may leave now of the messages that had to wait; safe to run twice and at once."""
    if Alert.objects.to_be_asked(at=at).exists():
        _ask_in_turn(_hold_messages_left(at=at), at=at)


def _hold_messages_left(*, at: datetime) -> int:
    """Until the transaction ends nobody else asks: what is counted here stays true."""
    return Attempt.objects.hold_what_is_left(ANYONE, AttemptKind.ALERT_OF_ALL, at=at)


def _lock_unconfirmed(address: str) -> None:
    """In the order of their keys, as those who confirm or end them lock them."""
    list(Alert.objects.to_address(address).unconfirmed().select_for_update().order_by("pk"))


def _keep(asked: Alert) -> None:
    """Or, where the same is not confirmed yet, renew it; of many those with the first turns stay.

    What a message has named stays until it is outdated: its reader may be about to confirm it.
    """
    alerts = Alert.objects.to_address(asked.email)
    about = {name: getattr(asked, name) for name in [*ABOUT, "words"]}
    if same := alerts.filter(**about).first():
        is_of_today = same.asked_to_confirm_at and same.asked_to_confirm_at >= day_of(asked.ask_at)
        alerts.filter(pk=same.pk).unconfirmed().update(
            language=asked.language,
            frequency=asked.frequency,
            asked_at=asked.asked_at,
            ask_at=None if is_of_today else asked.ask_at,
            turn=Least(F("turn"), asked.turn),
        )
        return
    asked.save()
    unnamed = alerts.unconfirmed().filter(asked_to_confirm_at__isnull=True).first_turns_first()
    surplus = unnamed.values_list("pk", flat=True)[MOST_FOR_AN_ADDRESS:]
    Alert.objects.filter(pk__in=list(surplus)).delete()


def _ask_in_turn(most: int, *, at: datetime) -> None:
    """Queue that many messages at most; an address that had its one of the day waits for the next.

    What its owner ended meanwhile is named no more.
    """
    to_ask = Alert.objects.to_be_asked(at=at)
    while most > 0 and (first := to_ask.first()):
        _lock_unconfirmed(first.email)
        mailbox = mailbox_of(first.email)
        if not Attempt.objects.is_first_of_day(mailbox, AttemptKind.ALERT_TO, at=at):
            to_ask.to_address(first.email).order_by().update(ask_at=day_after(at))
            continue
        _ask(first.email, at=at)
        Attempt.objects.count_one(ANYONE, AttemptKind.ALERT_OF_ALL, at=at)
        most -= 1


def _ask(address: str, *, at: datetime) -> None:
    unconfirmed = Alert.objects.to_address(address).unconfirmed()
    if waiting := list(unconfirmed.with_names().first_turns_first()):
        mail.queue_alert_confirmation(waiting[:MOST_FOR_AN_ADDRESS], at=at)
        asked = Alert.objects.filter(pk__in=[one.pk for one in waiting])
        asked.update(asked_to_confirm_at=at, ask_at=None)
