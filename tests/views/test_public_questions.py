"""A question with every State's reply; one reply, its dates and versions."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from questions.models import EventRecord, Participation, ResponseKind, ResponseStatus
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_question,
    make_response,
    make_slot,
)

from .public_pages import PASSED, TODAY, lead_of, make_board, publish, read, words_of

pytestmark = pytest.mark.django_db

DECLINED = {"kind": ResponseKind.DECLINED, "text": "", "language": ""}
DUE = "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)"


def articles_of(page):
    """The words of each State's place in the list, in order."""
    found = re.findall(r"<article.*?</article>", page.content.decode(), re.S)
    plain = (re.sub(r"<[^>]+>", " ", article) for article in found)
    return [re.sub(r"\s+([.,])", r"\1", re.sub(r"\s+", " ", text)).strip() for text in plain]


def test_question_page_keeps_every_state_in_place(clock):
    clock(PASSED)
    slots = make_board(states=5)
    publish(slots[0, 1], text="We will.\n\nIndeed.", language="en")
    publish(slots[1, 1], received_at=DUE_AT, text="Oui, nous le ferons.", language="fr")
    publish(slots[2, 1], **DECLINED)
    make_response(slot=slots[3, 1], received_at=BEFORE)
    absent = slots[4, 1].candidacy
    absent.participation = Participation.DECLINED
    absent.save()

    page = read("/en/2021/q1/")

    assert articles_of(page) == [
        "State 000 Answered on time PE2021/Q1/XAA Received 1 October 2021, 7 days before its"
        " deadline · in English · 3 words We will. Indeed. Cite this answer PE2021/Q1/XAA",
        "State 001 Answered late PE2021/Q1/XAB Received 9 October 2021, 1 day after its deadline"
        " · in French · 4 words Oui, nous le ferons. Cite this answer PE2021/Q1/XAB",
        "State 002 Declined to answer PE2021/Q1/XAC On 1 October 2021 State 002 informed ISHR that"
        " it would not answer this question.",
        "State 003 Received, being prepared PE2021/Q1/XAD Received 1 October 2021, 7 days before"
        " its deadline. ISHR is preparing the text for publication.",
        f"State 004 No answer PE2021/Q1/XAE The answer was due by {DUE}. State 004 declined to"
        " take part in the event.",
    ]
    assert lead_of(page) == (
        "2 of 5 candidates have answered: one on time and one late. One declined, one has not"
        " answered and one is being prepared."
    )


def test_question_page_before_the_deadline_gives_it_in_full(clock):
    clock(TODAY)
    slots = make_board(states=2)
    unsent = slots[1, 1]
    unsent.letter = None
    unsent.save()

    page = read("/en/2021/q1/")

    assert lead_of(page) == f"No answer has been received yet. The first is due by {DUE}."
    assert articles_of(page) == [
        "State 000 Awaiting answer PE2021/Q1/XAA Letter sent 29 September 2021 · answer due by"
        f" {DUE}.",
        "State 001 Awaiting answer PE2021/Q1/XAB The letter has not been sent yet.",
    ]


def test_question_page_of_a_reconstructed_event_says_what_is_not_known(clock):
    clock(PASSED)
    slots = make_board(states=2, record=EventRecord.RECONSTRUCTED)
    unsent = slots[1, 1]
    unsent.letter = None
    unsent.save()

    page = read("/en/2021/q1/")

    assert lead_of(page) == "Whether candidates answered this question is not on record."
    assert articles_of(page) == [
        "State 000 Not on record PE2021/Q1/XAA The letter of 29 September 2021 is on record.",
        "State 001 Not on record PE2021/Q1/XAB",
    ]
    assert "has not answered" not in words_of(page)


def test_answer_carries_its_language_and_direction(clock):
    clock(PASSED)
    slots = make_board(states=3)
    publish(slots[0, 1], text="نعم.", language="ar")
    publish(slots[1, 1], text="我们将。", language="zh-hans")
    publish(slots[2, 1], text="Sí.", language="es")

    body = read("/en/2021/q1/").content.decode()

    assert '<div class="body" lang="ar" dir="rtl"><p>نعم.</p></div>' in body
    assert '<div class="body" lang="zh-Hans" dir="ltr"><p>我们将。</p></div>' in body
    assert '<div class="body" lang="es" dir="ltr"><p>Sí.</p></div>' in body
    assert "in Chinese · 3 characters" in body


