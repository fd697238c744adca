"""The versions of the rules by which statuses are decided, as readers know them.

The words of each stand in `templates/public/rules/` and are not changed once they were in force:
a change of the rules in `statuses.py`, or of what is said of them, is a new version with a text
of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class RulesVersion:
    """The rules in force since a day, and what was new in them."""

    number: int
    since: date
    what_changed: str | Promise

    def get_absolute_url(self) -> str:
        return reverse("public:method_version", args=[self.number])

    @property
    def permanent_address(self) -> str:
        """In data, which is in English."""
        return f"{settings.BASE_URL}/en/about/method/v{self.number}/"

    @property
    def template(self) -> str:
        return f"public/rules/v{self.number}.html"


VERSIONS = [  # the latest first
    RulesVersion(1, date(2026, 11, 24), _("First version")),
]


def rules_in_force() -> RulesVersion:
    return VERSIONS[0]


def versions_of_rules() -> Iterator[tuple[RulesVersion, date | None]]:
    """Each with the day on which a later one took its place, if one has."""
    until = None
    for version in VERSIONS:
        yield version, until
        until = version.since
