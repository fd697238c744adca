"""The list of pages for machines, and the two files at addresses of their own."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from questions.models import Edition, Event, EventStatus, QuestionStatus, State, Topic
from questions.views import sitemaps
from tests.factories import (
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
    make_state,
)

from .public_pages import TODAY, forget_kept_pages, make_board, publish, read
from .test_public_safety import queries_of

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ALTERNATES = "{http://www.w3.org/1999/xhtml}link"
FILES = [
    "/sitemap.xml",
    "/sitemap/pages.xml",
    "/sitemap/2021/1.xml",
    "/robots.txt",
    "/.well-known/security.txt",
]


def tree_of(address):
    return ElementTree.fromstring(read(address).content)  # noqa: S314 - we wrote it


def locations(address):
    return [place.text.removeprefix(BASE) for place in tree_of(address).iter(f"{SITEMAPS}loc")]


def every_page():
    return [page for file in locations("/sitemap.xml") for page in locations(file)]


def test_sitemap_lists_every_page_in_every_language_once(record):
    Topic.objects.create(slug="unasked", name="Unasked")
    pages = every_page()

    assert len(set(pages)) == len(pages)
    assert sorted(page.removeprefix("/en") for page in pages if page.startswith("/en/")) == [
        "/",
        "/2021/",
        "/2021/q1/",
        "/2021/q1/xka/",
        "/2021/q2/",
        "/2021/q2/xka/",
        "/2021/xka-1/",
        "/2021/xka/",
        "/about/",
        "/about/accessibility/",
        "/about/method/",
        "/about/privacy/",
        "/askers/",
        "/askers/civicus/",
        "/corrections/",
        "/data/",
        "/events/",
        "/questions/",
        "/states/",
        "/states/xka/",
        "/topics/",
        "/topics/rights/",
    ]
    assert len(pages) == 22 * 6
    assert {
        Client().get(page).status_code for page in pages if page.startswith(("/en/", "/ar/"))
    } == {200}


def test_each_address_names_those_in_the_other_languages(record):
    first = next(tree_of("/sitemap/2021/1.xml").iter(f"{SITEMAPS}url"))

    assert [(link.get("hreflang"), link.get("href")) for link in first.iter(ALTERNATES)] == [
        *((code, f"{BASE}/{code}/2021/") for code, _name in settings.LANGUAGES),
        ("x-default", f"{BASE}/en/2021/"),
    ]


def test_large_event_is_split_into_files_without_gap_or_overlap(clock, monkeypatch):
    clock(TODAY)
    make_board(states=7, questions=3)
    whole = locations("/sitemap/2021/1.xml")
    monkeypatch.setattr(sitemaps, "PAGES_OF_FILE", 10)
    forget_kept_pages()

    files = [file for file in locations("/sitemap.xml") if "2021" in file]
    assert files == [f"/sitemap/2021/{number}.xml" for number in (1, 2, 3, 4)]
    assert [page for file in files for page in locations(file)] == whole
    assert len(whole) == (1 + 3 + 7 + 21) * 6
    for address in ["/sitemap/2021/5.xml", "/sitemap/2021/0.xml", "/sitemap/2021/01.xml"]:
        assert Client().get(address).status_code == 404


@pytest.mark.parametrize("states", [1, 3, 60])
def test_sitemap_takes_the_same_queries_at_any_size(clock, states):
    clock(TODAY)
    for slot in make_board(states=states, questions=2).values():
        publish(slot)
    read("/en/about/")  # makes the edition

    assert queries_of("/sitemap/2021/1.xml") <= 8
    assert queries_of("/sitemap/pages.xml") <= 5
    assert queries_of("/sitemap.xml") <= 6


def test_specimen_is_listed_nowhere(record):
    Event.objects.update(is_specimen=True)
    State.objects.update(is_specimen=True)

    assert not [
        page for page in every_page() if "2021" in page or "xka" in page or "civicus" in page
    ]
    assert Client().get("/sitemap/2021/1.xml").status_code == 404


def test_req_047_what_is_not_public_is_listed_nowhere(record):
    def all_files():
        forget_kept_pages()
        return {file: (page.content, page["ETag"]) for file in FILES for page in [read(file)]}

    before = all_files()
    unsent = make_question(event=record, askers=[make_asker(name="Canary")])
    make_slot(candidacy=record.candidacies.get(), question=unsent, sent=False)
    make_question(event=record, status=QuestionStatus.SUBMITTED)
    draft = make_event(year=2022, status=EventStatus.DRAFT)
    make_candidacy(event=draft, state=make_state(iso3="XCA"))
    record.questions.get(number=1, state=None).asked_by.create(
        asker=make_asker(name="Canary person", kind="individual"), position=2
    )
    Edition.objects.bump(at=TODAY)

    assert all_files() == before
    assert Client().get("/sitemap/2022/1.xml").status_code == 404
    unsent.slots.update(letter=record.candidacies.get().letters.first())
    Edition.objects.bump(at=TODAY)
    assert {"/en/2021/q3/", "/en/2021/q3/xka/", "/en/askers/canary/"} <= set(every_page())


def test_robots_may_read_what_is_public_and_learn_of_nothing_else(record):
    text = read("/robots.txt").content.decode()
    rules = RobotFileParser()
    rules.parse(text.splitlines())

    assert rules.can_fetch("anyone", "/en/2021/")
    assert rules.site_maps() == [f"{BASE}/sitemap.xml"]
    for secret in ["admin", "reply", "ask", "files", "specimen"]:
        assert secret not in text


def test_security_txt_says_whom_to_tell_and_until_when(record, settings):
    settings.SECURITY_CONTACT = "security@portal.example"
    page = read("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in page.content.decode().splitlines())

    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@portal.example"
    assert fields["Canonical"] == f"{BASE}/.well-known/security.txt"
    expires = datetime.strptime(fields["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - TODAY < timedelta(days=365)


@pytest.mark.parametrize("address", FILES)
def test_req_087_files_for_machines_are_kept_and_know_no_visitor(record, address):
    page = read(address)

    assert queries_of(address) <= 1
    assert not page.cookies
    assert page["Vary"] == "Accept-Encoding"
    assert Client().post(address).status_code == 405
