"""What the page of an answer saves by itself (ux.md §2.4): every way it can end."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from questions.models import ConflictCopy, DraftAnswer
from tests.factories import BEFORE, make_event

from .reply_pages import check_and_send, clock, forms_of, link_of, make_reply, opened, page_of, save

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "reply.js"
LARGEST_SCRIPT = 4_096  # bytes


def autosave(client, slot, text, *, language="en", revision=0, **fields):
    posted = {"text": text, "language": language, "revision": revision}
    response = client.post(f"{page_of(slot)}autosave/", posted | fields)
    return response.status_code, json.loads(response.content)


def stored():
    answer = DraftAnswer.objects.get()
    return answer.text, answer.language, answer.is_ready, answer.revision


def test_the_script_stays_small():
    assert len(SCRIPT.read_bytes()) <= LARGEST_SCRIPT


def test_only_a_page_that_can_save_asks_for_the_script(monkeypatch):
    candidacy, (slot,) = make_reply(event=make_event(closes_on=date(2021, 10, 13)))
    client = opened(candidacy)
    clock(monkeypatch, BEFORE - timedelta(days=30))
    page = client.get(page_of(slot)).text
    assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/js/reply.js" defer>']

    clock(monkeypatch, BEFORE + timedelta(days=30))
    assert "<script" not in client.get(page_of(slot)).text


def test_a_text_is_saved_as_a_draft_and_the_page_told_when(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()

    status, told = autosave(opened(candidacy), slot, "So far\r\n", ready="yes")

    assert (status, told) == (200, {"said": "Draft saved 11:00 Geneva time", "revision": 1})
    assert stored() == ("So far", "en", False, 1)


def test_a_language_not_chosen_yet_stays_open_or_as_it_was():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    autosave(client, slot, "One", language="")
    assert stored() == ("One", "", False, 1)
    autosave(client, slot, "Two", language="fr", revision=1)
    autosave(client, slot, "Three", language="", revision=2)

    assert stored() == ("Three", "fr", False, 3)


def test_a_changed_text_is_a_draft_again_and_the_same_one_as_ready_as_it_was():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "Cleared.")

    assert autosave(client, slot, "Cleared.", revision=1)[1]["revision"] == 1
    assert stored() == ("Cleared.", "en", True, 1)
    autosave(client, slot, "Cleared?", revision=1)

    assert stored() == ("Cleared?", "en", False, 2)


def test_words_whose_answer_got_lost_can_be_sent_again():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    autosave(client, slot, "Once.")

    assert autosave(client, slot, "Once.")[1]["revision"] == 1
    assert not ConflictCopy.objects.exists()


def test_the_button_saves_on_top_of_what_was_saved_by_itself():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    _status, told = autosave(client, slot, "So far")

    assert save(client, slot, "So far.", revision=told["revision"]).status_code == 302
    assert stored() == ("So far.", "en", True, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 20_001, "This text must be 20,000 characters or fewer. Yours has 20,001"),
        ("half \ufffd", "Some characters in your text could not be read and show as �."),
    ],
)
def test_a_text_that_cannot_be_saved_is_named_and_leaves_the_saved_one(text, said):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    autosave(client, slot, "Before")

    status, told = autosave(client, slot, text, revision=1)

    assert (status, list(told)) == (400, ["said"])
    assert told["said"].startswith(said)
    assert stored() == ("Before", "en", False, 1)


def test_req_019_a_conflict_keeps_one_copy_however_long_one_types_on(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")

    status, told = autosave(geneva, slot, "Gen")

    assert status == 409
    assert told["said"] == (
        "Someone else saved this answer at 11:00 Geneva time, from the link sent to New York."
        " Nothing is lost. Press “Save and continue” to compare the two texts."
    )
    assert "revision" not in told
    for text in ["Geneva", "Geneva's", "Geneva's"]:
        assert autosave(geneva, slot, text, copy=told["copy"])[1]["copy"] == told["copy"]
    page = save(geneva, slot, "Geneva's.", copy=told["copy"])
    assert page.status_code == 409
    assert [(copy.pk, copy.text) for copy in ConflictCopy.objects.all()] == [
        (told["copy"], "Geneva's.")
    ]
    assert DraftAnswer.objects.get().text == "New York's."


def test_req_019_nobody_writes_over_the_copy_of_another_link():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    _status, told = autosave(geneva, slot, "Geneva's.")

    autosave(new_york, slot, "Instead.", copy=told["copy"])

    assert {copy.text for copy in ConflictCopy.objects.all()} == {"Geneva's.", "Instead."}


def test_what_was_sent_meanwhile_is_a_conflict_too():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    check_and_send(new_york, candidacy)

    status, told = autosave(geneva, slot, "Geneva's.", revision=1)

    assert status == 409
    assert told["said"].startswith("Q1 was already sent. Nothing is lost.")


def test_the_reason_for_an_amendment_is_saved_with_it():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "First.")
    check_and_send(client, candidacy)

    autosave(client, slot, "Second.", amendment_reason="A slip.")

    assert DraftAnswer.objects.get().amendment_reason == "A slip."


def test_a_browser_in_which_the_form_is_not_open_is_told_so():
    _candidacy, (slot,) = make_reply()

    status, told = autosave(Client(), slot, "Words")

    assert (status, told["stop"]) == (403, True)
    assert "has not been saved" in told["said"]
    assert not DraftAnswer.objects.exists()


def test_a_replaced_link_saves_nothing():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    link = link_of(client, candidacy)
    link.revoked_at = BEFORE
    link.save()

    status, told = autosave(client, slot, "Words")

    assert (status, told["stop"]) == (410, True)
    assert told["said"].startswith("This link has been replaced")
    assert not DraftAnswer.objects.exists()


def test_a_closed_reply_saves_nothing(monkeypatch):
    candidacy, (slot,) = make_reply(event=make_event(closes_on=date(2021, 10, 13)))
    client = opened(candidacy)
    clock(monkeypatch, BEFORE + timedelta(days=30))

    status, told = autosave(client, slot, "Words")

    assert (status, told["stop"]) == (403, True)
    assert told["said"].startswith("This reply is closed")
    assert not DraftAnswer.objects.exists()


def test_only_questions_of_the_reply_and_only_posts_are_taken():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    assert client.post(f"{page_of(slot).replace('q1', 'q9')}autosave/").status_code == 404
    assert client.get(f"{page_of(slot)}autosave/").status_code == 405


def test_a_post_from_elsewhere_is_refused():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy, client=Client(enforce_csrf_checks=True))

    response = client.post(f"{page_of(slot)}autosave/", {"text": "Words", "revision": 0})

    assert response.status_code == 403
    assert not DraftAnswer.objects.exists()


def test_a_copy_survives_an_error_of_the_form():
    candidacy, (slot,) = make_reply()

    page = save(opened(candidacy), slot, "Words", ready="", copy="7")

    assert forms_of(page)[0].values["copy"] == "7"
