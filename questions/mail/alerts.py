"""To those who asked for alerts: please confirm, and what became public.

No message holds words that whoever asked has typed, nor a text of an answer: what was sent cannot
be called back (security.md 88).
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from questions.models import Alert, MailKind, News, OutgoingMail

from .rows import make_mail
from .words import flat, rendered

MOST_LISTED = 50


def queue_alert_confirmation(alerts: Collection[Alert], *, at: datetime) -> OutgoingMail:
    """One message for all that an address was asked about and has not confirmed."""
    first, *_others = alerts
    values = {"about": [_about(alert, first.language) for alert in alerts]}
    text = _rendered(MailKind.ALERT_CONFIRMATION, first.language, values)
    message = make_mail(MailKind.ALERT_CONFIRMATION, None, text, to=first.email, alert=first, at=at)
    message.save()
    return message


def queue_alert_mails(alerts: Iterable[Alert], *, until: datetime, at: datetime) -> int:
    """One message for each; what it says is written when it leaves, of what is public then."""
    mails = OutgoingMail.objects.bulk_create(
        make_mail(
            MailKind.ALERT,
            None,
            ("Alert", ""),
            to=alert.email,
            alert=alert,
            news_since=alert.covered_until,
            news_until=until,
            at=at,
        )
        for alert in alerts
    )
    return len(mails)


def alert_text(alert: Alert, news: list[News]) -> tuple[str, str]:
    """Subject and body; the latest first, and of more than fifty how many are not listed."""
    latest = sorted(news, key=lambda one: one.moment, reverse=True)
    values = {
        "about": _about(alert, alert.language),
        "news": [_line(one, alert.language) for one in latest[:MOST_LISTED]],
        "left_out": len(latest[MOST_LISTED:]),
        "is_weekly": alert.frequency == "weekly",
    }
    return _rendered(MailKind.ALERT, alert.language, values)


def _rendered(kind: str, language: str, values: dict[str, Any]) -> tuple[str, str]:
    with translation.override(language):
        home = f"{settings.BASE_URL}{reverse('public:home')}"
    shared = {"home": home, "office_email": settings.OFFICE_EMAIL}
    return rendered(kind, language, shared | values)


def _about(alert: Alert, language: str) -> dict[str, str]:
    """Its name in one line; of a search only that it is one; nothing where it is everything."""
    if alert.event_id:
        return {"name": flat(alert.event.title)}
    if alert.state_id:
        return {"name": flat(alert.state.name_in(language))}
    if alert.question_id:
        return {"name": alert.question.symbol}  # its title may be withdrawn
    if alert.topic_id:
        with translation.override(language):
            return {"name": flat(str(alert.topic))}
    if alert.asker_id:
        with translation.override(language):
            return {"name": flat(str(alert.asker.public_name))}
    return {"search": "yes"} if alert.words else {}


def _line(news: News, language: str) -> dict[str, str]:
    with translation.override(language):
        path, label = news.get_absolute_url(), news.label
    return {
        "symbol": news.symbol,
        "state": flat(news.state.name_in(language)) if news.state else "",
        "title": flat(news.title),
        "label": label,
        "translation": news.language,
        "address": f"{settings.BASE_URL}{path}",
    }
