"""Deadlines as a calendar file (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime

from questions.models import Candidacy


def deadline_calendar(candidacies: Iterable[Candidacy], *, at: datetime) -> bytes:
    """One entry for each State that has a deadline, written at `at`; loaded `with_names()`."""
    raise NotImplementedError
