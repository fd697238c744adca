"""Alerts by mail: confirmed, told, ended; `confirmations` has how they are asked for.

Of whoever asks, the portal keeps the address in the alert and nothing else; no audit entry of an
alert holds who it was or from where (security.md 88).
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Min, QuerySet

from questions import mail, searching
from questions.models import (
    MOST_FOR_AN_ADDRESS,
    NEW_YORK,
    Alert,
    AlertFrequency,
    AlertLink,
    Attempt,
    EntryKind,
    MailStatus,
    News,
    OutgoingMail,
    Question,
    SearchEntry,
    acting_from,
    news_between,
    state_names,
)
from questions.operations import audit
from questions.operations.confirmations import ask_those_who_wait
from questions.tokens import digest, make_token

BATCH = 500
# What is published and taken back within minutes is told to nobody; and by then every transaction
# that published something before this moment has ended.
SETTLED_AFTER = timedelta(minutes=5)
MONDAY_AT = time(6)  # in New York: Monday in Geneva too
MAILS_KEPT_FOR = timedelta(days=30)  # in which a report that one came back may arrive


@transaction.atomic
def confirm_alerts(waiting: QuerySet[Alert], *, at: datetime) -> int:
    """Begin those of one address that its reader chose; returns how many were not confirmed before.

    An address has twenty at most: of more than fit, those that were asked for first.
    """
    _notice_questions(at=at)
    to_address = Alert.objects.filter(email__in=list(waiting.values_list("email", flat=True)))
    confirmed = [one for one in to_address.select_for_update().order_by("pk") if one.is_confirmed]
    room = max(0, MOST_FOR_AN_ADDRESS - len(confirmed))
    alerts = list(waiting.unconfirmed().order_by("pk")[:room])
    Alert.objects.filter(pk__in=[one.pk for one in alerts]).update(
        confirmed_at=at, covered_until=at, ask_at=None
    )
    for alert in alerts:
        _record("alert.confirmed", alert, at=at)
    return len(alerts)


@transaction.atomic
def end_alerts(
    alerts: QuerySet[Alert], *, why: str, at: datetime, by: AbstractBaseUser | None = None
) -> int:
    """Delete them with their addresses, links and messages; returns how many there were."""
    ended = list(alerts.select_for_update().order_by("pk"))
    Alert.objects.filter(pk__in=[one.pk for one in ended]).delete()
    for alert in ended:
        if by:
            audit.record("alert.ended", f"alert {alert.pk}", by=by, at=at, why=why)
        elif alert.is_confirmed:  # what anyone may ask for does not fill the chain
            _record("alert.ended", f"alert {alert.pk}", at=at, why=why)
    return len(ended)


def mint_alert_link(alert: Alert, *, at: datetime) -> str:
    """The token of a new link to the alert, kept nowhere; older links stay alive."""
    token = make_token()
    AlertLink.objects.create(alert=alert, token_digest=digest(token), minted_at=at)
    return token


def queue_alerts(*, at: datetime) -> int:
    """Queue a message for each alert about which something became public; returns how many.

    Safe to run twice and at once: which moment an alert is told of moves in the transaction that
    queues its message, with its row locked. Also deletes what nobody confirmed, and old messages,
    and queues the messages that ask to confirm and had to wait.
    """
    _notice_questions(at=at)
    _forget(at=at)
    ask_those_who_wait(at=at)
    settled = at - SETTLED_AFTER
    queued = _tell(AlertFrequency.AT_ONCE, until=settled, at=at)
    return queued + _tell(AlertFrequency.WEEKLY, until=_last_monday(settled), at=at)


def news_of(mail: OutgoingMail) -> list[News]:
    """What a queued message has to say: what became public in its time and is public now."""
    news = news_between(mail.news_since, mail.news_until)
    return _matches([mail.alert], news)[mail.alert]


def _notice_questions(*, at: datetime) -> None:
    """Nothing but this says when a question became public: its event may open, or its letter go.

    One that somebody is changing at this moment waits for the next run.
    """
    unseen = Question.objects.publicly_visible().filter(seen_public_at__isnull=True)
    with transaction.atomic():
        free = unseen.select_for_update(skip_locked=True, no_key=True, of=("self",))
        pks = [question.pk for question in free.order_by("pk")]
        Question.objects.filter(pk__in=pks).update(seen_public_at=at)


def _forget(*, at: datetime) -> None:
    outdated = Alert.objects.outdated(at=at)
    for address in sorted(set(outdated.values_list("email", flat=True))):
        end_alerts(outdated.to_address(address), why="not confirmed", at=at)
    Attempt.objects.outdated(at=at).delete()
    old = OutgoingMail.objects.of_alerts().filter(queued_at__lt=at - MAILS_KEPT_FOR)
    old.exclude(status__in=[MailStatus.QUEUED, MailStatus.SENDING]).delete()
    AlertLink.objects.outdated(at=at).delete()


def _last_monday(moment: datetime) -> datetime:
    """The last Monday, six o'clock in New York, up to this moment."""
    there = moment.astimezone(ZoneInfo(NEW_YORK))
    monday = there.date() - timedelta(days=there.weekday())
    if there.weekday() == 0 and there.time() < MONDAY_AT:
        monday -= timedelta(days=7)
    return datetime.combine(monday, MONDAY_AT, tzinfo=ZoneInfo(NEW_YORK))