def test_question_is_shown_verbatim_with_its_askers_in_order(clock):
    clock(TODAY)
    slots = make_board()
    question = slots[0, 1].question
    question.text = "First part:\n\n1. one <b>bold</b>\n2. two"
    question.save()
    for position, asker in enumerate(
        [make_asker(name="Zeta NGO"), make_asker(name="Ann Other", kind="social_media_user")], 1
    ):
        question.asked_by.create(asker=asker, position=position)

    body = read("/en/2021/q1/").content.decode()

    assert (
        '<p>First part:</p><ul class="numbered"><li>1. one &lt;b&gt;bold&lt;/b&gt;</li>'
        "<li>2. two</li></ul>" in body
    )
    assert "Asked by Zeta NGO and Individual, via social media" in words_of(read("/en/2021/q1/"))
    assert '<a href="/en/askers/zeta-ngo/">' in body
    assert "Ann Other" not in body
    assert "participant-" not in body


def test_question_page_leads_to_the_questions_before_and_after(clock):
    clock(TODAY)
    make_board(questions=3)

    body = read("/en/2021/q2/").content.decode()

    assert "Question 2 of 3 put to all candidates" in body
    assert re.findall(r'<a href="(\S+)" rel="(prev|next)">', body) == [
        ("/en/2021/q1/", "prev"),
        ("/en/2021/q3/", "next"),
    ]


@pytest.mark.parametrize(
    "address", ["q2/", "xaa-1/", "q1/xab/", "xaa-1/xaa/", "xzz/", "q1/xaa/v1/"]
)
def test_what_is_not_public_is_not_found(clock, address):
    clock(TODAY)
    slots = make_board()
    candidacy = slots[0, 1].candidacy
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event), sent=False)
    own = make_question(event=candidacy.event, state=candidacy.state)
    make_slot(candidacy=candidacy, question=own, sent=False)
    make_candidacy(event=candidacy.event)
    make_response(slot=slots[0, 1])

    assert Client().get(f"/en/2021/{address}").status_code == 404


def test_answer_page_gives_every_date_in_both_cities(clock):
    clock(PASSED)
    slots = make_board()
    publish(slots[0, 1], published_at=BEFORE + timedelta(days=1))

    words = words_of(read("/en/2021/q1/xaa/"))

    assert "Letter sent 29 September 2021" in words
    assert f"Answer due by {DUE}" in words
    assert "Received 1 October 2021 at 05:00 New York time (11:00 Geneva time)" in words
    assert "Published 2 October 2021 at 05:00 New York time (11:00 Geneva time)" in words


def test_answer_page_keeps_amended_texts_as_versions(clock):
    clock(PASSED)
    slots = make_board()
    publish(slots[0, 1], text="First wording.", status=ResponseStatus.SUPERSEDED)
    publish(slots[0, 1], text="Second wording.", received_at=DUE_AT)

    page = read("/en/2021/q1/xaa/")
    first, second = read("/en/2021/q1/xaa/v1/"), read("/en/2021/q1/xaa/v2/")

    assert "Answered on time" in words_of(page)
    assert "amended by the State 9 October 2021" in words_of(page)
    assert "Second wording." in words_of(page)
    assert "First wording." not in words_of(page)
    assert re.findall(r'href="(/en/2021/q1/xaa/v\d/)"', page.content.decode()) == [
        "/en/2021/q1/xaa/v2/",
        "/en/2021/q1/xaa/v1/",
    ]
    assert "First wording." in words_of(first)
    assert "This is an earlier wording." in words_of(first)
    assert "Second wording." in words_of(second)
    assert "This is the wording in force." in words_of(second)
    assert '<p class="sym" title="Reference of this page">PE2021/Q1/XAA.v2</p>' in (
        second.content.decode()
    )


