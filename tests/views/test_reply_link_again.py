"""The link sent again: to addresses on file only, and nobody learns which there are."""

from datetime import timedelta

import pytest
from django.test import Client

from questions.models import (
    AccessLink,
    Attempt,
    AuditEntry,
    EventStatus,
    MailKind,
    OutgoingMail,
    StateAlias,
)
from tests.factories import BEFORE, make_candidacy, make_contact, make_event, make_link, make_state

from .reply_pages import address, clock, forms_of, make_reply, opened

pytestmark = pytest.mark.django_db

PAGE, ASKED = "/en/reply/link/", "/en/reply/link/asked/"


@pytest.fixture(autouse=True)
def now(monkeypatch):
    clock(monkeypatch, BEFORE)


def make_invited(*, email="geneva@octava.example", city="geneva", **fields):
    """A State with a contact that holds a link."""
    candidacy = make_candidacy(state=make_state(**fields))
    contact = make_contact(state=candidacy.state, email=email, city=city)
    make_link(candidacy=candidacy, contact=contact)
    return candidacy


def ask(state, city="geneva", *, client=None, **extra):
    return (client or Client()).post(PAGE, {"state": state, "city": city}, **extra)


def sent_to():
    return [mail.to for mail in OutgoingMail.objects.filter(kind=MailKind.LINK_AGAIN)]


def rows():
    models = [OutgoingMail, AuditEntry, AccessLink, Attempt]
    return [list(model.objects.values()) for model in models]


@pytest.mark.parametrize(
    "typed", ["Octava", "octava", " the Octava ", "Republic of Octava", "Octavia", "XOC", "xoc"]
)
def test_a_state_is_found_by_its_names_and_its_code(typed):
    candidacy = make_invited(name="Octava", formal_name="Republic of Octava", iso3="XOC")
    StateAlias.objects.create(state=candidacy.state, name="Octavia")

    page = ask(typed)

    assert (page.status_code, page.url) == (302, ASKED)
    assert sent_to() == ["geneva@octava.example"]


def told_besides_the_time(page):
    return [header for header in page.headers.items() if header[0] != "Expires"]


def test_asking_gets_one_and_the_same_answer_whether_or_not_anything_is_on_file():
    make_invited(name="Octava")
    make_invited(name="Prima", email="")
    make_state(name="Secunda")
    browser = Client()

    pages = [
        ask(state, city, client=browser)
        for state, city in [
            ("Octava", "geneva"),
            ("Octava", "new_york"),
            ("Prima", "geneva"),
            ("Secunda", "geneva"),
            ("Octava", "geneva"),
        ]
    ]

    assert {(page.status_code, page.url, page.content) for page in pages} == {(302, ASKED, b"")}
    assert len({str(sorted(told_besides_the_time(page))) for page in pages}) == 1
    assert "If an address is on file at this mission" in browser.get(ASKED).text
    assert sent_to() == ["geneva@octava.example"]


def test_no_page_names_an_address_or_holds_the_link():
    make_invited(name="Octava")
    browser = Client()

    texts = [browser.get(PAGE).text, ask("Octava", client=browser).text, browser.get(ASKED).text]

    assert "octava.example" not in "".join(texts)
    assert "reply/open" not in "".join(texts)
    assert "reply_grants" not in browser.session


def test_an_address_that_asks_too_often_waits_and_nobody_else(monkeypatch):
    for number in range(7):
        make_invited(name=f"State {number}", email=f"mission{number}@octava.example")
    here, there = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}

    pages = [ask(f"State {number}", **here) for number in range(6)]

    assert [page.status_code for page in pages] == [302] * 5 + [429]
    assert "Links were asked for too often from this network." in pages[5].text
    assert pages[5]["Retry-After"] == "3660"
    assert len(sent_to()) == 5
    assert ask("State 5", **there).status_code == 302

    clock(monkeypatch, BEFORE + timedelta(minutes=61))
    assert ask("State 6", **here).status_code == 302
    assert len(sent_to()) == 7


