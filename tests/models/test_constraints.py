"""One violation of every constraint of the database, whatever the forms check before."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import CheckConstraint, F, UniqueConstraint

from questions.models import (
    AskerKind,
    Attempt,
    AttemptKind,
    AuditEntry,
    Channel,
    DeadlineExtension,
    DocumentKind,
    Draft,
    DraftAnswer,
    Edition,
    EventSession,
    Letter,
    LetterDocument,
    Letterhead,
    LetterTemplate,
    MailKind,
    MailStatus,
    OfficialHoliday,
    OutgoingMail,
    QuestionScope,
    QuestionStatus,
    ResponseKind,
    ResponseStatus,
    StateAlias,
    Submission,
    Topic,
)
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_contact,
    make_event,
    make_letter,
    make_link,
    make_question,
    make_response,
    make_slot,
    make_state,
    make_user,
)

pytestmark = pytest.mark.django_db

MODELS = list(apps.get_app_config("questions").get_models())
CHECKS = {
    constraint.name: model
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
}
# name, or Model.field: the fields that must differ together
UNIQUES = {
    constraint.name: (model, constraint.fields)
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueConstraint)
} | {
    f"{model.__name__}.{field.name}": (model, [field.name])
    for model in MODELS
    for field in model._meta.local_fields
    if field.unique and not field.primary_key
}


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


# name: an object that keeps it, and a change that breaks it
VIOLATIONS = {
    "letterhead_one_row": (make_letterhead, {"id": 2}),
    "letter_document_kind_known": (make_document, {"kind": "odt"}),
    "letter_document_has_hash": (make_document, {"sha256": "Z" * 64}),
    "mail_bounced_was_sent": (make_mail, {"bounced_at": AFTER}),
    "state_group_known": (make_state, {"group": "EU"}),
    "state_iso3_upper": (make_state, {"iso3": "xaa"}),
    "state_specimen_code_is_private": (
        lambda: make_state(is_specimen=True),
        {"iso3": "KAZ"},
    ),
    "mission_city_known": (lambda: make_contact().mission, {"city": "vienna"}),
    "contact_language_known": (make_contact, {"language": "de"}),
    "asker_kind_known": (make_asker, {"kind": "bot"}),
    "asker_state_consent_has_source": (make_asker, {"state_consent_on": date(2021, 9, 1)}),
    "asker_public_consent_has_source": (make_asker, {"public_consent_source": "E-mail"}),
    "asker_state_only_of_missions": (
        lambda: make_asker(kind=AskerKind.STATE_MISSION, state=make_state()),
        {"kind": AskerKind.NGO},
    ),
    "event_status_known": (make_event, {"status": "over"}),
    "event_record_known": (make_event, {"record": "lost"}),
    "event_term_in_order": (make_event, {"term_end": 1999}),
    "event_closes_after_deadline": (make_event, {"closes_on": date(2021, 10, 7)}),
    "candidacy_participation_known": (make_candidacy, {"participation": "asleep"}),
    "candidacy_standing_known": (make_candidacy, {"standing": "seated"}),
    "candidacy_result_known": (make_candidacy, {"result": "drawn"}),
    "extension_later_only": (make_extension, {"due_at": F("previous_due_at")}),
    "letter_origin_known": (make_letter, {"origin": "found"}),
    "letter_status_known": (make_letter, {"status": "lost"}),
    "letter_file_has_hash": (make_letter, {"file": b"%PDF"}),
    "link_keeps_a_digest": (make_link_alone, {"token_digest": "s3cret-Token"}),
    "question_scope_known": (make_question, {"scope": "few"}),
    "question_status_known": (make_question, {"status": "lost"}),
    "question_state_only_of_own": (make_own_question, {"scope": QuestionScope.ALL}),
    "question_merged_into_one": (make_question, {"status": QuestionStatus.MERGED}),
    "question_declined_with_reason": (make_question, {"status": QuestionStatus.DECLINED}),
    "question_has_text": (make_question, {"text": ""}),
    "slot_section_known": (make_slot, {"section": "annex"}),
    "draft_ready_answer_has_text": (make_draft_answer, {"is_ready": True, "language": "en"}),
    "submission_channel_known": (make_submission, {"channel": "pigeon"}),
    "submission_entered_by_staff_or_form": (make_submission, {"channel": Channel.PAPER}),
    "submission_not_received_in_future": (
        make_submission,
        {
            "channel": Channel.PAPER,
            "entered_by": make_user,
            "entry_reason": "By post",
            "entered_at": BEFORE,
            "received_at": AFTER,
        },
    ),
    "mail_kind_known": (make_mail, {"kind": "spam"}),
    "mail_status_known": (make_mail, {"status": "lost"}),
    "mail_sent_has_time": (make_mail, {"status": MailStatus.SENT}),
    "attempt_kind_known": (make_attempt, {"kind": "guess"}),
    "edition_one_row": (make_edition, {"id": 2}),
    "response_status_known": (make_response, {"status": "lost"}),
    "response_kind_known": (make_response, {"kind": "maybe"}),
    "response_answer_has_text": (make_response, {"text": ""}),
    "response_published_when_by_whom": (make_published, {"published_by": None}),
    "response_published_has_date": (make_response, {"status": ResponseStatus.PUBLISHED}),
    "response_received_has_no_date": (make_published, {"status": ResponseStatus.RECEIVED}),
    "response_withheld_with_reason": (make_response, {"status": ResponseStatus.WITHHELD}),
}

# Model, or the name of a constraint that binds some rows only: an object, made twice
PAIRS = {
    "State": make_state,
    "StateAlias": lambda: StateAlias.objects.create(state=make_state(), name=f"Alias {uuid4()}"),
    "Mission": lambda: make_contact().mission,
    "Contact": make_contact,
    "Asker": make_asker,
    "AuditEntry": lambda: make_link() and AuditEntry.objects.latest("number"),
    "Event": make_event,
    "EventSession": lambda: EventSession.objects.create(event=make_event()),
    "Candidacy": make_candidacy,
    "Letter": make_letter,
    "AccessLink": make_link_alone,
    "AccessLink.code_digest": lambda: with_code(make_link_alone()),
    "Attempt": make_attempt,
    "Topic": lambda: Topic.objects.create(slug=str(uuid4()), name=str(uuid4())),
    "Question": make_question,
    "question_number_once_per_state": make_own_question,
    "QuestionAsker": lambda: make_question().asked_by.get(),
    "AddressedQuestion": make_slot,
    "Draft": make_draft,
    "DraftAnswer": make_draft_answer,
    "Submission": make_submission,
    "OutgoingMail": make_mail,
    "Response": make_response,
    "mail_reminder_once_per_candidacy_and_address": make_reminder,
    "mail_invitation_once_per_letter_and_address": make_invitation,
    "LetterTemplate": make_template,
    "LetterDocument": make_document,
    "OfficialHoliday": make_holiday,
    "response_one_published_per_slot": make_published,
    "response_version_once_per_slot": make_published,
}
# What the second of a pair changes beside, so that it breaks one constraint only.
BESIDE = {
    "asker_once_per_question": {"position": 2},
    "submission_once_per_form_key": {"number": 2},
    "response_one_published_per_slot": {"version": 2},
    "response_version_once_per_slot": {"status": ResponseStatus.SUPERSEDED},
}


def with_code(link):
    link.code_digest = uuid4().hex * 2
    link.save()
    return link


def change(model, pk, values):
    values = {name: value() if callable(value) else value for name, value in values.items()}
    return model.objects.filter(pk=pk).update(**values)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_database_refuses_what_breaks_the_check(name):
    make, broken = VIOLATIONS[name]
    made = make()

    with pytest.raises(IntegrityError, match=rf"\b{name}\b"):
        change(CHECKS[name], made.pk, broken)


@pytest.mark.parametrize("name", sorted(UNIQUES))
def test_database_refuses_a_second_of_the_same(name):
    model, fields = UNIQUES[name]
    make = PAIRS.get(name) or PAIRS[model.__name__]
    first, second = make(), make()
    same = {field: getattr(first, field) for field in fields}

    with pytest.raises(IntegrityError, match=said_of(name, model, fields)):
        change(model, second.pk, same | BESIDE.get(name, {}))


def said_of(name, model, fields):
    """What the database says of it: SQLite names columns, and the index of a part of the rows."""
    table = model._meta.db_table
    columns = [model._meta.get_field(field).column for field in fields]
    partial = any(c.name == name and c.condition for c in model._meta.constraints)
    if connection.vendor == "sqlite" and not partial:
        return "^UNIQUE constraint failed: " + ", ".join(f"{table}.{c}" for c in columns) + "$"
    if connection.vendor == "sqlite":
        return f"^UNIQUE constraint failed: (index '{name}'|{table}.{columns[0]})"
    return rf"\"{name}\"" if "." not in name else rf"Key \({columns[0]}\)="


@pytest.mark.parametrize(
    "change_to",
    [
        {"published_at": None},
        {"version": None},
        {"published_at": None, "version": None, "published_by": None},
    ],
)
def test_what_is_published_says_when_by_whom_and_as_which_version(change_to):
    with pytest.raises(IntegrityError):
        change(type(published := make_published()), published.pk, change_to)


def test_what_is_declined_needs_no_text():
    made = make_response(kind=ResponseKind.DECLINED, text="", language="")

    assert made.pk


def test_staff_cannot_be_said_to_have_entered_what_came_through_the_form():
    made = make_submission()

    with pytest.raises(IntegrityError, match="submission_entered_by_staff_or_form"):
        change(Submission, made.pk, {"entered_at": AFTER})


def test_a_letters_hash_needs_its_file():
    made = make_letter()

    with pytest.raises(IntegrityError, match="letter_file_has_hash"):
        change(Letter, made.pk, {"file_sha256": "0" * 64})


def test_every_check_has_its_violation_here_and_no_other():
    assert VIOLATIONS.keys() == CHECKS.keys()


def test_every_pair_is_of_a_model_or_a_constraint():
    assert PAIRS.keys() <= {model.__name__ for model in MODELS} | UNIQUES.keys()
    assert BESIDE.keys() <= UNIQUES.keys()
