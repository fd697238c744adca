"""Moving deadlines: later only, with a reason, and with notice to both missions."""

from collections.abc import Iterable
from datetime import date as Date
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from questions.models import Candidacy


class EarlierDeadline(Exception):
    """The new day is not later than the deadline of `candidacy` as it stands."""

    def __init__(self, candidacy: Candidacy):
        self.candidacy = candidacy
        super().__init__(str(candidacy))


class NoDeadline(Exception):
    """A State without a deadline has none to extend."""


class ReasonMissing(Exception):
    """An extension has a reason."""


def extend_deadline(
    candidacies: Iterable[Candidacy],
    due_on: Date,
    *,
    reason: str,
    by: AbstractBaseUser,
    at: datetime,
) -> int:
    """Give the States until the end of `due_on`, all or none; returns how many.

    Lateness follows the deadline as it stands; submissions keep what stood at their receipt
    (security.md 33). Raises EarlierDeadline, NoDeadline and ReasonMissing.
    """
    raise NotImplementedError
