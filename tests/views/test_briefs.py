"""The voting brief of a State: a few tagged pages, in every language, of what is public."""

import io
from datetime import UTC, datetime, timedelta

import pypdf
import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from questions.documents.briefs import brief_pdf
from questions.documents.typesetting import DocumentTooLarge
from questions.models import (
    Candidacy,
    Edition,
    Event,
    EventRecord,
    EventStatus,
    QuestionStatus,
    Response,
    ResponseKind,
    ResponseStatus,
    entries_of_candidacy,
)
from questions.views.public import briefs
from tests.factories import (
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
    make_translation,
)

from .public_pages import PASSED, TODAY, forget_kept_pages, publish, read
from .test_public_safety import queries_of

pytestmark = pytest.mark.django_db

ADDRESS = "/en/2021/xka/brief.pdf"


def pages_of(content):
    return pypdf.PdfReader(io.BytesIO(content)).pages


def words_of(content):
    """Its text on one line, without what isolates names."""
    words = " ".join(" ".join(page.extract_text() for page in pages_of(content)).split())
    return words.replace("\u2068", "").replace("\u2069", "")


def brief_of(candidacy, language="en", at=TODAY):
    with translation.override(language):
        entries = entries_of_candidacy(candidacy, at=at)
        return brief_pdf(candidacy, entries, today=at.date(), at=at)


def test_brief_says_what_was_asked_and_what_became_of_it(record, clock):
    clock(PASSED)
    candidacy = record.candidacies.get()
    refused = make_slot(candidacy=candidacy, question=make_question(event=record, title="Exits"))
    publish(refused, kind=ResponseKind.DECLINED, text="", language="")

    page = read(ADDRESS)
    words = words_of(page.content)

    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"] == 'inline; filename="PE2021-XKA.pdf"'
    dated = pypdf.PdfReader(io.BytesIO(page.content)).metadata.creation_date
    assert dated == datetime(2021, 10, 20, 4, tzinfo=UTC)  # its day begins in New York
    for said in [
        "Kalba",
        "As of 20 October 2021, New York time",
        "Answers due: the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)",
        "Answered on time: 2 · Declined to answer: 1 · No answer: 1",
        "Q1. What will you do? Answered on time · 1 October 2021 · English Yes.",
        "Q2. What will you do? No answer",
        "Q3. Exits Declined to answer · 1 October 2021",
        "http://127.0.0.1:8000/r/PE2021-XKA",
    ]:
        assert said in words, said


def test_brief_is_tagged_and_short_in_the_normal_case(record):
    candidacy = record.candidacies.get()
    for _question in range(9):
        slot = make_slot(candidacy=candidacy, question=make_question(event=record, title="T" * 60))
        publish(slot, text="A sentence of an answer that is not short. " * 60)

    reader = pypdf.PdfReader(io.BytesIO(brief_of(candidacy)))
    assert 1 <= len(reader.pages) <= 3
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "Kalba (PE2021/XKA)"
    assert reader.pages[0].mediabox.height == pytest.approx(842, abs=1)


@pytest.mark.parametrize(("length", "is_cut"), [(60, False), (61, True)])
def test_brief_says_where_answers_are_cut(record, length, is_cut):
    candidacy = Candidacy.objects.get()
    slot = candidacy.slots.get(question__number=2)
    publish(slot, text=" ".join(["word"] * length))

    words = words_of(brief_of(candidacy))

    assert ("Of long answers the start is printed, up to “…”" in words) == is_cut


def links_of(content):
    """Where its links lead."""
    return [
        annotation.get_object()["/A"]["/URI"]
        for page in pages_of(content)
        for annotation in page.get("/Annots", [])
    ]


def test_brief_names_translations_and_leads_to_each_in_its_language(record):
    candidacy = Candidacy.objects.get()
    response = Response.objects.get(slot__question__state=None)
    without = words_of(brief_of(candidacy))
    make_translation(of=response, language="ar", text="CANARY", made_by="Mission of <Kalba>")
    make_translation(of=response, language="fr", text="CANARY")
    make_translation(of=response, language="es", made_by="CANARY", published=False)

    brief = brief_of(candidacy, language="fr")
    words = words_of(brief_of(candidacy))

    assert links_of(brief) == [
        "http://127.0.0.1:8000/fr/2021/q1/xka/",
        "http://127.0.0.1:8000/ar/2021/q1/xka/",
    ]
    assert (
        "English Yes. Translation into Arabic by Mission of <Kalba>, 5 October 2021"
        " Translation into French by ISHR, 5 October 2021" in words
    )
    assert "Only the text as sent is the original." in words
    assert "CANARY" not in words
    assert "Only the text as sent is the original." not in without


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_brief_is_made_in_each_language(record, language):
    publish(
        record.candidacies.get().slots.get(question__number=2, question__state=None),
        text="نعم 是 да",
        language="ar",
    )

    assert "PE2021/XKA" in words_of(read(f"/{language}/2021/xka/brief.pdf").content)


