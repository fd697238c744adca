"""Checking and sending (M7), the receipt (M8), and what robots do to forms."""

import hashlib
import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from questions.models import (
    AuditEntry,
    DraftAnswer,
    OutgoingMail,
    Response,
    Submission,
)
from questions.operations.publication import publish_responses
from questions.operations.submissions import record_submission
from tests.factories import BEFORE, make_contact, make_link, make_response, make_state, make_user

from .reply_pages import (
    SIGNED,
    address,
    check_and_send,
    clock,
    forms_of,
    link_of,
    make_reply,
    opened,
    save,
    send_form,
)

pytestmark = pytest.mark.django_db


def test_what_is_ready_is_previewed_as_public_and_the_rest_named():
    candidacy, (own, first, second, third) = make_reply(own=1, common=3)
    client = opened(candidacy)
    save(client, first, "Nous <ratifierons>.\n\n• un", language="fr")
    save(client, second, "Not cleared.", ready="no")
    make_response(slot=third, text="Sent before.")

    page = client.get(address(candidacy, "check/"))

    assert '<div class="body" lang="fr" dir="ltr"><p' in page.text
    assert "Nous &lt;ratifierons&gt;." in page.text
    assert "Not cleared." not in page.text
    assert "Sent before." not in page.text
    left_out = page.text.split("Not included:")[1].split("</p>")[0]
    assert f">{own.question.label}</a> (not started)" in left_out
    assert ">Q2</a> (draft saved)" in left_out
    assert ">Q3</a>" not in left_out
    assert "Send 1 answer to ISHR" in page.text


def test_the_preview_shows_the_very_words_and_marks_of_the_public_page():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "نعم <b>.\n\n• أولا\n• ثانيا\n\n1. OPCAT", language="ar")

    preview = body_of(client.get(address(candidacy, "check/")))
    check_and_send(client, candidacy)
    publish_responses(slot.responses.all(), by=make_user(is_superuser=True), at=BEFORE)

    assert preview == body_of(Client().get(slot.get_absolute_url()))
    assert 'lang="ar" dir="rtl"' in preview


def body_of(page):
    return re.search(r'<div class="body".*?</div>', page.text, re.DOTALL)[0]


def test_sending_stores_one_submission_by_this_mission_and_signatory(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot, other) = make_reply(common=2)
    client = opened(candidacy, city="new_york")
    save(client, slot, "Yes.")
    save(client, other, "Draft.", ready="no")

    page = check_and_send(client, candidacy, signatory_name=" A.\u00a0\n Diplomat ")

    submission = Submission.objects.get()
    assert page.url == address(candidacy, "r1/")
    assert (submission.signatory_name, submission.signatory_title) == (
        "A. Diplomat",
        "First Secretary",
    )
    assert submission.link == link_of(client, candidacy)
    assert (submission.mission.city, submission.received_at) == ("new_york", BEFORE)
    assert [(r.slot, r.text, r.kind) for r in submission.responses.all()] == [
        (slot, "Yes.", "answer")
    ]
    assert [a.text for a in DraftAnswer.objects.all()] == ["Draft."]


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("signatory_name", "Enter the name of the person sending"),
        ("signatory_title", "Enter the title or post of the person sending"),
        ("declaration", "Confirm that these answers may be published as statements of Octava"),
    ],
)
def test_req_005_nothing_is_sent_without_name_title_and_declaration(left_out, message):
    candidacy, (slot,) = make_reply(state=make_state(name="Octava", iso3="XOC"))
    client = opened(candidacy)
    save(client, slot)

    page = check_and_send(client, candidacy, **{left_out: ""})

    assert "<title>Error:" in page.text
    assert f'<a href="#id_{left_out}">{message}</a>' in page.text
    assert "checked" not in page.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize("name", ["\x00", "x" * 121, "\u200b", "  ", "\ufffd"])
def test_a_name_that_cannot_be_kept_is_a_field_error(name):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)

    page = check_and_send(client, candidacy, signatory_name=name)

    assert '<a href="#id_signatory_name">' in page.text
    assert not Submission.objects.exists()


