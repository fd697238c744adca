"""The main job as people do it, in Chromium (security.md 7, 26)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from questions.models import OutgoingMail, Response, ResponseStatus, Submission
from tests.browser.record import link_to, load_record
from tests.browser.steps import follow
from tests.factories import (
    make_candidacy,
    make_contact,
    make_link,
    make_question,
    make_slot,
    make_state,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)

MOST_KEYS = 120


@pytest.fixture
def octava():
    """A State with two questions and a deadline next week; and its mission's link."""
    due_at = timezone.now() + timedelta(days=7)
    candidacy = make_candidacy(state=make_state(name="Octava", iso3="XOC"), due_at=due_at)
    for city in ("geneva", "new_york"):
        make_contact(state=candidacy.state, city=city, email=f"{city}@octava.example")
    for _ in range(2):
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
    _link, token = make_link(candidacy=candidacy)
    return candidacy, f"/reply/open/{token}"


def answer_in(page, reply, question, text):
    page.goto(f"{reply}{question}/")
    page.select_option("[name=language]", "en")
    page.fill("[name=text]", text)
    page.check("[name=ready][value=yes]")
    follow(page, "text=Save and return to all questions")


def sign_and_send(page):
    page.fill("[name=signatory_name]", "A. Diplomat")
    page.fill("[name=signatory_title]", "First Secretary")
    page.check("[name=declaration]")
    follow(page, "button:has-text('to ISHR')")


def test_req_007_a_link_clicked_on_another_site_opens_the_form_and_sends(page, octava, live_server):
    candidacy, link = octava
    mail = f'<!doctype html><a href="{live_server.url}{link}">Your questions</a>'
    page.route(
        "https://webmail.example/**",
        lambda route: route.fulfill(body=mail, content_type="text/html"),
    )
    page.goto("https://webmail.example/inbox")

    follow(page, "text=Your questions")
    opened = page.url
    reply = f"/en/reply/{candidacy.reference}/"
    answer_in(page, reply, "q1", "Yes.")
    page.goto(f"{reply}check/")
    sign_and_send(page)

    assert opened == f"{live_server.url}{reply}"
    assert "Your reply has been received" in page.inner_text("h1")
    assert Response.objects.get().text == "Yes."
    session = next(c for c in page.context.cookies() if "session" in c["name"])
    assert (session["sameSite"], session["httpOnly"]) == ("Lax", True)


def tab_to(page, selector):
    """As far as the key brings us: the place must be reachable without a pointer."""
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    pytest.fail(f"{selector} was not reached with the Tab key on {page.url}")


def press_on(page, selector, key="Enter"):
    """Go to a link or a button, press it, and wait for the page after."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_req_026_a_mission_answers_by_keyboard_without_scripts_on_a_telephone(
    browser, live_server, octava
):
    candidacy, link = octava
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": 320, "height": 640},
    )
    page = context.new_page()
    reply = f"/en/reply/{candidacy.reference}/"

    page.goto(link)
    press_on(page, "a.btn[href$='questions/']")
    press_on(page, f"a[href='{reply}q2/']")
    tab_to(page, "[name=language]")
    page.keyboard.type("Eng")
    tab_to(page, "[name=text]")
    page.keyboard.type("Yes, without delay.")
    tab_to(page, "[name=ready]")
    page.keyboard.press("Space")
    press_on(page, "button[name=then]")
    press_on(page, f"a[href='{reply}check/']")
    unsigned = page.url
    press_on(page, "form button.btn[type=submit]")
    errors = page.inner_text(".errsum")
    tab_to(page, "[name=signatory_name]")
    page.keyboard.type("A. Diplomat")
    tab_to(page, "[name=signatory_title]")
    page.keyboard.type("First Secretary")
    tab_to(page, "[name=declaration]")
    page.keyboard.press("Space")
    press_on(page, "form button.btn[type=submit]")
    receipt = page.inner_text("main")
    context.close()

    assert unsigned.endswith(f"{reply}check/")
    assert "name" in errors
    submission = Submission.objects.get()
    assert [(r.slot.question.number, r.text, r.language) for r in submission.responses.all()] == [
        (2, "Yes, without delay.", "en")
    ]
    assert submission.symbol in receipt
    assert submission.text_sha256 in receipt
    assert "One question has not been answered." in receipt
    assert OutgoingMail.objects.filter(kind="receipt").count() == 2


def test_the_real_letter_is_answered_published_and_read(browser, page, live_server):
    """From the letter's file to three public pages, which change at once."""
    load_record()
    link, candidacy = link_to("PE2021", "KAZ")
    pages = ["/en/2021/", "/en/2021/kaz/", "/en/2021/kaz-1/"]
    text = "The Government thanks the organisers for this question."
    before = []
    for address in pages:
        answer = page.goto(address)
        before.append((answer.status, text in page.content()))

    page.goto(link)
    answer_in(page, f"/en/reply/{candidacy.reference}/", "kaz-1", text)
    page.goto(f"/en/reply/{candidacy.reference}/check/")
    sign_and_send(page)
    page.goto("/en/2021/kaz-1/")
    received = page.inner_text("main")

    publish(browser, live_server, Response.objects.get(slot__candidacy=candidacy))
    shown = []
    for address in pages:
        page.goto(address)
        shown.append(page.inner_text("main"))

    assert before == [(200, False)] * 3
    assert text not in received
    assert "Received, being prepared" in received
    assert "Answered late" in shown[0] or "late" in shown[0]
    assert text in shown[1]
    assert text in shown[2]
    assert "Answered late" in shown[2]


def publish(browser, live_server, response):
    """As a member of staff does, in a browser of their own."""
    make_user(username="office", is_superuser=True)
    context = browser.new_context(base_url=live_server.url)
    desk = context.new_page()
    desk.goto("/admin/login/")
    desk.fill("#id_username", "office")
    desk.fill("#id_password", "correct horse battery staple")
    follow(desk, "#login-form [type=submit]")
    follow(desk, f"a:has-text('{response.submission.candidacy.state}: 1 answer')")
    follow(desk, f"a:has-text('{response.slot.symbol}')")
    follow(desk, "text=Publish >> visible=true")
    assert desk.locator(".messagelist").count() == 1
    context.close()
    response.refresh_from_db()
    assert response.status == ResponseStatus.PUBLISHED
