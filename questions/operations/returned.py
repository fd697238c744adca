"""Saving what the capital returned as drafts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from questions.models import AccessLink, AddressedQuestion
from questions.operations.drafts import Saved, save_draft_answer


@dataclass(frozen=True)
class ReturnedAnswer:
    """A text for one question, confirmed on top of the revision that was shown."""

    text: str
    language: str
    based_on: int


@transaction.atomic
def save_returned_answers(
    answers: Mapping[AddressedQuestion, ReturnedAnswer], *, link: AccessLink, at: datetime
) -> dict[AddressedQuestion, Saved]:
    """Save each as a draft that is not ready, all or none; what they replace is kept for a week.

    Where someone else saved in between, the words are kept beside the answer, as
    `save_draft_answer` keeps them. Raises ReplyClosed and LinkRevoked.
    """
    return {
        slot: save_draft_answer(
            slot,
            text=answer.text,
            text_as_typed=answer.text,
            language=answer.language,
            is_ready=False,
            based_on=answer.based_on,
            link=link,
            at=at,
            keeps_earlier=True,
        )
        for slot, answer in answers.items()
    }
