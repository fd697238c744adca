"""Files beside the draft of an answer: each change makes its next revision."""

from datetime import datetime

from django.db import transaction

from questions.models import (
    AccessLink,
    AddressedQuestion,
    Attachment,
    AttachmentKind,
    Draft,
    DraftAnswer,
)
from questions.operations.attachments import attach_file, remove_file
from questions.operations.submissions import Answer
from questions.parsing.attachments import ExaminedPdf


@transaction.atomic
def attach_to_answer(
    slot: AddressedQuestion,
    content: bytes,
    *,
    name: str,
    examined: ExaminedPdf,
    shown: Answer,
    link: AccessLink,
    at: datetime,
) -> int:
    """Put a file beside the draft of an answer, and return the revision to go on from.

    That is the next one, so that nobody sends a file unseen; or the one that was shown, where
    someone else saved since, so that the text is a conflict. A draft that begins with the file
    holds the text that was shown. Nobody has said of the file that it is cleared: what was ready
    is so again by the save that follows. The same file again, as when a form is sent twice,
    changes nothing. Raises what `attach_file` raises.
    """
    before = set(slot.attached.values_list("attachment", flat=True))
    attachment = attach_file(
        slot.candidacy,
        content,
        name=name,
        examined=examined,
        kind=AttachmentKind.ANSWER,
        slots={slot: None},
        link=link,
        at=at,
    )
    if attachment.pk in before:
        return shown.revision or 0
    standing = DraftAnswer.objects.filter(slot=slot).values_list("revision", flat=True).first()
    answer = _next_revision(slot, shown, link, at)
    is_as_shown = (standing or 0) == (shown.revision or 0)
    return answer.revision if is_as_shown else shown.revision or 0


@transaction.atomic
def remove_from_answer(
    attachment: Attachment, slot: AddressedQuestion, *, link: AccessLink, at: datetime
) -> None:
    """Take an unsent file away from an answer. Raises ReplyClosed and LinkRevoked."""
    remove_file(attachment, link=link, at=at)
    _next_revision(slot, Answer("", ""), link, at)


def _next_revision(
    slot: AddressedQuestion, shown: Answer, link: AccessLink, at: datetime
) -> DraftAnswer:
    draft, _made = Draft.objects.update_or_create(
        candidacy=slot.candidacy, defaults={"saved_at": at, "saved_by": link}
    )
    answer = DraftAnswer.objects.filter(slot=slot).first() or DraftAnswer.objects.begun(
        draft, slot, text=shown.text, language=shown.language
    )
    answer.revision += 1
    answer.is_ready = False
    answer.saved_at, answer.saved_by = at, link
    answer.save()
    return answer
