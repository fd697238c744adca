"""An alert from the form to its end in Chromium, without scripts (security.md 88)."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from questions.models import Alert
from questions.operations.outbox import send_due_mail
from tests.browser.steps import follow
from tests.factories import make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_alert_is_asked_for_confirmed_and_ended_without_a_script(browser, live_server, settings):
    settings.BASE_URL = live_server.url
    state = make_slot().candidacy.state
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"/en/states/{state.slug}/")

    follow(page, "text=Follow by e-mail")
    page.fill("[name=email]", "reader@example.org")
    page.wait_for_timeout(3_200)  # whoever is faster is taken for a machine
    follow(page, "text=Ask for the alert")
    asked = page.inner_text("h1")
    send_due_mail(at=timezone.now())
    link = re.search(rf"^{live_server.url}(/alerts/open/.+)$", mail.outbox[0].body, re.M)[1]
    context.clear_cookies()
    page.goto(link)
    before = Alert.objects.get().is_confirmed
    follow(page, "button:has-text('Confirm')")
    confirmed = Alert.objects.get()
    follow(page, "text=End this alert")
    ended = page.inner_text("h1")
    cookies = context.cookies()
    context.close()

    assert asked == "Confirm by e-mail"
    assert (before, confirmed.is_confirmed, confirmed.state) == (False, True, state)
    assert ended == "The alert has ended"
    assert not Alert.objects.exists()
    assert cookies == []
