"""What no public page may do: leak, run, remember, name someone, or fail (security.md)."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions.models import (
    Asker,
    Edition,
    Event,
    Response,
    ResponseKind,
)
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_contact,
    make_question,
    make_response,
    make_slot,
)
from tests.seals import unsealed

from .public_pages import (
    PAGES,
    PASSED,
    TODAY,
    bodies,
    forget_kept_pages,
    make_record,
    publish,
    publisher,
    read,
    words_of,
)

pytestmark = pytest.mark.django_db

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[link](javascript:alert(1)) **bold**",
    "javascript:alert(1)",
    "{{7*7}}{% now 'Y' %}",
    "\"'><svg/onload=alert(1)>",
    "http://evil.example/ www.evil.example",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_req_025_what_people_wrote_is_shown_as_typed_and_runs_nowhere(clock, text):
    clock(PASSED)
    make_record(text=text, title=text, question=text)
    refused = make_slot(question=make_question(event=Event.objects.get()))
    publish(refused, kind=ResponseKind.DECLINED, text=text, language="en")
    make_response(
        slot=make_slot(question=refused.question), status="withheld", withheld_reason=text
    )

    for address in [*PAGES, "/en/2021/q3/"]:
        body = without_data(read(address)) if address != "/en/askers/civicus/" else ""
        assert "<script" not in body
        assert not re.search(r"<(img|svg)[^>]*\son\w+=", body)
        assert not re.search(r'href="(javascript|http://evil|https?://www\.evil)', body)
        assert "49" not in words_of_main(body)
        assert "<strong>bold" not in body
    assert text in words_of(read("/en/2021/q1/xka/"))


def without_data(page):
    """The page without its one block of data (JSON-LD), in which no text can begin a tag."""
    block = '<script type="application/ld\\+json">[^<>]*</script>'
    return re.sub(block, "", page.content.decode(), count=1)


def words_of_main(body):
    """The text of the page without its dates' and colours' digits: only what could be computed."""
    return " ".join(re.findall(r"\b49\b", re.sub(r"<[^>]+>", " ", body)))


def test_req_025_asker_named_like_markup_is_shown_as_typed(clock):
    clock(TODAY)
    make_record(asker="<b>CIVICUS</b>")
    asker = Asker.objects.get()

    assert "&lt;b&gt;CIVICUS&lt;/b&gt;" in read("/en/2021/q1/").content.decode()
    assert "&lt;b&gt;CIVICUS&lt;/b&gt;" in read(asker.get_absolute_url()).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_req_028_a_short_deadline_stands_only_beside_the_full_one(record, address):
    words = words_of(read(address))

    short = re.findall(r"[Dd]ue (?:by )?\d+ \w+", words)
    full = "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)"
    assert not short or full in words
    if address in {"/en/2021/", "/en/2021/xka/", "/en/2021/q2/xka/", "/en/"}:
        assert full in words


def test_req_084_page_sources_hold_nothing_internal(record):
    candidacy = record.candidacies.get()
    make_contact(
        state=candidacy.state,
        is_addressee=True,
        name="Canary Contact",
        role="Canary Role",
        honorific="H.E.",
        email="canary@mission.example",
    )
    record.staff_notes, candidacy.staff_note = "Canary notes", "Canary note"
    record.save()
    candidacy.save()
    record.sessions.update(staff_note="Canary session")
    record.candidacies.get().letters.update(
        text="Canary letter", signatory_name="Canary Signatory", file_name="canary.docx"
    )
    Asker.objects.update(state_consent_on=BEFORE.date(), state_consent_source="Canary consent")
    sent = Response.objects.earliest("pk")
    with unsealed():
        sent.delete()
    publish(sent.slot, text=sent.text, text_as_typed="Canary typed")
    publisher().__class__.objects.update(username="canary-staff")

    sources = {address: body.decode() for address, (_s, body, _e) in bodies().items()}

    for address, source in sources.items():
        assert not re.search("canary", source, re.I), address
        for internal in ["A. Diplomat", "First Secretary", "form_key", "sha256", "@mission"]:
            assert internal not in source, (address, internal)


@pytest.mark.parametrize(
    "address",
    [
        "/en/2021/%00/",
        "/en/2021/?group=%00",
        "/en/2021/?group=%ED%A0%80&status=%FF",
        "/en/2021/?group=" + "A" * 100_000,
        "/en/2021/?" + "&".join(f"p{number}=1" for number in range(1_000)),
        "/en/2021/?group=AFG&group=APG",
        "/en/2021/?page=-1&status=100000000000000000000",
        "/en/states/?order=%3Cscript%3E",
        "/en/2021/q9999/",
        "/en/2021/q99999/",
        "/en/2021/q1/xka/v100000000000000000000/",
        "/en/askers/%ED%A0%80/",
        "/r/%00",
        "/r/PE2021-Q9999-XKA.v9999",
        "/r/" + "A" * 10_000,
        "/en/9999/",
    ],
)
def test_req_086_hostile_addresses_are_answered_and_nothing_breaks(record, address):
    page = Client().get(address)

    assert page.status_code in {200, 400, 404}
    assert b"<script" not in page.content


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("address", ["/en/", "/en/2021/", "/en/about/", "/r/PE2021"])
def test_req_086_public_pages_are_read_only(record, address, method):
    assert getattr(Client(), method)(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_req_087_public_pages_know_no_visitor(record, address):
    plain = Client().get(address)
    known = Client()
    known.force_login(publisher())
    known.cookies["csrf"] = "c" * 32
    forget_kept_pages()
    with_cookies = known.get(address)

    for page in (plain, with_cookies):
        assert not page.cookies
        assert page["Vary"] == "Accept-Encoding"
        assert page["Cache-Control"] == "public, no-cache"
    assert with_cookies.content == plain.content
    assert with_cookies["ETag"] == plain["ETag"]


def queries_of(address):
    with CaptureQueriesContext(connection) as queries:
        read(address)
    return len(queries)


@pytest.mark.parametrize("address", PAGES)
def test_req_087_kept_pages_are_made_once(record, address):
    first = queries_of(address)

    assert queries_of(address) <= 1  # the edition
    assert first > 1 or address.startswith("/en/about/")


@pytest.mark.parametrize(
    "query",
    ["?x=1", "?group=XX", "?group=AFG&group=AFG", "?group=%41FG", "?&", "?status=on&group=AFG"],
)
def test_req_087_other_spellings_of_an_address_are_not_kept(record, query):
    read(f"/en/2021/{query}")

    assert queries_of(f"/en/2021/{query}") > 1


def test_req_090_names_and_texts_cannot_reorder_what_stands_beside_them(clock):
    clock(TODAY)
    event = make_record(asker="NGO \u202eelpmaxe")
    state = event.candidacies.get().state
    state.name = "Kal\u2067ba"
    state.save()

    question = read("/en/2021/q1/").content.decode()
    matrix = read("/en/2021/").content.decode()

    assert '<bdi dir="auto">NGO \u202eelpmaxe</bdi>' in question
    assert "<bdi>Kal\u2067ba</bdi>" in question
    assert "<bdi>Kal\u2067ba</bdi>" in matrix
    assert '<bdi dir="auto">NGO \u202eelpmaxe</bdi>' in matrix


@pytest.mark.parametrize("address", [*PAGES, "/en/nothing/"])
def test_req_091_pages_carry_the_policy_and_keep_to_it(record, address):
    page = Client().get(address)
    body = without_data(page)

    assert page["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not re.search(
        r"<script|<style|\sstyle=|\son\w+=|<iframe|<img|<form[^>]*action=\"(?!/[a-z])", body
    )
    assert all(
        link.startswith(("/static/", "http://127.0.0.1:8000/"))
        for link in re.findall(r'<link [^>]*href="([^"]*)"', body)
    )


@pytest.mark.parametrize(
    ("template", "title"),
    [
        ("400.html", "This request was not understood"),
        ("403.html", "This is not possible from here"),
        ("404.html", "Page not found"),
        ("410.html", "This text is no longer published"),
        ("500.html", "Something went wrong here"),
    ],
)
def test_error_pages_need_neither_context_nor_database(django_db_blocker, template, title):
    with django_db_blocker.block():
        body = render_to_string(template)

    assert f"<h1>{title}</h1>" in body
    assert '<meta name="robots" content="noindex">' in body


@pytest.mark.parametrize(
    ("template", "ways_out"),
    [
        ("404.html", ["/en/search/", "/en/events/", "/en/states/", "/en/questions/"]),
        ("410.html", ["/en/corrections/", "/en/events/"]),
    ],
)
def test_page_that_is_not_there_leads_on(template, ways_out):
    body = render_to_string(template)
    main = body[body.index("<main") : body.index("</main>")]

    assert re.findall(r'(?:href|action)="(.*?)"', main) == ways_out


def test_answer_that_arrives_shows_at_once(record):
    page = read("/en/2021/q2/xka/")
    assert "Awaiting answer" in words_of(page)

    publish(record.candidacies.get().slots.get(question__number=2), text="At last.")
    Edition.objects.bump(at=TODAY)

    assert "At last." in words_of(read("/en/2021/q2/xka/"))


def test_page_changes_by_itself_when_the_deadline_passes(record, clock):
    assert "Awaiting answer" in words_of(read("/en/2021/q2/xka/"))

    clock(DUE_AT)

    assert "No answer" in words_of(read("/en/2021/q2/xka/"))
