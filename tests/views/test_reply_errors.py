"""Whatever goes wrong, the typed text comes back, escaped, under the right status."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from questions.logging import JsonFormatter
from questions.models import AccessLink, DraftAnswer, Submission
from tests.factories import make_link, make_user
from tests.stopwatch import within

from .reply_pages import (
    SIGNED,
    address,
    check_and_send,
    forms_of,
    make_reply,
    opened,
    page_of,
    save,
    send_form,
)

pytestmark = pytest.mark.django_db

TYPED = "Typed </textarea><script>alert(1)</script> & kept."
ESCAPED = "Typed &lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; kept."


def test_req_023_a_session_that_ended_keeps_the_text_which_can_be_saved_once_the_link_is_open():
    candidacy, (slot,) = make_reply()
    _link, token = make_link(candidacy=candidacy)
    client = Client()
    client.get(f"/reply/open/{token}")
    client.cookies.pop("session")

    page = save(client, slot, TYPED, language="fr")

    assert page.status_code == 403
    assert "Your text is still here, but it has not been saved yet." in page.text
    assert ESCAPED in page.text
    assert not DraftAnswer.objects.exists()
    (form,) = forms_of(page)
    client.get(f"/reply/open/{token}")
    client.post(page_of(slot), form.values)
    answer = DraftAnswer.objects.get()
    assert (answer.text, answer.language, answer.is_ready) == (TYPED, "fr", True)


def test_a_page_asked_for_without_a_session_holds_no_form():
    candidacy, _slots = make_reply()

    page = Client().get(address(candidacy, "q1/"))

    assert page.status_code == 403
    assert "Open the link from your invitation" in page.text
    assert "<form" not in page.text


def test_req_023_a_missing_csrf_cookie_gives_the_text_back_and_stores_nothing():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy, client=Client(enforce_csrf_checks=True))

    page = save(client, slot, TYPED)

    assert page.status_code == 403
    assert ESCAPED in page.text
    assert "<form" not in page.text
    assert not DraftAnswer.objects.exists()


def test_req_023_what_staff_type_is_not_given_back_by_a_missing_csrf_cookie():
    client = Client(enforce_csrf_checks=True)

    page = client.post("/admin/login/", {"text": "Staff's words", "password": "hunter2 hunter2"})

    assert page.status_code == 403
    assert "hunter2" not in page.text
    assert "Staff&#x27;s words" not in page.text


@pytest.mark.parametrize("enforced", [True, False])
def test_req_023_a_body_too_large_is_said_with_413_and_the_text(enforced):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy, client=Client(enforce_csrf_checks=enforced))
    body = "ready=yes&text=Long+%3Cwords%3E+" + "x" * 2_700_000

    page = client.post(page_of(slot), body, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 413
    assert "Long &lt;words&gt; xxxx" in page.text
    assert not DraftAnswer.objects.exists()


def test_req_023_a_file_that_is_far_too_large_leaves_the_text_beside_it():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-" + b"x" * 31_000_000)

    page = save(client, slot, TYPED, file=scan)

    assert page.status_code == 413
    assert ESCAPED in page.text
    assert not DraftAnswer.objects.exists()


@pytest.mark.parametrize("act", ["save", "send"])
def test_req_023_a_fault_gives_the_text_back_with_500(monkeypatch, act):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    shown = send_form(client.get(address(candidacy, "check/"))).values
    client.raise_request_exception = False

    def down(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr("questions.views.reply.answers.save_draft_answer", down)
    monkeypatch.setattr("questions.views.reply.sending.record_submission", down)
    if act == "save":
        page = save(client, slot, TYPED, revision=1)
    else:
        signed = SIGNED | {"signatory_name": TYPED}
        page = client.post(address(candidacy, "check/"), shown | signed)

    assert page.status_code == 500
    assert ESCAPED in page.text
    assert "Your last save did not work" in page.text
    assert "the database is away" not in page.text


def test_req_023_the_page_of_a_fault_needs_no_database(monkeypatch, django_assert_num_queries):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    client.raise_request_exception = False

    def down(*args, **kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(AccessLink.objects.__class__, "with_names", down)
    with django_assert_num_queries(1):  # the session, before the fault
        page = save(client, slot, TYPED)

    assert page.status_code == 500
    assert ESCAPED in page.text


def test_req_023_a_link_revoked_between_the_check_and_the_save_gives_the_text_back(monkeypatch):
    from questions.operations import drafts

    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save_in_time = drafts.save_draft_answer

    def revoked_first(*args, **kwargs):
        AccessLink.objects.update(revoked_at=kwargs["at"], revoked_by=make_user())
        return save_in_time(*args, **kwargs)

    monkeypatch.setattr("questions.views.reply.answers.save_draft_answer", revoked_first)
    page = save(client, slot, TYPED)

    assert page.status_code == 410
    assert ESCAPED in page.text
    assert not DraftAnswer.objects.exists()


def test_req_012_a_fault_on_the_link_leaves_no_token_in_the_log(monkeypatch, caplog):
    _link, token = make_link()
    client = Client(raise_request_exception=False)

    def down(*args, **kwargs):
        raise OperationalError(f"while reading /reply/open/{token}")

    monkeypatch.setattr(AccessLink.objects.__class__, "with_names", down)
    page = client.get(f"/reply/open/{token}")

    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert page.status_code == 500
    assert any("/reply/open/***" in line for line in lines)
    assert all(token not in line for line in lines)
    assert token not in page.text


JUNK = [
    b"",
    b"&&&===;;;",
    b"text",
    b"text=%",
    b"text=%FF%FE&ready=%C3%28",
    b"revision=" + b"9" * 1000,
    b"form_key=not-a-key&form_key=\x00&signatory_name=%00",
    b"questions=%00&questions=q1&questions=" + b"q" * 500,
    b"keep_of=99999999999999999999&keep=mine",
    b"keep_of=-1&keep=%00",
    b"text=a&" * 2000,
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nYWJj\r\n--x--\r\n',
    b"revision-q1=\x00&revision-q1=-5&declaration=yes&signatory_name=A&signatory_title=B",
]


@pytest.mark.parametrize("rest", ["q1/", "check/", "decline/"])
@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=x; charset=base64",
        "multipart/form-data",
        "application/json",
        "text/plain; charset=nonsense",
        "application/x-www-form-urlencoded; charset=utf-7",
    ],
)
def test_req_086_junk_is_refused_in_a_moment_and_changes_nothing(rest, content_type):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    before = list(DraftAnswer.objects.values())

    for body in JUNK:
        with within(1):
            page = client.generic("POST", address(candidacy, rest), body, content_type=content_type)
        assert page.status_code < 500, body

    assert list(DraftAnswer.objects.values()) == before
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "q0/",
        "q99999/",
        "q%00/",
        "%ED%A0%80/",
        "r0/",
        "r99999999999999999999/",
        "r99999999999999999999/text/",
        "zzz-1/",
        "q1/?saved=%00",
        "questions/?saved=" + "x" * 100_000,
        "decline/?question=%00",
        "?" + "&".join(f"a{n}=1" for n in range(2000)),
    ],
)
def test_req_086_addresses_full_of_junk_are_answered_without_a_fault(path):
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    assert client.get(address(candidacy, path)).status_code < 500


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace", "options"])
def test_other_methods_are_not_allowed(method):
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    for rest in ["", "questions/", "q1/", "check/", "decline/", "letter/"]:
        assert getattr(client, method)(address(candidacy, rest)).status_code == 405


def test_a_form_key_is_read_in_every_way_it_can_be_written():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    key = uuid.uuid4()
    check_and_send(client, candidacy, form_key=key.hex.upper())

    assert Submission.objects.get().form_key == key
