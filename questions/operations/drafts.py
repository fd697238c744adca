"""Saving the reply that a State's two missions share."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from questions.models import (
    AccessLink,
    AddressedQuestion,
    Candidacy,
    ConflictCopy,
    Draft,
    DraftAnswer,
)
from questions.operations.refusals import LinkRevoked, ReplyClosed


@dataclass(frozen=True)
class Saved:
    """What became of a save: `answer` as it stands, `conflict` when another's save came first."""

    answer: DraftAnswer
    conflict: ConflictCopy | None = None


@transaction.atomic
def save_draft_answer(
    slot: AddressedQuestion,
    *,
    text: str,
    text_as_typed: str,
    language: str,
    is_ready: bool,
    based_on: int,
    link: AccessLink,
    at: datetime,
    amendment_reason: str | None = None,
    keeps_earlier: bool = False,
    copy: int | None = None,
) -> Saved:
    """Store the next revision of the answer to a slot; `based_on` is the revision that was shown.

    0 stands for none yet. When someone else saved in between, the words are kept as a conflict
    copy and the answer stays as it is. `keeps_earlier` keeps a copy of what is written over, too,
    and `amendment_reason` stays as it was where it is None. `copy` is the conflict copy that an
    earlier save of the same page made: its words give way to the newer ones. Saving what is
    there already changes nothing, so that a robot that posts what it was shown leaves no trace.
    Raises ReplyClosed and LinkRevoked.
    """
    locked = Candidacy.objects.select_for_update(of=["self"]).select_related("event", "draft")
    candidacy = locked.get(pk=slot.candidacy_id)
    if not candidacy.takes_answers(at=at):
        raise ReplyClosed
    answer = DraftAnswer.objects.filter(slot=slot).with_saver().first()
    if (
        answer
        and answer.text == text
        and answer.language == language
        and answer.is_ready == is_ready
        and amendment_reason in {None, answer.amendment_reason}
    ):
        return Saved(answer)
    if not AccessLink.objects.live().filter(pk=link.pk).update(last_used_at=at):
        raise LinkRevoked
    _mark_saved(candidacy, link, at)
    if (answer.revision if answer else 0) != based_on:
        typed = {"text": text, "language": language}
        return _keep_conflict(slot, answer, typed, based_on, link, at, copy)

    answer = answer or DraftAnswer.objects.begun(candidacy.draft, slot)
    if keeps_earlier and answer.text and answer.text != text:
        _keep_earlier(answer, at)
    answer.text, answer.text_as_typed = text, text_as_typed
    if amendment_reason is not None:
        answer.amendment_reason = amendment_reason
    answer.language, answer.is_ready = language, is_ready
    answer.revision += 1
    answer.saved_at, answer.saved_by = at, link
    answer.save()
    return Saved(answer)


def _mark_saved(candidacy: Candidacy, link: AccessLink, at: datetime) -> None:
    """The candidacy is locked: nobody else makes its draft meanwhile."""
    saved = {"saved_at": at, "saved_by": link}
    if not Draft.objects.filter(candidacy=candidacy).update(**saved):
        Draft.objects.create(candidacy=candidacy, **saved)


def _keep_conflict(
    slot: AddressedQuestion,
    answer: DraftAnswer | None,
    typed: dict[str, str],
    based_on: int,
    link: AccessLink,
    at: datetime,
    copy: int | None,
) -> Saved:
    """The candidacy is locked: nobody else keeps or replaces its copies meanwhile."""
    copies = ConflictCopy.objects.filter(slot=slot, saved_by=link)
    kept = copies.filter(pk=copy, based_on_revision=based_on).first() if copy else None
    if kept is None:
        defaults = {"based_on_revision": based_on, "saved_at": at}
        kept, _made = copies.get_or_create(slot=slot, saved_by=link, **typed, defaults=defaults)
    elif (kept.text, kept.language) != (typed["text"], typed["language"]):
        kept.text, kept.language, kept.saved_at = typed["text"], typed["language"], at
        kept.save()
    if answer is None:
        # Sent, and so no draft any more, since the page was shown.
        answer = DraftAnswer(slot=slot, revision=0)
    return Saved(answer, kept)


def _keep_earlier(answer: DraftAnswer, at: datetime) -> None:
    """What gives way to a chosen text is found beside it for a week (ux.md M14)."""
    ConflictCopy.objects.create(
        slot=answer.slot,
        text=answer.text,
        language=answer.language,
        based_on_revision=answer.revision,
        saved_at=at,
        saved_by=answer.saved_by,
    )
