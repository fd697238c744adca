"""Taking words out of a published note of the register: another note takes its place."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.differences import is_taken_from, words_of
from questions.models import Correction, CorrectionKind, Edition, Response
from questions.operations import audit
from questions.operations.redactions import MARK, NothingTakenOut, WordsAdded
from questions.operations.two_people import require_the_same

ABOUT = [
    *("kind", "event_id", "candidacy_id", "question_id", "slot_id", "response_id", "attachment_id"),
    *("page", "ground", "corrected_on"),
]


class NoteNotShown(Exception):
    """It is a draft, or another note has taken its place already."""


@transaction.atomic
def redact_note(
    note: Correction, words: Mapping[str, str], *, by: AbstractBaseUser, at: datetime
) -> Correction:
    """Hide a published note at once; what is left of it waits for someone else to publish it.

    `words` has the text of each field that has one. The note itself stays sealed. Until someone
    else has published it, who took words out may take out others. Raises WordsAdded,
    NothingTakenOut, NoteNotShown and NotTheirs.
    """
    note = Correction.objects.select_for_update().get(pk=note.pk)
    waiting = Correction.objects.filter(replaces=note).first()
    if note.published_at is None or (waiting and waiting.published_at):
        raise NoteNotShown
    if waiting:
        require_the_same(waiting.entered_by, by=by)
    _check(note, words)
    about = {name: getattr(note, name) for name in ABOUT}
    made, _is_new = Correction.objects.update_or_create(
        replaces=note, defaults={**about, **words, "entered_by": by, "entered_at": at}
    )
    if note.kind == CorrectionKind.WITHDRAWAL and note.response_id:
        withheld = Response.objects.filter(pk=note.response_id, withheld_reason=note.reason)
        withheld.update(withheld_reason=words["reason"])
    audit.record(
        "correction.redacted", note, by=by, at=at, original_sha256=note.sha256, sha256=made.sha256
    )
    Edition.objects.bump(at=at)
    return made


def _check(note: Correction, words: Mapping[str, str]) -> None:
    before = note.words
    if before.keys() != words.keys() or not all(text.strip() for text in words.values()):
        raise NothingTakenOut
    if not all(is_taken_from(text.replace(MARK, ""), before[name]) for name, text in words.items()):
        raise WordsAdded
    if words_of(" ".join(before.values())) <= words_of(" ".join(words.values())):
        raise NothingTakenOut
