"""Letters to candidacies: importing one, and recording that one was sent by other means."""

import hashlib
from dataclasses import replace
from datetime import date as Date
from datetime import datetime
from pathlib import PurePosixPath

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions.models import (
    AddressedQuestion,
    Candidacy,
    Edition,
    Letter,
    LetterOrigin,
    LetterSection,
    LetterStatus,
    Question,
    QuestionStatus,
    text_digest,
)
from questions.operations import audit, publication, search_index
from questions.operations.letter_events import (
    apply_candidacy_facts,
    apply_event_facts,
    find_or_make_candidacy,
    find_or_make_event,
    find_state,
)
from questions.operations.letter_people import store_addressees
from questions.operations.letter_questions import store_questions
from questions.operations.letter_results import ImportResult, checked
from questions.parsing.letters import LetterRefused, ParsedLetter, parse_letter_text


class NothingToIssue(Exception):
    """Every question put to the State was sent to it before, or none was put."""


@transaction.atomic
def import_letter(
    letter: ParsedLetter,
    *,
    content: bytes,
    name: str,
    by: AbstractBaseUser | None,
    at: datetime,
    open_event: bool = False,
) -> ImportResult:
    """Store a letter that was sent: event, candidacy, addressees, askers, questions, letter.

    `content` and `name` are the file's. The same letter again changes nothing: the same file,
    the same text, or another file that says the same. Another letter to the same State is its
    next letter. What differs from what is stored is noted in the result, never overwritten, but
    that an event's first letter says how the event was. `open_event` opens a draft; a closed event
    stays closed. Raises ImportRefused.
    """
    state = find_state(letter)
    event, is_new_event = find_or_make_event(letter, state, at)
    candidacy, is_new_candidacy = find_or_make_candidacy(event, state)
    result = ImportResult(letter, state, event, candidacy)
    if same := _same_letter(candidacy, letter, content):
        result.letter, result.is_known = same, True
        return result

    apply_event_facts(result, is_new=is_new_event)
    apply_candidacy_facts(result, is_new=is_new_candidacy)
    result.letter = _store_letter(result, content, name)
    store_addressees(result)
    store_questions(result)
    search_index.refresh_event(event)
    audit.record(
        "letter.imported",
        candidacy,
        by=by,
        at=at,
        letter=result.letter.number,
        questions=len(result.questions),
        differences=len(result.differences),
        file_sha256=result.letter.file_sha256,
        text_sha256=result.letter.text_sha256,
    )
    if open_event and not event.is_public:
        publication.open_event(event, by=by, at=at)
    Edition.objects.bump(at=at)
    return result


def preview_letter(
    letter: ParsedLetter,
    *,
    content: bytes,
    name: str,
    by: AbstractBaseUser | None,
    at: datetime,
    open_event: bool = False,
) -> ImportResult:
    """What `import_letter` would do: it is done, and undone. Raises ImportRefused."""
    with transaction.atomic():
        result = import_letter(
            letter, content=content, name=name, by=by, at=at, open_event=open_event
        )
        transaction.set_rollback(True)
    return result


def _same_letter(candidacy: Candidacy, letter: ParsedLetter, content: bytes) -> Letter | None:
    file_sha256, text_sha256 = _digest(content), text_digest(letter.text)
    for earlier in candidacy.letters.exclude(origin=LetterOrigin.RECORDED):
        if earlier.file_sha256 == file_sha256 or earlier.text_sha256 == text_sha256:
            return earlier
        if earlier.origin == LetterOrigin.IMPORTED and _says_the_same(earlier, letter):
            return earlier
    return None


def _says_the_same(earlier: Letter, letter: ParsedLetter) -> bool:
    """Whether they differ in lines and spaces only, as the PDF of a Word file does."""
    try:
        said = parse_letter_text(earlier.text)
    except LetterRefused:  # read by an earlier version, which took more
        return False
    return replace(said, text="") == replace(letter, text="")


