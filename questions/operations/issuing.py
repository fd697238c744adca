"""Composing drafts of letters, and issuing them: from then on nothing in a letter changes."""

from collections.abc import Iterable
from datetime import date as Date
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from questions.models import Candidacy, Event, Letter, Letterhead, LetterTemplate


class AlreadyIssued(Exception):
    """The letter was issued before; what must change goes into a letter of the next number."""


class LetterOutdated(Exception):
    """What the letter says is no longer so; `letters` are to be composed again."""

    def __init__(self, letters: Iterable[Letter]):
        self.letters = tuple(letters)
        super().__init__(", ".join(str(letter) for letter in self.letters))


def draft_letter(
    candidacy: Candidacy,
    template: LetterTemplate,
    *,
    letter_date: Date,
    letterhead: Letterhead | None,
    by: AbstractBaseUser,
    at: datetime,
) -> Letter:
    """Compose the letter with the questions put and not yet sent, in place of an earlier draft.

    Where all were sent before it is a corrected letter with all of them. Raises NothingToIssue
    (no question was put), LetterIncomplete and TemplateRefused.
    """
    raise NotImplementedError


def draft_letters(
    event: Event,
    template: LetterTemplate,
    *,
    letter_date: Date,
    letterhead: Letterhead | None,
    by: AbstractBaseUser,
    at: datetime,
) -> int:
    """Compose a letter to every State with questions not yet sent; returns how many.

    A State of which a fact is missing is left out: the pre-flight names it. Raises
    TemplateRefused.
    """
    raise NotImplementedError


def issue_composed(letter: Letter, *, by: AbstractBaseUser, at: datetime) -> Letter:
    """Freeze a draft with its PDF and Word file, and let the missions see its questions.

    Raises AlreadyIssued, LetterOutdated, and what making a PDF raises (`documents.letters`).
    """
    raise NotImplementedError


def issue_all(event: Event, *, by: AbstractBaseUser, at: datetime) -> int:
    """Issue every draft of the event; returns how many. None where one is outdated.

    Raises LetterOutdated, and what making a PDF raises (`documents.letters`).
    """
    raise NotImplementedError
