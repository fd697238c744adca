"""A deadline that is extended while a form is open (ux.md M11)."""

from datetime import timedelta

import pytest

from questions.models import Submission
from questions.operations.deadlines import extend_deadline
from tests.factories import BEFORE, DUE_AT, DUE_ON, make_user

from .reply_pages import SIGNED, address, clock, make_reply, opened, save, send_form

pytestmark = pytest.mark.django_db


def test_the_next_page_and_the_sending_follow_an_extension_granted_meanwhile(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    form = send_form(client.get(address(candidacy, "check/")))
    extend_deadline(
        [candidacy], DUE_ON + timedelta(days=7), reason="Asked for.", by=make_user(), at=BEFORE
    )
    clock(monkeypatch, DUE_AT + timedelta(hours=1))

    listed = client.get(address(candidacy, "questions/")).text
    page = client.post(form.action, form.values | SIGNED)

    assert "15 October 2021" in listed
    assert "Until then they count as on time." in listed
    assert page.status_code == 302
    submission = Submission.objects.get()
    assert not submission.is_late
    assert submission.due_at == DUE_AT + timedelta(days=7)


def test_control_without_the_extension_the_same_sending_is_asked_about_first(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    form = send_form(client.get(address(candidacy, "check/")))
    clock(monkeypatch, DUE_AT + timedelta(hours=1))

    page = client.post(form.action, form.values | SIGNED)

    assert page.status_code == 409
    assert not Submission.objects.exists()
