"""Dates as the UN writes them in Chinese: 2021年10月8日."""

DATE_FORMAT = "Y年n月j日"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y年n月j日 H:i"
SHORT_DATE_FORMAT = DATE_FORMAT
MONTH_DAY_FORMAT = "n月j日"
