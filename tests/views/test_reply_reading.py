"""The capital's reading link: opens the drafts for reading, and nothing else."""

from datetime import timedelta

import pytest
from django.test import Client

from questions.models import (
    ALLOWANCES,
    AttemptKind,
    AuditEntry,
    Draft,
    DraftAnswer,
    ReadingLink,
    Submission,
)
from questions.operations.links import revoke_link
from questions.operations.reading_links import make_reading_link, switch_off_reading_links
from tests.factories import BEFORE, answer, make_link, make_user, send

from .reply_pages import (
    address,
    clock,
    forms_of,
    link_of,
    make_reply,
    opened,
    page_of,
    save,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def before_the_deadline(monkeypatch):
    clock(monkeypatch, BEFORE)


def made(candidacy):
    """(the link it was made by, its token)"""
    link, _token = make_link(candidacy=candidacy)
    return link, make_reading_link(candidacy, link=link, at=BEFORE)[1]


def reader(candidacy, token=None, **headers):
    client = Client()
    page = client.get(f"/reply/read/{token or made(candidacy)[1]}", headers=headers)
    assert page.status_code == 303
    return client, page


def test_link_opens_drafts_and_what_was_sent_in_their_own_languages():
    candidacy, (first, second, third) = make_reply(common=3)
    writer = opened(candidacy)
    save(writer, first, "نعم، نحن ملتزمون.", language="ar", ready="no")
    send(candidacy, {second: answer("Oui.", language="fr")})
    client, page = reader(candidacy)

    text = client.get(page["Location"]).content.decode()

    assert page["Location"] == address(candidacy, "reading/")
    assert '<div class="body record" lang="ar" dir="rtl"><p>نعم، نحن ملتزمون.</p></div>' in text
    assert '<div class="body record" lang="fr" dir="ltr"><p>Oui.</p></div>' in text
    assert third.question.text in text
    assert "Draft saved" in text
    assert "This link works until 15 October 2021" in text


def test_page_has_no_form_and_no_way_into_the_form():
    candidacy, slots = make_reply()
    client, page = reader(candidacy)

    shown = client.get(page["Location"])

    assert forms_of(shown) == []
    for way in ("<button", "<textarea", "<select", page_of(slots[0]), address(candidacy) + '"'):
        assert way not in shown.content.decode()


@pytest.mark.parametrize(
    ("asked", "language"),
    [("ar,en;q=0.5", "ar"), ("fr-CH, fr;q=0.9", "fr"), ("zh-CN", "zh-hans"), ("kk", "en")],
)
def test_page_is_in_the_readers_language(asked, language):
    candidacy, _slots = make_reply()

    _client, page = reader(candidacy, **{"Accept-Language": asked})

    assert page["Location"] == f"/{language}/reply/{candidacy.reference}/reading/"


def test_req_006_the_token_goes_no_further():
    candidacy, _slots = make_reply()
    _link, token = made(candidacy)
    client, page = reader(candidacy, token)

    assert page.content == b""
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    shown = client.get(page["Location"])
    assert token not in shown.content.decode() + str(shown.headers) + str(page.cookies)
    assert shown["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in shown["Cache-Control"]


def test_req_003_opening_it_again_and_again_changes_nothing():
    candidacy, (slot,) = make_reply()
    save(opened(candidacy), slot)
    _link, token = made(candidacy)
    models = [Draft, DraftAnswer, Submission, ReadingLink, AuditEntry]
    before = [list(model.objects.values()) for model in models]

    for _ in range(5):
        client, page = reader(candidacy, token)
        client.get(page["Location"])
        client.head(page["Location"])

    assert [list(model.objects.values()) for model in models] == before


WRITES = [
    "",
    "questions/",
    "q1/",
    "check/",
    "decline/",
    "contact/",
    "whole-letter/",
    "capital/",
    "capital/docx/",
    "returned/",
    "reading-link/",
    "not-for-us/",
    "letter/",
]


@pytest.mark.parametrize("rest", WRITES)
def test_req_013_a_reading_link_opens_no_other_page_and_writes_nothing(rest):
    candidacy, _slots = make_reply()
    client, _page = reader(candidacy)
    posted = {"text": "Theirs.", "language": "en", "ready": "yes", "revision": 0, "make": "yes"}

    assert client.get(address(candidacy, rest)).status_code == 403
    assert client.post(address(candidacy, rest), posted).status_code in {403, 405}
    assert not DraftAnswer.objects.exists()
    assert not Submission.objects.exists()
    assert ReadingLink.objects.count() == 1
    assert client.post(address(candidacy, "reading/"), posted).status_code == 405


def test_both_links_work_in_one_browser_and_neither_gives_the_others_way():
    candidacy, (slot,) = make_reply()
    _link, token = made(candidacy)
    client = opened(candidacy)
    client.get(f"/reply/read/{token}")

    assert save(client, slot).status_code == 302
    assert client.get(address(candidacy, "reading/")).status_code == 200
    assert opened(candidacy).get(address(candidacy, "reading/")).status_code == 403


def test_req_013_a_reading_link_opens_no_other_reply():
    candidacy, _slots = make_reply()
    other, _others = make_reply()
    client, _page = reader(candidacy)

    assert client.get(address(other, "reading/")).status_code == 403


def days_pass(monkeypatch, candidacy, link):
    clock(monkeypatch, BEFORE + timedelta(days=14))


def switched_off(monkeypatch, candidacy, link):
    switch_off_reading_links(candidacy, link=link, at=BEFORE)


def maker_revoked(monkeypatch, candidacy, link):
    revoke_link(link, by=make_user(), at=BEFORE)


@pytest.mark.parametrize("end", [days_pass, switched_off, maker_revoked])
def test_req_010_it_ends_also_where_it_is_open(end, monkeypatch):
    candidacy, (slot,) = make_reply()
    save(opened(candidacy), slot, "A secret draft.")
    link, token = made(candidacy)
    client, page = reader(candidacy, token)
    assert "A secret draft." in client.get(page["Location"]).content.decode()

    end(monkeypatch, candidacy, link)

    for shown in (client.get(page["Location"]), Client().get(f"/reply/read/{token}")):
        assert shown.status_code == 410
        assert "This reading link no longer works" in shown.content.decode()
        assert "A secret draft." not in shown.content.decode()


def test_req_011_an_address_that_guesses_waits_and_a_right_link_is_never_locked():
    candidacy, _slots = make_reply()
    _link, token = made(candidacy)
    most = ALLOWANCES[AttemptKind.LINK].most
    guesser = Client()

    answers = [guesser.get(f"/reply/read/{'x' * 43}").status_code for _ in range(most + 1)]

    assert answers == [404] * most + [429]
    assert guesser.get(f"/reply/read/{token}").status_code == 303


def test_a_missions_token_is_no_reading_token_and_the_other_way_round():
    candidacy, _slots = make_reply()
    _link, token = make_link(candidacy=candidacy)
    _maker, reading = made(candidacy)

    assert Client().get(f"/reply/read/{token}").status_code == 404
    assert Client().get(f"/reply/open/{reading}").status_code == 404


def test_mission_makes_a_link_sees_its_address_once_and_switches_all_off(settings):
    settings.BASE_URL = "https://portal.example"
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    page = client.post(address(candidacy, "reading-link/"), {"make": "yes"})

    start = page.content.decode().index("https://portal.example/reply/read/")
    token = page.content.decode()[start:].split('"')[0].rsplit("/", 1)[-1]
    assert Client().get(f"/reply/read/{token}").status_code == 303
    again = client.get(address(candidacy, "capital/")).content.decode()
    assert token not in again
    assert "Made 1 October 2021, 11:00 Geneva time, from the link sent to Geneva" in again
    unsure = client.post(address(candidacy, "reading-link/"), {"switch_off": "yes"})
    assert "Confirm that the reading links are switched off" in unsure.content.decode()
    assert Client().get(f"/reply/read/{token}").status_code == 303
    client.post(address(candidacy, "reading-link/"), {"switch_off": "yes", "sure": "yes"})
    assert Client().get(f"/reply/read/{token}").status_code == 410
    assert (
        "Reading links that work now"
        not in client.get(address(candidacy, "capital/")).content.decode()
    )


def test_req_010_a_revoked_mission_makes_no_link():
    candidacy, _slots = make_reply()
    client = opened(candidacy)
    revoke_link(link_of(client, candidacy), by=make_user(), at=BEFORE)

    page = client.post(address(candidacy, "reading-link/"), {"make": "yes"})

    assert page.status_code == 410
    assert not ReadingLink.objects.exists()
