"""Days as the United Nations writes them in each of its six languages (ux.md §5.3).

The active language decides; its formats are in `pledgeportal/formats`.
"""

from datetime import date
from functools import lru_cache

from django.utils.dateformat import DateFormat
from django.utils.formats import get_format
from django.utils.translation import get_language

# Both names of each month: each half of the Arab world knows one of them.
ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)
WITH_WEEKDAY = {
    "ar": "l، j F Y",
    "en": "l, j F Y",
    "es": r"l, j \d\e F \d\e Y",
    "fr": "l j F Y",
    "ru": "l, j E Y года",
    "zh-hans": "Y年n月j日l",
}


class _Days(DateFormat):
    def F(self) -> str:
        return ARABIC_MONTHS[self.data.month - 1] if get_language() == "ar" else super().F()

    def j(self) -> str:
        return "1er" if get_language() == "fr" and self.data.day == 1 else str(super().j())

    def l(self) -> str:  # noqa: E743
        """Django writes the days of Russian with a capital, which they never have in a sentence."""
        return super().l().lower() if get_language() == "ru" else super().l()


def written(day: date) -> str:
    """8 October 2021."""
    return _formatted(date(day.year, day.month, day.day), "DATE_FORMAT", get_language())


def without_year(day: date) -> str:
    """8 October."""
    return _formatted(date(day.year, day.month, day.day), "MONTH_DAY_FORMAT", get_language())


@lru_cache(maxsize=1024)
def _formatted(day: date, named: str, language: str | None) -> str:
    """Kept, since a page has few days many times. A moment is no key: its equal has another day."""
    return _Days(day).format(get_format(named))


def with_weekday(day: date) -> str:
    """Friday, 8 October 2021."""
    return _Days(day).format(WITH_WEEKDAY[get_language() or "en"])
