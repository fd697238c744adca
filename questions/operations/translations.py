"""Translations of answers and questions: what staff enter, another person publishes."""

from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.models import (
    AddressedQuestion,
    Edition,
    Question,
    Response,
    Translation,
    TranslationKind,
    TranslationStatus,
)
from questions.operations import audit, search_index
from questions.operations.publication import lock_slots
from questions.operations.two_people import require_another, require_the_same

REPLACED = "Replaced by a later translation."


class NothingToTranslate(Exception):
    """The original has no text, or is in that language itself."""


class TranslationSettled(Exception):
    """It was published or withdrawn meanwhile."""


class TranslationChanged(Exception):
    """It no longer says what was looked at."""


@transaction.atomic
def enter_translation(
    original: Response | Question,
    *,
    language: str,
    text: str,
    kind: TranslationKind,
    made_by: str,
    made_on: date,
    by: AbstractBaseUser,
    at: datetime,
) -> Translation:
    """Store a draft; nothing of it is public. Raises NothingToTranslate."""
    if not original.text or language == original.language:
        raise NothingToTranslate
    translation = Translation(
        language=language, text=text, kind=kind, made_by=made_by, made_on=made_on
    )
    if isinstance(original, Response):
        translation.response = original
    else:
        translation.question = original
    _store(translation, "translation.entered", by, at)
    return translation


@transaction.atomic
def revise_translation(
    translation: Translation,
    *,
    text: str,
    kind: TranslationKind,
    made_by: str,
    made_on: date,
    sha256: str,
    by: AbstractBaseUser,
    at: datetime,
) -> Translation:
    """Change a draft of one's own.

    `sha256` is that of what was changed. Raises TranslationSettled, TranslationChanged and
    NotTheirs.
    """
    draft = _draft(translation, sha256)
    require_the_same(draft.entered_by, by=by)
    draft.text, draft.kind, draft.made_by, draft.made_on = text, kind, made_by, made_on
    _store(draft, "translation.revised", by, at)
    return draft


def _store(draft: Translation, action: str, by: AbstractBaseUser, at: datetime) -> None:
    draft.entered_by, draft.entered_at = by, at
    draft.save()
    audit.record(action, draft, by=by, at=at, number=draft.pk, sha256=draft.sha256)


@transaction.atomic
def publish_translation(
    translation: Translation, *, sha256: str, by: AbstractBaseUser, at: datetime
) -> None:
    """Show a draft below its original, in place of an earlier translation into its language.

    `sha256` is that of what was looked at. Raises TranslationSettled, TranslationChanged and
    SamePerson.
    """
    draft = _draft(translation, sha256)
    require_another(draft.entered_by, by=by)
    earlier = Translation.objects.published().filter(
        response=draft.response_id, question=draft.question_id, language=draft.language
    )
    replaced = earlier.update(status=TranslationStatus.WITHDRAWN, withdrawn_reason=REPLACED)
    draft.status = TranslationStatus.PUBLISHED
    draft.published_by, draft.published_at = by, at
    draft.by_one_person = draft.entered_by_id == by.pk
    draft.save()
    _refresh(draft)
    audit.record(
        "translation.published",
        draft,
        by=by,
        at=at,
        number=draft.pk,
        sha256=draft.sha256,
        replaced=replaced,
    )
    Edition.objects.bump(at=at)


@transaction.atomic
def withdraw_translation(
    translation: Translation, *, reason: str, by: AbstractBaseUser, at: datetime
) -> None:
    """Take it off the public pages, or drop a draft; the row stays. Raises TranslationSettled."""
    locked = _locked(translation)
    if locked.status == TranslationStatus.WITHDRAWN:
        raise TranslationSettled
    was = locked.status
    locked.status, locked.withdrawn_reason = TranslationStatus.WITHDRAWN, reason
    locked.save()
    _refresh(locked)
    facts = {"number": locked.pk, "was": was, "sha256": locked.sha256}
    audit.record("translation.withdrawn", locked, by=by, at=at, **facts)
    if was == TranslationStatus.PUBLISHED:
        Edition.objects.bump(at=at)


def _draft(translation: Translation, sha256: str) -> Translation:
    locked = _locked(translation)
    if locked.status != TranslationStatus.DRAFT:
        raise TranslationSettled
    if locked.sha256 != sha256:
        raise TranslationChanged
    return locked


def _locked(translation: Translation) -> Translation:
    """The row, after its original has been locked as publishing locks it."""
    if translation.response_id:
        lock_slots(AddressedQuestion.objects.filter(responses=translation.response_id))
    else:
        search_index.lock(Question.objects.filter(pk=translation.question_id))
    rows = Translation.objects.select_for_update(of=["self"]).with_originals()
    return rows.get(pk=translation.pk)


def _refresh(translation: Translation) -> None:
    if translation.response_id:
        slots = AddressedQuestion.objects.filter(responses=translation.response_id)
        search_index.refresh_answers(slots)
    else:
        search_index.refresh_questions(Question.objects.filter(pk=translation.question_id))
