"""Days in the six languages, as the United Nations writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from questions.days import with_weekday, without_year, written

OCTOBER = "تشرين الأول/أكتوبر"


@pytest.mark.parametrize(
    ("language", "day", "short", "long"),
    [
        ("ar", f"8 {OCTOBER} 2021", f"8 {OCTOBER}", f"الجمعة، 8 {OCTOBER} 2021"),
        ("en", "8 October 2021", "8 October", "Friday, 8 October 2021"),
        ("es", "8 de octubre de 2021", "8 de octubre", "viernes, 8 de octubre de 2021"),
        ("fr", "8 octobre 2021", "8 octobre", "vendredi 8 octobre 2021"),
        ("ru", "8 октября 2021 года", "8 октября", "пятница, 8 октября 2021 года"),
        ("zh-hans", "2021年10月8日", "10月8日", "2021年10月8日星期五"),
    ],
)
def test_a_day_is_written_as_its_language_has_it(language, day, short, long):
    with override(language):
        eighth = date(2021, 10, 8)

        assert (written(eighth), without_year(eighth)) == (day, short)
        assert with_weekday(eighth) == long


def test_the_first_of_a_month_is_an_ordinal_in_french_alone():
    with override("fr"):
        assert written(date(2026, 1, 1)) == "1er janvier 2026"
        assert written(date(2026, 1, 11)) == "11 janvier 2026"
    with override("es"):
        assert written(date(2026, 1, 1)) == "1 de enero de 2026"


def test_one_moment_is_written_as_the_day_of_each_place():
    there = datetime(2021, 10, 9, 2, tzinfo=UTC)
    here = there.astimezone(ZoneInfo("America/New_York"))

    assert [written(there), written(here)] == ["9 October 2021", "8 October 2021"]
    assert [without_year(there), without_year(here)] == ["9 October", "8 October"]
