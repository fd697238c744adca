"""Every screen in each of the six languages: axe, language and direction, width (ux.md §5.1)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from questions.models import UN_LANGUAGES
from tests.browser import record
from tests.browser.record import link_to, load_record
from tests.browser.steps import follow
from tests.factories import answer, send

pytestmark = pytest.mark.django_db(transaction=True)

# Without their language. axe takes a second for a long page: all of them are walked mirrored, and
# the other languages share them out, so that each is walked in two languages beside English.
PUBLIC = [path.removeprefix("/en/") for path in record.PUBLIC if path.startswith("/en/")]
SHARING = ["fr", "ru", "es", "zh-hans"]
WITHOUT_LINK = ["reply/", "reply/link/", "reply/link/asked/", "reply/nowhere/"]
BEHIND_LINK = ["", "questions/", "letter/", "contact/", "capital/", "whole-letter/"]
BEHIND_LINK += ["check/", "decline/", "not-for-us/"]

AT_ONCE = """
() => ({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  wide: document.documentElement.scrollWidth > innerWidth,
})
"""


@pytest.fixture
def reply():
    """(link, address without its language, a question that was sent, one that was not)"""
    load_record()
    link, candidacy = link_to("PE2000", "XDU")
    sent, unsent = candidacy.slots.sent()[:2]
    submission = send(candidacy, {sent: answer("Yes.")}, received_at=timezone.now())
    address = f"reply/{candidacy.reference}/"
    return link, address, sent.question.slug, unsent.question.slug, submission.number


def share_of(language):
    """English has a test of its own, at four sizes and colours."""
    if language == "ar":
        return PUBLIC
    return PUBLIC[SHARING.index(language) :: len(SHARING)] if language in SHARING else []


def problems(tab, where, language):
    """What is wrong with the page that is shown; where it is the width of a small telephone too."""
    seen = tab.evaluate(AT_ONCE)
    wanted = {
        "lang": "zh-Hans" if language == "zh-hans" else language,
        "dir": "rtl" if language == "ar" else "ltr",
        "wide": False,
    }
    found = [] if seen == wanted else [(where, seen)]
    tab.set_viewport_size({"width": 320, "height": 640})
    found += [(where, "wider than 320")] if tab.evaluate(AT_ONCE)["wide"] else []
    tab.set_viewport_size({"width": 390 if language == "ar" else 1280, "height": 900})
    for broken in Axe().run(tab).response["violations"]:
        found += [(where, broken["id"], node["html"]) for node in broken["nodes"]]
    return found


def clash(tab, address):
    """M14: a text saved from a form that another was saved from meanwhile."""
    tab.goto(address)
    before = tab.context.new_page()
    before.goto(address)
    for window, text in ((before, "One."), (tab, "Another.")):
        window.select_option("[name=language]", "en")
        window.fill("[name=text]", text)
        window.check("[name=ready][value=no]")
        follow(window, "button[name=then]")
    before.close()


@pytest.mark.parametrize("language", [code for code, _name in UN_LANGUAGES])
def test_every_screen_is_in_order_in_each_language(browser, live_server, reply, language):
    # axe puts styles of its own into the page, so the policy is not asked.
    link, address, sent, unsent, number = reply
    width = 390 if language == "ar" else 1280
    context = browser.new_context(
        base_url=live_server.url, bypass_csp=True, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.goto(link)
    behind = [*BEHIND_LINK, f"{sent}/", f"{unsent}/", f"r{number}/"]
    found = []
    for path in [*share_of(language), *WITHOUT_LINK, *(address + each for each in behind)]:
        tab.goto(f"/{language}/{path}")
        found += problems(tab, path, language)

    clash(tab, f"/{language}/{address}{unsent}/")
    assert tab.locator(".pair").count() == 1
    found += problems(tab, "conflict", language)
    follow(tab, "main form button.btn[type=submit]")
    assert tab.locator(".errsum").count() == 1
    found += problems(tab, "conflict with an error", language)
    context.close()

    assert found == []
