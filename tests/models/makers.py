"""Objects that only the tests of constraints need."""

from datetime import date, timedelta
from uuid import uuid4

from questions.models import (
    AddressedQuestion,
    AlertLink,
    Attempt,
    AttemptKind,
    DeadlineExtension,
    DocumentKind,
    Draft,
    DraftAnswer,
    DraftLetter,
    Edition,
    LetterDocument,
    Letterhead,
    LetterTemplate,
    MailKind,
    OfficialHoliday,
    OutgoingMail,
    SearchEntry,
)
from questions.operations.search_index import refresh_answers
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_alert,
    make_attachment,
    make_candidacy,
    make_contact,
    make_event,
    make_letter,
    make_link,
    make_question,
    make_response,
    make_slot,
    make_translation,
    make_user,
)


def make_search_entry():
    response = make_response(published=True)
    refresh_answers(AddressedQuestion.objects.filter(pk=response.slot_id))
    return SearchEntry.objects.get(response=response)


def make_extension():
    candidacy = make_candidacy()
    return DeadlineExtension.objects.create(
        candidacy=candidacy,
        previous_due_at=DUE_AT,
        due_at=DUE_AT + timedelta(days=7),
        reason="Asked for by the mission.",
        by=make_user(),
        extended_at=BEFORE,
    )


def make_attempt():
    return Attempt.objects.create(address_digest=str(uuid4()), kind=AttemptKind.LINK, minute=BEFORE)


def make_submission():
    return make_response().submission


def make_mail():
    submission = make_submission()
    contact = make_contact(state=submission.candidacy.state)
    return OutgoingMail.objects.create(
        kind=MailKind.RECEIPT,
        contact=contact,
        submission=submission,
        to=f"mission{contact.pk}@octava.example",
        subject="Received",
        body="Received.",
        message_id=f"<{uuid4()}@portal.example>",
        next_try_at=BEFORE,
        queued_at=BEFORE,
    )


def make_message(kind):
    """A message to a mission about a candidacy, of a kind that is sent once."""
    letter = make_letter()
    return OutgoingMail.objects.create(
        kind=kind,
        candidacy=letter.candidacy,
        letter=letter,
        to="geneva@octava.example",
        subject="PE2000/XOC",
        body="Excellency,",
        message_id=f"<{uuid4()}@portal.example>",
        next_try_at=BEFORE,
        queued_at=BEFORE,
    )


def make_reminder():
    return make_message(MailKind.REMINDER_WEEK)


def make_invitation():
    return make_message(MailKind.INVITATION)


def make_template():
    return LetterTemplate.objects.create(
        name=f"Wording {uuid4()}", texts={}, is_default=not LetterTemplate.objects.exists()
    )


def make_letterhead():
    return Letterhead.objects.create(pk=1)


def make_document():
    return LetterDocument.objects.create(
        letter=make_letter(), kind=DocumentKind.PDF, content=b"%PDF", sha256="0" * 64
    )


def make_holiday():
    day = date(2026, 1, 1) + timedelta(days=OfficialHoliday.objects.count())
    return OfficialHoliday.objects.create(date=day, name="A holiday")


def make_draft():
    link, _token = make_link()
    return Draft.objects.create(candidacy=link.candidacy, saved_at=BEFORE, saved_by=link)


def make_draft_answer():
    draft = make_draft()
    return DraftAnswer.objects.create(
        draft=draft,
        slot=make_slot(candidacy=draft.candidacy),
        saved_at=BEFORE,
        saved_by=draft.saved_by,
    )


def make_draft_letter():
    draft = make_draft()
    attachment = make_attachment(
        slot=make_slot(candidacy=draft.candidacy), link=draft.saved_by, kind="letter"
    )
    return DraftLetter.objects.create(
        draft=draft, attachment=attachment, saved_at=BEFORE, saved_by=draft.saved_by
    )


def make_sent_attachment():
    submission = make_submission()
    slot = make_slot(candidacy=submission.candidacy)
    return make_attachment(slot=slot, submission=submission, number=1)


def make_edition():
    Edition.objects.bump(at=BEFORE)
    return Edition.objects.get()


def make_own_question():
    event = make_event()
    return make_question(event=event, state=make_candidacy(event=event).state)


def make_link_alone():
    return make_link()[0]


def make_published():
    return make_response(published=True)


def make_alert_link():
    return AlertLink.objects.create(
        alert=make_alert(), token_digest=uuid4().hex * 2, minted_at=BEFORE
    )


def make_translation_of_question():
    return make_translation(of=make_question())
