"""What the script adds to the page of an answer, in Chromium (ux.md §2.4)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from questions.models import ConflictCopy, DraftAnswer
from tests.browser.steps import follow
from tests.factories import make_candidacy, make_link, make_question, make_slot
from tests.views.reply_pages import opened, save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slot():
    candidacy = make_candidacy(due_at=timezone.now() + timedelta(days=7))
    return make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))


def open_answer(page, slot, language="en"):
    """The page of an answer, whose clock stands still until a test runs it forward."""
    _link, token = make_link(candidacy=slot.candidacy)
    page.goto(f"/reply/open/{token}")
    page.clock.install()
    page.goto(f"/{language}/reply/{slot.candidacy.reference}/{slot.question.slug}/")


def status(page):
    return page.locator("[data-autosave]")


def test_a_text_is_saved_thirty_seconds_after_typing_began(page, slot):
    open_answer(page, slot)
    page.fill("[name=text]", "So far")
    page.clock.run_for(29_000)
    page.fill("[name=text]", "So far, so good")
    assert not DraftAnswer.objects.exists()

    page.clock.run_for(1_500)

    expect(status(page)).to_have_text(re.compile(r"^Draft saved \d\d:\d\d Geneva time$"))
    saved = DraftAnswer.objects.get()
    assert (saved.text, saved.language, saved.is_ready) == ("So far, so good", "", False)
    page.select_option("[name=language]", "fr")
    page.check("[name=ready][value=yes]")
    follow(page, ".btns .btn.alt")
    page.wait_for_url("**/questions/**")
    saved = DraftAnswer.objects.get()
    assert (saved.language, saved.is_ready, saved.revision) == ("fr", True, 2)
    assert not ConflictCopy.objects.exists()


def test_the_status_line_speaks_the_language_of_the_page(page, slot):
    open_answer(page, slot, "ar")
    before = status(page).text_content()
    page.fill("[name=text]", "نعم")
    page.clock.run_for(31_000)

    expect(status(page)).to_have_text(re.compile(r"\d\d:\d\d"))
    assert before == ""


def test_a_fault_is_said_and_the_next_try_saves(page, slot):
    open_answer(page, slot)
    page.route("**/autosave/", lambda route: route.fulfill(status=500, body="<p>Fault"))
    page.fill("[name=text]", "Words")
    page.clock.run_for(31_000)
    expect(status(page)).to_have_text(re.compile("^Your text could not be saved just now"))

    page.unroute("**/autosave/")
    page.clock.run_for(31_000)

    expect(status(page)).to_have_text(re.compile("^Draft saved"))
    assert DraftAnswer.objects.get().text == "Words"


def test_a_conflict_is_said_and_the_button_leads_to_the_two_texts(page, slot):
    open_answer(page, slot)
    save(opened(slot.candidacy, city="new_york"), slot, "New York's.")
    for text in ["Geneva", "Geneva's."]:
        page.fill("[name=text]", text)
        page.clock.run_for(31_000)
        expect(status(page)).to_have_text(re.compile("^Someone else saved this answer at"))
        page.wait_for_function("document.querySelector('[name=copy]').value")
    page.select_option("[name=language]", "en")
    page.check("[name=ready][value=no]")
    follow(page, ".btns .btn:not(.alt)")

    expect(page.locator("h1")).to_have_text(re.compile("^Someone else saved this answer on"))
    assert ConflictCopy.objects.get().text == "Geneva's."


def test_leaving_with_unsaved_words_is_asked_about_and_only_then(page, slot):
    open_answer(page, slot)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    follow(page, "a.back")
    page.wait_for_url("**/questions/")
    assert asked == []
    page.go_back()
    page.click("[name=text]")
    page.keyboard.type("Words")

    follow(page, "a.back")

    page.wait_for_url("**/questions/")
    assert asked == ["beforeunload"]


def test_words_are_counted_and_the_text_follows_its_language(page, slot):
    open_answer(page, slot)
    page.fill("[name=text]", "one two\n\nthree")
    expect(page.locator("[data-words]")).to_have_text("Words: 3")
    page.select_option("[name=language]", "zh-hans")
    page.fill("[name=text]", "是的，我们会。")
    expect(page.locator("[data-words]")).to_have_text("Characters: 5")
    assert page.get_attribute("[name=text]", "lang") == "zh-Hans"
    page.select_option("[name=language]", "ar")
    assert page.get_attribute("[name=text]", "dir") == "rtl"


def test_the_error_summary_gets_the_focus(page, slot):
    open_answer(page, slot)
    follow(page, ".btns .btn:not(.alt)")

    expect(page.locator(".errsum")).to_be_focused()
