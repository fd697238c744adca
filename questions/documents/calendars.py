"""Deadlines as a calendar file (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from questions.days import written
from questions.models import GENEVA, NEW_YORK, Candidacy

LAST_HOUR = timedelta(hours=1)
LAST_MINUTE = timedelta(minutes=1)


def deadline_calendar(candidacies: Iterable[Candidacy], *, at: datetime) -> bytes:
    """One entry for each State that has a deadline, written at `at`; loaded `with_names()`.

    An entry is the last hour of the deadline, as instants in UTC: a calendar in any zone shows
    the right one (security.md 28). Its UID stays when the deadline moves.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//pledging event portal//deadlines//EN")
    for candidacy in candidacies:
        if candidacy.due_at:
            calendar.add_component(_entry(candidacy, at))
    return calendar.to_ical()


def _entry(candidacy: Candidacy, at: datetime) -> Event:
    due_at = candidacy.due_at.astimezone(UTC)
    entry = Event()
    entry.add("uid", f"{candidacy.reference}-deadline@{urlsplit(settings.BASE_URL).hostname}")
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("dtstart", due_at - LAST_HOUR)
    entry.add("dtend", due_at)
    entry.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
    facts = {"reference": candidacy.symbol, "state": candidacy.state}
    entry.add("summary", _("%(reference)s: answers of %(state)s due") % facts)
    entry.add("description", _description(candidacy, due_at))
    return entry


def _description(candidacy: Candidacy, due_at: datetime) -> str:
    text = _(
        "Answers are due by the end of %(day)s: %(new_york)s in New York, %(geneva)s in Geneva, "
        "%(utc)s UTC."
    )
    return text % {
        "day": written(candidacy.due_on),
        "new_york": _last_minute(due_at, NEW_YORK),
        "geneva": _last_minute(due_at, GENEVA),
        "utc": _last_minute(due_at, "UTC"),
    }


def _last_minute(due_at: datetime, zone: str) -> str:
    moment = (due_at - LAST_MINUTE).astimezone(ZoneInfo(zone))
    return f"{written(moment.date())}, {moment:%H:%M}"
