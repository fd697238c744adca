"""A file from which words were taken out: a new copy at a new address (security.md 51)."""

import hashlib

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from questions.documents.public_copies import CopyNotMade
from questions.models import Attachment, AuditEntry, Correction, Ground, Response
from questions.operations.attachments import accept_file, orphans
from questions.operations.publication import publish_responses
from questions.operations.redactions import replace_file
from questions.operations.two_people import SamePerson
from tests.factories import AFTER, BEFORE, make_event, make_state, make_user
from tests.parsing.pdf_documents import WORDS, make_pdf, pictures_of_pages, written

from .public_pages import words_of
from .reply_pages import check_and_send, make_reply, opened, save

pytestmark = pytest.mark.django_db

ANSWER = "/en/2021/q1/xka/"
OLD, NEW = "/files/PE2021-XKA-R1-F1.pdf", "/files/PE2021-XKA-R1-F1.v2.pdf"


@pytest.fixture
def by():
    return make_user()


@pytest.fixture
def sent():
    """Public: a file with words, beside an answer."""
    event = make_event(year=2021)
    candidacy, (slot,) = make_reply(event=event, state=make_state(iso3="XKA", name="Kalba"))
    client = opened(candidacy)
    file = SimpleUploadedFile("Reply.pdf", make_pdf(), content_type="application/pdf")
    save(client, slot, "As in the file.", file=file)
    check_and_send(client, candidacy)
    file = Attachment.objects.get()
    accept_file(file, by=make_user(), at=BEFORE)
    publish_responses(Response.objects.all(), by=make_user(), at=BEFORE)
    return file


def replace(file, by, content=None):
    content = content or written(pictures_of_pages())
    return replace_file(
        file, content, reason="A person at risk.", ground=Ground.PERSON, by=by, at=BEFORE
    )


def statuses(**headers):
    return [Client().get(address, headers=headers).status_code for address in (OLD, NEW)]


def test_req_051_the_old_address_is_gone_at_once_and_the_new_one_waits(sent, by):
    held = Client().get(OLD)
    assert WORDS.split()[0].encode() in held.content

    replace(sent, by)

    assert statuses(**{"If-None-Match": held["ETag"]}) == [410, 404]
    assert "/files/" not in Client().get(ANSWER).text
    assert "Withdrawal · To protect a person" in words_of(Client().get(ANSWER))


def test_req_051_someone_else_accepts_it_and_it_has_an_address_of_its_own(sent, by):
    before = Client().get(OLD)
    replaced = replace(sent, by)
    with pytest.raises(SamePerson):
        accept_file(replaced, by=by, at=BEFORE)
    assert statuses() == [410, 404]

    accept_file(replaced, by=make_user(), at=BEFORE)

    page = Client().get(NEW)
    assert statuses() == [410, 200]
    assert page["ETag"] != before["ETag"]
    assert not any(word.encode() in page.content for word in WORDS.split())
    assert f'href="{NEW}"' in Client().get(ANSWER).text
    assert "Words removed · To protect a person" in words_of(Client().get(ANSWER))
    assert NEW in Client().get("/data/2021/answers.csv").text
    assert Client().get("/files/PE2021-XKA-R1-F1.v1.pdf").status_code == 404


def test_req_051_the_missions_own_name_of_the_file_goes_with_the_words(sent, by):
    Attachment.objects.update(name="Reply on Canary.pdf")
    addresses = [ANSWER, "/en/2021/q1/xka/v1/", "/api/v1/answers/PE2021-Q1-XKA"]
    assert all("Reply on Canary.pdf" in Client().get(address).text for address in addresses)

    accept_file(replace(Attachment.objects.get(), by), by=make_user(), at=BEFORE)

    for address in addresses:
        assert "Canary" not in Client().get(address).text
        assert "PE2021-XKA-R1-F1.v2.pdf" in Client().get(address).text


def test_req_051_the_original_stays_sealed_and_the_audit_names_both(sent, by):
    content = written(pictures_of_pages())

    replace(sent, by, content)

    sent.refresh_from_db()
    details = AuditEntry.objects.get(action="attachment.replaced").details
    assert details["original_sha256"] == sent.sha256
    assert details["sha256"] == hashlib.sha256(content).hexdigest()
    assert storages["sealed"].exists(sent.stored_as)
    assert sent.replaced_as not in orphans(before=AFTER.replace(year=2999))


def test_req_051_what_may_hide_words_replaces_nothing(sent, by):
    with pytest.raises(CopyNotMade):
        replace(sent, by, make_pdf())

    assert statuses() == [200, 404]
    assert not Correction.objects.exists()


def test_staff_replace_it_on_its_page(sent, client, by):
    by.is_superuser = True
    by.save()
    client.force_login(by)
    address = f"/admin/questions/attachment/{sent.pk}/replace/"
    words = {"ground": "person", "reason": "A person at risk."}

    def posted(content):
        file = SimpleUploadedFile("Left.pdf", content, content_type="application/pdf")
        return client.post(address, {"file": file, **words})

    refused = posted(make_pdf())
    taken = posted(written(pictures_of_pages()))
    own = client.post(f"/admin/questions/attachment/{sent.pk}/accept/", follow=True)

    assert "one picture and nothing else" in refused.text
    assert 'enctype="multipart/form-data"' in refused.text
    assert taken.status_code == 302
    assert "You took words out of it: someone else accepts it." in own.text
    left = client.get(f"/admin/questions/attachment/{sent.pk}/replacement/")
    assert left.content == written(pictures_of_pages())
    assert statuses() == [410, 404]
