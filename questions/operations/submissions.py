"""Recording what a State sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, QuerySet

from questions import mail
from questions.models import (
    AccessLink,
    AddressedQuestion,
    Candidacy,
    Channel,
    DraftAnswer,
    DraftLetter,
    Edition,
    Mission,
    Response,
    ResponseKind,
    ResponseStatus,
    Submission,
    canonical_text,
    text_digest,
)
from questions.operations import audit, search_index
from questions.operations.attachments import attach_to_submission
from questions.operations.publication import lock_slots
from questions.operations.refusals import LinkRevoked, ReplyClosed


class DraftChanged(Exception):
    """An answer was saved or sent by someone else since it was shown."""


class NothingToSend(Exception):
    """A submission needs at least one answer or refusal."""


class ReceivedInFuture(Exception):
    """What staff enter was received in the past."""


@dataclass(frozen=True)
class Answer:
    """What is said to one slot; `revision` is that of the draft it was shown from, if any."""

    text: str
    language: str
    kind: str = ResponseKind.ANSWER
    text_as_typed: str = ""
    revision: int | None = None
    amendment_reason: str = ""


@dataclass(frozen=True)
class Signatory:
    """Who sends it, as they write it; kept with the submission, not published."""

    name: str
    title: str


@dataclass(frozen=True)
class Entry:
    """That staff entered it: who, when, and why (security.md 32)."""

    by: AbstractBaseUser
    at: datetime
    reason: str


@transaction.atomic
def record_submission(
    candidacy: Candidacy,
    answers: Mapping[AddressedQuestion, Answer],
    *,
    form_key: UUID,
    signatory: Signatory,
    link: AccessLink | None,
    received_at: datetime,
    letter_revision: int | None = None,
) -> Submission:
    """Store one sending from the form; sending the same form again returns the first.

    The candidacy is locked, so that New York and Geneva sending at once are numbered one
    after the other, and none after the link is revoked or the reply closed. `received_at` is
    the server's clock when the request arrived. The letter for several questions goes along
    where its revision as previewed is given; files go with the answers they lie beside. Raises
    ReplyClosed, LinkRevoked, DraftChanged and NothingToSend.
    """
    candidacy = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if earlier := candidacy.submissions.filter(form_key=form_key).first():
        return earlier
    if not candidacy.takes_answers(at=received_at):
        raise ReplyClosed
    if link and not AccessLink.objects.live().filter(pk=link.pk).exists():
        raise LinkRevoked
    _check_revisions(answers)
    letter = _letter_shown(candidacy, letter_revision)

    submission = _store(
        candidacy,
        answers,
        Submission(
            channel=Channel.FORM,
            mission=link and link.contact.mission,
            link=link,
            signatory_name=signatory.name,
            signatory_title=signatory.title,
            received_at=received_at,
            form_key=form_key,
        ),
    )
    _take_from_draft(submission, answers, letter)
    if link:
        AccessLink.objects.filter(pk=link.pk).update(last_used_at=received_at)
    mail.queue_receipts(submission, at=received_at)
    mail.queue_notice(submission, at=received_at)
    audit.record(
        "submission.received",
        submission,
        by=link,
        at=received_at,
        sha256=submission.text_sha256,
        answers=len(answers),
    )
    Edition.objects.bump(at=received_at)  # "Received, being prepared" is public
    return submission


@transaction.atomic
def enter_submission(
    candidacy: Candidacy,
    answers: Mapping[AddressedQuestion, Answer],
    *,
    form_key: UUID,
    channel: str,
    mission: Mission | None,
    signatory: Signatory,
    received_at: datetime,
    entry: Entry,
) -> Submission:
    """Store what reached us by another road, entered by staff; at any time, whatever the deadline.

    Entering the same form again returns the first. Raises ReceivedInFuture and NothingToSend.
    """
    if received_at > entry.at:
        raise ReceivedInFuture
    candidacy = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if earlier := candidacy.submissions.filter(form_key=form_key).first():
        return earlier

    submission = _store(
        candidacy,
        answers,
        Submission(
            channel=channel,
            mission=mission,
            signatory_name=signatory.name,
            signatory_title=signatory.title,
            received_at=received_at,
            form_key=form_key,
            entered_by=entry.by,
            entered_at=entry.at,
            entry_reason=entry.reason,
        ),
    )
    audit.record(
        "submission.entered",
        submission,
        by=entry.by,
        at=entry.at,
        sha256=submission.text_sha256,
        answers=len(answers),
        received_at=received_at.isoformat(),
    )
    Edition.objects.bump(at=entry.at)
    return submission


def _check_revisions(answers: Mapping[AddressedQuestion, Answer]) -> None:
    """What was previewed is what is sent: refuse a draft that changed since."""
    shown = {slot.pk: answer.revision for slot, answer in answers.items()}
    current = dict(
        DraftAnswer.objects.filter(slot__in=list(answers)).values_list("slot", "revision")
    )
    if any(rev is not None and current.get(pk) != rev for pk, rev in shown.items()):
        raise DraftChanged


def _take_from_draft(
    submission: Submission,
    answers: Mapping[AddressedQuestion, Answer],
    letter: DraftLetter | None,
) -> None:
    """What is sent is no draft any more; its files are the submission's, numbered.

    A letter that was not previewed stays unsent, whatever it answers.
    """
    slots = [slot for slot, answer in answers.items() if answer.revision is not None]
    DraftAnswer.objects.filter(slot__in=slots).delete()
    attach_to_submission(submission, slots, letter=letter and letter.attachment)
    if letter:
        letter.delete()


def _letter_shown(candidacy: Candidacy, revision: int | None) -> DraftLetter | None:
    if revision is None:
        return None
    letters = DraftLetter.objects.filter(draft__candidacy=candidacy, is_ready=True)
    letter = letters.select_related("attachment").filter(revision=revision).first()
    if letter is None:
        raise DraftChanged
    return letter


def _store(
    candidacy: Candidacy, answers: Mapping[AddressedQuestion, Answer], submission: Submission
) -> Submission:
    """Save the submission under the next number, with one response a slot.

    What the State sent before on the same slot and is not yet published gives way to it. The
    draft of a slot that is refused stays, and is no longer ready to send. The slots are locked
    as publishing locks them, so that an answer is published first or gives way first.
    """
    if not answers:
        raise NothingToSend
    slots = AddressedQuestion.objects.filter(candidacy=candidacy).with_names()
    ordered = [slot for slot in slots.in_letter_order() if slot in answers]
    if len(ordered) != len(answers):
        raise ValueError("A slot of another candidacy.")
    text = canonical_text(
        (slot, answers[slot].kind, answers[slot].language, answers[slot].text) for slot in ordered
    )
    submission.candidacy = candidacy
    submission.number = candidacy.submissions.next_number()
    submission.due_at = candidacy.due_at
    submission.text_sha256 = text_digest(text)
    submission.save(force_insert=True)
    lock_slots(slots.filter(pk__in=[slot.pk for slot in ordered]))
    _sent_before(submission, ordered).update(status=ResponseStatus.SUPERSEDED)
    refused = [slot for slot in ordered if answers[slot].kind == ResponseKind.DECLINED]
    DraftAnswer.objects.filter(slot__in=refused, is_ready=True).update(
        is_ready=False, revision=F("revision") + 1
    )
    Response.objects.bulk_create(
        Response(
            slot=slot,
            submission=submission,
            kind=answers[slot].kind,
            text=answers[slot].text,
            text_as_typed=answers[slot].text_as_typed,
            language=answers[slot].language,
            amendment_reason=answers[slot].amendment_reason,
            entered_by=submission.entered_by,
        )
        for slot in ordered
    )
    # What is entered now may have been received first, and before the deadline.
    search_index.refresh_answers(slots.filter(pk__in=[slot.pk for slot in ordered]))
    return submission


def _sent_before(submission: Submission, slots: list[AddressedQuestion]) -> QuerySet[Response]:
    """What waits to be published on the slots; what staff enter replaces nothing received later."""
    waiting = Response.objects.filter(slot__in=slots, status=ResponseStatus.RECEIVED)
    if submission.entered_at:
        return waiting.filter(submission__received_at__lte=submission.received_at)
    return waiting
