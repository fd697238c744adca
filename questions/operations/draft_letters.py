"""One letter for several questions, before it is sent (ux.md M6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from questions.models import (
    AccessLink,
    AddressedQuestion,
    Attachment,
    Candidacy,
    ConflictCopy,
    Draft,
    DraftLetter,
)
from questions.operations.attachments import put_to, remove_file
from questions.operations.refusals import LinkRevoked, ReplyClosed

# Each new letter begins beyond the last, so that a page that shows one sent or removed since
# never takes the next for it.
REVISIONS_OF_A_LETTER = 1_000


@dataclass(frozen=True)
class LetterText:
    """What a mission types of the letter; an empty text is typed by ISHR from the file."""

    text: str
    text_as_typed: str
    language: str
    is_ready: bool


@dataclass(frozen=True)
class SavedLetter:
    """The letter as it stands; `is_conflict` when someone else's save came first."""

    letter: DraftLetter | None
    is_conflict: bool = False


@transaction.atomic
def save_draft_letter(
    attachment: Attachment,
    slots: Mapping[AddressedQuestion, int | None],
    words: LetterText,
    *,
    based_on: int,
    link: AccessLink,
    at: datetime,
) -> SavedLetter:
    """Store the next revision of the letter; `based_on` is the one shown, 0 for none yet.

    When someone else saved in between, the letter stays as it is, the words are kept beside its
    first question, and the file stays unsent. A file that is replaced is removed, and words of
    the other mission that are written over are kept. Raises ReplyClosed and LinkRevoked.
    """
    candidacy = Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
    if not candidacy.takes_answers(at=at):
        raise ReplyClosed
    if not AccessLink.objects.live().filter(pk=link.pk).exists():
        raise LinkRevoked
    letters = DraftLetter.objects.select_related("attachment", "saved_by__contact__mission")
    letter = letters.filter(draft__candidacy=candidacy).first()
    if _is_same(letter, attachment, slots, words):
        return SavedLetter(letter)
    first = next(iter(slots))
    if (letter.revision if letter else 0) != based_on:
        _keep(first, words.text, words.language, based_on, link, at)
        return SavedLetter(letter, is_conflict=True)

    draft, _made = Draft.objects.update_or_create(
        candidacy=candidacy, defaults={"saved_at": at, "saved_by": link}
    )
    if letter and letter.saved_by_id != link.pk and letter.text != words.text:
        _keep(first, letter.text, letter.language, letter.revision, letter.saved_by, at)
    letter = letter or DraftLetter(
        draft=draft, attachment=attachment, revision=attachment.pk * REVISIONS_OF_A_LETTER
    )
    replaced, letter.attachment = letter.attachment, attachment
    letter.text, letter.text_as_typed = words.text, words.text_as_typed
    letter.language, letter.is_ready = words.language, words.is_ready
    letter.revision += 1
    letter.saved_at, letter.saved_by = at, link
    letter.save()
    put_to(attachment, slots)
    if replaced != attachment:
        remove_file(replaced, link=link, at=at)
    AccessLink.objects.filter(pk=link.pk).update(last_used_at=at)
    return SavedLetter(letter)


@transaction.atomic
def remove_letter_file(
    attachment: Attachment,
    typed: LetterText,
    *,
    beside: AddressedQuestion,
    link: AccessLink,
    at: datetime,
) -> None:
    """Take an unsent letter away; its words, and those typed since, are kept beside a question.

    Raises ReplyClosed and LinkRevoked.
    """
    Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
    letter = DraftLetter.objects.filter(attachment=attachment).first()
    if letter:
        _keep(beside, letter.text, letter.language, letter.revision, letter.saved_by, at)
        letter.delete()
    if letter is None or letter.text != typed.text:
        _keep(beside, typed.text, typed.language, letter.revision if letter else 0, link, at)
    remove_file(attachment, link=link, at=at)


def _is_same(
    letter: DraftLetter | None,
    attachment: Attachment,
    slots: Mapping[AddressedQuestion, int | None],
    words: LetterText,
) -> bool:
    if letter is None or letter.attachment_id != attachment.pk:
        return False
    stored = dict(attachment.questions.values_list("slot", "page"))
    return (
        stored == {slot.pk: page for slot, page in slots.items()}
        and (letter.text, letter.language) == (words.text, words.language)
        and letter.is_ready == words.is_ready
    )


def _keep(
    slot: AddressedQuestion,
    text: str,
    language: str,
    revision: int,
    link: AccessLink,
    at: datetime,
) -> None:
    if text:
        ConflictCopy.objects.get_or_create(
            slot=slot,
            text=text,
            language=language,
            saved_by=link,
            defaults={"based_on_revision": revision, "saved_at": at},
        )
