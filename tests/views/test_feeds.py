"""Feeds, as a program that reads feeds reads them."""

import re
from datetime import timedelta

import feedparser
import pytest
from django.test import Client

from questions.models import (
    Asker,
    Edition,
    Event,
    QuestionStatus,
    Response,
    ResponseKind,
    ResponseStatus,
    State,
    Topic,
)
from tests.factories import (
    BEFORE,
    make_asker,
    make_correction,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_translation,
)
from tests.seals import unsealed

from .public_pages import (
    PASSED,
    TODAY,
    forget_kept_pages,
    make_board,
    make_record,
    publish,
    read,
)
from .test_public_safety import HOSTILE, queries_of

pytestmark = pytest.mark.django_db

BASE = "http://127.0.0.1:8000"
FEEDS = [
    "/feed.atom",
    "/2021/feed.atom",
    "/2021/q1/feed.atom",
    "/2021/xka-1/feed.atom",
    "/states/xka/feed.atom",
    "/topics/defenders/feed.atom",
    "/askers/civicus/feed.atom",
]


@pytest.fixture
def followed(record):
    """The record, with a theme of which all its questions are."""
    topic = Topic.objects.create(slug="defenders", name="Human rights defenders")
    topic.questions.set(record.questions.all())
    return record


def entries_of(address):
    """As a careless reader takes them: unsanitised."""
    feed = feedparser.parse(read(address).content, sanitize_html=False)
    assert not feed.bozo, feed.bozo_exception
    return feed.entries


def slot_of(event, number=1):
    return event.candidacies.get().slots.get(question__number=number, question__state=None)


