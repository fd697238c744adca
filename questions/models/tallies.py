"""How many answers have which status: the figures of the public pages (ux.md §1.3).

What is not on record is in no figure, nor what reached no mission: `asked`, the denominator of
every sentence, leaves both out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from operator import add

from .statuses import AnswerStatus

STRIP_ORDER = [
    AnswerStatus.ON.value,
    AnswerStatus.LATE.value,
    AnswerStatus.REC.value,
    AnswerStatus.DEC.value,
    AnswerStatus.NONE.value,
    AnswerStatus.UNDEL.value,
    AnswerStatus.WAIT.value,
]
KEY_ORDER = [
    AnswerStatus.ON,
    AnswerStatus.LATE,
    AnswerStatus.DEC,
    AnswerStatus.NONE,
    AnswerStatus.WAIT,
    AnswerStatus.REC,
]


@dataclass(frozen=True)
class Tally:
    """How many slots have each status."""

    on: int = 0
    late: int = 0
    dec: int = 0
    rec: int = 0
    none: int = 0
    wait: int = 0
    undel: int = 0
    unk: int = 0

    @classmethod
    def of(cls, statuses: Iterable[str]) -> "Tally":
        return cls(**Counter(map(str, statuses)))

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*map(add, astuple(self), astuple(other)))

    @property
    def answered(self) -> int:
        return self.on + self.late

    @property
    def asked(self) -> int:
        return self.answered + self.dec + self.rec + self.none + self.wait

    @property
    def is_complete(self) -> bool:
        """Whether all is on record, so that a part of it can be counted of the whole."""
        return not self.unk

    @property
    def slots(self) -> int:
        return self.asked + self.undel + self.unk

    @property
    def share(self) -> int:
        """Answered, in hundredths of what was asked: the length of a meter, never a headline."""
        return self.answered * 100 // self.asked if self.asked and self.is_complete else 0

    @property
    def strip(self) -> list[str]:
        """One status a slot, the fullest answers first; none where some are not on record."""
        if not self.is_complete:
            return []
        return [status for status in STRIP_ORDER for _slot in range(self.count(status))]

    @property
    def totals(self) -> list[tuple[str, int]]:
        """Each status with its number, as the key of the matrix lists them.

        What was not delivered is listed where there is some.
        """
        totals = [(status.value, self.count(status)) for status in KEY_ORDER]
        return totals + ([(AnswerStatus.UNDEL.value, self.undel)] if self.undel else [])

    @property
    def present(self) -> list[str]:
        """The statuses that occur, those that are in no figure last."""
        in_no_figure = [AnswerStatus.UNDEL, AnswerStatus.UNK]
        return [status.value for status in [*KEY_ORDER, *in_no_figure] if self.count(status)]

    def count(self, status: str) -> int:
        return getattr(self, str(status))