def test_req_005_a_robot_that_presses_every_button_changes_nothing():
    candidacy, (own, first, second) = make_reply(own=1, common=2)
    client = opened(candidacy)
    save(client, own, "Ready.")
    save(client, first, "Draft.", ready="no")
    save(opened(candidacy, city="new_york"), own, "Stale.")
    models = [Submission, DraftAnswer, Response, OutgoingMail, AuditEntry]
    before = [list(model.objects.values()) for model in models]
    robot = opened(candidacy, city="new_york")
    before[-1] = list(AuditEntry.objects.values())
    pages = ["", "questions/", "letter/", "check/", "decline/", "decline/?question=q2"]
    pages += ["not-for-us/"]
    pages += [f"{slot.question.slug}/" for slot in (own, first, second)]

    pressed = 0
    for rest in pages:
        for form in forms_of(robot.get(address(candidacy, rest))):
            for button in form.buttons:
                assert form.method == "post"
                robot.post(form.action or address(candidacy, rest), form.values | button)
                pressed += 1

    assert pressed == 10
    assert [list(model.objects.values()) for model in models] == before


def test_req_018_pressing_send_again_returns_the_receipt():
    candidacy, (slot,) = make_reply()
    make_contact(state=candidacy.state, email="geneva@octava.example")
    client = opened(candidacy)
    save(client, slot)
    posted = send_form(client.get(address(candidacy, "check/"))).values | SIGNED

    pages = [client.post(address(candidacy, "check/"), posted) for _ in range(3)]

    assert [page.status_code for page in pages] == [302] * 3
    assert {page.url for page in pages} == {address(candidacy, "r1/")}
    assert Submission.objects.count() == 1
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1


def test_req_018_the_same_form_returns_its_receipt_even_once_the_reply_is_closed(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    posted = send_form(client.get(address(candidacy, "check/"))).values | SIGNED
    client.post(address(candidacy, "check/"), posted)
    candidacy.event.status = "closed"
    candidacy.event.save()

    assert client.post(address(candidacy, "check/"), posted).url == address(candidacy, "r1/")


def test_req_018_of_two_tabs_the_second_is_shown_what_changed():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "Shown in both tabs.")
    first, second = (send_form(client.get(address(candidacy, "check/"))) for _ in range(2))

    sent = client.post(address(candidacy, "check/"), first.values | SIGNED)
    refused = client.post(address(candidacy, "check/"), second.values | SIGNED)

    assert (sent.status_code, refused.status_code) == (302, 409)
    assert "Nothing has been sent from here." in refused.text
    assert Submission.objects.count() == 1


def test_req_018_a_draft_changed_after_the_preview_is_previewed_again():
    candidacy, (slot,) = make_reply()
    client, other = opened(candidacy), opened(candidacy, city="new_york")
    save(client, slot, "As previewed.")
    shown = send_form(client.get(address(candidacy, "check/")))
    save(other, slot, "Changed since.", revision=1)

    page = client.post(address(candidacy, "check/"), shown.values | SIGNED)

    assert page.status_code == 409
    assert "Changed since." in page.text
    again = send_form(page)
    assert again.values["signatory_name"] == "A. Diplomat"
    assert "declaration" not in again.values
    assert not Submission.objects.exists()
    client.post(address(candidacy, "check/"), again.values | SIGNED)
    assert Response.objects.get().text == "Changed since."


def test_req_018_a_draft_changed_while_it_is_being_sent_is_previewed_as_it_stands(monkeypatch):
    candidacy, (slot,) = make_reply()
    client, other = opened(candidacy), opened(candidacy, city="new_york")
    save(client, slot, "As previewed.")
    shown = send_form(client.get(address(candidacy, "check/")))

    def changed_first(*args, **kwargs):
        save(other, slot, "Changed at that moment.", revision=1)
        return record_submission(*args, **kwargs)

    monkeypatch.setattr("questions.views.reply.sending.record_submission", changed_first)
    page = client.post(address(candidacy, "check/"), shown.values | SIGNED)

    assert page.status_code == 409
    assert "Changed at that moment." in page.text
    assert send_form(page).values["revision-q1"] == "2"
    assert not Submission.objects.exists()


