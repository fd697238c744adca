"""What importing a letter found, made and changed: plain strings, for staff to read."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from questions.models import Candidacy, Event, Letter, State, end_of_day
from questions.parsing.letters import ParsedLetter
from questions.plaintext import excerpt

BLANK = ("", None)


class ImportRefused(Exception):
    """The letter does not fit what is stored; str() is a sentence for staff."""


class UnknownState(ImportRefused):
    """The letter is to a State that is not stored; States are never made by an import."""


@dataclass(frozen=True)
class Difference:
    """One fact as it stands here and as the letter states it."""

    what: str
    here: str
    letter: str


@dataclass(frozen=True)
class AskerRow:
    """One asker as printed, and what we take it for."""

    name: str
    label: str
    kind: str
    is_new: bool
    is_public: bool


@dataclass(frozen=True)
class QuestionRow:
    """One question of the letter: `symbol` as it is stored, or would be."""

    section: str
    number: int
    symbol: str
    text: str
    askers: tuple[AskerRow, ...]
    is_new: bool
    is_different: bool = False

    @property
    def excerpt(self) -> str:
        return excerpt(self.text, 12)


@dataclass
class ImportResult:
    """What an import did, or would do. After a preview its rows are not stored."""

    parsed: ParsedLetter
    state: State
    event: Event
    candidacy: Candidacy
    letter: Letter | None = None
    is_known: bool = False
    questions: list[QuestionRow] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    @property
    def due_at(self) -> datetime:
        """The deadline that the letter states, as an instant."""
        return end_of_day(self.parsed.answers_due_on, self.event.zone)

    @property
    def own_questions(self) -> list[QuestionRow]:
        return [row for row in self.questions if row.section == "own"]

    @property
    def common_questions(self) -> list[QuestionRow]:
        return [row for row in self.questions if row.section == "common"]

    @property
    def fingerprint(self) -> str:
        """Changes when the import would do something else than was shown."""
        facts = [
            self.candidacy.symbol,
            self.event.status,
            self.letter and self.letter.number,
            [asdict(row) for row in self.questions],
            self.created,
            [asdict(row) for row in [*self.changed, *self.differences]],
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def apply_facts(
    row: models.Model,
    facts: dict[str, object],
    result: ImportResult,
    *,
    what: str,
    overwrite: bool,
    is_new: bool = False,
) -> None:
    """Give `row` what the letter states: blanks are filled, other values stay unless `overwrite`.

    What is overwritten, and what differs and stays, is noted in the result. The row is saved.
    Raises ImportRefused.
    """
    names = []
    for name, stated in facts.items():
        here = getattr(row, name)
        if stated in BLANK or stated == here:
            continue
        if not overwrite and here not in BLANK:
            result.differences.append(difference(row, name, stated, what))
            continue
        if not is_new and here not in BLANK:
            result.changed.append(difference(row, name, stated, what))
        setattr(row, name, stated)
        names.append(name)
    if names:
        checked(row).save(update_fields=names)


def difference(row: models.Model, name: str, stated: object, what: str) -> Difference:
    """Between what a column of the row holds and what the letter states for it."""
    label = row._meta.get_field(name).verbose_name
    return Difference(
        f"{what}: {label}" if what else capfirst(label),
        shown(row, name, getattr(row, name)),
        shown(row, name, stated),
    )


def shown(row: models.Model, name: str, value: object) -> str:
    """The value of a row's column as staff read it: dates, choices and yes or no in words."""
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(row._meta.get_field(name).flatchoices)
    return str(choices.get(value, value)).replace("\n", "; ")


def checked(row: models.Model) -> models.Model:
    """The row, once each of its texts fits its column. Raises ImportRefused."""
    for column in row._meta.concrete_fields:
        text = getattr(row, column.attname)
        if isinstance(text, str) and column.max_length and len(text) > column.max_length:
            raise ImportRefused(
                _("“%(start)s” is too long for “%(field)s”, which takes %(limit)d characters.")
                % {
                    "start": excerpt(text, 8),
                    "field": column.verbose_name,
                    "limit": column.max_length,
                }
            )
    return row
