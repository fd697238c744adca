"""Notes in the register of corrections: entered by one member of staff, published by another."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.models import (
    NEW_YORK,
    Correction,
    CorrectionKind,
    Edition,
)
from questions.operations import audit
from questions.operations.two_people import require_another, require_the_same


class AlreadyPublished(Exception):
    """What was published stands; a mistake in it is corrected by another note."""


class CorrectionChanged(Exception):
    """It says something else than what was looked at."""


class NotPublic(Exception):
    """What it is about is not public, so that there was nothing to correct in public."""


@transaction.atomic
def enter_correction(correction: Correction, *, by: AbstractBaseUser, at: datetime) -> Correction:
    """Store a new note, or a draft that was changed by who entered it; nothing is public yet.

    Raises AlreadyPublished and NotTheirs.
    """
    verb = "entered"
    if correction.replaces_id:
        raise AlreadyPublished  # operations.redactions takes words out of it, and adds none
    if correction.pk:
        stored = _locked_draft(correction)
        require_the_same(stored.entered_by, by=by)
        verb = "changed"
    correction.entered_by, correction.entered_at = by, at
    correction.save()
    audit.record(f"correction.{verb}", correction, by=by, at=at, sha256=correction.sha256)
    return correction


@transaction.atomic
def discard_correction(correction: Correction, *, by: AbstractBaseUser, at: datetime) -> None:
    """Delete a draft. Raises AlreadyPublished, also where readers would see again what it hides."""
    stored = _locked_draft(correction)
    if stored.replaces_id:
        raise AlreadyPublished
    audit.record("correction.discarded", stored, by=by, at=at, sha256=stored.sha256)
    stored.delete()


@transaction.atomic
def publish_correction(
    correction: Correction, *, sha256: str, by: AbstractBaseUser, at: datetime
) -> Correction:
    """Show it in the register and on the page that it is about.

    `sha256` is that of what was looked at. Raises AlreadyPublished, CorrectionChanged, SamePerson
    (operations.two_people) and NotPublic.
    """
    stored = _locked_draft(correction)
    if stored.sha256 != sha256:
        raise CorrectionChanged
    require_another(stored.entered_by, by=by)
    stored.published_by, stored.published_at = by, at
    stored.by_one_person = stored.entered_by_id == by.pk
    stored.save()
    if not Correction.objects.publicly_visible().filter(pk=stored.pk).exists():
        raise NotPublic
    audit.record("correction.published", stored, by=by, at=at, sha256=stored.sha256)
    Edition.objects.bump(at=at)
    return stored


def note_act(
    kind: CorrectionKind,
    *,
    by: AbstractBaseUser,
    at: datetime,
    is_public: bool = True,
    **about: Any,
) -> Correction:
    """Enter in the register what an act of publication did, in its transaction.

    The act has its own audit entry and makes the next edition.
    """
    return Correction.objects.create(
        kind=kind,
        corrected_on=at.astimezone(ZoneInfo(NEW_YORK)).date(),
        entered_by=by,
        entered_at=at,
        published_by=by if is_public else None,
        published_at=at if is_public else None,
        **about,
    )


def _locked_draft(correction: Correction) -> Correction:
    stored = Correction.objects.select_for_update().get(pk=correction.pk)
    if not stored.is_draft:
        raise AlreadyPublished
    return stored
