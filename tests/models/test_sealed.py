"""What a State sent is changed by no road, whoever asks (security.md 49)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from questions.models import (
    Attachment,
    Correction,
    Response,
    ResponseKind,
    ResponseStatus,
    Submission,
    Translation,
    TranslationStatus,
)
from tests.factories import (
    AFTER,
    BEFORE,
    make_attachment,
    make_correction,
    make_response,
    make_slot,
    make_translation,
    make_user,
)
from tests.seals import unsealed

pytestmark = pytest.mark.django_db

ANOTHER = {
    "text": lambda: "No.",
    "text_as_typed": lambda: "No.",
    "language": lambda: "fr",
    "kind": lambda: ResponseKind.GENERAL,
    "amendment_reason": lambda: "Edited.",
    "slot": make_slot,
    "submission": lambda: make_response().submission,
}
SENDING = {
    "received_at": lambda: AFTER,
    "due_at": lambda: AFTER + timedelta(days=9),
    "text_sha256": lambda: "0" * 64,
    "number": lambda: 99,
}


@pytest.mark.parametrize("status", [None, ResponseStatus.PUBLISHED, ResponseStatus.WITHHELD])
@pytest.mark.parametrize("field", ANOTHER)
def test_req_049_the_database_refuses_to_change_what_a_state_sent(field, status):
    fields = {"withheld_reason": "x"} if status == ResponseStatus.WITHHELD else {}
    sent = make_response(published=status is not None, status=status, **fields)

    with pytest.raises(IntegrityError, match="response_sealed"), transaction.atomic():
        Response.objects.filter(pk=sent.pk).update(**{field: ANOTHER[field]()})

    before = Response.objects.values().get(pk=sent.pk)
    setattr(sent, field, ANOTHER[field]())
    with pytest.raises(IntegrityError, match="response_sealed"), transaction.atomic():
        sent.save()
    assert Response.objects.values().get(pk=sent.pk) == before


@pytest.mark.parametrize("field", SENDING)
def test_req_049_nor_when_and_as_what_it_was_received(field):
    sent = make_response().submission

    with pytest.raises(IntegrityError, match="submission_sealed"):
        Submission.objects.filter(pk=sent.pk).update(**{field: SENDING[field]()})


def test_req_049_sql_of_the_portals_own_role_is_refused_too():
    sent = make_response()

    with pytest.raises(IntegrityError, match="response_sealed"), connection.cursor() as cursor:
        cursor.execute("UPDATE questions_response SET text = 'No.' WHERE id = %s", [sent.pk])


def test_words_are_typed_once_into_an_answer_that_waits_for_them():
    waiting = make_response(text="")

    waiting.text = "Typed from the letter."
    waiting.save()

    waiting.text = "Typed again."
    with pytest.raises(IntegrityError, match="response_sealed"):
        waiting.save()


def test_a_refusal_without_words_stays_without_words():
    refused = make_response(kind=ResponseKind.DECLINED, text="", language="")

    with pytest.raises(IntegrityError, match="response_sealed"):
        Response.objects.filter(pk=refused.pk).update(text="Because.")


def test_what_is_done_with_it_can_be_recorded():
    sent = make_response()

    sent.status, sent.version = ResponseStatus.PUBLISHED, 1
    sent.published_at, sent.published_by = BEFORE, make_user()
    sent.save()

    assert Response.objects.publicly_visible().exists()


def test_req_049_a_published_note_is_not_edited_and_a_draft_is():
    draft = make_correction()
    published = make_correction(published_at=BEFORE)

    draft.reason = "Another."
    draft.save()

    for values in [{"reason": "Another."}, {"published_at": None, "published_by": None}]:
        with pytest.raises(IntegrityError, match="correction_sealed"), transaction.atomic():
            Correction.objects.filter(pk=published.pk).update(**values)


DELETED = {
    "response": lambda: make_response(),
    "submission": lambda: make_response().submission,
    "correction": lambda: make_correction(published_at=BEFORE),
    "translation": lambda: make_translation(),
    "attachment": lambda: sent_file(),
}


def sent_file():
    response = make_response()
    return make_attachment(slot=response.slot, submission=response.submission, number=1)


@pytest.mark.parametrize("kind", DELETED)
def test_req_049_what_is_sealed_is_not_deleted(kind):
    row = DELETED[kind]()
    if kind == "submission":
        with unsealed():
            row.responses.all().delete()

    with pytest.raises(IntegrityError, match=f"{kind}_kept"), transaction.atomic():
        row.delete()
    with (
        pytest.raises(IntegrityError, match=f"{kind}_kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {row._meta.db_table}")  # noqa: S608  (a table of ours)

    assert type(row).objects.count() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("kind", DELETED)
def test_req_049_nor_is_a_whole_table_emptied(kind):
    row = DELETED[kind]()

    for table in [row._meta.db_table, "questions_event"]:
        with (
            pytest.raises(IntegrityError, match="_kept_whole"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is pending forbids it anyway
            cursor.execute(f"TRUNCATE {table} CASCADE")

    assert type(row).objects.count() == 1


def test_drafts_of_staff_and_files_beside_a_draft_are_deleted():
    rows = [make_correction(), make_translation(published=False), make_attachment()]

    for row in rows:
        row.delete()

    assert not any(type(row).objects.exists() for row in rows)


def test_control_without_the_seals_all_of_it_goes():
    with unsealed():
        for make in DELETED.values():
            row = make()
            if not isinstance(row, Submission):
                row.delete()

    assert not Correction.objects.exists()
    with pytest.raises(IntegrityError, match="response_kept"):
        make_response().delete()


WHO_AND_WHEN = {
    "entered_by": make_user,
    "entered_at": lambda: AFTER,
    "published_by": make_user,
    "published_at": lambda: AFTER,
}
WORDS = {
    "text": lambda: "Non.",
    "language": lambda: "es",
    "kind": lambda: "machine",
    "made_by": lambda: "Another",
    "made_on": lambda: AFTER.date(),
    "response": make_response,
}


@pytest.mark.parametrize("field", [*WHO_AND_WHEN, *WORDS])
def test_req_049_a_published_translation_is_not_changed(field):
    row = make_translation()

    with pytest.raises(IntegrityError, match="translation_sealed"), transaction.atomic():
        Translation.objects.filter(pk=row.pk).update(**{field: (WHO_AND_WHEN | WORDS)[field]()})

    reason = {"status": TranslationStatus.WITHDRAWN, "withdrawn_reason": "A mistake."}
    assert Translation.objects.filter(pk=row.pk).update(**reason) == 1


@pytest.mark.parametrize("field", WHO_AND_WHEN)
def test_req_044_nor_who_entered_and_who_published_a_note(field):
    row = make_correction(published_at=BEFORE)

    with pytest.raises(IntegrityError, match="correction_sealed"):
        Correction.objects.filter(pk=row.pk).update(**{field: WHO_AND_WHEN[field]()})


@pytest.mark.parametrize(
    ("make", "seal"),
    [
        (make_correction, "correction_sealed"),
        (lambda: make_translation(published=False), "translation_sealed"),
        (lambda: make_response(entered_by=make_user()), "response_entered_by"),
    ],
    ids=["correction", "translation", "response"],
)
def test_req_044_who_wrote_a_draft_does_not_become_someone_else(make, seal):
    draft = make()

    with pytest.raises(IntegrityError, match=seal):
        type(draft).objects.filter(pk=draft.pk).update(entered_by=make_user())


@pytest.mark.parametrize("field", ["sha256", "stored_as", "size", "number"])
def test_req_062_a_file_that_was_sent_stays_the_one_that_came(field):
    row = sent_file()
    beside_a_draft = make_attachment()
    another = {"sha256": "0" * 64, "stored_as": "x.pdf", "size": 2, "number": 2}

    with pytest.raises(IntegrityError, match="attachment_sealed"), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(**{field: another[field]})

    assert Attachment.objects.filter(pk=beside_a_draft.pk).update(size=2) == 1


def test_every_seal_is_there_after_all_migrations():
    """SQLite loses a table's triggers when a later migration copies it."""
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(tables[connection.vendor])
        names = {name for (name,) in cursor.fetchall()}

    kinds = ["response", "submission", "correction", "translation", "attachment"]
    seals = {f"{kind}_{what}" for kind in kinds for what in ("sealed", "kept")}
    assert names >= seals | {"response_entered_by"}
