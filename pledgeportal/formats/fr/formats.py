"""Dates as the UN writes them in French: « 8 octobre 2021 »."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = DATE_FORMAT
MONTH_DAY_FORMAT = "j F"