@pytest.mark.parametrize("address", FEEDS)
def test_reader_of_feeds_reads_each(followed, address):
    page = read(address)
    feed = feedparser.parse(page.content)

    assert not feed.bozo
    assert feed.version == "atom10"
    assert page["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.feed.updated == "2021-10-01T09:00:00+00:00"
    assert {entry.id for entry in feed.entries} <= {
        f"{BASE}/r/PE2021-Q1-XKA.v1",
        f"{BASE}/r/PE2021-XKA-1.v1",
    }
    assert feed.feed.links[-1].href == f"{BASE}{address}"
    assert Client().get(feed.feed.links[0].href.removeprefix(BASE)).status_code == 200


def test_entry_says_who_answered_what_when_and_in_which_language(followed):
    publish(slot_of(followed, 2), text="نعم\n\nأ < ب", language="ar", received_at=TODAY)
    Edition.objects.bump(at=TODAY)

    entry = entries_of("/2021/feed.atom")[0]
    assert entry.title == "Kalba: What will you do? (PE2021/Q2/XKA)"
    assert entry.link == f"{BASE}/r/PE2021-Q2-XKA"
    assert entry.author == "Kalba"
    assert entry.published == entry.updated == "2021-10-06T14:00:00+00:00"
    assert entry.content[0].language == "ar"
    assert '<div dir="rtl" lang="ar"><p>نعم</p><p>أ &lt; ب</p></div>' in entry.content[0].value


def test_entry_names_the_published_translations_and_leads_to_each_in_its_language(followed):
    response = Response.objects.get(slot=slot_of(followed))
    make_translation(of=response, language="ar", text="CANARY")
    make_translation(
        of=response, language="zh-hans", text="CANARY", made_by="<b>X</b>", published_at=TODAY
    )
    make_translation(of=response, language="es", made_by="CANARY", published=False)
    Edition.objects.bump(at=TODAY)

    feed = feedparser.parse(read("/2021/q1/feed.atom").content, sanitize_html=False)
    (entry,) = feed.entries
    content = entry.content[0].value

    assert re.findall('<a href="(.*?)">(.*?)</a>', content) == [
        (
            f"{BASE}/ar/2021/q1/xka/",
            "Translation into Arabic by <bdi>ISHR</bdi>, 5 October 2021",
        ),
        (
            f"{BASE}/zh-hans/2021/q1/xka/",
            "Translation into Chinese by <bdi>&lt;b&gt;X&lt;/b&gt;</bdi>, 5 October 2021",
        ),
    ]
    assert content.index("Yes.") < content.index("The text above is the original.")
    assert "CANARY" not in content
    assert entry.published == "2021-10-01T09:00:00+00:00"
    assert entry.updated == feed.feed.updated == "2021-10-06T14:00:00+00:00"


def test_refusal_is_told_as_one_and_an_amendment_as_a_new_entry(followed):
    refused = slot_of(followed, 2)
    publish(refused, kind=ResponseKind.DECLINED, text="", language="", received_at=TODAY)
    slot_of(followed).responses.update(status=ResponseStatus.SUPERSEDED)
    publish(slot_of(followed), text="Perhaps.", received_at=TODAY + timedelta(hours=1))

    first, second, _own = entries_of("/2021/feed.atom")
    assert (first.id, first.link) == (
        f"{BASE}/r/PE2021-Q1-XKA.v2",
        f"{BASE}/r/PE2021-Q1-XKA.v2",
    )
    assert second.title == "Kalba: What will you do? (PE2021/Q2/XKA) – Declined to answer"


def test_feed_holds_the_last_fifty_newest_first(clock):
    clock(PASSED)
    slots = list(make_board(states=20, questions=3).values())
    for number, slot in enumerate(slots):
        publish(slot, published_at=BEFORE + timedelta(minutes=number))

    entries = entries_of("/feed.atom")
    assert [entry.id for entry in entries] == [
        f"{BASE}{slot.permalink}.v1" for slot in reversed(slots[-50:])
    ]


@pytest.mark.parametrize("states", [1, 3, 20])
def test_feed_takes_the_same_queries_at_any_size(clock, states):
    clock(TODAY)
    for slot in make_board(states=states).values():
        make_translation(of=publish(slot))
    read("/en/about/")  # makes the edition

    assert queries_of("/2021/q1/feed.atom") <= 6
    assert queries_of("/2021/q1/feed.atom") <= 1


def test_specimen_is_in_no_feed_but_its_own(followed):
    Event.objects.update(is_specimen=True)
    State.objects.update(is_specimen=True)

    assert len(entries_of("/2021/feed.atom")) == 2
    assert entries_of("/feed.atom") == []
    for address in FEEDS[4:]:
        assert Client().get(address).status_code == 404


def test_corrections_are_followed_too(followed):
    make_correction(event=followed, what_was_wrong="Canary draft")
    make_correction(event=followed, what_was_wrong="<b>1</b>", published_at=TODAY)
    specimen = make_event(year=2000, is_specimen=True)
    make_correction(event=specimen, what_was_wrong="Canary specimen", published_at=TODAY)

    (entry,) = entries_of("/corrections/feed.atom")
    assert entry.title == "Correction: PE2021"
    assert entry.link == f"{BASE}/en/2021/"
    assert "<dd>&lt;b&gt;1&lt;/b&gt;</dd>" in entry.content[0].value
    assert entry.updated == "2021-10-06T14:00:00+00:00"
    assert 'href="/corrections/feed.atom"' in read("/en/corrections/").content.decode()


def test_feed_without_entries_does_not_depend_on_the_clock(followed, clock):
    with unsealed():
        slot_of(followed).responses.all().delete()
    first = read("/2021/q2/feed.atom")
    clock(PASSED)
    forget_kept_pages()
    second = read("/2021/q2/feed.atom")

    assert (first.content, first["ETag"]) == (second.content, second["ETag"])
    assert feedparser.parse(first.content).feed.updated == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize("text", [*HOSTILE, "]]></content><entry>\x0b\x1f\ufffe\uffff&#0;"])
def test_req_025_what_people_wrote_is_shown_as_typed(clock, text):
    clock(TODAY)
    make_record(text=text, title=text[:60], asker=text)
    State.objects.update(name=text[:60])

    for address in [
        "/feed.atom",
        "/2021/q1/feed.atom",
        Asker.objects.get().get_absolute_url()[3:] + "feed.atom",
    ]:
        for entry in entries_of(address):
            content = entry.content[0].value
            assert "<script" not in content and "<img" not in content and "<svg" not in content
            assert "href" not in content
    assert b"<script" not in read("/feed.atom").content


def test_req_047_what_is_not_public_changes_no_byte_of_a_feed(followed):
    def all_feeds():
        forget_kept_pages()
        return {a: (p.content, p["ETag"]) for a in FEEDS for p in [read(a)]}

    before = all_feeds()
    make_response(slot=slot_of(followed), text="Canary amendment")
    unsent = make_question(event=followed, text="Canary unsent", askers=[make_asker(name="Canary")])
    make_slot(candidacy=followed.candidacies.get(), question=unsent, sent=False)
    publish(unsent.slots.get(), text="Canary answer")
    unsent.topics.add(Topic.objects.create(slug="canary", name="Canary theme"))
    make_question(event=followed, text="Canary", status=QuestionStatus.SUBMITTED)
    Edition.objects.bump(at=TODAY)

    assert all_feeds() == before
    for address in ["/topics/canary/feed.atom", "/askers/canary/feed.atom", "/2021/q3/feed.atom"]:
        assert Client().get(address).status_code == 404
    letter = followed.candidacies.get().letters.issued().first()
    unsent.slots.update(letter=letter)
    Edition.objects.bump(at=TODAY)
    assert b"Canary answer" in read("/topics/canary/feed.atom").content
    assert b"Canary answer" in read("/feed.atom").content


def test_req_050_withdrawn_text_leaves_its_feed(followed):
    before = read("/2021/q1/feed.atom")
    slot_of(followed).responses.update(status=ResponseStatus.WITHHELD, withheld_reason="Asked to")
    Edition.objects.bump(at=TODAY)

    after = Client().get("/2021/q1/feed.atom", headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert feedparser.parse(after.content).entries == []


@pytest.mark.parametrize("address", FEEDS)
def test_req_087_feeds_know_no_visitor_and_are_validated(followed, address):
    page = read(address)

    assert not page.cookies
    assert page["Vary"] == "Accept-Encoding"
    held = Client().get(address, headers={"if-none-match": page["ETag"]})
    assert (held.status_code, held.content) == (304, b"")
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/en/", "/feed.atom"),
        ("/en/2021/", "/2021/feed.atom"),
        ("/en/2021/q1/", "/2021/q1/feed.atom"),
        ("/ar/states/xka/", "/states/xka/feed.atom"),
        ("/en/askers/civicus/", "/askers/civicus/feed.atom"),
    ],
)
def test_page_leads_to_its_feed(followed, page, feed):
    body = read(page).content.decode()

    assert f'href="{BASE}{feed}">' in body
    assert f'<a href="{feed}" type="application/atom+xml">' in body
