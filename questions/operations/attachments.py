"""Files from missions: kept beside the draft, sent with it, accepted or refused by staff."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q, Sum

from questions.documents.public_copies import public_copy, redacted_copy
from questions.models import (
    AccessLink,
    AddressedQuestion,
    AttachedQuestion,
    Attachment,
    AttachmentKind,
    AttachmentStatus,
    Candidacy,
    CorrectionKind,
    Edition,
    ScanResult,
    Submission,
)
from questions.operations import audit
from questions.operations.corrections import note_act
from questions.operations.refusals import LinkRevoked, ReplyClosed
from questions.operations.scanning import scan, scanner_is_set
from questions.operations.two_people import require_another
from questions.parsing.attachments import ExaminedPdf, examine_pdf

MOST_UNSENT = 5
MOST_FILES = 200  # of one candidacy, sent ones too
MOST_BYTES = 500_000_000


class TooManyFiles(Exception):
    """The candidacy has as many files, or as many bytes, as it may."""


class FileUnsafe(Exception):
    """The virus scanner found something; nothing was stored."""


class FileNotScanned(Exception):
    """A scanner is set and has not looked at the file: it cannot be accepted (security.md 61)."""


class FileNotSent(Exception):
    """What lies beside a draft is the mission's own: staff decide on it once it was sent."""


class CopyUnsafe(Exception):
    """The copy for the public still holds what it must not; str() names it."""


class FileChanged(Exception):
    """A stored file is not the one that came: its SHA-256 differs. It is never served."""


def attach_file(
    candidacy: Candidacy,
    content: bytes,
    *,
    name: str,
    examined: ExaminedPdf,
    kind: str,
    slots: Mapping[AddressedQuestion, int | None],
    link: AccessLink,
    at: datetime,
) -> Attachment:
    """Store a file beside the draft; `slots` are the questions it answers, with pages or None.

    The form has examined it and made its name safe. The file is on the disk before its row is
    written. Where the same file lies there for the same questions, as when a form is sent twice,
    that one is returned. Raises ReplyClosed, LinkRevoked, TooManyFiles and FileUnsafe.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    found = scan(content)
    if found == ScanResult.FOUND:
        raise FileUnsafe
    with transaction.atomic():
        candidacy = _locked(candidacy, link, at)
        if twin := _twin(candidacy, sha256, kind, slots):
            return twin
        _check_quota(candidacy, len(content))
        with stored_file(content) as stored_as:
            attachment = Attachment.objects.create(
                candidacy=candidacy,
                kind=kind,
                name=name,
                size=len(content),
                sha256=sha256,
                stored_as=stored_as,
                pages=examined.pages,
                has_text=examined.has_text,
                findings=examined.findings,
                scan=found,
                uploaded_at=at,
                uploaded_by=link,
            )
            _store_slots(attachment, slots)
            _record("attachment.added", attachment, by=link, at=at)
    return attachment


def _twin(
    candidacy: Candidacy, sha256: str, kind: str, slots: Mapping[AddressedQuestion, int | None]
) -> Attachment | None:
    """The same file, unsent, beside the same questions; a letter's are chosen after it came."""
    twins = candidacy.attachments.unsent().filter(sha256=sha256, kind=kind)
    for slot in slots:
        twins = twins.filter(questions__slot=slot)
    return twins.first()


@contextmanager
def stored_file(content: bytes) -> Iterator[str]:
    """The file's name in the storage; it goes again where its row is not written.

    Once the row is, it stays whatever becomes of the commit, whose outcome may be unknown: a file
    without a row is swept away in time, a row without a file never mends.
    """
    name = f"{uuid4().hex}.pdf"
    storages["sealed"].save(name, ContentFile(content))
    is_of_use = False
    try:
        yield name
        is_of_use = True
    finally:
        if not is_of_use:
            storages["sealed"].delete(name)


def _locked(candidacy: Candidacy, link: AccessLink, at: datetime) -> Candidacy:
    """Held, so that two missions' uploads are counted one after the other."""
    candidacy = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if not candidacy.takes_answers(at=at):
        raise ReplyClosed
    if not AccessLink.objects.live().filter(pk=link.pk).exists():
        raise LinkRevoked
    return candidacy


def _check_quota(candidacy: Candidacy, size: int) -> None:
    files = candidacy.attachments.all()
    total = files.aggregate(bytes=Sum("size", default=0))["bytes"]
    if (
        files.unsent().count() >= MOST_UNSENT
        or files.count() >= MOST_FILES
        or total + size > MOST_BYTES
    ):
        raise TooManyFiles


