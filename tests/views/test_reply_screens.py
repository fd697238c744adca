"""What a mission reads: M1, M2, the letter; the words of each state of a question."""

import gzip
import re

import pytest

from questions.models import QuestionScope
from tests.factories import (
    BEFORE,
    make_candidacy,
    make_event,
    make_letter,
    make_question,
    make_response,
    make_slot,
    make_state,
)

from .reply_pages import address, check_and_send, clock, make_reply, opened, save

pytestmark = pytest.mark.django_db

LARGEST_FORM_PAGE = 6 * 1024  # bytes, gzipped (ux.md §5.2)
SCRIPT_OF_ANSWERS = '<script src="/static/js/reply.js" defer>'


def statuses(page):
    """The words at the end of each line of the question list."""
    return [part.split("<span>")[1].split("<")[0] for part in page.text.split('class="ts ')[1:]]


def test_the_start_page_says_who_is_asked_what_by_when(monkeypatch):
    clock(monkeypatch, BEFORE)
    event = make_event(term_start=2022, term_end=2024)
    candidacy, _slots = make_reply(
        event=event, state=make_state(name="Octava", iso3="XOC"), common=9, own=2
    )

    page = opened(candidacy).get(address(candidacy))

    for words in [
        f"Reply to questions from the {event.slug} pledging event</h1>",
        "11 questions were put to <bdi>Octava</bdi> as a candidate for the Human Rights Council,"
        " 2022–2024.",
        "Friday, 8 October 2021",
        "7 days left",
        "Nothing reaches ISHR until you send it.",
        "Open the reply form",
        "Read the letter",
        candidacy.symbol,
    ]:
        assert words in page.text


def test_every_link_of_a_screen_leads_somewhere():
    candidacy, _slots = make_reply(own=1)
    client = opened(candidacy)

    for rest in ["", "questions/", "q1/", "check/", "decline/", "letter/", "contact/"]:
        text = client.get(address(candidacy, rest)).text
        for link in re.findall(r'href="(/en/reply/[^"#]*)', text):
            assert client.get(link).status_code == 200, link
        assert 'href="#"' not in text


def test_every_state_of_a_question_has_its_words():
    candidacy, slots = make_reply(common=7)
    todo, draft, ready, sent, published, declined, amended = slots
    make_response(slot=sent)
    make_response(slot=published, published=True)
    make_response(slot=declined, kind="declined", text="", language="")
    make_response(slot=amended, published=True)
    client = opened(candidacy)
    save(client, draft, ready="no")
    save(client, ready)
    save(client, amended, "New words.", ready="no")

    page = client.get(address(candidacy, "questions/"))

    assert todo.responses.count() == 0
    assert statuses(page) == [
        "Not started",
        "Draft saved",
        "Ready to send",
        "Sent",
        "Published",
        "Declined",
        "Draft saved",
    ]


def test_the_list_has_both_sections_and_who_saved_last(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (own, common) = make_reply(
        own=1, common=1, state=make_state(name="Octava", iso3="XOC")
    )
    client = opened(candidacy, city="new_york")
    before = client.get(address(candidacy, "questions/")).text
    save(client, own)

    page = client.get(address(candidacy, "questions/"))

    assert "Nothing has been saved yet. Nothing has been sent to ISHR yet." in before
    own_section, common_section = page.text.split("Questions put to all candidates</h2>")
    assert "Questions addressed to <bdi>Octava</bdi></h2>" in own_section
    assert own.question.text in own_section
    assert common.question.text in common_section
    assert (
        "Last saved 1 October 2021, 11:00 Geneva time, from the link sent to New York." in page.text
    )
    assert "One answer is ready to send." in page.text
    assert "Check and send 1 answer<" in page.text


def test_receipts_are_listed_on_both_pages_and_name_the_city():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy, city="new_york")
    save(client, slot)
    check_and_send(client, candidacy)

    for rest in ["", "questions/"]:
        page = client.get(address(candidacy, rest)).text
        assert f'href="{address(candidacy, "r1/")}"' in page
        assert "New York submitted no. 1 on " in page
        assert "Nothing has been sent to ISHR yet." not in page


