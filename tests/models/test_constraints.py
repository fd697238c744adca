"""One violation of every constraint of the database, whatever the forms check before."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import CheckConstraint, F, UniqueConstraint

from questions.models import (
    AskerKind,
    AuditEntry,
    Channel,
    EventSession,
    Letter,
    MailKind,
    MailStatus,
    QuestionScope,
    QuestionStatus,
    ResponseKind,
    ResponseStatus,
    SearchEntry,
    StateAlias,
    Submission,
    Topic,
    TranslationKind,
    TranslationStatus,
)
from tests.factories import (
    AFTER,
    BEFORE,
    make_alert,
    make_asker,
    make_attachment,
    make_candidacy,
    make_contact,
    make_correction,
    make_event,
    make_letter,
    make_link,
    make_question,
    make_reading_link,
    make_reply_contact,
    make_response,
    make_slot,
    make_state,
    make_translation,
    make_user,
)

from .makers import (
    make_alert_link,
    make_attempt,
    make_document,
    make_draft,
    make_draft_answer,
    make_draft_letter,
    make_edition,
    make_extension,
    make_holiday,
    make_invitation,
    make_letterhead,
    make_link_alone,
    make_mail,
    make_own_question,
    make_published,
    make_reminder,
    make_search_entry,
    make_sent_attachment,
    make_submission,
    make_template,
    make_translation_of_question,
)

pytestmark = pytest.mark.django_db


def named_in(expressions):
    """The fields of an index over expressions: names, or functions of one name each."""
    return [
        one.name if isinstance(one, F) else one.source_expressions[0].name for one in expressions
    ]


MODELS = list(apps.get_app_config("questions").get_models())
CHECKS = {
    constraint.name: model
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
}
# name, or Model.field: the fields that must differ together
UNIQUES = {
    constraint.name: (model, constraint.fields or named_in(constraint.expressions))
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueConstraint)
} | {
    f"{model.__name__}.{field.name}": (model, [field.name])
    for model in MODELS
    for field in model._meta.local_fields
    if field.unique and not field.primary_key
}


# name: an object that keeps it, and a change that breaks it
VIOLATIONS = {
    "letterhead_one_row": (make_letterhead, {"id": 2}),
    "letter_document_kind_known": (make_document, {"kind": "odt"}),
    "letter_document_has_hash": (make_document, {"sha256": "Z" * 64}),
    "alert_about_one_thing": (make_alert, {"event": make_event, "words": "peace"}),
    "alert_language_known": (make_alert, {"language": "de"}),
    "alert_frequency_known": (make_alert, {"frequency": "hourly"}),
    "alert_confirmed_covers": (make_alert, {"confirmed_at": AFTER}),
    "alert_confirmed_is_not_asked": (lambda: make_alert(confirmed_at=AFTER), {"ask_at": AFTER}),
    "alert_sent_once_confirmed": (
        lambda: make_alert(confirmed_at=AFTER),
        {"last_sent_at": BEFORE},
    ),
    "alert_link_keeps_a_digest": (make_alert_link, {"token_digest": "s3cret-Token"}),
    "mail_of_alert_has_alert": (make_mail, {"kind": MailKind.ALERT_CONFIRMATION}),
    "mail_of_alert_has_news": (make_mail, {"kind": MailKind.ALERT, "alert": make_alert}),
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
    "draft_ready_answer_has_language": (make_draft_answer, {"is_ready": True, "text": "Yes."}),
    "draft_ready_letter_has_language": (make_draft_letter, {"is_ready": True}),
    "attachment_kind_known": (make_attachment, {"kind": "film"}),
    "attachment_scan_known": (make_attachment, {"scan": "maybe"}),
    "attachment_numbered_when_sent": (make_attachment, {"number": 1}),
    "attachment_decided_when_by_whom": (make_sent_attachment, {"status": "accepted"}),
    "attachment_replaced_by_whom": (make_attachment, {"replaced_as": "x.pdf"}),
    "attached_question_page_from_1": (lambda: make_attachment().questions.get(), {"page": 0}),
    "reading_link_keeps_a_digest": (make_reading_link, {"token_digest": "s3cret-Token"}),
    "reading_link_switched_off_when_by_whom": (make_reading_link, {"switched_off_at": AFTER}),
    "reading_link_ends_later": (make_reading_link, {"ends_at": F("made_at")}),
    "reply_contact_language_known": (make_reply_contact, {"language": "de"}),
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
    "correction_kind_known": (make_correction, {"kind": "gossip"}),
    "correction_of_event_or_page": (make_correction, {"page": "/about/"}),
    "correction_of_one_part": (
        lambda: make_correction(question=make_question()),
        {"slot": make_slot},
    ),
    "correction_text_of_slot": (make_correction, {"response": make_response}),
    "correction_says_what": (make_correction, {"what_changed": ""}),
    "correction_says_why": (make_correction, {"reason": ""}),
    "correction_ground_of_withdrawal": (make_correction, {"ground": "legal"}),
    "correction_published_when_by_whom": (make_correction, {"published_at": AFTER}),
    "correction_published_by_another": (
        lambda: make_correction(published_at=AFTER),
        {"by_one_person": False},
    ),
    "attempt_kind_known": (make_attempt, {"kind": "guess"}),
    "edition_one_row": (make_edition, {"id": 2}),
    "response_status_known": (make_response, {"status": "lost"}),
    "response_kind_known": (make_response, {"kind": "maybe"}),
    "response_answer_has_language": (make_response, {"language": ""}),
    "response_published_answer_has_text": (make_published, {"text": ""}),
    "response_published_when_by_whom": (make_published, {"published_by": None}),
    "response_published_has_date": (make_response, {"status": ResponseStatus.PUBLISHED}),
    "response_received_has_no_date": (make_published, {"status": ResponseStatus.RECEIVED}),
    "translation_of_one_text": (make_translation, {"question": make_question}),
    "translation_language_known": (make_translation, {"language": "de"}),
    "translation_kind_known": (make_translation, {"kind": "guess"}),
    "translation_official_of_answers_only": (
        make_translation_of_question,
        {"kind": TranslationKind.OFFICIAL},
    ),
    "translation_has_text_and_maker": (make_translation, {"made_by": ""}),
    "translation_published_when_by_whom": (make_translation, {"published_by": None}),
    "translation_published_by_another": (make_translation, {"entered_by": F("published_by")}),
    "translation_status_has_its_date": (make_translation, {"status": TranslationStatus.DRAFT}),
    "translation_withdrawn_with_reason": (make_translation, {"withdrawn_reason": "A slip."}),
    "search_entry_names_its_source": (make_search_entry, {"source": 0}),
    "response_redacted_by_whom": (make_response, {"redacts": make_response}),
    "response_withheld_with_reason": (make_response, {"status": ResponseStatus.WITHHELD}),
}

# Model, or the name of a constraint that binds some rows only: an object, made twice
PAIRS = {
    "Alert": make_alert,
    "AlertLink": make_alert_link,
    "State": make_state,
    "Correction.replaces": lambda: make_correction(replaces=make_correction(published_at=BEFORE)),
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
    "DraftLetter": make_draft_letter,
    "Attachment": make_attachment,
    "attachment_number_once_per_submission": make_sent_attachment,
    "AttachedQuestion": lambda: make_attachment().questions.get(),
    "ReadingLink": make_reading_link,
    "ReplyContact": make_reply_contact,
    "Submission": make_submission,
    "OutgoingMail": make_mail,
    "Response": make_response,
    "SearchEntry": make_search_entry,
    "mail_reminder_once_per_candidacy_and_address": make_reminder,
    "mail_invitation_once_per_letter_and_address": make_invitation,
    "Translation": make_translation,
    "translation_one_published_of_question": make_translation_of_question,
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
    "search_entry_once": {"response": lambda: SearchEntry.objects.earliest("pk").response_id},
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
    partial = any(
        c.name == name and (c.condition or c.expressions) for c in model._meta.constraints
    )
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
