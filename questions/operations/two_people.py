"""Who enters what staff interpreted does not publish it, superusers too (DESIGN.md §3)."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser


class SamePerson(Exception):
    """It takes someone other than who entered it."""


class NotTheirs(Exception):
    """A draft is changed by who entered it only, so that who publishes it wrote no word of it."""


def require_the_same(entered_by: AbstractBaseUser, *, by: AbstractBaseUser) -> None:
    """Raises NotTheirs."""
    if entered_by.pk != by.pk:
        raise NotTheirs


def is_another(entered_by: AbstractBaseUser, *, by: AbstractBaseUser) -> bool:
    """Or the office has said that it is one person (TWO_PEOPLE)."""
    return entered_by.pk != by.pk or not settings.TWO_PEOPLE


def require_another(entered_by: AbstractBaseUser, *, by: AbstractBaseUser) -> None:
    """Raises SamePerson."""
    if not is_another(entered_by, by=by):
        raise SamePerson
