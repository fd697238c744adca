"""Composing drafts of letters, and issuing them: from then on nothing in a letter changes."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.documents.letters import LetterPaper, letter_docx, letter_pdfs
from questions.models import (
    AddressedQuestion,
    AddressedQuestionQuerySet,
    Candidacy,
    DocumentKind,
    Edition,
    Event,
    Letter,
    LetterContent,
    LetterDocument,
    Letterhead,
    LetterOrigin,
    LetterStatus,
    LetterTemplate,
    Question,
    QuestionStatus,
    text_digest,
)
from questions.operations import audit, search_index
from questions.operations.compositions import (
    LetterIncomplete,
    LetterSignatory,
    TemplateRefused,
    compose,
)
from questions.operations.letters import NothingToIssue

REPLY_PATH = "/reply/"  # where the reply code is entered (DESIGN.md §5)


class AlreadyIssued(Exception):
    """The letter was issued before; what must change goes into a letter of the next number."""


class LetterOutdated(Exception):
    """What the letter says is no longer so; `letters` are to be composed again."""

    def __init__(self, letters: Iterable[Letter]):
        self.letters = tuple(letters)
        super().__init__(", ".join(str(letter) for letter in self.letters))


@transaction.atomic
def draft_letter(
    candidacy: Candidacy,
    template: LetterTemplate,
    *,
    letter_date: Date,
    letterhead: Letterhead | None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Letter:
    """Compose the letter with the questions put and not yet sent, in place of an earlier draft.

    Where all were sent before it is a corrected letter with all of them. Raises NothingToIssue
    (no question was put), LetterIncomplete and TemplateRefused.
    """
    candidacy = _locked(candidacy)
    letterhead = letterhead or Letterhead()
    letter = candidacy.letters.filter(
        origin=LetterOrigin.COMPOSED, status=LetterStatus.DRAFT
    ).first() or Letter(
        candidacy=candidacy,
        number=candidacy.letters.next_number(),
        origin=LetterOrigin.COMPOSED,
    )
    letter.date = letter_date
    letter.signatory_name = letterhead.signatory_name
    letter.signatory_title = letterhead.signatory_title
    letter.signatory_organisation = letterhead.signatory_organisation
    letter.signatory_email = letterhead.signatory_email
    letter.reply_contact_name = letterhead.reply_contact_name
    letter.reply_contact_email = letterhead.reply_contact_email or settings.OFFICE_EMAIL
    content = _content_as_of_now(letter, candidacy, template)
    letter.title = content.title[: Letter._meta.get_field("title").max_length]
    letter.content = content.as_json()
    letter.text = content.plain_text()
    letter.text_sha256 = text_digest(letter.text)
    letter.save()
    audit.record("letter.composed", candidacy, by=by, at=at, letter=letter.number)
    return letter


def draft_letters(
    event: Event,
    template: LetterTemplate,
    *,
    letter_date: Date,
    letterhead: Letterhead | None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> int:
    """Compose a letter to every State with questions not yet sent; returns how many.

    A State of which a fact is missing is left out: the pre-flight names it. Raises
    TemplateRefused.
    """
    drafted = 0
    waiting = event.candidacies.still_standing().with_unsent_questions()
    for candidacy in waiting.order_by("state__sort_key"):
        with suppress(LetterIncomplete):
            draft_letter(
                candidacy, template, letter_date=letter_date, letterhead=letterhead, by=by, at=at
            )
            drafted += 1
    return drafted


def issue_composed(letter: Letter, *, by: AbstractBaseUser | None, at: datetime) -> Letter:
    """Freeze a draft with its PDF and Word file, and let the missions see its questions.

    Raises AlreadyIssued, LetterOutdated, and what making a PDF raises (`documents.letters`).
    """
    letter = _drafts(Letter.objects.filter(pk=letter.pk)).first()
    if letter is None:
        raise AlreadyIssued
    _check_up_to_date([letter])
    (files,) = _make_files([letter], at=at)
    return _issue(letter, files, by=by, at=at)


def issue_all(event: Event, *, by: AbstractBaseUser | None, at: datetime) -> int:
    """Issue every draft to those that still stand; returns how many. None where one is outdated.

    Raises LetterOutdated, and what making a PDF raises (`documents.letters`).
    """
    standing = Letter.objects.filter(candidacy__in=event.candidacies.still_standing())
    drafts = list(_drafts(standing).order_by("candidacy__state__sort_key"))
    _check_up_to_date(drafts)
    issued = 0
    # One letter a transaction: the audit chain waits for nobody longer than for one letter.
    for letter, files in zip(drafts, _make_files(drafts, at=at), strict=True):
        with suppress(AlreadyIssued):  # by somebody else, while the files were made
            _issue(letter, files, by=by, at=at)
            issued += 1
    return issued


@dataclass(frozen=True)
class _Files:
    pdf: bytes
    docx: bytes


def _make_files(letters: list[Letter], *, at: datetime) -> list[_Files]:
    """The heavy part, before any lock is taken; one process sets all the PDFs."""
    if not letters:
        return []
    paper = _paper(Letterhead.objects.first())
    contents = [LetterContent.from_json(letter.content) for letter in letters]
    pdfs = letter_pdfs(contents, letterhead=paper, at=at)
    return [
        _Files(pdf, letter_docx(content, letterhead=paper, at=at))
        for content, pdf in zip(contents, pdfs, strict=True)
    ]


def _paper(letterhead: Letterhead | None) -> LetterPaper | None:
    if letterhead is None:
        return None
    return LetterPaper(
        organisation=letterhead.signatory_organisation,
        address=tuple(letterhead.address.splitlines()),
        logo=bytes(letterhead.logo or b""),
        signature=bytes(letterhead.signature or b""),
    )


@transaction.atomic
def _issue(letter: Letter, files: _Files, *, by: AbstractBaseUser | None, at: datetime) -> Letter:
    """Store what was made of the draft, unless the draft or what it says has changed since."""
    candidacy = _locked(letter.candidacy)
    made_from = letter.text_sha256
    letter = candidacy.letters.get(pk=letter.pk)
    letter.candidacy = candidacy
    if letter.status == LetterStatus.ISSUED:
        raise AlreadyIssued
    if letter.text_sha256 != made_from:
        raise LetterOutdated([letter])
    _check_up_to_date([letter])

    if candidacy.due_at is None and candidacy.event.due_at:
        candidacy.due_at = candidacy.event.due_at
        candidacy.save(update_fields=["due_at"])
    letter.status = LetterStatus.ISSUED
    letter.save(update_fields=["status"])
    documents = _store_documents(letter, files)
    sent = _unsent(candidacy).update(letter=letter)
    search_index.refresh_questions(Question.objects.filter(slots__letter=letter))
    audit.record(
        "letter.issued",
        candidacy,
        by=by,
        at=at,
        letter=letter.number,
        questions=sent,
        text_sha256=letter.text_sha256,
        **{f"{document.kind}_sha256": document.sha256 for document in documents},
    )
    Edition.objects.bump(at=at)
    return letter


def _store_documents(letter: Letter, files: _Files) -> list[LetterDocument]:
    contents = {DocumentKind.PDF: files.pdf, DocumentKind.DOCX: files.docx}
    return LetterDocument.objects.bulk_create(
        LetterDocument(
            letter=letter,
            kind=kind,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for kind, content in contents.items()
    )


def _check_up_to_date(letters: list[Letter]) -> None:
    """Whether each still says what a template says of the State's questions and facts today.

    A consent taken back, a question put or corrected, a deadline moved: the letter names it
    otherwise than it stands, and is composed again (security.md 28, 53).
    """
    templates = list(LetterTemplate.objects.order_by("-is_default", "pk"))
    outdated = [letter for letter in letters if not _is_up_to_date(letter, templates)]
    if outdated:
        raise LetterOutdated(outdated)


def _is_up_to_date(letter: Letter, templates: list[LetterTemplate]) -> bool:
    stored = LetterContent.from_json(letter.content)
    for template in templates:
        with suppress(LetterIncomplete, TemplateRefused, NothingToIssue):
            if _content_as_of_now(letter, letter.candidacy, template) == stored:
                return True
    return False


def _content_as_of_now(
    letter: Letter, candidacy: Candidacy, template: LetterTemplate
) -> LetterContent:
    return compose(
        candidacy,
        template.texts,
        letter_date=letter.date,
        signatory=LetterSignatory(
            letter.signatory_name,
            letter.signatory_title,
            letter.signatory_organisation,
            letter.signatory_email,
        ),
        reply_contact_name=letter.reply_contact_name,
        reply_contact_email=letter.reply_contact_email,
        reply_address=f"{settings.BASE_URL}{REPLY_PATH}",
        slots=_slots_of_next_letter(candidacy),
    )


def _slots_of_next_letter(candidacy: Candidacy) -> AddressedQuestionQuerySet:
    unsent = _unsent(candidacy)
    if unsent.exists():
        return unsent
    put = candidacy.slots.filter(question__status=QuestionStatus.ACCEPTED)
    if not put.exists():
        raise NothingToIssue
    return put


def _unsent(candidacy: Candidacy) -> AddressedQuestionQuerySet:
    return AddressedQuestion.objects.unsent().filter(candidacy=candidacy)


def _drafts(letters):
    drafts = letters.filter(origin=LetterOrigin.COMPOSED, status=LetterStatus.DRAFT)
    return drafts.select_related("candidacy__event", "candidacy__state")


def _locked(candidacy: Candidacy) -> Candidacy:
    return Candidacy.objects.select_for_update(of=["self"]).with_names().get(pk=candidacy.pk)
