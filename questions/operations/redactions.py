"""Taking words out of what the public reads: a new text; the State's own stays sealed.

The name of a person, mostly (security.md 51). What a State sent is never edited.
"""

import hashlib
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from questions.differences import is_taken_from, without, words_of
from questions.models import (
    AddressedQuestion,
    Attachment,
    AttachmentStatus,
    Candidacy,
    Correction,
    CorrectionKind,
    Event,
    Response,
    ResponseStatus,
    ScanResult,
    Translation,
    TranslationStatus,
    text_digest,
)
from questions.operations import audit
from questions.operations.attachments import (
    FileNotScanned,
    FileNotSent,
    FileUnsafe,
    checked_copy,
    original_of,
    stored_file,
    withdraw_file,
)
from questions.operations.corrections import note_act
from questions.operations.publication import lock_slots, withhold_responses
from questions.operations.scanning import scan, scanner_is_set
from questions.operations.translations import withdraw_translation

LONGEST_REASON = Response._meta.get_field("withheld_reason").max_length
MARK = "[…]"  # where words were taken out; the same in every language


class WordsAdded(Exception):
    """The text says something that the State did not: only words may go, and […] come."""


class NothingTakenOut(Exception):
    """Every word that was taken out still stands somewhere in the text."""


class WordsRepeated(Exception):
    """The reason, which is public, says again what was taken out."""


@transaction.atomic
def redact_response(
    response: Response,
    text: str,
    *,
    reason: str,
    ground: str,
    keeps_files: bool,
    by: AbstractBaseUser,
    at: datetime,
) -> Response:
    """Make a text without some words, for someone else to publish; returns it, not public yet.

    The text itself is withheld at once, with every other public wording of the same reply that
    has one of the words taken out, with every translation that has one, and with the files of
    these wordings unless `keeps_files`. Reasons for withholding other wordings lose the words.
    Where they stand beyond the reply says operations.whereabouts. Raises WordsAdded,
    NothingTakenOut and WordsRepeated.
    """
    response = _locked(response)
    if not is_taken_from(text.replace(MARK, ""), response.text):
        raise WordsAdded
    taken_out = words_of(response.text) - words_of(text)
    if not taken_out or not text.strip():
        raise NothingTakenOut
    if taken_out & words_of(reason):
        raise WordsRepeated
    _give_way(response)
    redacted = _stored(response, text, taken_out, by)
    _note(redacted, reason, ground, by, at)
    withheld = _wordings_with(taken_out, response)
    if not keeps_files:
        for file in _files_of(withheld):
            withdraw_file(file, reason=reason, ground=ground, by=by, at=at)
    chosen = Response.objects.filter(pk__in=[one.pk for one in withheld])
    withhold_responses(chosen, reason=reason, ground=ground, by=by, at=at)
    _mask_reasons(taken_out, response)
    for translation in _translations_with(taken_out, response):
        withdraw_translation(translation, reason=reason, by=by, at=at)
    audit.record(
        "response.redacted",
        response,
        by=by,
        at=at,
        submission=response.submission.symbol,
        original_sha256=text_digest(response.text),
        sha256=text_digest(text),
    )
    return redacted


@transaction.atomic
def replace_file(
    attachment: Attachment,
    content: bytes,
    *,
    reason: str,
    ground: str,
    by: AbstractBaseUser,
    at: datetime,
) -> Attachment:
    """Take words out of a file: `content` has the same pages, made anew as pictures.

    The copy that readers had is gone at once. What is left waits for someone else to accept it,
    and gets an address of its own. Raises FileNotSent, FileUnsafe, FileNotScanned, CopyUnsafe and
    CopyNotMade (documents.public_copies).
    """
    if attachment.submission_id is None:
        raise FileNotSent
    checked_copy(content, pages=attachment.pages, original=original_of(attachment))
    found = scan(content)
    if found == ScanResult.FOUND:
        raise FileUnsafe
    if found == ScanResult.NOT_SCANNED and scanner_is_set():
        raise FileNotScanned
    event = Event.objects.select_for_update(no_key=True).get(candidacies=attachment.candidacy_id)
    Candidacy.objects.select_for_update().get(pk=attachment.candidacy_id)
    attachment.corrections.acts().filter(published_at=None).delete()
    about = {"event": event, "attachment": attachment, "is_public": False}
    note_act(CorrectionKind.REDACTION, reason=reason, ground=ground, by=by, at=at, **about)
    with stored_file(content) as replaced_as:
        sha256 = hashlib.sha256(content).hexdigest()
        Attachment.objects.filter(pk=attachment.pk).update(
            replaced_as=replaced_as,
            replaced_sha256=sha256,
            replaced_by=by,
            public_version=F("public_version") + 1,
        )
        replaced = withdraw_file(attachment, reason=reason, ground=ground, by=by, at=at)
        audit.record(
            "attachment.replaced",
            replaced,
            by=by,
            at=at,
            original_sha256=attachment.sha256,
            sha256=sha256,
        )
    return replaced


