"""What was public and is withdrawn: tombstones, and nothing left of it (security.md 48, 50)."""

import pytest
from django.test import Client

from questions.models import Attachment, Ground, Question, Response
from questions.operations.attachments import accept_file, withdraw_file
from questions.operations.publication import (
    publish_responses,
    restore_question,
    withdraw_question,
    withhold_responses,
)
from questions.operations.redactions import redact_response
from questions.operations.search_index import refresh_questions
from tests.factories import BEFORE, make_event, make_question, make_response, make_state, make_user

from .public_pages import read, words_of
from .reply_files import pdf
from .reply_pages import check_and_send, make_reply, opened, save

pytestmark = pytest.mark.django_db

CANARY = "Ornithologically"
ANSWER = "/en/2021/q1/xka/"
FILE = "/files/PE2021-XKA-R1-F1.pdf"
QUESTION_PAGES = ["/en/2021/q1/", ANSWER, f"{ANSWER}v1/", f"{ANSWER}changes/"]
DERIVED = [
    "/en/",
    "/fr/2021/q1/",
    "/en/events/",
    "/en/states/",
    "/en/states/xka/",
    "/en/2021/",
    "/en/2021/?status=on",
    "/en/2021/q1/?view=columns",
    "/en/2021/xka/",
    "/en/data/",
    "/en/corrections/",
    f"/en/search/?q={CANARY}",
    f"/en/search/?kind=answers&q={CANARY}",
    "/data/answers.csv",
    "/data/2021/answers.csv",
    "/data/2021/matrix.csv",
    "/data/2021/event.json",
    "/data/2021/datapackage.json",
    "/cite/PE2021-Q1-XKA.ris",
    "/cite/PE2021-Q1-XKA.v1.ris",
    "/cite/PE2021-Q1-XKA.bib",
    "/embed/en/2021/",
    "/embed/en/2021/q1/",
    "/embed/en/2021/q1/xka/",
    "/feed.atom",
    "/2021/feed.atom",
    "/2021/q1/feed.atom",
    "/states/xka/feed.atom",
    "/api/v1/answers",
    "/api/v1/answers/PE2021-Q1-XKA",
    "/api/v1/events/2021",
]
EVERYWHERE = [*QUESTION_PAGES, *DERIVED, FILE]


@pytest.fixture
def by():
    return make_user()


@pytest.fixture
def sent(by):
    """Published: an answer with a word like no other, a later one, and an accepted file."""
    event = make_event(year=2021)
    candidacy, (slot,) = make_reply(event=event, state=make_state(iso3="XKA", name="Kalba"))
    client = opened(candidacy)
    save(client, slot, f"{CANARY} so.", file=pdf(f"{CANARY}.pdf"))
    check_and_send(client, candidacy)
    file = Attachment.objects.get()
    accept_file(file, by=by, at=BEFORE)
    publish_responses(Response.objects.all(), by=by, at=BEFORE)
    refresh_questions(Question.objects.all())
    return file


def crawl(addresses=EVERYWHERE):
    return {address: Client().get(address) for address in addresses}


def ask_again(before):
    """With the validator that a reader or a cache holds."""
    return {
        address: Client().get(address, headers={"If-None-Match": page.get("ETag", '"none"')})
        for address, page in before.items()
    }


def telling(pages):
    """Those that hold the word, or the file."""
    return {
        address
        for address, page in pages.items()
        if CANARY in page.getvalue().decode(errors="replace") and "/search/" not in address
    } | {address for address, page in pages.items() if page.getvalue().startswith(b"%PDF")}


def test_req_050_nothing_of_a_withdrawn_answer_is_left_and_its_page_says_why(sent, by):
    before = crawl()
    told = telling(before)
    assert told >= {FILE, ANSWER, f"{ANSWER}v1/", "/data/answers.csv", "/data/2021/event.json"}
    assert told >= {"/2021/q1/feed.atom", "/api/v1/answers/PE2021-Q1-XKA"}

    reason = "The State asked for it."
    withhold_responses(Response.objects.all(), reason=reason, ground=Ground.STATE, by=by, at=BEFORE)

    after = ask_again(before)
    assert telling(after) == set()
    stale = {address for address in told if after[address].status_code == 304}
    assert stale == set()
    assert after[FILE].status_code == 410
    assert f"Reason: {reason} What is on record for this question" in words_of(after[FILE])
    words = words_of(after[ANSWER])
    assert after[ANSWER].status_code == 200
    assert f"The text is withheld. Reason: {reason}" in words
    assert "Withdrawal · At the State's request · Version 1" in words
    assert f"Reason {reason} ISHR · 1 October 2021" in " ".join(words.split())
    assert after[f"{ANSWER}v1/"].status_code == 410
    assert reason in words_of(after[f"{ANSWER}v1/"])
    assert "1 October 2021 at 05:00 New York time" in words_of(after[f"{ANSWER}v1/"])
    assert reason in words_of(read("/en/corrections/"))
    found = Client().get(f"/en/search/?q={CANARY}").content.decode()
    assert f"Nothing found for “{CANARY}”." in found.replace("<bdi>", "").replace("</bdi>", "")


