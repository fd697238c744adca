"""Two missions at one reply in Chromium, in English and Arabic, with scripts and without."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from questions.models import Candidacy, ConflictCopy, DraftAnswer, Response, ResponseKind
from tests.browser.steps import follow
from tests.factories import (
    make_candidacy,
    make_contact,
    make_link,
    make_question,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db(transaction=True)

# Each pair of the three differences is met once.
BROWSERS = [("en", 1280, True), ("ar", 390, True), ("ar", 1280, False), ("en", 390, False)]


@pytest.fixture
def octava():
    """A State with three questions and a deadline next week."""
    due_at = timezone.now() + timedelta(days=7)
    candidacy = make_candidacy(state=make_state(name="Octava", iso3="XOC"), due_at=due_at)
    for _ in range(3):
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
    return candidacy


@pytest.fixture(params=BROWSERS, ids=lambda one: f"{one[0]}-{one[1]}-{'js' if one[2] else 'no js'}")
def desks(request, browser, live_server, octava):
    """(address of the reply, Geneva's tab, New York's tab), each opened by its own link."""
    language, width, script = request.param
    contexts, tabs = [], []
    for city in ("geneva", "new_york"):
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=script,
            locale=language,
            viewport={"width": width, "height": 800},
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        tab = context.new_page()
        contact = make_contact(state=octava.state, city=city, language=language)
        _link, token = make_link(candidacy=octava, contact=contact)
        tab.goto(f"/reply/open/{token}")
        tabs.append(tab)
    with translation.override(language):
        yield f"/{language}/reply/{octava.reference}/", *tabs
    for context in contexts:
        context.close()


def write(tab, text, *, ready, language="en"):
    """Type an answer into the form that is open, and save it."""
    tab.select_option("[name=language]", language)
    tab.fill("[name=text]", text)
    tab.check(f"[name=ready][value={ready}]")
    follow(tab, "button[name=then]")


def sign(tab, confirmation):
    tab.fill("[name=signatory_name]", "A. Diplomat")
    tab.fill("[name=signatory_title]", "First Secretary")
    tab.check(f"[name={confirmation}]")
    follow(tab, "main form button.btn[type=submit]")


def test_two_missions_write_one_answer_and_lose_nothing_until_it_is_closed(desks, octava):
    reply, geneva, new_york = desks
    direction = geneva.locator("html").get_attribute("dir")
    assert direction == ("rtl" if reply.startswith("/ar/") else "ltr")

    both_write_the_same_answer(reply, geneva, new_york)
    an_error_leads_to_its_field(reply, geneva)
    what_is_ready_is_sent(reply, geneva, octava)
    the_other_mission_amends_it(reply, new_york, octava)
    one_question_is_declined(reply, geneva)
    it_closes_while_a_form_is_open(reply, geneva, new_york, octava)


def both_write_the_same_answer(reply, geneva, new_york):
    """Each has the same empty form before them."""
    for tab in (geneva, new_york):
        tab.goto(f"{reply}q1/")
    write(geneva, "We will, from Geneva.", ready="yes")
    write(new_york, "نعم، من نيويورك.", ready="yes", language="ar")

    both = new_york.locator(".pair").inner_text()
    assert "We will, from Geneva." in both
    assert "نعم، من نيويورك." in both
    assert DraftAnswer.objects.get().text == "We will, from Geneva."
    assert ConflictCopy.objects.get().text == "نعم، من نيويورك."
    new_york.check("[name=keep][value=mine]")
    new_york.check("[name=ready][value=yes]")
    follow(new_york, "main form button.btn[type=submit]")
    assert DraftAnswer.objects.get().text == "نعم، من نيويورك."
    geneva.goto(f"{reply}q1/")
    assert "We will, from Geneva." in geneva.locator("main details").all_text_contents()[-1]


def an_error_leads_to_its_field(reply, tab):
    """And nothing that was typed is lost."""
    tab.goto(f"{reply}q2/")
    tab.fill("[name=text]", "Without a language.")
    tab.check("[name=ready][value=yes]")
    follow(tab, "button[name=then]")

    assert tab.title().startswith(gettext("Error:"))
    assert tab.locator(".errsum").bounding_box()["y"] < tab.locator("h1").bounding_box()["y"]
    tab.click(".errsum a >> nth=0")
    assert tab.locator("[name=language]:focus").count() == 1
    assert tab.input_value("[name=text]") == "Without a language."
    write(tab, "Without delay.", ready="no")


def what_is_ready_is_sent(reply, tab, candidacy):
    """The text of the receipt has the fingerprint that the receipt names."""
    tab.goto(f"{reply}check/")
    assert tab.locator(".ans .body[lang=ar][dir=rtl]").inner_text() == "نعم، من نيويورك."
    assert tab.locator(".ans").count() == 1
    sign(tab, "declaration")

    receipt = tab.inner_text("main")
    submission = candidacy.submissions.get()
    with tab.expect_download() as download:
        tab.click("a[href$='/text/']")
    fingerprint = hashlib.sha256(download.value.path().read_bytes()).hexdigest()
    assert submission.symbol in receipt
    assert fingerprint in receipt


def the_other_mission_amends_it(reply, tab, candidacy):
    tab.goto(f"{reply}q1/")
    tab.fill("[name=amendment_reason]", "The capital asked for it.")
    write(tab, "We will, without delay.", ready="yes")
    assert candidacy.submissions.count() == 1
    tab.goto(f"{reply}check/")
    sign(tab, "declaration")

    amended = Response.objects.get(submission__number=2)
    said = (amended.text, amended.amendment_reason)
    assert said == ("We will, without delay.", "The capital asked for it.")


def one_question_is_declined(reply, tab):
    tab.goto(f"{reply}decline/?question=q3")
    tab.fill("[name=reason]", "Not within our competence.")
    tab.select_option("[name=language]", "en")
    sign(tab, "confirmation")

    declined = Response.objects.get(submission__number=3)
    assert (declined.slot.question.number, declined.kind) == (3, ResponseKind.DECLINED)


def it_closes_while_a_form_is_open(reply, geneva, new_york, candidacy):
    """What was typed is still on the screen, and no other form opens."""
    geneva.goto(f"{reply}q2/")
    close(candidacy)
    write(geneva, "Too late to be sent.", ready="yes")
    new_york.goto(f"{reply}q2/")

    assert "Too late to be sent." in geneva.content()
    assert DraftAnswer.objects.get(slot__question__number=2).text == "Without delay."
    assert new_york.locator("textarea").count() == 0
    assert candidacy.submissions.count() == 3


def close(candidacy):
    """Its closing day has passed."""
    day = timezone.now().date()
    Candidacy.objects.filter(pk=candidacy.pk).update(due_at=timezone.now() - timedelta(days=9))
    event = candidacy.event
    event.answers_due_on, event.closes_on = day - timedelta(days=9), day - timedelta(days=3)
    event.save()