def _locked(response: Response) -> Response:
    """With all that its acts lock, in the order of the rest: the event, the State, the slot."""
    candidacies = Candidacy.objects.filter(slots__responses=response)
    list(Event.objects.select_for_update(no_key=True).filter(candidacies__in=candidacies))
    list(Candidacy.objects.select_for_update().filter(pk__in=candidacies.values("pk")))
    lock_slots(AddressedQuestion.objects.filter(pk=response.slot_id))
    list(Translation.objects.select_for_update().filter(response__slot=response.slot_id))
    return Response.objects.with_names().get(pk=response.pk)


def _give_way(response: Response) -> None:
    """An earlier attempt that nobody published is not published any more."""
    waiting = Response.objects.filter(redacts=response, status=ResponseStatus.RECEIVED)
    Correction.objects.acts().filter(response__in=waiting, published_at=None).delete()
    waiting.update(status=ResponseStatus.SUPERSEDED)


def _stored(response: Response, text: str, taken_out: set[str], by: AbstractBaseUser) -> Response:
    reason = response.amendment_reason
    return Response.objects.create(
        slot=response.slot,
        submission=response.submission,
        redacts=response,
        kind=response.kind,
        text=text,
        language=response.language,
        amendment_reason="" if taken_out & words_of(reason) else reason,
        entered_by=by,
    )


def _note(redacted: Response, reason: str, ground: str, by: AbstractBaseUser, at: datetime) -> None:
    """For the register; public together with the text."""
    slot = redacted.slot
    about = {"event": slot.candidacy.event, "slot": slot, "response": redacted}
    words = {"reason": reason, "ground": ground}
    note_act(CorrectionKind.REDACTION, by=by, at=at, is_public=False, **about, **words)


def _wordings_with(taken_out: set[str], response: Response) -> list[Response]:
    """The text itself, and the others to the same slot that have one of the words."""
    others = response.slot.responses.may_be_withheld().exclude(pk=response.pk)
    return [
        response,
        *(
            other
            for other in others
            if taken_out & words_of(f"{other.text} {other.amendment_reason}")
        ),
    ]


def _mask_reasons(taken_out: set[str], response: Response) -> None:
    """Of other texts to the slot; what the register says of them is a note of its own."""
    for other in response.slot.responses.exclude(withheld_reason=""):
        masked = without(other.withheld_reason, taken_out, MARK)[:LONGEST_REASON]
        if masked != other.withheld_reason:
            other.withheld_reason = masked
            other.save(update_fields=["withheld_reason"])


def _translations_with(taken_out: set[str], response: Response) -> list[Translation]:
    """Of any wording of the reply, drafts among them."""
    found = Translation.objects.filter(response__slot=response.slot_id)
    standing = found.exclude(status=TranslationStatus.WITHDRAWN).order_by("pk")
    return [one for one in standing if taken_out & words_of(one.text)]


def _files_of(responses: list[Response]) -> list[Attachment]:
    """All that are not refused: what is not public yet would be so with the text that is left."""
    found = Attachment.objects.exclude(status=AttachmentStatus.REFUSED).filter(
        submission__in=[one.submission_id for one in responses],
        questions__slot=responses[0].slot_id,
    )
    return list(found.with_names().distinct().order_by("pk"))
