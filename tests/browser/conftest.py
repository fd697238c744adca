"""The system's Chromium on the live server: a test takes `page` and says `page.goto("/en/")`."""

import os

import pytest
from playwright.sync_api import sync_playwright

from tests.chromium import find_chromium

ARGUMENTS = [
    "--no-sandbox",  # root, in a container
    "--disable-gpu",
    # It talks to the live server and to nobody else.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser(live_server):
    """It is closed before the server stops, so nobody asks a server that is going."""
    program = find_chromium()
    if program is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("Chromium was not found: install it, or set CHROMIUM.")
    # Playwright keeps an event loop in this thread; Django would not touch the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser, live_server):
    """A fresh tab. What the page's own code or its policy gets wrong fails the test."""
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.extend(errors_in(message)))

    yield page

    context.close()
    assert complaints == []


def errors_in(message):
    """An error or a refusal of the policy, but not the status of a page that a test asked for."""
    if message.type == "error" and "the server responded with a status of" not in message.text:
        yield message.text
