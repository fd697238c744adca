"""References to pages: what is copied from them, and the files that reference managers read."""

import re
from html import unescape

import bibtexparser
import pytest
import rispy
from django.conf import settings
from django.test import Client

from questions.models import (
    Asker,
    Edition,
    Event,
    EventStatus,
    Ground,
    Question,
    QuestionStatus,
    Response,
    ResponseKind,
    ResponseStatus,
    State,
)
from questions.operations.publication import publish_responses
from questions.operations.redactions import redact_response
from tests.factories import (
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
    make_user,
)

from .public_pages import PASSED, TODAY, make_record, publish, read
from .test_public_safety import queries_of

pytestmark = pytest.mark.django_db

SYMBOLS = [
    "PE2021",
    "PE2021-Q1",
    "PE2021-XKA",
    "PE2021-Q1-XKA",
    "PE2021-Q1-XKA.v1",
    "PE2021-Q2-XKA",
    "PE2021-XKA-1",
]
ANSWER = "/en/2021/q1/xka/"
HOSTILE = (
    "A\r\nER  - \r\nTY  - BOOK}}|{{x|url=//e [[y]] <b> ''z'' ~~~~ \\input{/etc} $%#&_^ @book{k,"
)


def ris_of(symbol):
    (entry,) = rispy.loads(read(f"/cite/{symbol}.ris").content.decode())
    return entry


def bibtex_of(symbol):
    library = bibtexparser.parse_string(read(f"/cite/{symbol}.bib").content.decode())
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"key": entry.key} | {field.key: field.value for field in entry.fields}


def copied(address, number):
    """What is in the nth textarea of a page, as the reader copies it."""
    return unescape(
        re.findall(r"<textarea[^>]*>(.*?)</textarea>", read(address).content.decode(), re.S)[number]
    )


def test_reference_managers_read_an_answer(record):
    read_back = ris_of("PE2021-Q1-XKA")

    assert read_back == {
        "type_of_reference": "ELEC",
        "authors": ["Kalba"],
        "title": "Kalba: What will you do? (PE2021/Q1/XKA)",
        "year": "2021",
        "date": "2021/10/01/",
        "publisher": "International Service for Human Rights",
        "language": "en",
        "call_number": "PE2021/Q1/XKA",
        "urls": ["http://127.0.0.1:8000/r/PE2021-Q1-XKA"],
        "access_date": "2021/10/06/",
    }
    assert bibtex_of("PE2021-Q1-XKA") == {
        "key": "PE2021-Q1-XKA",
        "author": "{Kalba}",
        "title": "{Kalba: What will you do? (PE2021/Q1/XKA)}",
        "year": "2021",
        "date": "2021-10-01",
        "publisher": "International Service for Human Rights",
        "language": "en",
        "number": "PE2021/Q1/XKA",
        "url": "http://127.0.0.1:8000/r/PE2021-Q1-XKA",
        "urldate": "2021-10-06",
    }


def test_silence_is_cited_with_the_day_until_which_it_lasted(record, clock):
    clock(PASSED)

    assert ris_of("PE2021-Q2-XKA")["notes"] == ["No answer as of 20 October 2021"]
    assert ris_of("PE2021-Q2-XKA")["authors"] == ["International Service for Human Rights"]
    assert bibtex_of("PE2021-Q2-XKA")["note"] == "No answer as of 20 October 2021"
    assert "|type=No answer as of 20 October 2021 " in copied("/en/2021/q2/xka/", 0)
    assert 'content="No answer as of 20 October 2021"' in read("/en/2021/q2/xka/").content.decode()


def test_each_page_offers_what_its_symbol_names(record):
    asked = ris_of("PE2021-Q1")

    assert (asked["authors"], asked["title"]) == (["CIVICUS"], "What will you do? (PE2021/Q1)")
    assert ris_of("PE2021-XKA")["title"] == "Kalba, Pledging event 2021"
    assert ris_of("PE2021")["title"] == "Pledging event 2021"
    for symbol, address in [
        ("PE2021", "/en/2021/"),
        ("PE2021-Q1", "/en/2021/q1/"),
        ("PE2021-XKA", "/en/2021/xka/"),
        ("PE2021-XKA-1", "/en/2021/xka-1/"),
        ("PE2021-Q1-XKA", "/en/2021/q1/xka/"),
    ]:
        body = read(address).content.decode()
        assert f'href="/cite/{symbol}.ris"' in body
        assert f'href="/cite/{symbol}.bib"' in body
        assert f'property="og:url" content="http://127.0.0.1:8000/r/{symbol}"' in body
        assert re.search(r'<meta name="citation_title" content="[^"]+"', body)
        assert "og:image" not in body


