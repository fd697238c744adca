"""Letters to candidacies: recording that one was sent, which puts its questions to the State."""

from datetime import date as Date
from datetime import datetime

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
    QuestionStatus,
    text_digest,
)
from questions.operations import audit


class NothingToIssue(Exception):
    """Every question put to the State was sent to it before, or none was put."""


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
