"""What stands in the way of sending an event's letters, State by State."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from questions.models import Candidacy, Event

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to know before sending; `subject` is the object to mend."""

    candidacy: Candidacy | None  # None: it concerns the whole event
    level: str  # "error" or "warning"
    code: str  # such as "no_address"
    text: str
    subject: models.Model

    @property
    def is_error(self) -> bool:
        return self.level == ERROR


def preflight(event: Event, *, at: datetime) -> list[Finding]:
    """Findings on the event, then on each State in order of names; errors block sending."""
    raise NotImplementedError