def _store_letter(result: ImportResult, content: bytes, name: str) -> Letter:
    parsed, candidacy = result.parsed, result.candidacy
    letter = Letter(
        candidacy=candidacy,
        number=candidacy.letters.next_number(),
        date=parsed.letter_date,
        title=parsed.title,
        signatory_name=parsed.signatory_name,
        signatory_title=parsed.signatory_title,
        signatory_organisation=parsed.signatory_organisation,
        signatory_email=parsed.signatory_email,
        reply_contact_name=parsed.reply_contact_name,
        reply_contact_email=parsed.reply_contact_email,
        origin=LetterOrigin.IMPORTED,
        status=LetterStatus.ISSUED,
        text=parsed.text,
        text_sha256=text_digest(parsed.text),
        file=content,
        file_name=_plain_name(name),
        file_sha256=_digest(content),
    )
    checked(letter).save()
    result.created.append(
        _("Letter %(number)d to %(state)s, of %(day)s")
        % {
            "number": letter.number,
            "state": result.state.name,
            "day": date_format(letter.date, "DATE_FORMAT"),
        }
    )
    return letter


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain_name(name: str) -> str:
    """The last part of a file's name without what cannot be seen (security.md 57)."""
    last = PurePosixPath(name.replace("\\", "/")).name
    visible = "".join(c for c in last if c.isprintable()).lstrip(".")
    return visible[-120:]


@transaction.atomic
def issue_letter(
    candidacy: Candidacy,
    *,
    date: Date,
    signatory_name: str,
    signatory_title: str,
    reply_contact_email: str,
    by: AbstractBaseUser,
    at: datetime,
) -> Letter:
    """Record that a letter with the questions put and not yet sent went out by other means.

    From now on the missions see these questions. The text that is frozen names askers as the
    State may know them. The deadline is the event's where the candidacy has none. Raises
    NothingToIssue.
    """
    candidacy = Candidacy.objects.select_for_update(of=["self"]).with_names().get(pk=candidacy.pk)
    slots = list(_unsent(candidacy))
    if not slots:
        raise NothingToIssue
    if candidacy.due_at is None:
        candidacy.due_at = candidacy.event.due_at
        candidacy.save(update_fields=["due_at"])
    text = _frozen_text(candidacy, slots, date)
    letter = Letter.objects.create(
        candidacy=candidacy,
        number=candidacy.letters.next_number(),
        date=date,
        title=_title(candidacy),
        signatory_name=signatory_name,
        signatory_title=signatory_title,
        reply_contact_email=reply_contact_email,
        origin=LetterOrigin.RECORDED,
        status=LetterStatus.ISSUED,
        text=text,
        text_sha256=text_digest(text),
    )
    AddressedQuestion.objects.filter(pk__in=[slot.pk for slot in slots]).update(letter=letter)
    search_index.refresh_questions(Question.objects.filter(slots__letter=letter))
    audit.record(
        "letter.issued",
        candidacy,
        by=by,
        at=at,
        letter=letter.number,
        questions=len(slots),
        text_sha256=letter.text_sha256,
    )
    Edition.objects.bump(at=at)
    return letter


def _unsent(candidacy: Candidacy):
    slots = candidacy.slots.filter(letter=None, question__status=QuestionStatus.ACCEPTED)
    return slots.with_names().prefetch_related("question__asked_by__asker").in_letter_order()


def _title(candidacy: Candidacy) -> str:
    return _("Questions from %(event)s") % {"event": candidacy.event.title}


def _frozen_text(candidacy: Candidacy, slots: list[AddressedQuestion], date: Date) -> str:
    """In the form of the letters that we read: headings, numbers, askers between asterisks."""
    state = candidacy.state.name
    headings = {
        LetterSection.OWN: _("Questions addressed specifically to %(state)s") % {"state": state},
        LetterSection.COMMON: _("Questions posed to all candidate States"),
    }
    parts = [
        _("To the Permanent Missions of %(state)s to the United Nations") % {"state": state},
        date_format(date),
        _title(candidacy),
    ]
    if candidacy.due_on:
        parts.append(_("Answers are due by %(day)s.") % {"day": date_format(candidacy.due_on)})
    for section, heading in headings.items():
        printed = [_as_printed(slot) for slot in slots if slot.section == section]
        if printed:
            parts += [heading, *printed]
    return "\n\n".join(parts) + "\n"


def _as_printed(slot: AddressedQuestion) -> str:
    askers = ", ".join(str(asker.name_for_state) for asker in slot.question.askers_in_order)
    who = f"*{askers}*: " if askers else ""
    return f"{slot.question.number}. {who}{slot.question.text}"
