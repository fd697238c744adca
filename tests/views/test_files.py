"""Missions' files as their missions, staff and readers get them (security.md 58, 61)."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.test import Client
from pypdf import PdfReader

from questions.models import Attachment, Response
from questions.operations.attachments import accept_file
from questions.operations.publication import publish_responses, withhold_responses
from tests.factories import AFTER, BEFORE, make_user

from .reply_files import pdf
from .reply_pages import address, check_and_send, make_reply, opened, save

pytestmark = pytest.mark.django_db

NEVER_OPENED = {
    "Content-Type": "application/pdf",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture
def sent():
    """A file with the name of its author inside, sent with an answer that has words."""
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "Yes.", file=pdf('Réponse "1".pdf', pages=2))
    check_and_send(client, candidacy)
    return Attachment.objects.get()


def publish():
    publish_responses(Response.objects.all(), by=make_user(), at=BEFORE)


def address_of(file):
    return f"/files/{file.file_name}"


def test_req_058_a_mission_saves_its_own_file_and_no_other_states(sent):
    own = opened(sent.candidacy, city="new_york")
    other, _slots = make_reply()
    stranger = opened(other)

    page = own.get(address(sent.candidacy, f"files/{sent.pk}/"))

    assert page.content.startswith(b"%PDF-")
    assert {name: page[name] for name in NEVER_OPENED} == NEVER_OPENED
    assert page["Cache-Control"].startswith("private, no-store")
    assert page["Content-Disposition"] == (
        "attachment; filename=\"Rponse 1.pdf\"; filename*=UTF-8''R%C3%A9ponse%201.pdf"
    )
    assert stranger.get(address(other, f"files/{sent.pk}/")).status_code == 404
    assert stranger.get(address(sent.candidacy, f"files/{sent.pk}/")).status_code == 403


def test_req_061_a_file_is_public_once_accepted_and_its_answer_published(sent):
    reader = Client()
    refused = [reader.get(address_of(sent)).status_code]
    publish()
    refused.append(reader.get(address_of(sent)).status_code)
    answer = sent.questions.get().slot.get_absolute_url()
    quarantined = reader.get(answer).text

    accept_file(sent, by=make_user(), at=BEFORE)

    page = reader.get(address_of(sent))
    assert refused == [404, 404]
    assert "/files/" not in quarantined
    assert len(PdfReader(io.BytesIO(page.content)).pages) == 2
    assert {name: page[name] for name in NEVER_OPENED} == NEVER_OPENED
    assert page["Cache-Control"] == "public, no-cache"
    assert reader.get(address_of(sent), headers={"If-None-Match": page["ETag"]}).status_code == 304
    for where in (answer, f"{answer}v1/"):
        assert f'href="{address_of(sent)}"' in reader.get(where).text
    withhold_responses(Response.objects.all(), reason="Asked for.", by=make_user(), at=BEFORE)
    gone = reader.get(address_of(sent))
    assert (gone.status_code, "Asked for." in gone.text) == (410, True)


def test_req_048_of_a_file_that_readers_never_had_nothing_is_said(sent):
    publish()
    withhold_responses(Response.objects.all(), reason="Asked for.", by=make_user(), at=BEFORE)

    accept_file(sent, by=make_user(), at=AFTER)

    assert Client().get(address_of(sent)).status_code == 404


@pytest.mark.parametrize("name", ["PE2021-KAZ-R1-F1.pdf", "x.pdf", "..%2Fsecret", "%00.pdf"])
def test_req_058_there_is_nothing_else_at_the_address(name):
    assert Client().get(f"/files/{name}").status_code == 404
    assert Client().get(f"/media/{name}").status_code == 404


def test_req_062_what_differs_from_its_fingerprint_is_not_served(sent):
    stored = Path(storages["sealed"].path(sent.stored_as))
    stored.write_bytes(stored.read_bytes() + b"changed")
    client = opened(sent.candidacy)
    client.raise_request_exception = False

    page = client.get(address(sent.candidacy, f"files/{sent.pk}/"))

    assert page.status_code == 500
    assert b"%PDF" not in page.content
