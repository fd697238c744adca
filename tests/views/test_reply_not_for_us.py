""" "This is not for us": staff are told, this browser is let out, and nobody is cut off."""

import pytest
from django.test import Client

from questions.models import AccessLink, AuditEntry, MailKind, OutgoingMail
from tests.factories import AFTER, BEFORE, make_link, make_state

from .reply_pages import address, clock, forms_of, link_of, make_reply, opened, save

pytestmark = pytest.mark.django_db

TOLD = "/en/reply/not-for-us/"
SENTENCE = (
    "ISHR has been told that this address is not the right one. "
    "This browser no longer opens the reply."
)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock(monkeypatch, BEFORE)


def disown(client, candidacy, **fields):
    return client.post(address(candidacy, "not-for-us/"), {"confirmation": "yes"} | fields)


def test_the_start_page_leads_to_a_page_that_asks_first():
    candidacy, _slots = make_reply(state=make_state(name="Octava", iso3="XOC"))
    client = opened(candidacy)

    start = client.get(address(candidacy)).text
    page = client.get(address(candidacy, "not-for-us/")).text

    assert f'href="{address(candidacy, "not-for-us/")}">This is not for us</a>' in start
    assert "meant for the Permanent Missions of <bdi>Octava</bdi>" in page
    assert "checked" not in page
    assert ">Tell ISHR</button>" in page


def test_saying_so_is_noted_tells_the_office_and_shows_nothing_of_the_reply(settings):
    settings.OFFICE_EMAIL = "office@ngo.example"
    candidacy, (slot,) = make_reply(state=make_state(name="Octava", iso3="XOC"))
    client = opened(candidacy)
    link = link_of(client, candidacy)
    save(client, slot, "A draft.")

    page = disown(client, candidacy)
    told = client.get(page.url)

    assert (page.status_code, page.url) == (302, TOLD)
    assert SENTENCE in told.text
    assert "no-store" in told["Cache-Control"]
    for word in ["Octava", candidacy.symbol, candidacy.reference, "A draft."]:
        assert word not in told.text
    link.refresh_from_db()
    assert (link.disowned_at, link.revoked_at) == (BEFORE, None)
    (mail,) = OutgoingMail.objects.all()
    assert (mail.kind, mail.to) == (MailKind.DISOWNED, "office@ngo.example")
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.actor) == ("link.disowned", f"link {link.pk}")
    assert slot.draft_answer.text == "A draft."


def test_the_reply_is_closed_in_this_browser_alone_and_the_link_stays_alive():
    candidacy, _slots = make_reply()
    other, _slots = make_reply()
    _link, token = make_link(candidacy=candidacy)
    finder, mission = opened(other), Client()
    for browser in (finder, mission):
        browser.get(f"/reply/open/{token}")
    before = finder.session.session_key

    disown(finder, candidacy)

    assert finder.get(address(candidacy)).status_code == 403
    assert finder.get(address(candidacy, "questions/")).status_code == 403
    assert finder.get(address(other)).status_code == 200
    assert finder.session.session_key != before
    assert mission.get(address(candidacy)).status_code == 200
    assert Client().get(f"/reply/open/{token}").status_code == 303


def test_saying_so_twice_is_noted_and_mailed_once(monkeypatch):
    candidacy, _slots = make_reply()
    link, token = make_link(candidacy=candidacy)
    for moment in (BEFORE, AFTER):
        clock(monkeypatch, moment)
        client = Client()
        client.get(f"/reply/open/{token}")
        assert disown(client, candidacy).url == TOLD

    link.refresh_from_db()
    assert link.disowned_at == BEFORE
    assert OutgoingMail.objects.count() == 1
    assert AuditEntry.objects.filter(action="link.disowned").count() == 1


def test_req_005_without_a_tick_nothing_is_said():
    candidacy, _slots = make_reply()
    client = opened(candidacy)
    (form,) = forms_of(client.get(address(candidacy, "not-for-us/")))

    page = client.post(form.action, form.values | form.buttons[0])

    assert "<title>Error: This is not for us" in page.text
    assert (
        '<a href="#id_confirmation">Confirm that this message was not meant for you</a>'
    ) in page.text
    assert not OutgoingMail.objects.exists()
    assert not AccessLink.objects.filter(disowned_at__isnull=False).exists()
    assert client.get(address(candidacy)).status_code == 200


def test_req_003_reading_the_pages_says_nothing():
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    for visit in (client.get, client.head):
        assert visit(address(candidacy, "not-for-us/"), {"confirmation": "yes"}).status_code == 200
        assert visit(TOLD).status_code == 200

    assert not OutgoingMail.objects.exists()
    assert client.get(address(candidacy)).status_code == 200


def test_req_008_without_a_grant_nobody_disowns_a_link():
    candidacy, _slots = make_reply()
    make_link(candidacy=candidacy)
    other, _slots = make_reply()

    assert disown(Client(), candidacy).status_code == 403
    assert disown(opened(other), candidacy).status_code == 403
    assert not OutgoingMail.objects.exists()
    assert not AccessLink.objects.filter(disowned_at__isnull=False).exists()
