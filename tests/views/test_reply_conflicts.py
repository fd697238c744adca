"""Two missions at one answer (ux.md M14): nobody's words vanish."""

from datetime import timedelta

import pytest

from questions.models import ConflictCopy, DraftAnswer
from tests.factories import BEFORE

from .reply_pages import check_and_send, clock, forms_of, link_of, make_reply, opened, page_of, save

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("revision", ["", "-1", "x", "9" * 40, "1.0", "٣", "\x00"])
def test_a_revision_that_cannot_be_one_stands_for_none(revision):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "First.")

    page = save(client, slot, "Second.", revision=revision)

    assert page.status_code == 409
    assert DraftAnswer.objects.get().text == "First."


def test_req_019_the_second_mission_sees_both_texts_and_chooses_its_own(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's <words>.")

    page = save(geneva, slot, "Geneva's <words>.", language="fr")

    assert page.status_code == 409
    assert (
        "Someone else saved this answer on 1 October 2021, 11:00 Geneva time, from the link"
        " sent to New York." in page.text
    )
    assert "New York&#x27;s &lt;words&gt;." in page.text
    assert page.text.count("Geneva&#x27;s &lt;words&gt;.") == 2
    assert ConflictCopy.objects.get().text == "Geneva's <words>."
    (form,) = forms_of(page)
    geneva.post(form.action, form.values | {"keep": "mine"})
    stored = DraftAnswer.objects.get()
    assert (stored.text, stored.language, stored.revision) == ("Geneva's <words>.", "fr", 2)
    assert stored.saved_by == link_of(geneva, candidacy)


def test_req_019_the_saved_text_or_a_combined_one_can_be_kept():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    (form,) = forms_of(save(geneva, slot, "Geneva's."))

    kept = geneva.post(form.action, form.values | {"keep": "saved"})
    assert kept.status_code == 302
    assert DraftAnswer.objects.get().text == "New York's."
    geneva.post(form.action, form.values | {"keep": "combined", "text": "Both."})

    assert DraftAnswer.objects.get().text == "Both."


def test_req_019_a_conflict_in_readiness_or_language_alone_says_what_differs():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "The same.", language="fr", ready="no")

    page = save(geneva, slot, "The same.")

    assert page.status_code == 409
    assert "The two texts are the same. They differ in their language" in page.text
    assert '<p class="meta">English · Ready to send</p>' in page.text
    assert '<p class="meta">French · Draft</p>' in page.text


def test_req_019_choosing_nothing_changes_nothing_and_both_texts_stay():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    (form,) = forms_of(save(geneva, slot, "Geneva's."))

    page = geneva.post(form.action, form.values)

    assert "Select which text to keep" in page.text
    assert "New York&#x27;s." in page.text
    assert "Geneva&#x27;s." in page.text
    assert DraftAnswer.objects.get().text == "New York's."


def test_req_019_a_third_save_while_choosing_is_a_conflict_again():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    (form,) = forms_of(save(geneva, slot, "Geneva's."))
    save(new_york, slot, "New York's second.", revision=1)

    page = geneva.post(form.action, form.values | {"keep": "mine"})

    assert page.status_code == 409
    assert "New York&#x27;s second." in page.text
    assert DraftAnswer.objects.get().text == "New York's second."
    (again,) = forms_of(page)
    geneva.post(again.action, again.values | {"keep": "mine"})
    assert DraftAnswer.objects.get().text == "Geneva's."


def test_req_019_the_other_words_are_found_beside_the_answer_for_a_week(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    save(geneva, slot, "Left behind.")

    assert "Left behind." in new_york.get(page_of(slot)).text
    clock(monkeypatch, BEFORE + timedelta(days=8))
    assert "Left behind." not in new_york.get(page_of(slot)).text


def test_a_save_after_the_other_mission_sent_is_offered_as_an_amendment():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy, city="geneva")
    save(new_york, slot, "New York's.")
    check_and_send(new_york, candidacy)

    page = save(geneva, slot, "Geneva's.", revision=1)

    assert page.status_code == 409
    assert "Q1 was already sent on" in page.text
    assert "New York&#x27;s." in page.text
    (form,) = forms_of(page)
    geneva.post(form.action, form.values | {"keep": "mine"})
    assert DraftAnswer.objects.get().text == "Geneva's."
