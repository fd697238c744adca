"""Moments as people in both cities read them (ux.md §5.3): 24 hours, always with the city."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions.models import GENEVA, NEW_YORK, last_day

register = template.Library()


def _there(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def _day(moment) -> str:
    return date_format(moment, "DATE_FORMAT", use_l10n=True)


@register.filter
def in_cities(moment: datetime) -> str:
    """7 October 2021 at 03:14 New York time (09:14 Geneva time)."""
    here, there = _there(moment, NEW_YORK), _there(moment, GENEVA)
    geneva = f"{there:%H:%M}" if here.date() == there.date() else f"{there:%H:%M} on {_day(there)}"
    return _("%(day)s at %(time)s New York time (%(geneva)s Geneva time)") % {
        "day": _day(here),
        "time": f"{here:%H:%M}",
        "geneva": geneva,
    }


@register.filter
def in_geneva(moment: datetime) -> str:
    """6 October 2021, 16:42 Geneva time."""
    there = _there(moment, GENEVA)
    return _("%(day)s, %(time)s Geneva time") % {"day": _day(there), "time": f"{there:%H:%M}"}


@register.filter
def in_new_york(moment: datetime) -> str:
    """6 October 2021, 10:42 New York time."""
    there = _there(moment, NEW_YORK)
    return _("%(day)s, %(time)s New York time") % {"day": _day(there), "time": f"{there:%H:%M}"}


@register.filter
def in_utc(moment: datetime) -> str:
    """7 October 2021, 07:14 UTC."""
    there = moment.astimezone(UTC)
    return f"{_day(there)}, {there:%H:%M:%S} UTC"


@register.filter
def day_there(moment: datetime, zone: str = NEW_YORK):
    """The day of a moment in New York, or in another zone."""
    return _there(moment, zone).date()


@register.filter
def due_day(deadline: datetime, zone: str = NEW_YORK) -> date:
    """The day with whose end the deadline passes: the short form, beside the full one only."""
    return last_day(deadline, zone)


def last_minute(deadline: datetime, zone: str = NEW_YORK) -> datetime:
    """The last whole minute before a deadline's instant, in a zone: 23:59 for the end of a day."""
    return datetime.fromtimestamp(deadline.timestamp() - 60, ZoneInfo(zone))


@register.filter
def end_of_day_in_cities(deadline: datetime, zone: str = NEW_YORK) -> str:
    """the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)."""
    day = last_day(deadline, zone)
    geneva = last_minute(deadline, GENEVA)
    city = zone.rpartition("/")[2].replace("_", " ")
    return _("the end of %(day)s in %(city)s (%(time)s on %(geneva_day)s in Geneva)") % {
        "day": _day(day),
        "city": city,
        "time": f"{geneva:%H:%M}",
        "geneva_day": date_format(geneva, "MONTH_DAY_FORMAT", use_l10n=True),
    }


@register.filter
def last_minute_in_cities(deadline: datetime) -> str:
    """8 October, 23:59 New York time · 9 October, 05:59 Geneva time · 9 October, 03:59 UTC.

    A line may end only between the cities: the spaces within each are no-break spaces.
    """
    moments = [last_minute(deadline, zone) for zone in (NEW_YORK, GENEVA, "UTC")]
    new_york, geneva, utc = (
        f"{date_format(moment, 'MONTH_DAY_FORMAT', use_l10n=True)}, {moment:%H:%M}"
        for moment in moments
    )
    cities = [
        _("%(moment)s New York time") % {"moment": new_york},
        _("%(moment)s Geneva time") % {"moment": geneva},
        _("%(moment)s UTC") % {"moment": utc},
    ]
    return " · ".join(city.replace(" ", "\xa0") for city in cities)


@register.filter
def last_minute_in_geneva(deadline: datetime) -> str:
    """05:59 Geneva time."""
    return _("%(time)s Geneva time") % {"time": f"{last_minute(deadline, GENEVA):%H:%M}"}
