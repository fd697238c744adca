"""Questions over the years: the list, by theme, by asker."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from questions.models import EventRecord, Topic
from tests.factories import make_asker, make_candidacy, make_event, make_question, make_slot

from .public_pages import PASSED, lead_of, make_board, publish, read, words_of
from .test_public_speed import answer_everything, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(clock):
    """Two events kept here and one reconstructed, the specimen beside them; two themes."""
    clock(PASSED)
    defenders = Topic.objects.create(slug="defenders", name="Defenders")
    children = Topic.objects.create(slug="children", name="Child rights")
    civicus = make_asker(name="CIVICUS")
    hidden = make_asker(name="Ann Other", kind="individual")
    recent = make_board(states=3, questions=2, year=2021)
    earlier = make_board(states=2, questions=1, year=2020)
    past = make_board(states=2, questions=1, year=2013, record=EventRecord.RECONSTRUCTED)
    specimen = make_slot(
        candidacy=make_candidacy(event=make_event(year=2000, slug="specimen", is_specimen=True))
    ).question
    for slots in (recent, earlier, past):
        slots[0, 1].question.topics.add(defenders)
    specimen.topics.add(defenders, Topic.objects.create(slug="invented", name="Invented"))
    recent[0, 2].question.topics.add(children)
    for question, asker in (
        (recent[0, 1].question, civicus),
        (earlier[0, 1].question, hidden),
        (recent[0, 2].question, hidden),
    ):
        question.asked_by.create(asker=asker)
    specimen.asked_by.update(asker=make_asker(name="Invented Network"))
    publish(recent[0, 1])
    publish(recent[2, 1])
    publish(earlier[1, 1])
    publish(past[0, 1])
    return recent


def listed(address):
    """The addresses of the questions, in order."""
    body = read(address).content.decode().partition("<main")[2]
    return re.findall(r'<h3><a href="/en/([\w/-]+)/">', body)


@pytest.mark.parametrize(
    ("query", "questions"),
    [
        ("", ["2021/q1", "2021/q2", "2020/q1", "2013/q1"]),
        ("?year=2021", ["2021/q1", "2021/q2"]),
        ("?topic=defenders", ["2021/q1", "2020/q1", "2013/q1"]),
        ("?asker=civicus", ["2021/q1"]),
        ("?topic=children&year=2021", ["2021/q2"]),
        ("?topic=children&year=2020", []),
        ("?status=late", []),
        ("?status=none", ["2021/q1", "2021/q2", "2020/q1"]),
        ("?status=on&topic=defenders&year=2021", ["2021/q1"]),
        ("?status=unk", ["2013/q1"]),
        ("?year=specimen", ["2021/q1", "2021/q2", "2020/q1", "2013/q1"]),
        ("?topic=invented", []),
        ("?topic=%00&page=-1&year=x", ["2021/q1", "2021/q2", "2020/q1", "2013/q1"]),
        ("?page=7", ["2021/q1", "2021/q2", "2020/q1", "2013/q1"]),
    ],
)
def test_questions_are_listed_and_narrowed(board, query, questions):
    assert listed(f"/en/questions/{query}") == questions


def test_question_list_says_what_became_of_each(board):
    words = words_of(read("/en/questions/"))

    assert ("Pledging event 2021 · All candidates Asked by CIVICUS 2 of 3 answered Q2") in words
    assert "Pledging event 2013 · All candidates 1 answer on record" in words
    assert "Figures as of 20 October 2021, New York time. How statuses are decided" in words


def test_question_list_says_when_nothing_matches(board):
    body = read("/en/questions/?topic=children&year=2020").content.decode()

    assert 'No question matches. <a href="/en/questions/">All questions</a>' in body


def test_question_list_is_paged_and_keeps_its_filters(clock):
    clock(PASSED)
    make_board(questions=51)

    first = unescape(read("/en/questions/?year=2021").content.decode())
    second = unescape(read("/en/questions/?page=2&year=2021").content.decode())

    assert 'href="/en/questions/?page=2&year=2021" rel="next"' in first
    assert 'href="/en/questions/?page=1&year=2021" rel="prev"' in second
    assert 'href="/fr/questions/?page=2&year=2021" lang="fr"' in second
    assert listed("/en/questions/?page=2&year=2021") == ["2021/q51"]


def test_req_089_words_are_handed_over_to_the_search_of_the_portal(board):
    page = Client().get("/en/questions/?q=%2F%2Fevil+words&topic=defenders&year=2021&asker=civicus")

    assert (page.status_code, page["Location"]) == (
        302,
        "/en/search/?kind=questions&q=%2F%2Fevil+words&topic=defenders&year=2021",
    )
    form = re.search(r'<form class="filter find".*?</form>', read("/en/questions/").text)[0]
    assert 'action="/en/search/"' in form
    assert '<input type="hidden" name="kind" value="questions">' in form


def test_themes_count_the_events_kept_here(board):
    page = read("/en/topics/")

    words = words_of(page)
    assert re.findall(r'<h2 class="card"><a href="(.*?)">(.*?)<', page.content.decode()) == [
        ("/en/topics/children/", "Child rights"),
        ("/en/topics/defenders/", "Defenders"),
    ]
    assert "1 Child rights One question on record. 0 of 3 answered" in words
    assert "3 Defenders 3 questions on record. 3 of 5 answered" in words
    assert "Invented" not in words


def test_theme_page_lists_its_questions_by_event_with_the_same_figure(board):
    page = read("/en/topics/defenders/")
    words = words_of(page)

    assert lead_of(page) == "3 questions on record. 3 of 5 answered"
    assert listed("/en/topics/defenders/") == ["2021/q1", "2020/q1", "2013/q1"]
    assert re.findall(r"<h2 id=\"e-(\d+)\">", page.content.decode()) == ["2021", "2020", "2013"]
    assert "Pledging event 2013 reconstructed" in words
    assert "Figures as of 20 October 2021, New York time." in words


@pytest.mark.parametrize("slug", ["invented", "unused", "nothing"])
def test_theme_without_a_public_question_is_not_found(board, slug):
    Topic.objects.create(slug="unused", name="Unused")

    assert Client().get(f"/en/topics/{slug}/").status_code == 404


def test_theme_that_comes_with_the_portal_has_a_name_in_each_language(board):
    topic = Topic(slug="own", name="A theme of the staff's own")
    with override("fr"):
        assert str(topic) == "A theme of the staff's own"


def test_req_053_only_askers_named_in_public_are_listed(board):
    page = read("/en/askers/")

    assert re.findall(r'href="(/en/askers/[\w-]+/)"', page.content.decode()) == [
        "/en/askers/civicus/"
    ]
    assert "1 CIVICUS NGO · One question on record." in words_of(page)
    for address in ("/en/questions/", "/en/topics/defenders/", "/en/topics/children/"):
        assert "Ann Other" not in read(address).text
        assert "participant-" not in read(address).text


def test_req_053_consent_given_and_withdrawn_reaches_every_list(board, clock):
    hidden = board[0, 2].question.asked_by.get().asker
    hidden.public_consent_on, hidden.public_consent_source = date(2021, 9, 1), "By mail"
    hidden.save()
    addresses = ["/en/askers/", "/en/questions/", "/en/topics/children/", "/en/2021/q2/"]
    named = [address for address in addresses if "Ann Other" in _fresh(address)]
    hidden.public_consent_on, hidden.public_consent_source = None, ""
    hidden.save()

    assert named == addresses
    assert [address for address in addresses if "Ann Other" in _fresh(address)] == []


def _fresh(address):
    """The page as it is made now."""
    return Client().get(f"{address}?fresh=1").text


def test_asker_page_names_the_states_that_answered(board):
    words = words_of(read("/en/askers/civicus/"))

    assert "All candidates Answered by State 000 and State 002 2 of 3 answered" in words


@pytest.mark.parametrize("states", [1, 3, 40])
def test_lists_of_questions_cost_the_same_queries_at_any_size(clock, states):
    clock(PASSED)
    slots = make_board(states=states, questions=states)
    answer_everything(slots)
    theme = Topic.objects.create(slug="defenders", name="Defenders")
    civicus = make_asker(name="CIVICUS")
    for slot in [slots[0, number] for number in range(1, states + 1)]:
        slot.question.topics.add(theme)
        slot.question.asked_by.create(asker=civicus)

    assert queries_of("/en/questions/?topic=defenders&asker=civicus")[0] == 7
    assert queries_of("/en/questions/?status=on&topic=defenders")[0] == 7
    assert queries_of("/en/topics/")[0] == 3
    assert queries_of("/en/topics/defenders/")[0] == 4
    assert queries_of("/en/askers/")[0] == 1
    assert queries_of("/en/askers/civicus/")[0] == 3


def test_own_questions_are_listed_after_those_put_to_several(board):
    candidacy = board[0, 1].candidacy
    own = make_question(event=candidacy.event, state=candidacy.state)
    make_slot(candidacy=candidacy, question=own)

    assert listed("/en/questions/?year=2021") == ["2021/q1", "2021/q2", "2021/xaa-1"]
    assert "to State 000" in words_of(read("/en/questions/?year=2021"))
