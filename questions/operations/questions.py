"""Putting questions to candidacies."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from questions.models import (
    AddressedQuestion,
    Candidacy,
    Edition,
    LetterSection,
    Question,
    QuestionScope,
    QuestionStatus,
)
from questions.operations import audit


class WrongScope(Exception):
    """The question is another State's own, or of another event, or was not accepted."""


@transaction.atomic
def put_question(
    question: Question,
    candidacies: Iterable[Candidacy],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
) -> int:
    """Put the question to the candidacies that do not have it yet; returns how many slots it made.

    It takes the last position of its section. A State's own question is put to that State only.
    Raises WrongScope, and then puts nothing.
    """
    section = LetterSection.OWN if question.scope == QuestionScope.ONE else LetterSection.COMMON
    put = 0
    for candidacy in candidacies:
        locked = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
        _check_scope(question, locked)
        slots = locked.slots.filter(section=section)
        last = slots.aggregate(last=Max("position"))["last"] or 0
        _slot, made = AddressedQuestion.objects.get_or_create(
            question=question,
            candidacy=locked,
            defaults={"section": section, "position": last + 1},
        )
        put += made
    if put:
        audit.record("question.put", question, by=by, at=at, slots=put)
        Edition.objects.bump(at=at)
    return put


def _check_scope(question: Question, candidacy: Candidacy) -> None:
    elsewhere = question.event_id != candidacy.event_id
    of_another = question.state_id is not None and question.state_id != candidacy.state_id
    if elsewhere or of_another or question.status != QuestionStatus.ACCEPTED:
        raise WrongScope