@pytest.mark.parametrize(
    "address",
    ["/", "/r/PE2021-Q1-XKA", "/en/2021/q2/", f"{ANSWER}v1/", FILE, "/en/search/?x=1", "/en/2021"],
)
def test_req_050_no_proxy_holds_on_its_own_what_is_not_there(sent, by, address):
    withhold_responses(Response.objects.all(), reason="By mistake.", by=by, at=BEFORE)

    page = Client().get(address)

    assert page.status_code != 200
    assert page["Cache-Control"] == "no-cache"


def test_req_050_what_the_law_removed_is_gone_where_it_stood(sent, by):
    withhold_responses(
        Response.objects.all(), reason="A court said so.", ground=Ground.LEGAL, by=by, at=BEFORE
    )

    page = Client().get(ANSWER)

    assert page.status_code == 410
    assert "A court said so." in words_of(page)
    assert "Required by law" in words_of(page)


def test_req_050_control_a_text_that_was_published_again_is_read_again(sent, by):
    before = telling(crawl())
    withhold_responses(
        Response.objects.all(), reason="By mistake.", ground=Ground.LEGAL, by=by, at=BEFORE
    )

    publish_responses(Response.objects.all(), by=by, at=BEFORE)

    assert telling(crawl()) == before
    assert Client().get(ANSWER).status_code == 200


def test_req_050_control_a_wording_that_is_cited_keeps_its_address_when_it_comes_back(sent, by):
    first = Response.objects.get()
    about = {"by": by, "at": BEFORE}
    withhold_responses(Response.objects.filter(pk=first.pk), reason="By mistake.", **about)
    later = make_response(slot=first.slot, text="We amend it.")
    publish_responses(Response.objects.filter(pk=later.pk), **about)
    while_withheld = Client().get(f"{ANSWER}v1/").status_code

    publish_responses(Response.objects.filter(pk=first.pk), **about)

    assert while_withheld == 410
    assert CANARY in words_of(read(f"{ANSWER}v1/"))
    assert Client().get("/r/PE2021-Q1-XKA.v1").url == f"{ANSWER}v1/"
    assert "PE2021/Q1/XKA.v2" in read("/cite/PE2021-Q1-XKA.ris").text


def test_req_050_a_withdrawn_question_leaves_a_tombstone_at_every_address(sent, by):
    before = crawl()

    withdraw_question(
        Question.objects.get(), reason="Put by mistake.", ground=Ground.MISTAKE, by=by, at=BEFORE
    )

    after = ask_again(before)
    question = Question.objects.get()
    assert telling(after) == set()
    for address in QUESTION_PAGES:
        assert after[address].status_code == 410
        assert "Put by mistake." in words_of(after[address])
        assert question.text not in words_of(after[address])
    listed = words_of(read("/en/corrections/"))
    assert "PE2021/Q1 · Withdrawal · Published by mistake" in listed
    assert question.text not in listed
    assert Client().get("/r/PE2021-Q1").url == "/en/2021/q1/"
    assert Client().get("/r/PE2021-Q1-XKA").url == "/en/2021/q1/"
    for address in [FILE, "/cite/PE2021-Q1-XKA.ris", "/2021/q1/feed.atom"]:
        assert after[address].status_code == 410
        assert "Put by mistake." in words_of(after[address])
    for symbol in ["answers/PE2021-Q1-XKA", "questions/PE2021-Q1"]:
        told = Client().get(f"/api/v1/{symbol}")
        assert (told.status_code, told["Content-Type"]) == (410, "application/problem+json")
        why = "This question was withdrawn on 2021-10-01. Reason: Put by mistake."
        assert told.json()["detail"] == why

    restore_question(question, by=by, at=BEFORE)
    assert telling(crawl()) == telling(before)


