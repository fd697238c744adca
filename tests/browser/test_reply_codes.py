"""Getting in by reply code in Chromium, without scripts (ux.md M13)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from questions.models import DraftAnswer
from questions.operations.links import mint_link_with_code
from tests.browser.steps import follow
from tests.factories import make_candidacy, make_contact, make_question, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def make_invited():
    """(the address of its reply, code)"""
    candidacy = make_candidacy(due_at=timezone.now() + timedelta(days=7))
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
    contact = make_contact(state=candidacy.state)
    _link, _token, code = mint_link_with_code(contact, candidacy, by=None, at=timezone.now())
    return f"/en/reply/{candidacy.reference}/", code


def enter(page, code):
    page.fill("[name=code]", code)
    with page.expect_navigation():
        page.press("[name=code]", "Enter")


def test_a_text_typed_when_the_session_had_ended_is_saved_after_entering_the_code(
    browser, live_server
):
    reply, code = make_invited()
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/reply")
    enter(page, code.lower())
    start = page.url
    page.goto(f"{reply}q1/")
    page.fill("[name=text]", "Typed for an hour.")
    page.select_option("[name=language]", "en")
    page.check("[name=ready][value=no]")
    context.clear_cookies(name="session")

    follow(page, "text=Save and return to all questions")
    said = page.inner_text("h1")
    with context.expect_page() as opened:
        page.click("text=Enter your reply code (opens in a new tab)")
    enter(opened.value, code)
    follow(page, "text=The form is open: try again")
    context.close()

    assert start == live_server.url + reply
    assert said == "Your text is still here, but it has not been saved yet."
    assert DraftAnswer.objects.get().text == "Typed for an hour."