def test_the_letter_is_the_frozen_text_shown_as_text():
    candidacy = make_candidacy()
    make_letter(candidacy=candidacy, text="Excellency,\n\nWe <b>ask</b>:\n\n1. First\n2. Second")
    make_slot(candidacy=candidacy)

    page = opened(candidacy).get(address(candidacy, "letter/"))

    assert "The letter of 29 September 2021" in page.text
    assert "We &lt;b&gt;ask&lt;/b&gt;:" in page.text
    assert "1. First<br>2. Second" in page.text


def test_a_reply_to_which_nothing_was_sent_yet_says_so():
    candidacy = make_candidacy(state=make_state(name="Octava", iso3="XOC"))
    make_slot(candidacy=candidacy, sent=False)
    client = opened(candidacy)

    for rest in ["", "questions/"]:
        page = client.get(address(candidacy, rest)).text
        assert "No question has been sent to <bdi>Octava</bdi> yet." in page
        assert "Read the letter" not in page


def test_the_letter_of_a_reply_without_one_is_not_found():
    candidacy = make_candidacy()

    assert opened(candidacy).get(address(candidacy, "letter/")).status_code == 404


@pytest.mark.parametrize("common", [1, 3])
def test_the_list_and_the_preview_take_the_same_queries_however_many_questions(
    django_assert_num_queries, common
):
    candidacy, slots = make_reply(common=common)
    client = opened(candidacy)
    for slot in slots:
        save(client, slot)

    with django_assert_num_queries(12):
        client.get(address(candidacy, "questions/"))
    with django_assert_num_queries(9):
        client.get(address(candidacy, "check/"))


@pytest.mark.parametrize("rest", ["", "questions/", "kaz-1/", "check/", "decline/"])
def test_a_form_page_of_the_real_letters_size_weighs_six_kilobytes_at_most(rest):
    state = make_state(iso3="KAZ")
    event = make_event()
    candidacy = make_candidacy(event=event, state=state)
    text = "How do candidate States intend to promote human rights, and by what means? " * 9
    for number in range(2):
        own = make_question(event=event, state=state, title=f"A title {number}", text=text)
        make_slot(candidacy=candidacy, question=own)
    for number in range(9):
        title = f"Human rights of some persons, and their protection in place {number}"
        common = make_question(event=event, title=title, text=text, scope=QuestionScope.ALL)
        make_slot(candidacy=candidacy, question=common)
    client = opened(candidacy)
    for slot in candidacy.slots.all():
        save(client, slot, "A short answer.")

    page = client.get(address(candidacy, rest))

    assert page.status_code == 200
    assert len(gzip.compress(page.content)) <= LARGEST_FORM_PAGE


def test_req_091_pages_of_the_form_carry_the_policy_and_hold_nothing_inline():
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    for rest in ["", "questions/", "q1/", "check/", "decline/", "letter/", "nowhere/"]:
        page = client.get(address(candidacy, rest))
        assert "default-src 'none'" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]
        scripts = re.findall(r"<script[^>]*>[^<]*", page.text)
        assert scripts == ([SCRIPT_OF_ANSWERS] if rest == "q1/" else [])
        assert " style=" not in page.text
        assert "http://" not in page.text.replace("http://127.0.0.1:8000", "")
        assert "https://" not in page.text


def test_a_receipt_that_cannot_be_set_as_pdf_is_the_page_that_says_the_same(monkeypatch):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot)
    check_and_send(client, candidacy)
    monkeypatch.setattr("questions.documents.typesetting._WAIT", -1)  # no time at all

    page = client.get(address(candidacy, "r1/pdf/"))

    assert (page.status_code, page["Location"]) == (302, address(candidacy, "r1/"))
