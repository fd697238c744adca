"""What other sites frame: small, still, and the only pages of ours that they may."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest
from django.conf import settings
from django.test import Client

from questions.models import (
    Edition,
    Event,
    EventStatus,
    Ground,
    Question,
    QuestionStatus,
    ResponseKind,
    ResponseStatus,
    State,
)
from questions.operations.publication import withdraw_question
from tests.factories import make_event, make_question, make_response, make_slot, make_user

from .public_pages import (
    PAGES,
    PASSED,
    TODAY,
    forget_kept_pages,
    make_board,
    make_record,
    publish,
    read,
    words_of,
)
from .test_public_safety import HOSTILE, queries_of

pytestmark = pytest.mark.django_db

EMBEDS = [
    "/embed/en/2021/",
    "/embed/en/2021/q1/",
    "/embed/en/2021/q1/xka/",
    "/embed/en/2021/q2/xka/",
    "/embed/en/2021/xka-1/",
    "/embed/ar/2021/q1/xka/",
]
MOST_BYTES = 15 * 1024


@pytest.mark.parametrize("address", EMBEDS)
def test_embed_says_as_of_when_and_leads_to_its_page(record, address):
    page = read(address)
    body = page.content.decode()

    own = address.removeprefix("/embed")
    link = f'<a href="http://127.0.0.1:8000{own}" target="_blank" rel="noopener">'
    assert link in body
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{own}">' in body
    assert Client().get(own).status_code == 200
    assert page["Content-Language"] == own.split("/")[1]
    if "/en/" in address:
        assert "As of 6 October 2021, New York time · PE2021" in words_of(page)


def test_embed_shows_the_answer_its_status_and_silence_as_of_a_day(record, clock):
    assert "Answered on time · Received 1 October 2021" in words_of(read(EMBEDS[2]))
    assert (
        '<div class="text" lang="en" dir="ltr"><p>Yes.</p></div>'
        in read(EMBEDS[2]).content.decode()
    )
    clock(PASSED)
    assert "No answer as of 20 October 2021" in words_of(read(EMBEDS[3]))
    refused = make_slot(question=make_question(event=record))
    publish(refused, kind=ResponseKind.DECLINED, text="", language="")
    address = f"/embed{refused.get_absolute_url()}"
    assert "informed ISHR that it would not answer this question" in words_of(read(address))


def test_arabic_embed_reads_from_the_right(record):
    body = read("/embed/ar/2021/q1/xka/").content.decode()

    assert '<html lang="ar" dir="rtl">' in body
    assert 'href="http://127.0.0.1:8000/ar/2021/q1/xka/"' in body


@pytest.mark.parametrize("address", EMBEDS)
def test_req_091_embed_may_be_framed_and_loads_nothing(record, address):
    page = Client().get(address)
    body = page.content.decode()

    style = re.search("<style>(.*?)</style>", body, re.S)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert page["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none';"
        " frame-ancestors *"
    )
    assert "X-Frame-Options" not in page
    assert page["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert not page.cookies
    assert not re.search(r"<script|<img|<iframe|<form|\sstyle=|\son\w+=|\ssrc=|url\(|@import", body)
    assert re.findall(r"<link rel=\"(\w+)\"", body) == ["canonical"]


@pytest.mark.parametrize(
    "address", [*PAGES, "/en/search/", "/en/nothing/", "/embed/en/2021/q9/", "/embed/de/2021/"]
)
def test_req_091_nothing_else_may_be_framed(record, address):
    page = Client().get(address)

    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    again = Client().get(address)  # kept
    assert again["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_embed_of_a_large_event_is_small(clock, language):
    clock(TODAY)
    slots = make_board(states=200, questions=3, title="国" * 120)
    publish(slots[0, 1], text="&\"'<>" * 299, language="zh-hans")
    publish(slots[1, 1], text="国家" * 20_000, language="zh-hans")
    State.objects.filter(pk=slots[0, 1].candidacy.state_id).update(name="&" * 100)
    slots[0, 1].question.__class__.objects.update(text="&" * 60_000, title='"' * 120)
    read("/en/about/")  # makes the edition

    for address in ["", "q1/", "q1/xaa/", "q1/xab/", "q1/xac/"]:
        page = f"/embed/{language}/2021/{address}"
        assert queries_of(page) <= 10
        assert len(read(page).content) <= MOST_BYTES


@pytest.mark.parametrize("text", HOSTILE)
def test_req_025_what_people_wrote_is_shown_as_typed(clock, text):
    clock(TODAY)
    make_record(text=text, title=text, question=text)

    for address in EMBEDS:
        body = read(address).content.decode()
        assert not re.search(r"<script|<img|<svg|javascript:[^<]*\"", body)
        assert "<strong>bold" not in body
    assert text in words_of(read(EMBEDS[2]))


def test_code_to_embed_is_shown_as_text(clock):
    clock(TODAY)
    make_record(title='"><script>alert(1)</script>')

    for address in ["/en/2021/", "/en/2021/q1/", "/en/2021/q1/xka/", "/en/2021/xka-1/"]:
        body = read(address).content.decode()
        code = unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", body, re.S)[-1])
        assert re.fullmatch(
            rf'<iframe src="http://127.0.0.1:8000/embed{address}" title="[^"<>]+" width="100%"'
            r' height="320" loading="lazy"></iframe>',
            code,
        )
        assert "<iframe" not in body


def test_req_047_what_is_not_public_changes_no_byte_of_an_embed(record):
    def all_embeds():
        forget_kept_pages()
        return {a: (p.content, p["ETag"]) for a in EMBEDS for p in [read(a)]}

    before = all_embeds()
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    make_response(slot=slot, text="Canary amendment")
    unsent = make_question(event=record, text="Canary unsent")
    make_slot(candidacy=record.candidacies.get(), question=unsent, sent=False)
    make_question(event=record, text="Canary", status=QuestionStatus.SUBMITTED)
    make_event(year=2022, status=EventStatus.DRAFT)
    Edition.objects.bump(at=TODAY)

    assert all_embeds() == before
    for address in ["/embed/en/2022/", "/embed/en/2021/q3/", "/embed/en/2021/q3/xka/"]:
        assert Client().get(address).status_code == 404
    unsent.slots.update(letter=slot.letter)
    Edition.objects.bump(at=TODAY)
    assert read("/embed/en/2021/").content != before["/embed/en/2021/"][0]


def test_req_050_withdrawn_text_leaves_its_embed(record):
    before = read(EMBEDS[2])
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    slot.responses.update(status=ResponseStatus.WITHHELD, withheld_reason="At its request")
    Edition.objects.bump(at=TODAY)

    after = Client().get(EMBEDS[2], headers={"if-none-match": before["ETag"]})
    assert (after.status_code, "Yes." in words_of(after)) == (200, False)
    assert "The text is withheld. Reason: At its request" in words_of(after)
    assert "withheld" not in words_of(before)


def test_req_050_where_a_question_was_framed_a_tombstone_is_framed(record):
    question = Question.objects.get(number=1, state=None)
    withdraw_question(
        question, reason="Put by mistake.", ground=Ground.MISTAKE, by=make_user(), at=TODAY
    )

    for address in ["/embed/fr/2021/q1/", "/embed/fr/2021/q1/xka/"]:
        page = Client().get(address)
        assert (page.status_code, page["Content-Language"]) == (410, "fr")
        assert "frame-ancestors *" in page["Content-Security-Policy"]
        assert "X-Frame-Options" not in page
        assert "Put by mistake." in words_of(page)
        assert question.text not in words_of(page)


@pytest.mark.parametrize("address", EMBEDS)
def test_req_087_embeds_are_kept(record, address):
    read(address)

    assert queries_of(address) <= 1
    assert read(address)["Vary"] == "Accept-Encoding"
    assert Client().post(address).status_code == 405


def test_embed_of_the_specimen_says_that_it_is_invented(record):
    Event.objects.update(is_specimen=True)

    assert "Nothing here is a statement by any Government." in words_of(read(EMBEDS[0]))