@pytest.mark.parametrize("status", ["draft", "open"])
def test_req_047_that_something_waits_to_be_asked_makes_no_brief(status):
    candidacy = make_candidacy(
        event=make_event(year=2021, status=status), state=make_state(iso3="XKA")
    )
    slot = make_slot(candidacy=candidacy, sent=status == "draft")

    asked = [Client().get(ADDRESS), Client().head(ADDRESS)]

    assert [page.status_code for page in asked] == [404, 404]
    assert slot.symbol not in asked[0].text


def test_brief_of_a_reconstructed_event_draws_no_conclusion_from_silence(record):
    Event.objects.update(record=EventRecord.RECONSTRUCTED)
    words = words_of(brief_of(Candidacy.objects.get(), at=PASSED))

    assert "that is no evidence that none was given." in words
    assert "Not on record: 1" in words
    assert "No answer" not in words


def test_brief_of_the_specimen_says_that_it_is_invented(record):
    Event.objects.update(is_specimen=True)

    assert "Nothing here is a statement by any Government." in words_of(
        brief_of(Candidacy.objects.get())
    )


@pytest.mark.parametrize(
    "text",
    ['#read("/etc/passwd")', "$x$ *b* _i_ `c` <l> @r // /* \\ ]#", "<script>", "\u202e\x0bx"],
)
def test_req_081_text_is_data(record, text):
    candidacy = record.candidacies.get()
    slot = make_slot(candidacy=candidacy, question=make_question(event=record, title=text))
    publish(slot, text=text)

    words = words_of(brief_of(candidacy))
    visible = text.replace("\u202e", "").replace("\x0b", "")
    assert words.replace(" ", "").count(visible.replace(" ", "")) == 2
    assert "root:" not in words


def test_req_047_brief_holds_only_what_is_public(record, clock):
    before = read(ADDRESS)
    candidacy = record.candidacies.get()
    slot = candidacy.slots.get(question__number=1, question__state=None)
    make_response(slot=slot, text="Canary amendment")
    unsent = make_question(event=record, text="Canary unsent")
    make_slot(candidacy=candidacy, question=unsent, sent=False)
    make_question(event=record, text="Canary", status=QuestionStatus.SUBMITTED)
    draft = make_event(year=2022, status=EventStatus.DRAFT)
    make_slot(candidacy=make_candidacy(event=draft, state=candidacy.state))
    Edition.objects.bump(at=TODAY)
    clock(TODAY + timedelta(minutes=5))

    after = read(ADDRESS)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    assert Client().get("/en/2022/xka/brief.pdf").status_code == 404
    unsent.slots.update(letter=slot.letter)
    forget_kept_pages()
    assert "Canary unsent" in words_of(read(ADDRESS).content)


def test_req_050_withdrawn_text_leaves_the_brief(record):
    before = read(ADDRESS)
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    slot.responses.update(status=ResponseStatus.WITHHELD, withheld_reason="At its request")
    Edition.objects.bump(at=TODAY)

    after = Client().get(ADDRESS, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    words = words_of(after.content)
    assert "Q1. What will you do? Received, being prepared" in words
    assert "The text is withheld. Reason: At its request" in words


def test_req_087_brief_is_set_once_in_an_edition_and_never_for_head(record, monkeypatch):
    head = Client().head(ADDRESS)
    assert (head.status_code, head.content) == (200, b"")
    assert "ETag" not in head
    page = read(ADDRESS)
    monkeypatch.setattr(briefs, "brief_pdf", None)

    assert queries_of(ADDRESS) <= 1
    assert read(ADDRESS).content == page.content
    assert not page.cookies
    held = Client().get(ADDRESS, headers={"if-none-match": page["ETag"]})
    assert held.status_code == 304
    assert Client().post(ADDRESS).status_code == 405


def too_large(*_entries, **_moment):
    raise DocumentTooLarge("PE2021/XKA")


def test_req_086_brief_that_cannot_be_set_is_answered_with_a_page(record, monkeypatch):
    monkeypatch.setattr(briefs, "brief_pdf", too_large)
    page = Client().get(ADDRESS)
    assert (page.status_code, page["Retry-After"]) == (503, "10")


def test_req_086_briefs_take_two_threads_of_a_process_at_most(record, monkeypatch):
    monkeypatch.setattr(briefs, "brief_pdf", too_large)
    for _request in range(3):
        Client().get(ADDRESS)  # each gives its place back
    monkeypatch.undo()
    held = [briefs.setting.acquire(blocking=False) for _place in range(3)]

    assert held == [True, True, False]
    assert Client().get(ADDRESS).status_code == 503
    briefs.setting.release(2)
    assert Client().get(ADDRESS).status_code == 200


def test_no_brief_where_nothing_was_asked_or_far_too_much(record, monkeypatch):
    candidacy = make_candidacy(event=record, state=make_state(iso3="XKB"))

    assert Client().get("/en/2021/xkb/brief.pdf").status_code == 404
    assert "brief.pdf" not in read(candidacy.get_absolute_url()).content.decode()
    assert f'href="{ADDRESS}"' in read("/en/2021/xka/").content.decode()
    monkeypatch.setattr(briefs, "MOST_QUESTIONS", 2)
    forget_kept_pages()
    assert Client().get(ADDRESS).status_code == 404
    assert "brief.pdf" not in read("/en/2021/xka/").content.decode()
