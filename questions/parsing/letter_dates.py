"""Dates as letters write them; 29/09/2021 is a day before a month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}\s?(?:st|nd|rd|th)?"
_DAYS = rf"(?P<days>{_DAY}(?:\s?(?:,|and|&|to|-|–)\s?(?:and\s)?{_DAY}){{0,4}})"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_FORMS = [
    r"(?<![\d/.-])(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?![\d-])",
    rf"(?<![\d/.-])(?P<day>\d\d?)(?P<sep>[/.-])(?P<mm>\d\d?)(?P=sep){_YEAR}",
    rf"(?<![\w/.-]){_DAYS}[.-]?\s?(?:of\s)?{_MONTH}(?:[,-]?\s?{_YEAR})?",
    rf"\b{_MONTH}\s{_DAYS}(?!\d)(?:,?\s{_YEAR})?",
]
_PATTERNS = [re.compile(form, re.IGNORECASE) for form in _FORMS]
_NUMBER = re.compile(r"\d{1,2}")
_RANGE = re.compile(r"^(\d{1,2})\D{0,3}\s?(?:-|–|to)\s?(\d{1,2})\D{0,3}$")
_LONGEST_SESSION = 14  # days
_MOST = 100  # dates looked for in one text


@dataclass(frozen=True)
class FoundDate:
    """Days named together ("8 and 10 September"), and where; no year when none is written."""

    start: int
    end: int
    days: tuple[tuple[int, int], ...]  # month, day
    year: int | None

    def in_year(self, year: int) -> tuple[date, ...]:
        """The days in the year written, else in the one given; a 29 February may be none."""
        return tuple(
            found
            for month, day in self.days
            if (found := _date_or_none(self.year or year, month, day))
        )

    def before(self, day: date) -> tuple[date, ...]:
        """The days, the last such before or on `day` when no year is written."""
        found = self.in_year(day.year)
        late = self.year is None and found and found[0] > day
        return self.in_year(day.year - 1) if late else found

    def after(self, day: date) -> tuple[date, ...]:
        """The days, the next such on or after `day` when no year is written."""
        found = self.in_year(day.year)
        early = self.year is None and found and found[-1] < day
        return self.in_year(day.year + 1) if early else found


def find_dates(text: str) -> list[FoundDate]:
    """The dates in a text in order; 31 June is none."""
    found: list[FoundDate] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            read = _read(match)
            if len(found) >= _MOST:
                break
            if read and not any(read.start < d.end and d.start < read.end for d in found):
                found.append(read)
    return sorted(found, key=lambda date: date.start)


def _read(match: re.Match[str]) -> FoundDate | None:
    parts = match.groupdict()
    if iso := parts.get("iso"):
        year, month, days = int(iso[:4]), int(iso[5:7]), [int(iso[8:])]
    else:
        year = int(parts["year"]) if parts["year"] else None
        month = int(parts["mm"]) if parts.get("mm") else _month(parts["month"])
        days = [int(parts["day"])] if parts.get("day") else _days(parts["days"])
    if not days or any(_date_or_none(year or 2000, month, day) is None for day in days):
        return None
    return FoundDate(match.start(), match.end(), tuple((month, day) for day in days), year)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _days(text: str) -> list[int]:
    if span := _RANGE.match(text):
        first, last = int(span[1]), int(span[2])
        return list(range(first, last + 1)) if 0 < last - first < _LONGEST_SESSION else []
    return [int(number) for number in _NUMBER.findall(text)]


def _date_or_none(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    first = date(year, month, 1)
    found = first + timedelta(days=day - 1)
    return found if found.month == month else None