def _store_slots(attachment: Attachment, slots: Mapping[AddressedQuestion, int | None]) -> None:
    if any(slot.candidacy_id != attachment.candidacy_id for slot in slots):
        raise ValueError("A slot of another candidacy.")
    AttachedQuestion.objects.bulk_create(
        AttachedQuestion(attachment=attachment, slot=slot, page=page)
        for slot, page in slots.items()
    )


def _record(
    action: str, attachment: Attachment, *, by: AccessLink | AbstractBaseUser, at: datetime
) -> None:
    """By its fingerprint: a file's name may be a person's."""
    subject = attachment if attachment.submission_id else attachment.candidacy
    audit.record(action, subject, by=by, at=at, sha256=attachment.sha256, size=attachment.size)


@transaction.atomic
def put_to(attachment: Attachment, slots: Mapping[AddressedQuestion, int | None]) -> None:
    """Replace which questions an unsent file answers; what was sent meanwhile stays as sent."""
    Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
    if not Attachment.objects.unsent().filter(pk=attachment.pk).exists():
        return
    attachment.questions.all().delete()
    _store_slots(attachment, slots)


@transaction.atomic
def remove_file(attachment: Attachment, *, link: AccessLink, at: datetime) -> None:
    """Take an unsent file away; what was sent or removed meanwhile stays so.

    A letter's draft goes before its file. Raises ReplyClosed and LinkRevoked.
    """
    _locked(attachment.candidacy, link, at)
    found = Attachment.objects.unsent().filter(pk=attachment.pk).first()
    if found is None:
        return
    _record("attachment.removed", found, by=link, at=at)
    found.delete()
    transaction.on_commit(lambda: storages["sealed"].delete(found.stored_as))


def attach_to_submission(
    submission: Submission,
    slots: Iterable[AddressedQuestion],
    *,
    letter: Attachment | None = None,
) -> list[Attachment]:
    """Number the unsent files beside the answers that are sent, and the letter that goes along.

    A letter that is not named stays unsent. The candidacy is locked by the caller.
    """
    beside = Q(kind=AttachmentKind.ANSWER, questions__slot__in=list(slots))
    named = Q(pk=letter.pk) if letter else Q(pk__in=[])
    files = submission.candidacy.attachments.unsent().filter(beside | named)
    sent = list(files.distinct().order_by("pk"))
    for number, attachment in enumerate(sent, start=1):
        attachment.submission, attachment.number = submission, number
        attachment.save(update_fields=["submission", "number"])
    return sent


# --- Staff ------------------------------------------------------------------------------------


def accept_file(attachment: Attachment, *, by: AbstractBaseUser, at: datetime) -> Attachment:
    """Make the copy for the public; it can be read where its answer is published.

    Looked at again by the scanner unless it was found clean. An accepted file stays as it is.
    Raises FileNotSent, FileUnsafe, FileNotScanned, FileChanged, CopyUnsafe, and CopyNotMade
    (documents.public_copies).
    """
    if attachment.submission_id is None:
        raise FileNotSent
    original = original_of(attachment)
    if attachment.replaced_as:
        require_another(attachment.replaced_by, by=by)
        left = replacement_of(attachment)
        copy = checked_copy(left, pages=attachment.pages, original=original)
    else:
        _scan_again(attachment, original)
        copy = checked_copy(original, pages=attachment.pages)
    with transaction.atomic():
        Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
        found = Attachment.objects.get(pk=attachment.pk)
        if found.status == AttachmentStatus.ACCEPTED:
            return found
        if found.replaced_as != attachment.replaced_as:
            raise FileChanged(found.stored_as)
        with stored_file(copy) as public_as:
            found.public_as, found.public_size = public_as, len(copy)
            found.public_sha256 = hashlib.sha256(copy).hexdigest()
            _decide(found, AttachmentStatus.ACCEPTED, by, at)
            _note_accepted(found, by, at)
            _record("attachment.accepted", found, by=by, at=at)
            Edition.objects.bump(at=at)
    return found


def _note_accepted(attachment: Attachment, by: AbstractBaseUser, at: datetime) -> None:
    """In the register: that words were taken out, or that a withdrawn file is there again."""
    waiting = attachment.corrections.acts().filter(kind=CorrectionKind.REDACTION, published_at=None)
    if waiting.update(published_at=at, published_by=by):
        return
    if attachment.corrections.withdrawals().exists():
        event = attachment.candidacy.event
        note_act(CorrectionKind.RESTORED, event=event, attachment=attachment, by=by, at=at)