def test_a_question_that_was_never_public_has_no_tombstone(sent):
    event = Question.objects.get().event
    make_question(event=event, status="declined", status_reason="CANARY")

    assert Client().get("/en/2021/q2/").status_code == 404
    assert Client().get("/r/PE2021-Q2").status_code == 404
    assert Client().get("/cite/PE2021-Q2.ris").status_code == 404
    assert Client().get("/api/v1/questions/PE2021-Q2").status_code == 404


def test_req_048_a_file_that_is_withdrawn_alone_is_gone_and_named_beside_its_answer(sent, by):
    before = crawl()

    withdraw_file(sent, reason="It names a child.", ground=Ground.PERSON, by=by, at=BEFORE)

    after = ask_again(before)
    assert after[FILE].status_code == 410
    assert "It names a child." in words_of(after[FILE])
    assert CANARY in after[ANSWER].content.decode()  # the answer's own words stay
    for address in [*QUESTION_PAGES, *DERIVED]:
        assert "/files/" not in after[address].getvalue().decode()
    assert "Withdrawal · To protect a person · PE2021/XKA/R1/F1" in words_of(after[ANSWER])
    assert "It names a child." in words_of(read("/en/corrections/"))


@pytest.mark.parametrize(
    "hide",
    [
        lambda: Response.objects.update(status="withheld", withheld_reason="x"),
        lambda: Response.objects.update(
            status="received", published_at=None, version=None, published_by=None
        ),
        lambda: Question.objects.update(status="withdrawn"),
        lambda: Question.objects.get().event.__class__.objects.update(status="draft"),
        lambda: Attachment.objects.update(
            status="quarantined",
            decided_at=None,
            decided_by=None,
            public_as="",
            public_sha256="",
            public_size=None,
        ),
    ],
    ids=["withheld", "waiting", "question withdrawn", "draft event", "quarantined"],
)
def test_req_048_a_file_is_read_only_while_it_and_its_answer_are_public(sent, hide):
    etag = Client().get(FILE)["ETag"]

    hide()

    assert Client().get(FILE, headers={"If-None-Match": etag}).status_code == 404
    exports = crawl(["/data/answers.csv", "/data/2021/event.json", "/api/v1/answers"])
    assert not any("/files/" in page.getvalue().decode() for page in exports.values())


def test_req_051_a_name_that_was_taken_out_is_nowhere_public(sent, by):
    before = crawl()
    response = Response.objects.get()

    redacted = redact_response(
        response,
        "[…] so.",
        reason="A person asked for it.",
        ground=Ground.PERSON,
        keeps_files=False,
        by=by,
        at=BEFORE,
    )
    meanwhile = ask_again(before)
    publish_responses(Response.objects.filter(pk=redacted.pk), by=make_user(), at=BEFORE)

    after = ask_again(before) | crawl([f"{ANSWER}v2/", "/api/v1/answers/PE2021-Q1-XKA"])
    assert telling(meanwhile) == telling(after) == set()
    assert after[FILE].status_code == 410
    assert after["/cite/PE2021-Q1-XKA.v1.ris"].status_code == 410
    assert after[f"{ANSWER}v1/"].status_code == 410
    for address in [ANSWER, "/en/2021/q1/", f"{ANSWER}v2/"]:
        words = words_of(after[address])
        assert "[…] so." in words
        assert "ISHR took words out of this text, where […] stands." in words
    assert "Words removed · To protect a person · Version 2" in words_of(after[ANSWER])
    assert "[…] so." in after["/data/answers.csv"].getvalue().decode()


@pytest.mark.parametrize("is_withheld", [True, False], ids=["withheld first", "never public"])
def test_req_051_a_file_comes_not_back_with_the_text_that_is_left(sent, by, is_withheld):
    responses = Response.objects.all()
    if is_withheld:
        withhold_responses(responses, reason="It named a person.", by=by, at=BEFORE)
    else:
        responses.update(status="received", published_at=None, version=None, published_by=None)

    redacted = redact_response(
        responses.get(),
        "[…] so.",
        reason="A person asked for it.",
        ground=Ground.PERSON,
        keeps_files=False,
        by=by,
        at=BEFORE,
    )
    publish_responses(responses.filter(pk=redacted.pk), by=make_user(), at=BEFORE)

    after = crawl()
    assert "[…] so." in words_of(after[ANSWER])
    assert telling(after) == set()
    assert after[FILE].status_code == 404


def test_req_051_control_the_word_is_everywhere_before(sent):
    assert len(telling(crawl())) > 8
