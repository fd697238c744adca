"""The search page: one box for symbols, States and words, and nothing that is not public."""

import re
import sys
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from questions.models import Edition, Event, Question, SearchEntry, Topic
from questions.operations.search_index import rebuild_search_index
from tests.factories import (
    BEFORE,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
    make_state,
)
from tests.stopwatch import within

from .public_pages import TODAY, make_record, publish, read
from .test_public_canaries import add_canaries

pytestmark = pytest.mark.django_db

SEARCH = "/en/search/"


def found(query="", **parameters):
    """The text of the page's main part."""
    return main_of(search(query, **parameters))


def main_of(page):
    """Its text as it is seen: isolated and marked words stand close to what is beside them."""
    body = page.content.decode()
    main = body.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    main = re.sub(r"</?(bdi|mark)>", "", main)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def search(query="", expected=200, **parameters):
    page = Client().get(SEARCH, {"q": query, **parameters})
    assert page.status_code == expected
    return page


def links_in(page):
    return [unescape(href) for href in re.findall(r'href="(\?[^"]*)"', page.content.decode())]


@pytest.fixture
def record():
    event = make_record(text="We protect defenders & <b>judges</b>.")
    rebuild_search_index()
    return event


def answers(count, text="Yes.", **fields):
    """So many answers to one question, the latest first."""
    question = make_question(event=make_event(year=2022), askers=[])
    slots = [
        make_slot(question=question, candidacy=make_candidacy(event=question.event))
        for _number in range(count)
    ]
    made = [
        publish(slot, text=text, received_at=BEFORE - timedelta(hours=number), **fields)
        for number, slot in enumerate(slots)
    ]
    rebuild_search_index()
    return made


def test_the_box_alone_says_how_to_search(client):
    page = found()

    assert "Search in questions and answers" in page
    assert "Nothing found" not in page


def test_an_answer_is_found_with_its_words_marked(record):
    page = search("defender judge")

    assert "We protect <mark>defenders</mark> &amp; &lt;b&gt;<mark>judges</mark>&lt;/b&gt;." in (
        page.content.decode()
    )
    assert 'class="passage" lang="en" dir="ltr"' in page.content.decode()
    assert "Kalba: What will you do?" in main_of(page)
    assert "2 answers, the latest first." in main_of(page)


def test_an_arabic_answer_is_shown_from_the_right_and_its_words_marked():
    publish(make_slot(), text="نحمي حقوق الإنسان.", language="ar")
    rebuild_search_index()

    page = search("انسان").content.decode()

    assert 'class="passage" lang="ar" dir="rtl">نحمي حقوق <mark>الإنسان</mark>.<' in page


def test_a_question_is_found_by_its_asker(record):
    page = found("civicus")

    assert "3 questions, the latest first." in page
    assert "Answers" not in page


@pytest.mark.parametrize("query", ["Kalba", "kalba", "XKA", "xka", "Калба", "kal"])
def test_a_state_is_found_by_its_names(record, query):
    make_state(name="Nowhere", iso3="XNW")
    Event.objects.get().candidacies.get().state.aliases.create(name="Калба")

    page = search(query).content.decode()

    assert 'href="/en/states/xka/"' in page
    assert "/en/states/xnw/" not in page


def test_a_states_name_finds_its_answers(record):
    assert "2 answers, the latest first." in found("Kalba defenders")
    assert "No question and no answer was found." in found("Kalba torture")


@pytest.mark.parametrize(
    ("symbol", "address"),
    [
        ("PE2021", "/en/2021/"),
        ("pe2021/q1/xka", "/en/2021/q1/xka/"),
        ("PE2021-XKA-1", "/en/2021/xka-1/"),
        (" PE2021/Q1/XKA.V1 ", "/en/2021/q1/xka/v1/"),
    ],
)
def test_a_symbol_leads_to_its_page(record, symbol, address):
    assert search(symbol, expected=302)["Location"] == address


def test_a_symbol_leads_to_the_page_in_the_language_of_the_search(record):
    page = Client().get("/fr/search/", {"q": "PE2021/Q1"}, headers={"accept-language": "ar"})

    assert page["Location"] == "/fr/2021/q1/"


def test_the_page_leads_to_the_same_search_in_other_languages(record):
    page = search("defender judge", group="AFG").content.decode()

    assert 'href="/fr/search/?q=defender+judge&amp;group=AFG"' in page


def test_an_unknown_symbol_is_looked_for_as_words(record):
    assert "Nothing found for “PE2021/Q9”." in found("PE2021/Q9")


def test_nothing_found_says_so_and_shows_three_ways_on(record):
    page = search("xyzzy").content.decode()

    assert "Nothing found for “<bdi>xyzzy</bdi>”." in page
    main = page.partition("Nothing found")[2].partition("</main>")[0]
    assert main.count("<li>") == 3
    assert 'href="?q=xyzzy"' in search("xyzzy", group="AFG").content.decode()


def test_counts_narrow_what_is_found(record):
    topic = Topic.objects.create(slug="torture", name="Torture")
    other = make_slot(
        question=make_question(event=make_event(year=2022), text="Prisons?"),
        candidacy=None,
    )
    other.question.topics.add(topic)
    publish(other, text="Defenseurs et judges.", language="fr")
    rebuild_search_index()

    page = search("judges")
    assert "3 answers" in main_of(page)
    for address in ["?q=judges&year=2022", "?q=judges&language=fr", "?q=judges&year=2021"]:
        assert address in links_in(page)
    for name, value in {"year": "2022", "topic": "torture", "language": "fr"}.items():
        narrowed = found("judges", **{name: value})
        assert "One answer." in narrowed
        assert "Kalba" not in narrowed
    assert "Kalba" in found("judges", year="2021", status="on", group="AFG")
    assert "Nothing found" in found("judges", status="late")
    assert "Nothing found" in found("judges", topic="nothing")


