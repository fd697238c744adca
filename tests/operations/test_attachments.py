"""Files from missions, from the upload to the public copy."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from questions.models import Attachment, AttachmentStatus, AuditEntry, Edition
from questions.operations import attachments as operations
from questions.operations.attachments import (
    FileChanged,
    FileNotSent,
    TooManyFiles,
    accept_file,
    attach_file,
    attach_to_submission,
    original_of,
    public_copy_of,
    put_to,
    refuse_file,
    remove_file,
    sweep_files,
)
from questions.operations.refusals import LinkRevoked, ReplyClosed
from questions.parsing.attachments import examine_pdf
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_link,
    make_response,
    make_slot,
    make_user,
)
from tests.parsing.pdf_documents import hostile_pdf, make_pdf

pytestmark = pytest.mark.django_db

CONTENT = make_pdf()
EXAMINED = examine_pdf(CONTENT)


def attach(slot, *, link=None, content=CONTENT, at=BEFORE, **fields):
    link = link or make_link(candidacy=slot.candidacy)[0]
    defaults = {"name": "Reply.pdf", "examined": EXAMINED, "kind": "answer", "slots": {slot: 2}}
    return attach_file(slot.candidacy, content, link=link, at=at, **defaults | fields)


def sent_file(slot, **fields):
    attachment = attach(slot, **fields)
    response = make_response(slot=slot, published=True)
    attach_to_submission(response.submission, [slot])
    attachment.refresh_from_db()
    return attachment


def stored():
    return set(storages["sealed"].listdir("")[1])


def test_attach_file_stores_the_file_sealed_with_its_row():
    slot = make_slot()

    attachment = attach(slot)

    assert original_of(attachment) == CONTENT
    assert (attachment.status, attachment.scan) == ("quarantined", "not_scanned")
    assert [(q.slot, q.page) for q in attachment.questions.all()] == [(slot, 2)]
    (entry,) = AuditEntry.objects.filter(action="attachment.added")
    assert entry.subject == slot.candidacy.symbol
    assert "Reply.pdf" not in str(entry.details)


def test_attach_file_refuses_a_closed_reply_and_a_revoked_link():
    slot = make_slot(closes_on=DUE_AT.date())
    link, _token = make_link(candidacy=slot.candidacy)
    before = stored()

    with pytest.raises(ReplyClosed):
        attach(slot, link=link, at=DUE_AT + timedelta(days=9))
    type(link).objects.filter(pk=link.pk).update(revoked_at=BEFORE)
    with pytest.raises(LinkRevoked):
        attach(slot, link=link)

    assert not Attachment.objects.exists()
    assert stored() == before


def test_req_056_five_files_may_wait_to_be_sent(monkeypatch):
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    for number in range(5):
        attach(slot, link=link, content=CONTENT + b"%%%d" % number)

    with pytest.raises(TooManyFiles):
        attach(slot, link=link, content=CONTENT + b"%5")

    assert attach(slot, link=link, content=CONTENT + b"%4") == Attachment.objects.last()
    assert Attachment.objects.count() == 5


@pytest.mark.parametrize(("limit", "most"), [("MOST_FILES", 1), ("MOST_BYTES", len(CONTENT) + 9)])
def test_req_056_a_candidacy_has_a_quota(limit, most, monkeypatch):
    monkeypatch.setattr(operations, limit, most)
    slot = make_slot()
    sent_file(slot)

    with pytest.raises(TooManyFiles):
        attach(slot)


def test_req_057_nothing_stored_is_overwritten():
    attachment = attach(make_slot())

    with pytest.raises(FileExistsError):
        storages["sealed"].save(attachment.stored_as, ContentFile(b"another"))

    assert original_of(attachment) == CONTENT


def test_put_to_replaces_the_questions_of_an_unsent_file():
    slot = make_slot()
    other = make_slot(candidacy=slot.candidacy)
    attachment = attach(slot)

    put_to(attachment, {other: None})

    assert [(q.slot, q.page) for q in attachment.questions.all()] == [(other, None)]


def test_put_to_takes_no_question_of_another_candidacy():
    with pytest.raises(ValueError, match="another candidacy"):
        put_to(attach(make_slot()), {make_slot(): None})


def test_remove_file_takes_the_row_and_then_the_file(django_capture_on_commit_callbacks):
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    attachment = attach(slot, link=link)

    with django_capture_on_commit_callbacks(execute=True):
        remove_file(attachment, link=link, at=BEFORE)

    assert not Attachment.objects.exists()
    assert attachment.stored_as not in stored()


def test_remove_file_leaves_what_was_sent(django_capture_on_commit_callbacks):
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    attachment = sent_file(slot, link=link)

    with django_capture_on_commit_callbacks(execute=True):
        remove_file(attachment, link=link, at=BEFORE)

    assert original_of(Attachment.objects.get()) == CONTENT


def test_attach_to_submission_numbers_the_files_of_what_is_sent():
    slot = make_slot()
    other = make_slot(candidacy=slot.candidacy)
    link, _token = make_link(candidacy=slot.candidacy)
    letter = attach(slot, link=link, kind="letter", slots={slot: 1, other: 2})
    waiting = attach(other, link=link)
    beside = attach(slot, link=link)
    submission = make_response(slot=slot).submission

    sent = attach_to_submission(submission, [slot], letter=letter)

    assert [(one.pk, one.number) for one in sent] == [(letter.pk, 1), (beside.pk, 2)]
    assert sent[0].symbol == f"{submission.symbol}/F1"
    assert list(Attachment.objects.unsent()) == [waiting]


def test_accept_file_makes_a_copy_and_the_next_edition():
    slot = make_slot()
    attachment = sent_file(slot, content=hostile_pdf(), examined=examine_pdf(hostile_pdf()))
    Edition.objects.bump(at=BEFORE)

    accepted = accept_file(attachment, by=make_user(), at=BEFORE)

    assert accepted.status == AttachmentStatus.ACCEPTED
    assert b"Diplomat" not in public_copy_of(accepted)
    assert list(Attachment.objects.publicly_visible()) == [accepted]
    assert Edition.objects.get().number == 3


def test_accept_file_takes_no_file_that_was_not_sent():
    with pytest.raises(FileNotSent):
        accept_file(attach(make_slot()), by=make_user(), at=BEFORE)


def test_refuse_file_deletes_the_copy_of_an_accepted_one(django_capture_on_commit_callbacks):
    accepted = accept_file(sent_file(make_slot()), by=make_user(), at=BEFORE)

    with django_capture_on_commit_callbacks(execute=True):
        refused = refuse_file(accepted, reason="Not theirs.", by=make_user(), at=BEFORE)

    assert (refused.status, refused.public_as) == ("refused", "")
    assert accepted.public_as not in stored()
    assert original_of(refused) == CONTENT
    assert not Attachment.objects.publicly_visible().exists()


def test_req_062_a_file_that_changed_is_never_served():
    attachment = attach(make_slot())
    path = storages["sealed"].path(attachment.stored_as)
    with Path(path).open("ab") as file:
        file.write(b"x")

    with pytest.raises(FileChanged):
        original_of(attachment)


def test_req_062_files_are_for_the_portal_alone():
    attachment = attach(make_slot())
    path = storages["sealed"].path(attachment.stored_as)

    assert oct(Path(path).stat().st_mode)[-4:] == "0640"


def test_req_062_the_sweeper_takes_what_no_row_names():
    attachment = attach(make_slot())
    storages["sealed"].save("orphan.pdf", ContentFile(b"left by a crash"))

    assert sweep_files(before=datetime(2021, 1, 1, tzinfo=UTC)) == 0
    kept_then = stored()
    sweep_files(before=datetime(2100, 1, 1, tzinfo=UTC))

    assert "orphan.pdf" in kept_then
    assert "orphan.pdf" not in stored()
    assert original_of(attachment) == CONTENT