def test_answer_page_with_a_citation(clock, settings):
    settings.BASE_URL = "https://portal.example"
    clock(PASSED)
    slots = make_board()
    slots[0, 1].question.title = "Defenders"
    slots[0, 1].question.save()
    publish(slots[0, 1], language="ar", text="نعم.")

    assert (
        "State 000, answer to question Q1 (Defenders), 1 October 2021, in Arabic, PE2021/Q1/XAA,"
        " version 1, International Service for Human Rights,"
        " https://portal.example/r/PE2021-Q1-XAA, accessed 20 October 2021."
    ) in words_of(read("/en/2021/q1/xaa/"))


def test_page_of_a_missing_answer_can_be_cited_too(clock):
    clock(PASSED)
    make_board()

    words = words_of(read("/en/2021/q1/xaa/"))

    assert f"No answer PE2021/Q1/XAA The answer was due by {DUE}." in words
    assert "If an answer arrives later it will be published here and marked late." in words
    assert "“No answer” as of 20 October 2021, in reply to question Q1" in words


def test_withheld_answer_keeps_its_page_with_the_reason(clock):
    clock(PASSED)
    slots = make_board()
    publish(slots[0, 1], text="SECRET", status="withheld", withheld_reason="It names a person.")

    page = read("/en/2021/q1/xaa/")
    version = Client().get("/en/2021/q1/xaa/v1/")

    assert "The text is withheld. Reason: It names a person." in words_of(page)
    assert "SECRET" not in page.content.decode()
    assert version.status_code == 410
    assert "Reason: It names a person." in words_of(version)
    assert '<a href="/en/2021/q1/xaa/">' in version.content.decode()
    assert "SECRET" not in version.content.decode()


def test_newer_text_that_waits_is_being_prepared_though_an_older_is_withheld(clock):
    clock(PASSED)
    slots = make_board()
    make_response(slot=slots[0, 1], status="withheld", withheld_reason="It names a person.")
    make_response(slot=slots[0, 1], received_at=BEFORE + timedelta(days=2))

    words = words_of(read("/en/2021/q1/xaa/"))

    assert (
        "Received 1 October 2021, 7 days before its deadline. ISHR is preparing the text for"
        " publication."
    ) in words
    assert "It names a person." not in words


def test_refusal_shows_the_reason_the_state_gave(clock):
    clock(PASSED)
    slots = make_board()
    publish(slots[0, 1], kind=ResponseKind.DECLINED, text="Not our matter.", language="en")

    assert (
        "On 1 October 2021 State 000 informed ISHR that it would not answer this question."
        " Not our matter."
    ) in words_of(read("/en/2021/q1/xaa/"))


def test_general_statement_is_called_so(clock):
    clock(PASSED)
    slots = make_board()
    publish(slots[0, 1], kind=ResponseKind.GENERAL)

    assert "· general statement, not on this question alone · in English" in words_of(
        read("/en/2021/q1/")
    )


def test_own_question_and_its_answer_share_a_page(clock):
    clock(PASSED)
    slots = make_board()
    candidacy = slots[0, 1].candidacy
    own = make_question(event=candidacy.event, state=candidacy.state, title="Of its own")
    publish(make_slot(candidacy=candidacy, question=own), text="Ours alone.")

    page = read("/en/2021/xaa-1/")
    elsewhere = Client().get("/en/2021/xaa-1/xaa/")

    assert "State 000: Of its own PE2021/XAA-1" in words_of(page)
    assert "Ours alone." in words_of(page)
    assert (elsewhere.status_code, elsewhere["Location"]) == (302, "/en/2021/xaa-1/")
    assert "Ours alone." in words_of(read("/en/2021/xaa-1/xaa/v1/"))


@pytest.mark.parametrize("version", ["v2", "v01", "v0", "v99999999999999999999"])
def test_version_has_one_address_and_others_are_not_found(clock, version):
    clock(PASSED)
    publish(make_board()[0, 1])

    assert Client().get(f"/en/2021/q1/xaa/{version}/").status_code == 404