def test_an_answer_made_ready_after_the_preview_is_not_sent_with_it():
    candidacy, (first, second) = make_reply(common=2)
    client = opened(candidacy)
    save(client, first, "Previewed.")
    shown = send_form(client.get(address(candidacy, "check/")))
    save(client, second, "Not previewed.")

    client.post(address(candidacy, "check/"), shown.values | SIGNED)

    assert [r.text for r in Response.objects.all()] == ["Previewed."]
    assert [a.text for a in DraftAnswer.objects.all()] == ["Not previewed."]


def test_req_026_all_blank_is_refused():
    candidacy, (slot, other) = make_reply(common=2)
    client = opened(candidacy)
    save(client, slot, "", ready="no")
    save(client, other, "Not cleared.", ready="no")

    shown = client.get(address(candidacy, "check/"))
    posted = client.post(address(candidacy, "check/"), SIGNED)
    forged = client.post(address(candidacy, "check/"), SIGNED | {"revision-q2": "1"})

    for page in (shown, posted, forged):
        assert "No answer is ready to send." in page.text
    assert not Submission.objects.exists()


def test_req_021_the_receipt_says_what_was_received_when_from_whom(monkeypatch):
    clock(monkeypatch, datetime(2021, 10, 7, 7, 14, 9, tzinfo=UTC))
    candidacy, (slot,) = make_reply(state=make_state(name="Octava", iso3="XOC"))
    make_contact(state=candidacy.state, email="geneva@octava.example")
    client = opened(candidacy)
    save(client, slot, "Two words")

    page = client.get(check_and_send(client, candidacy).url)

    submission = Submission.objects.get()
    for words in [
        f"{candidacy.event.code}/XOC/R1",
        "7 October 2021, 03:14 New York time",
        "7 October 2021, 09:14 Geneva time",
        "7 October 2021, 07:14:09 UTC",
        "<bdi>Octava</bdi>",
        "Permanent Mission in Geneva",
        "<bdi>A. Diplomat</bdi>, <bdi>First Secretary</bdi>",
        "Received on time",
        f"{candidacy.event.code}/Q1/XOC",
        "English, 2 words",
        submission.text_sha256,
        "has been sent to the one address on file at the missions",
    ]:
        assert words in page.text
    assert "geneva@octava.example" not in page.text
    listed = client.get(address(candidacy))
    assert f'Receipt <span class="sym">{submission.symbol}</span>' in listed.text


def test_req_021_the_downloaded_text_has_the_hash_of_the_receipt():
    candidacy, (first, second) = make_reply(common=2)
    client = opened(candidacy)
    save(client, first, "نعم\r\n\r\nDeuxième", language="ar")
    save(client, second, "是的", language="zh-hans")
    check_and_send(client, candidacy)

    page = client.get(address(candidacy, "r1/text/"))

    submission = Submission.objects.get()
    assert hashlib.sha256(page.content).hexdigest() == submission.text_sha256
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    name = submission.symbol.replace("/", "-")
    assert page["Content-Disposition"] == f'attachment; filename="{name}.txt"'


def test_req_021_a_receipt_that_was_mailed_to_nobody_says_so():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)

    page = client.get(check_and_send(client, candidacy).url)

    assert "No copy of this receipt was mailed" in page.text


def test_the_receipt_stays_at_its_address_for_the_other_mission():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy, city="geneva")
    save(client, slot)
    url = check_and_send(client, candidacy).url

    _link, token = make_link(candidacy=candidacy, city="new_york")
    other = Client()
    other.get(f"/reply/open/{token}")

    assert "Your reply has been received" in other.get(url).text
    assert "Permanent Mission in Geneva" in other.get(url).text