def _tell(frequency: str, *, until: datetime, at: datetime) -> int:
    due = Alert.objects.due(frequency, until=until)
    since = due.aggregate(since=Min("covered_until"))["since"]
    if since is None:
        return 0
    news = news_between(since, until)
    if not news:
        due.update(covered_until=until)
        return 0
    queued = 0
    while (told := _tell_some(due, news, until=until, at=at)) is not None:
        queued += told
    return queued


@transaction.atomic
def _tell_some(
    due: QuerySet[Alert], news: list[News], *, until: datetime, at: datetime
) -> int | None:
    """Of a batch, how many had something to be told of; None where none is due any more."""
    alerts = list(due.select_for_update().order_by("pk")[:BATCH])
    if not alerts:
        return None
    matches = _matches(alerts, news)
    to_tell = [
        alert for alert in alerts if any(one.moment > alert.covered_until for one in matches[alert])
    ]
    mail.queue_alert_mails(to_tell, until=until, at=at)
    Alert.objects.filter(pk__in=[one.pk for one in to_tell]).update(last_sent_at=at)
    Alert.objects.filter(pk__in=[one.pk for one in alerts]).update(covered_until=until)
    return len(to_tell)


def _matches(alerts: Iterable[Alert], news: list[News]) -> dict[Alert, list[News]]:
    """Of each alert what is new for it; each search is asked of the index once."""
    searches = {alert.words for alert in alerts if alert.words}
    names = searching.names_of(state_names()) if searches else {}
    found = {words: _found(words, names, news) for words in searches}
    return {
        alert: [one for one in (found[alert.words] if alert.words else news) if one.is_about(alert)]
        for alert in alerts
    }


def _found(words: str, names: searching.Names, news: list[News]) -> list[News]:
    """What of the news a search finds; nothing where its words are none."""
    clauses = searching.parse(words, names).clauses
    if not clauses:
        return []
    entries = {
        (kind, source)
        for kind in EntryKind
        for source in SearchEntry.objects.sources_among(
            kind, clauses, {one.entry[1] for one in news if one.entry and one.entry[0] == kind}
        )
    }
    return [one for one in news if one.entry in entries]


def _record(action: str, subject: object, *, at: datetime, **details: str) -> None:
    """From nowhere: addresses of readers are kept no longer than limits need (security.md 88)."""
    token = acting_from.set("")
    try:
        audit.record(action, subject, by=None, at=at, **details)
    finally:
        acting_from.reset(token)