@pytest.mark.parametrize(
    ("address", "described"),
    [
        (
            "/en/",
            "Each year States that stand",
        ),
        ("/en/about/", "Each year States that stand"),
        ("/en/states/xka/", "Kalba: record of answers"),
        ("/en/askers/civicus/", "Questions asked by CIVICUS"),
        ("/en/2021/q1/xka/changes/", "What changed in the reply of Kalba: What will you do?"),
        ("/en/data/", "The whole record as files"),
    ],
)
def test_pages_that_are_not_cited_are_described_to_other_sites_too(record, address, described):
    body = read(address).content.decode()

    (said,) = re.findall(
        r'<meta name="description" property="og:description" content="(.*?)">', body
    )
    assert said.startswith(described)
    assert f'<meta property="og:url" content="http://127.0.0.1:8000{address}">' in body
    assert body.count('property="og:type"') == 1
    assert body.count('name="description"') == 1


def test_description_of_a_page_is_no_markup(record):
    State.objects.update(name='Ka"lba <b>')

    body = read("/en/states/xka/").content.decode()

    assert 'content="Ka&quot;lba &lt;b&gt;: record of answers' in body


def test_page_with_a_symbol_says_where_to_report_an_error_in_it(record):
    report = f'href="mailto:{settings.OFFICE_EMAIL}?subject='

    assert f'{report}PE2021%2FQ1%2FXKA">' in read("/en/2021/q1/xka/").content.decode()
    assert f'{report}PE2021">' in read("/en/2021/").content.decode()
    assert report not in read("/en/about/").content.decode()


def test_each_wording_is_cited_as_itself(record):
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    slot.responses.update(status=ResponseStatus.SUPERSEDED)
    publish(slot, text="Non.", language="fr")

    assert ris_of("PE2021-Q1-XKA")["call_number"] == "PE2021/Q1/XKA.v2"
    assert ris_of("PE2021-Q1-XKA")["language"] == "fr"
    assert ris_of("PE2021-Q1-XKA.v1")["language"] == "en"
    assert ris_of("PE2021-Q1-XKA.v1")["urls"] == ["http://127.0.0.1:8000/r/PE2021-Q1-XKA.v1"]
    earlier = read("/en/2021/q1/xka/v1/").content.decode()
    assert "/r/PE2021-Q1-XKA.v1</span>" in earlier
    assert 'href="/cite/PE2021-Q1-XKA.v1.ris"' in earlier


def test_wikipedia_gets_one_template_in_english(record):
    State.objects.update(name_fr="Kalbie")

    assert copied("/fr/2021/q1/xka/", 0) == (
        "{{cite web |author=Kalbie |title=Kalbie : What will you do? (PE2021/Q1/XKA)"
        " |trans-title=Kalba: What will you do? (PE2021/Q1/XKA) |date=2021-10-01 |language=en"
        " |id=PE2021/Q1/XKA |publisher=International Service for Human Rights"
        " |url=http://127.0.0.1:8000/r/PE2021-Q1-XKA |access-date=2021-10-06}}"
    )


def test_quotation_keeps_words_language_direction_and_source(clock):
    clock(TODAY)
    make_record(text="a < b\n\nc")
    slot = make_slot(question=make_question(event=Event.objects.get(), askers=[]))
    publish(slot, text="نعم", language="ar")

    source = "http://127.0.0.1:8000/r/PE2021-Q1-XKA"
    assert copied("/en/2021/q1/xka/", 1) == (
        f'<blockquote lang="en" dir="ltr" cite="{source}"><p>a &lt; b</p><p>c</p><footer><cite>'
        f'<a href="{source}">Kalba, PE2021/Q1/XKA</a></cite></footer></blockquote>'
    )
    assert copied(slot.get_absolute_url(), 1).startswith('<blockquote lang="ar" dir="rtl" cite="')


def test_req_025_no_text_leaves_its_field(clock):
    """Line breaks, braces and what wikis and LaTeX take for commands, in a title and a name."""
    clock(TODAY)
    make_record(asker=HOSTILE, title=HOSTILE[:110], text=HOSTILE)

    for symbol in SYMBOLS:
        entry = ris_of(symbol)
        assert entry["type_of_reference"] == "ELEC"
        assert entry["urls"] == [f"http://127.0.0.1:8000/r/{symbol.removesuffix('.v1')}"]
        assert bibtex_of(symbol)["url"] == entry["urls"][0]
        raw = read(f"/cite/{symbol}.bib").content.decode()
        assert raw.count("{") == raw.count("}")
        assert not re.search(r"\\input|(?<!\\)[$%#&_^]", raw.replace("127.0.0.1", ""))
    for address in ["/en/2021/q1/", "/en/2021/q1/xka/"]:
        wiki = copied(address, 0)
        inside = wiki.removeprefix("{{cite web ").removesuffix("}}")
        assert not re.search(r"[{}\[\]<>~\n\r]|''", inside)
        assert inside.count("|") == len(re.findall(r"(?:^| )\|[a-z-]+=", inside))
        assert "<textarea" not in copied(address, 1)
        assert "<b>" not in copied(address, 1)


@pytest.mark.parametrize("ending", ["ris", "bib"])
def test_req_090_no_reference_holds_what_turns_the_words_after_it(ending):
    make_record(title="One\u202etwo\u2028three")

    reference = read(f"/cite/PE2021-Q1.{ending}").text

    assert "Onetwo three (PE2021/Q1)" in reference
    assert not re.search("[\u202a-\u202e\u2028]", reference)