def test_pages_follow_one_another_without_a_gap():
    made = answers(45)

    seen, page = [], search("yes")
    while True:
        seen += re.findall(r'<span class="sym">([^<]+)</span>', page.content.decode())
        following = [href for href in links_in(page) if "after=" in href]
        if not following:
            break
        page = read(SEARCH + following[0])

    assert seen == [response.slot.symbol for response in made]


def test_what_is_more_than_the_most_counted_is_said_and_still_read_to_the_end(monkeypatch):
    made = answers(45)
    monkeypatch.setattr("questions.models.search.MOST_COUNTED", 10)
    monkeypatch.setattr(sys.modules["questions.views.public.search"], "MOST_COUNTED", 10)
    monkeypatch.setattr(sys.modules["questions.views.public.search"], "PAGE", 4)

    page, seen = search("yes"), []
    assert "More than 10 answers" in main_of(page)
    while True:
        seen += re.findall(r'<span class="sym">([^<]+)</span>', page.content.decode())
        following = [href for href in links_in(page) if "after=" in href]
        if not following:
            break
        page = read(SEARCH + following[0])

    assert seen == [response.slot.symbol for response in made]


def test_req_047_what_is_not_public_changes_no_byte_of_what_is_found(record):
    queries = ["canary amendment", "canary person", "canary organisation", "canary event"]
    queries += ["civicus", "defenders", "kalba", "-nothing", "PE2022", "PE2021/Q3", "declined"]
    addresses = [f"{SEARCH}?q={query}" for query in queries]
    before = [(read(address).content, read(address)["ETag"]) for address in addresses]

    add_canaries(record)
    rebuild_search_index()
    Edition.objects.bump(at=TODAY)

    assert [(read(address).content, read(address)["ETag"]) for address in addresses] == before


def test_req_047_an_entry_that_is_false_shows_nothing(record):
    Event.objects.update(status="draft")

    pages = found("defenders") + found("civicus")

    assert SearchEntry.objects.exists()
    for words in ["Kalba", "We protect", "What will you do?"]:
        assert words not in pages


def test_the_specimen_event_is_not_found():
    event = make_event(is_specimen=True)
    publish(make_slot(question=make_question(event=event)), text="Specimen words.")
    rebuild_search_index()

    assert "Nothing found" in found("specimen words")


@pytest.mark.parametrize(
    "query",
    [
        "asker__email__startswith=a",
        "ordering=asker__email",
        "_connector=OR",
        "fields=text",
        "q=a&q=b",
        "q=a&group=EU",
        "q=a&group=AFG&group=APG",
        "q=a&status=rec",
        "q=a&year=20211",
        "q=a&topic=%00",
        "q=a&after=1.1",
        "q=a&kind=answers&after=-1.5",
        "q=a&kind=answers&after=%D9%A1.1",
        "q=a&page=-1",
    ],
)
def test_req_085_only_named_parameters_with_known_values_are_read(query):
    assert Client().get(f"{SEARCH}?{query}").status_code == 400


HOSTILE = [
    "%00",
    "%F0%AA%9B%A0",
    "-%F0%AA%9B%A0",
    "%ED%A0%80",
    "%FF",
    "'%20OR%201=1--",
    "%22",
    "%22%22",
    "-",
    "*",
    "NEAR(a b)",
    "a:b",
    "tokens:a",
    "%28%28%28",
    "a%20%7C%20%21b%20%26",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "a" * 100_000,
    "a%20" * 25_000,
    "-%22a%20" * 10_000,
    "%E4%BA%BA" * 10_000,
]


@pytest.mark.parametrize("query", HOSTILE)
def test_req_086_hostile_queries_are_answered_in_a_moment(record, query):
    with within(1):
        page = Client().get(f"{SEARCH}?q={query}")

    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_req_086_places_beyond_all_time_are_refused():
    for place in ["99999999999999999.1", f"1.{10**18 - 1}"]:
        page = Client().get(f"{SEARCH}?q=a&kind=answers&after={place}")
        assert page.status_code in {200, 400}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_req_086_search_is_read_only(method):
    assert getattr(Client(), method)(SEARCH).status_code == 405


def test_req_087_the_page_may_be_held_and_knows_no_visitor(record, admin_client):
    page = search("defenders")

    assert page["Cache-Control"] == "public, no-cache"
    assert "Cookie" not in page.get("Vary", "")
    assert not page.cookies
    assert admin_client.get(SEARCH, {"q": "defenders"}).content == page.content
    held = Client().get(SEARCH, {"q": "defenders"}, headers={"if-none-match": page["ETag"]})
    assert (held.status_code, held.content) == (304, b"")


def test_req_050_a_withdrawn_answer_is_gone_and_its_old_validator_with_it(record):
    page = search("defenders")

    Question.objects.update(status="merged", merged_into=Question.objects.first())
    rebuild_search_index()

    again = Client().get(SEARCH, {"q": "defenders"}, headers={"if-none-match": page["ETag"]})
    assert again.status_code == 200
    assert "We protect" not in main_of(again)


@pytest.mark.parametrize("count", [1, 15])
def test_a_page_takes_at_most_ten_queries(django_assert_max_num_queries, count):
    make_record(text="Kalba says yes.")
    answers(count)
    Client().get(SEARCH)

    with django_assert_max_num_queries(10):
        page = search("xka yes kalba")

    assert "Kalba says" in main_of(page)