def test_a_mission_is_written_to_once_an_hour_whoever_asks(monkeypatch):
    make_invited(name="Octava")

    for number in range(4):
        ask("Octava", REMOTE_ADDR=f"192.0.2.{number}")
    within = sent_to()
    clock(monkeypatch, BEFORE + timedelta(hours=1))
    ask("Octava", REMOTE_ADDR="192.0.2.9")

    assert within == ["geneva@octava.example"]
    assert sent_to() == ["geneva@octava.example"] * 2


@pytest.mark.parametrize(
    ("posted", "field", "message"),
    [
        ({"city": "geneva"}, "state", "Enter the name of the State"),
        ({"state": " ", "city": "geneva"}, "state", "Enter the name of the State"),
        ({"state": "\u200b", "city": "geneva"}, "state", "Enter the name of the State"),
        ({"state": "Nowhere", "city": "geneva"}, "state", "No State of this name was found."),
        ({"state": "Oct\x00ava", "city": "geneva"}, "state", "Some characters in your text"),
        ({"state": "x" * 201, "city": "geneva"}, "state", "This text must be 200 characters"),
        ({"state": "Octava"}, "city", "Select the mission in New York or in Geneva"),
        ({"state": "Octava", "city": "vienna"}, "city", "Select the mission in New York or in"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field_and_nothing_is_sent(posted, field, message):
    make_invited(name="Octava")
    before = rows()

    page = Client().post(PAGE, posted)

    assert page.status_code == 200
    assert "<title>Error: Send my link again" in page.text
    assert f'<a href="#id_{field}">{message}' in page.text
    assert page.text.count(message) == 2
    assert rows() == before


def test_req_005_a_robot_that_sends_the_form_as_it_finds_it_sends_nothing():
    candidacy, _slots = make_reply()
    make_contact(state=candidacy.state, email="geneva@octava.example")
    robot = opened(candidacy)
    listed = robot.get(address(candidacy, "questions/")).text
    by_form = f"{PAGE}?state={candidacy.state.slug}"
    assert f'href="{by_form}"' in listed
    before = rows()

    for page in (PAGE, by_form):
        (form,) = forms_of(robot.get(page))
        assert robot.post(form.action, form.values).status_code == 200

    assert form.values["state"] == candidacy.state.name
    assert rows() == before


def test_req_003_reading_the_pages_changes_nothing():
    make_invited(name="Octava")
    before = rows()

    for page in (PAGE, ASKED):
        for visit in (Client().get, Client().head):
            assert visit(page, {"state": "Octava", "city": "geneva"}).status_code == 200

    assert rows() == before


@pytest.mark.parametrize("named", ["xoc%00", "%ED%A0%80", "zzz", "octava", "", "%F0%9D%94%BD"])
def test_a_page_that_names_no_state_it_knows_offers_an_empty_field(named):
    make_invited(name="Octava", iso3="XOC")

    (form,) = forms_of(Client().get(f"{PAGE}?state={named}"))

    assert form.values["state"] == ""


def test_real_states_at_open_events_are_offered_while_typing():
    make_invited(name="Octava", is_specimen=True, iso3="XOC")
    real = make_candidacy(state=make_state(name="Alpha"))
    make_candidacy(state=real.state)
    closed = make_event(status=EventStatus.CLOSED)
    make_candidacy(event=closed, state=make_state(name="Beta"))

    offered = Client().get(PAGE).text.split("<datalist")[1].split("</datalist>")[0]

    assert offered.count("<option") == 1
    assert 'value="Alpha"' in offered


def test_the_form_is_protected_against_other_sites_and_needs_no_script():
    make_invited(name="Octava")
    careful = Client(enforce_csrf_checks=True)
    page = careful.get(PAGE)
    (form,) = forms_of(page)

    forged = ask("Octava", client=careful)
    refused = sent_to()
    own = careful.post(form.action, form.values | {"state": "Octava", "city": "geneva"})

    assert "<script" not in page.text
    assert (forged.status_code, refused) == (403, [])
    assert (own.status_code, sent_to()) == (302, ["geneva@octava.example"])
    assert "no-store" in page["Cache-Control"]