def test_req_047_references_name_only_what_is_public(record):
    hidden = make_asker(name="Canary Person", kind="individual")
    question = Question.objects.get(number=2, state=None)
    question.asked_by.create(asker=hidden, position=2)
    draft = make_event(year=2022, status=EventStatus.DRAFT)
    make_candidacy(event=draft, state=State.objects.get())
    make_question(event=record, number=7, status=QuestionStatus.SUBMITTED)
    make_slot(
        candidacy=record.candidacies.get(),
        question=make_question(event=record, number=8),
        sent=False,
    )
    Edition.objects.bump(at=TODAY)

    assert ris_of("PE2021-Q2")["authors"] == ["CIVICUS"]
    for symbol in ["PE2022", "PE2022-XKA", "PE2021-Q7", "PE2021-Q8", "PE2021-Q8-XKA"]:
        assert Client().get(f"/cite/{symbol}.ris").status_code == 404
    hidden.public_consent_on, hidden.public_consent_source = TODAY.date(), "letter"
    hidden.save()
    Edition.objects.bump(at=TODAY)
    assert ris_of("PE2021-Q2")["authors"] == ["CIVICUS", "Canary Person"]


def test_req_050_withdrawn_text_is_in_no_reference(record):
    before = read("/cite/PE2021-Q1-XKA.v1.ris")
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    slot.responses.update(status=ResponseStatus.WITHHELD, withheld_reason="At its request")
    Edition.objects.bump(at=TODAY)

    gone = Client().get("/cite/PE2021-Q1-XKA.v1.ris", headers={"if-none-match": before["ETag"]})
    assert (gone.status_code, "At its request" in gone.text) == (410, True)
    assert Client().get("/cite/PE2021-Q1-XKA.v2.ris").status_code == 404
    after = Client().get("/cite/PE2021-Q1-XKA.ris", headers={"if-none-match": before["ETag"]})
    assert (after.status_code, b"Received, being prepared" in after.content) == (200, True)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_req_087_references_are_kept_and_cheap(record, symbol):
    read("/en/about/")  # makes the edition

    assert 1 <= queries_of(f"/cite/{symbol}.bib") <= 7
    assert queries_of(f"/cite/{symbol}.bib") <= 1
    page = read(f"/cite/{symbol}.bib")
    assert page["Content-Disposition"] == f'attachment; filename="{symbol.removesuffix(".v1")}.bib"'
    assert page["Vary"] == "Accept-Encoding"
    assert not page.cookies


@pytest.mark.parametrize(
    "symbol", ["PE2021-Q9", "pe2021", "PE2021-Q1.v1", "%00", "A" * 500, "../x"]
)
def test_req_086_what_names_nothing_is_not_found(record, symbol):
    assert Client().get(f"/cite/{symbol}.ris").status_code == 404
    assert Client().get("/cite/PE2021.txt").status_code == 404


def test_refusal_without_words_is_cited(record):
    slot = make_slot(question=make_question(event=record, askers=[Asker.objects.first()]))
    publish(slot, kind=ResponseKind.DECLINED, text="", language="")

    assert "language" not in ris_of(slot.permalink.removeprefix("/r/"))
    body = read(slot.get_absolute_url()).content.decode()
    assert '<meta name="description" content="Declined to answer">' in body
    assert "&lt;blockquote" not in body


def test_what_is_invented_says_so_in_its_reference(record):
    Event.objects.update(is_specimen=True)
    Edition.objects.bump(at=TODAY)

    said = "specimen, invented to show how the portal works"
    assert [ris_of(symbol)["notes"] for symbol in SYMBOLS if symbol != "PE2021-Q2-XKA"][:3] == [
        [said],
        [said],
        [said],
    ]
    assert ris_of("PE2021-Q2-XKA")["notes"] == [f"Awaiting answer as of 6 October 2021; {said}"]
    assert f"|type={said} " in copied("/en/2021/q1/xka/", 0)


def test_text_from_which_words_were_taken_says_so_wherever_it_goes(clock):
    clock(TODAY)
    make_record(text="Yes, Canary.")
    text = Response.objects.get(slot__question__state=None)
    redacted = redact_response(
        text,
        "Yes, […].",
        reason="A person asked for it.",
        ground=Ground.PERSON,
        keeps_files=False,
        by=make_user(),
        at=TODAY,
    )
    publish_responses(
        Response.objects.filter(pk=redacted.pk), by=make_user(), at=TODAY, words_may_stand=True
    )
    said = "ISHR took words out of this text, where […] stands."

    assert ris_of("PE2021-Q1-XKA")["notes"] == [said]
    assert bibtex_of("PE2021-Q1-XKA")["note"] == said
    assert f"|type={said.replace('[', '&#91;').replace(']', '&#93;')} " in copied(ANSWER, 0)
    assert f"</a></cite>. {said}</footer>" in copied(ANSWER, 1)
    for address in ["/embed/en/2021/q1/xka/", "/2021/q1/feed.atom"]:
        assert said in read(address).content.decode()
