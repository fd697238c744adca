"""The files that a mission downloads for its capital (ux.md M3)."""

import io
import re

import docx
import pytest
from django.utils import translation
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from questions.documents.replies import own_lines, printed_reply, reply_pdf, reply_text, text_so_far
from questions.documents.word_replies import reply_docx
from questions.models import Reply
from questions.operations.drafts import save_draft_answer
from questions.parsing.replies import Wanted, parse_reply
from questions.plaintext import normalise
from tests.factories import (
    BEFORE,
    answer,
    make_asker,
    make_candidacy,
    make_link,
    make_question,
    make_slot,
    make_state,
    send,
)

from .printed_replies import AT, docx_of, returned, texts_of

LANGUAGES = ["ar", "en", "es", "fr", "ru", "zh-hans"]


def make_reply(*texts):
    """A reply with one own question and two common ones, one of them in Arabic."""
    state = make_state(name="Prima", iso3="XPR")
    candidacy = make_candidacy(state=state)
    link, token = make_link(candidacy=candidacy)
    event = candidacy.event
    questions = [
        make_question(event=event, state=state, text="Will you free them?\n\nWhen will you?"),
        make_question(event=event, text="What will you do about reprisals?"),
        make_question(event=event, text="ماذا ستفعلون بشأن حرية التعبير؟", language="ar"),
    ]
    slots = [make_slot(candidacy=candidacy, question=each) for each in questions]
    for slot, text in zip(slots, texts, strict=False):
        if text:
            save_draft_answer(
                slot,
                text=text,
                text_as_typed=text,
                language="en",
                is_ready=False,
                based_on=0,
                link=link,
                at=BEFORE,
            )
    return Reply(link, candidacy), slots, token


def wanted_of(reply):
    items = printed_reply(reply, returns=True).items
    return [Wanted(one.symbol, one.title, one.question) for one in items]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_word_document_comes_back_as_it_went_out_whatever_language_reads_it(language):
    texts = ["• one\n• two\n\n\n\nlast\tx", "", "نعم.\n\nوأيضا PE2000/Q1"]
    reply, slots, _token = make_reply(*texts)
    with translation.override(language):
        content = reply_docx(reply, at=AT)

    read = parse_reply(content, wanted_of(reply), own_lines(reply))

    assert [read.texts[slot.symbol].text for slot in slots] == texts
    assert {text.known_by for text in read.texts.values()} == {"bookmark"}
    assert (read.unplaced, read.named, read.headings) == ([], [], {})


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=400))
def test_any_text_comes_back_from_word_as_it_is_kept(typed):
    text = normalise(typed.replace("\0", ""))

    kept = text.translate(dict.fromkeys([0xFFFE, 0xFFFF]))
    assert texts_of(returned(docx_of("", text))) == ["", normalise(kept), ""]


def test_word_document_is_the_same_for_the_same_content_and_moment():
    assert docx_of("Yes.") == docx_of("Yes.")


def test_question_is_set_apart_from_the_answer_and_arabic_runs_leftwards():
    document = docx.Document(io.BytesIO(docx_of("نعم.", direction="rtl", language="ar")))

    of_style = {p.text: p.style.name for p in document.paragraphs}
    assert of_style["If so, when?"] == "Reply Question"
    assert of_style["نعم."] == "Reply Answer"
    by_text = {p.text: p for p in document.paragraphs}
    assert by_text["نعم."]._p.pPr.find(qn("w:bidi")) is not None
    assert by_text["If so, when?"]._p.pPr.find(qn("w:bidi")) is None
    assert all(len(name) <= 40 for name in bookmarks(document))


def bookmarks(document):
    return [one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))]


@pytest.mark.django_db
def test_req_006_no_file_holds_a_token_or_a_person():
    reply, _slots, token = make_reply("Yes.")

    files = [make(reply, at=AT) for make in (reply_docx, reply_pdf, reply_text)]

    parts = docx.Document(io.BytesIO(files[0])).part.package.iter_parts()
    told = b"".join(part.blob for part in parts) + files[1] + files[2]
    told += "".join(page.extract_text() for page in PdfReader(io.BytesIO(files[1])).pages).encode()
    assert reply.candidacy.symbol.encode() in told
    for secret in (token, "/reply/", reply.link.contact.name):
        assert secret.encode() not in told


@pytest.mark.django_db
def test_pdf_and_plain_text_say_the_same_in_order():
    reply, slots, _token = make_reply("We will free them.", "", "نعم.")

    pdf = PdfReader(io.BytesIO(reply_pdf(reply, at=AT)))
    text = reply_text(reply, at=AT).decode("utf-8-sig")

    as_pdf = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert re.findall(r"PE\d+/(?:XPR-1|Q\d/XPR)(?=:)", text) == [slot.symbol for slot in slots]
    for words in ("We will free them.", "When will you?", "What will you do about reprisals?"):
        assert words in as_pdf
        assert words in text
    assert bool(pdf.trailer["/Root"]["/MarkInfo"]["/Marked"])
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.django_db
def test_askers_stand_as_the_state_may_know_them():
    state = make_state(name="Prima", iso3="XPR")
    candidacy = make_candidacy(state=state)
    asker = make_asker(name="A. Person", kind="individual")
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event, askers=[asker]))
    reply = Reply(make_link(candidacy=candidacy)[0], candidacy)

    assert "A. Person" not in reply_text(reply, at=AT).decode("utf-8-sig")


@pytest.mark.django_db
def test_writing_goes_on_from_the_draft_else_from_what_was_sent_and_not_from_a_refusal():
    reply, slots, _token = make_reply("A draft.")
    send(reply.candidacy, {slots[1]: answer("Sent.")})
    send(reply.candidacy, {slots[2]: answer("No comment.", kind="declined")})

    assert [text_so_far(item) for item in reply.items.all] == [
        ("A draft.", "en"),
        ("Sent.", "en"),
        ("", ""),
    ]
