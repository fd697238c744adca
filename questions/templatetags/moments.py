"""Moments as people in both cities read them (ux.md §5.3): 24 hours, always with the city."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext as _

from questions.days import with_weekday, without_year, written
from questions.models import GENEVA, NEW_YORK, last_day

register = template.Library()


def _there(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


@register.filter
def day(when: date | None) -> str:
    """8 October 2021."""
    return written(when) if when else ""


@register.filter
def weekday(when: date | None) -> str:
    """Friday, 8 October 2021."""
    return with_weekday(when) if when else ""


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M}"


@register.filter
def in_cities(moment: datetime) -> str:
    """7 October 2021 at 03:14 New York time (09:14 Geneva time)."""
    here, there = _there(moment, NEW_YORK), _there(moment, GENEVA)
    if here.date() == there.date():
        words = _("%(day)s at %(time)s New York time (%(geneva)s Geneva time)")
    else:
        words = _("%(day)s at %(time)s New York time (%(geneva)s on %(geneva_day)s Geneva time)")
    return words % {
        "day": written(here),
        "time": _time(here),
        "geneva": _time(there),
        "geneva_day": written(there),
    }


@register.filter
def in_geneva(moment: datetime) -> str:
    """6 October 2021, 16:42 Geneva time."""
    there = _there(moment, GENEVA)
    return _("%(day)s, %(time)s Geneva time") % {"day": written(there), "time": _time(there)}


@register.filter
def in_new_york(moment: datetime) -> str:
    """6 October 2021, 10:42 New York time."""
    there = _there(moment, NEW_YORK)
    return _("%(day)s, %(time)s New York time") % {"day": written(there), "time": _time(there)}


@register.filter
def in_utc(moment: datetime) -> str:
    """7 October 2021, 07:14:05 UTC."""
    there = moment.astimezone(UTC)
    return _("%(day)s, %(time)s UTC") % {"day": written(there), "time": f"{there:%H:%M:%S}"}


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
    geneva = last_minute(deadline, GENEVA)
    if zone == NEW_YORK:
        # Translators: stands after "by", "until", "The deadline was" and "from … to"; where your
        # language bends it there, write those sentences with a colon and this in the nominative.
        words = _("the end of %(day)s in New York (%(time)s on %(geneva_day)s in Geneva)")
    else:
        # Translators: as the one for New York; %(city)s is a name such as Paris.
        words = _("the end of %(day)s in %(city)s (%(time)s on %(geneva_day)s in Geneva)")
    return words % {
        "day": written(last_day(deadline, zone)),
        "city": zone.rpartition("/")[2].replace("_", " "),
        "time": _time(geneva),
        "geneva_day": without_year(geneva),
    }


@register.filter
def last_minute_in_cities(deadline: datetime) -> str:
    """8 October, 23:59 New York time · 9 October, 05:59 Geneva time · 9 October, 03:59 UTC.

    A line may end only between the cities: the spaces within each are no-break spaces.
    """
    cities = [
        (NEW_YORK, _("%(day)s, %(time)s New York time")),
        (GENEVA, _("%(day)s, %(time)s Geneva time")),
        ("UTC", _("%(day)s, %(time)s UTC")),
    ]
    there = [(last_minute(deadline, zone), words) for zone, words in cities]
    return " · ".join(
        (words % {"day": without_year(minute), "time": _time(minute)}).replace(" ", "\xa0")
        for minute, words in there
    )


@register.filter
def last_minute_in_geneva(deadline: datetime) -> str:
    """05:59 Geneva time."""
    return _("%(time)s Geneva time") % {"time": _time(last_minute(deadline, GENEVA))}