def _scan_again(attachment: Attachment, original: bytes) -> None:
    """Stored whatever comes of the rest. The scanner is asked again unless it found nothing."""
    if attachment.scan != ScanResult.CLEAN and scanner_is_set():
        attachment.scan = scan(original)
        Attachment.objects.filter(pk=attachment.pk).update(scan=attachment.scan)
        if attachment.scan == ScanResult.NOT_SCANNED:
            raise FileNotScanned
    if attachment.scan == ScanResult.FOUND:
        raise FileUnsafe


def checked_copy(content: bytes, *, pages: int, original: bytes | None = None) -> bytes:
    """The copy, examined as an upload is: it has all pages and nothing else. Raises CopyUnsafe.

    With the original, the content is what was left of it: pages that are pictures.
    """
    copy = redacted_copy(content, original=original) if original else public_copy(content)
    examined = examine_pdf(copy)
    if examined.findings or examined.pages != pages:
        raise CopyUnsafe(", ".join(examined.findings) or f"{examined.pages} pages")
    return copy


@transaction.atomic
def refuse_file(
    attachment: Attachment, *, reason: str, by: AbstractBaseUser, at: datetime
) -> Attachment:
    """Keep it from the public, an accepted file too: its copy is deleted. Raises FileNotSent."""
    if attachment.submission_id is None:
        raise FileNotSent
    Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
    found = Attachment.objects.get(pk=attachment.pk)
    copy = found.public_as
    found.public_as, found.public_sha256, found.public_size = "", "", None
    found.refusal_reason = reason
    _decide(found, AttachmentStatus.REFUSED, by, at)
    _record("attachment.refused", found, by=by, at=at)
    if copy:
        Edition.objects.bump(at=at)
        transaction.on_commit(lambda: storages["sealed"].delete(copy))
    return found


@transaction.atomic
def withdraw_file(
    attachment: Attachment, *, reason: str, ground: str, by: AbstractBaseUser, at: datetime
) -> Attachment:
    """Refuse an accepted file; where readers had it, the register says when and why."""
    Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
    if Attachment.objects.publicly_visible().filter(pk=attachment.pk).exists():
        about = {"event": attachment.candidacy.event, "attachment": attachment}
        note_act(CorrectionKind.WITHDRAWAL, reason=reason, ground=ground, by=by, at=at, **about)
    return refuse_file(attachment, reason=reason, by=by, at=at)


def _decide(
    attachment: Attachment, status: AttachmentStatus, by: AbstractBaseUser, at: datetime
) -> None:
    attachment.status, attachment.decided_by, attachment.decided_at = status, by, at
    if status == AttachmentStatus.ACCEPTED:
        attachment.refusal_reason = ""
    attachment.save()


# --- The storage ------------------------------------------------------------------------------


def original_of(attachment: Attachment) -> bytes:
    """As it came. Raises FileChanged."""
    return _read(attachment.stored_as, attachment.sha256)


def public_copy_of(attachment: Attachment) -> bytes:
    """Of an accepted file. Raises FileChanged."""
    return _read(attachment.public_as, attachment.public_sha256)


def replacement_of(attachment: Attachment) -> bytes:
    """What staff made of it without some words. Raises FileChanged."""
    return _read(attachment.replaced_as, attachment.replaced_sha256)


def _read(name: str, sha256: str) -> bytes:
    with storages["sealed"].open(name) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileChanged(name)
    return content


def orphans(*, before: datetime) -> list[str]:
    """The names of stored files that no row names, last changed before that moment."""
    sealed = storages["sealed"]
    if not sealed.exists(""):
        return []
    names = {name for name in sealed.listdir("")[1] if sealed.get_modified_time(name) < before}
    rows = Attachment.objects.filter(
        Q(stored_as__in=names) | Q(public_as__in=names) | Q(replaced_as__in=names)
    )
    stored = rows.values_list("stored_as", "public_as", "replaced_as")
    named = {name for row in stored for name in row}
    return sorted(names - named)


def sweep_files(*, before: datetime) -> int:
    """Delete what no row names: what a crash left behind between file and row."""
    found = orphans(before=before)
    for name in found:
        storages["sealed"].delete(name)
    return len(found)
