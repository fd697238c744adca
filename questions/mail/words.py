"""The words of our messages: days, places and bodies in the six languages, and plain lines."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation

from questions.days import written
from questions.models import GENEVA, NEW_YORK, City, MailKind, last_day

MOMENTS = {
    "ar": "%(day)s، الساعة %(hour)s:%(minute)s",
    "en": "%(day)s, %(hour)s:%(minute)s",
    "es": "%(day)s, %(hour)s:%(minute)s",
    "fr": "%(day)s, %(hour)s h %(minute)s",
    "ru": "%(day)s, %(hour)s:%(minute)s",
    "zh-hans": "%(day)s%(hour)s:%(minute)s",
}
IN_CITIES = {
    "ar": {City.NEW_YORK: "في نيويورك", City.GENEVA: "في جنيف"},
    "en": {City.NEW_YORK: "in New York", City.GENEVA: "in Geneva"},
    "es": {City.NEW_YORK: "en Nueva York", City.GENEVA: "en Ginebra"},
    "fr": {City.NEW_YORK: "à New York", City.GENEVA: "à Genève"},
    "ru": {City.NEW_YORK: "в Нью-Йорке", City.GENEVA: "в Женеве"},
    "zh-hans": {City.NEW_YORK: "纽约", City.GENEVA: "日内瓦"},
}
NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

LONGEST_SUBJECT = 250
BETWEEN_LANGUAGES = "\n\n* * *\n\n"
_BREAKS_A_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_TURNS_TEXT = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def write_over_marks(body: str, replacements: Mapping[str, str]) -> str:
    """The body with each line that is exactly a mark replaced; a mark within a line stays."""
    return "\n".join(replacements.get(line, line) for line in body.split("\n"))


def flat(value: str) -> str:
    """One line, whatever was stored: no line separator, no control, no turned direction."""
    return _TURNS_TEXT.sub("", _BREAKS_A_LINE.sub(" ", value)).strip()


def rendered(kind: str, language: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """The first line of a template is the subject."""
    with translation.override(language):
        text = render_to_string(
            f"{MailKind(kind).name.lower()}/{language}.txt", values, using="mail"
        )
    subject, body = text.strip("\n").split("\n", 1)
    return subject.removeprefix("Subject: "), _EMPTY_LINES.sub("\n\n", body).strip("\n")


def subject_line(text: str) -> str:
    """One line in which no mail program finds an encoded word (RFC 2047) that we did not write."""
    return flat(text).replace("=?", "= ?")[:LONGEST_SUBJECT]


def day_in(day: date, language: str) -> str:
    with translation.override(language):
        return written(day)


def moment_in(moment: datetime, zone: str, language: str) -> str:
    there = moment.astimezone(ZoneInfo(zone))
    return MOMENTS[language] % {
        "day": day_in(there.date(), language),
        "hour": f"{there:%H}",
        "minute": f"{there:%M}",
    }


def deadline_in(instant: datetime | None, zone: str, language: str) -> dict[str, str] | None:
    """Its day, and its last minute in both cities and in UTC (security.md 28)."""
    if instant is None:
        return None
    last_minute = instant.astimezone(UTC) - timedelta(minutes=1)
    return {"day": day_in(last_day(instant, zone), language)} | clocks(last_minute, language)


def clocks(moment: datetime, language: str) -> dict[str, str]:
    return {
        "new_york": moment_in(moment, NEW_YORK, language),
        "geneva": moment_in(moment, GENEVA, language),
        "utc": moment_in(moment, "UTC", language),
    }


def in_words(number: int, language: str) -> str:
    """eleven, in English and up to twelve; else in figures."""
    return NUMBERS[number] if language == "en" and number < len(NUMBERS) else str(number)
