"""What a capital returns, read back under its questions."""

import io
from pathlib import Path

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from questions.parsing.replies import Unplaced
from tests.documents.printed_replies import (
    FIRST,
    OWN,
    QUESTIONS,
    SECOND,
    SYMBOLS,
    TITLES,
    docx_of,
    line_of,
    returned,
    texts_of,
)

from .word_documents import new_list, put_in_list

FILES = Path(__file__).parent / "files" / "replies"


def opened(*texts):
    return docx.Document(io.BytesIO(docx_of(*texts)))


def read(document):
    file = io.BytesIO()
    document.save(file)
    return returned(file.getvalue())


def heading(document, symbol):
    return next(p for p in document.paragraphs if p.text.startswith(f"{symbol}:"))


def place(document, symbol):
    """The paragraph in which the answer to a question is typed."""
    every = document.paragraphs
    line = next(n for n, p in enumerate(every) if p.text == line_of(symbol))
    return every[line + 1]


def after(paragraph, *texts, style=None):
    """Paragraphs typed below another, in its style or a named one."""
    made = []
    for text in reversed(texts):
        more = paragraph._parent.add_paragraph(text, style=style)
        paragraph._p.addnext(more._p)
        made.insert(0, more)
    return made


def add(paragraph, xml):
    paragraph._p.append(parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))


def without_marks(document):
    """As by an editor that keeps neither bookmarks nor styles of our own."""
    for mark in list(document.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
        mark.getparent().remove(mark)
    for paragraph in document.paragraphs:
        if paragraph.style.name.startswith("Reply"):
            paragraph.style = document.styles["Normal"]
    return document


def from_libreoffice(name):
    return returned((FILES / f"libreoffice_{name}.docx").read_bytes())


def test_libreoffice_typed_answers_lists_notes_and_tables_land_under_their_questions():
    reply = from_libreoffice("fill")

    assert texts_of(reply) == [
        "As it was. Not any more.\n\nA second paragraph.",
        "We will:\n\n1. invite all;\n2. answer each letter.\n\nThat is all.",
        "See the law[1]\n\n2019\t3 cases\n2020\tnone\n\nAfter the table.\n\n[1] Law No. 12.",
    ]
    assert [(symbol, thing.kind) for symbol, thing in reply.named] == [
        (SECOND, "footnote"),
        (SECOND, "table"),
    ]
    assert reply.unplaced == []


def test_libreoffice_renumbered_translated_and_emptied_headings_lose_nothing():
    reply = from_libreoffice("renumber")

    assert texts_of(reply) == ["As it was. Own.", "Above.\n\nBelow.", "Last."]
    assert reply.headings == {
        OWN: "7. Арест журналистов",
        FIRST: "PE2000/Q1/XPR: Standing invitation (cleared)",
    }
    assert reply.unplaced == []


def test_libreoffice_moved_section_finds_its_question_and_an_edited_question_is_shown():
    reply = from_libreoffice("move")

    assert texts_of(reply) == ["As it was.", "Stays.", "Moved."]
    assert reply.unplaced == [
        Unplaced("Will you extend a standing invitation to Special Procedures?", FIRST, "question")
    ]


def test_libreoffice_tracked_changes_are_read_both_ways():
    reply = from_libreoffice("track")

    assert texts_of(reply) == ["", "We fully agree to this.", "New\n\nIn two paragraphs"]
    assert [reply.texts[symbol].without_changes for symbol in SYMBOLS] == [
        "As it was.",
        "We agree to this. We refuse that.",
        "",
    ]
    assert [(symbol, thing.kind, thing.text) for symbol, thing in reply.named] == [
        (OWN, "deleted", "As it was."),
        (FIRST, "inserted", "fully "),
        (FIRST, "deleted", " We refuse that."),
        (SECOND, "inserted", "New"),
        (SECOND, "inserted", "In two paragraphs"),
    ]
    assert reply.has_changes


def test_libreoffice_comment_is_named_with_its_words_and_without_its_author():
    reply = from_libreoffice("comment")

    assert texts_of(reply)[1] == "We agree to this."
    ((symbol, thing),) = reply.named
    assert (symbol, thing.kind) == (FIRST, "comment")
    assert (thing.text, thing.about) == ("To be cleared by the Minister", "We agree")
    assert "Person" not in repr(reply)
    assert not reply.has_changes


def test_without_bookmarks_and_styles_the_symbols_of_headings_are_enough():
    document = without_marks(opened("First.\n\nMore.", "Second.", ""))

    reply = read(document)

    assert texts_of(reply) == ["First.\n\nMore.", "Second.", ""]
    assert {text.known_by for text in reply.texts.values()} == {"symbol"}
    assert reply.unplaced == []


def test_without_symbols_the_titles_of_headings_are_enough():
    document = without_marks(opened("First.", "Second.", "Third."))
    for number, (symbol, title) in enumerate(zip(SYMBOLS, TITLES, strict=True), start=1):
        heading(document, symbol).text = f"Question {number + 4}. {title}"

    reply = read(document)

    assert texts_of(reply) == ["First.", "Second.", "Third."]
    assert {text.known_by for text in reply.texts.values()} == {"title"}


def test_without_headings_the_questions_are_enough():
    document = without_marks(opened("First.", "Second.", "Third."))
    for symbol in SYMBOLS:
        one = heading(document, symbol)._p
        one.getparent().remove(one)

    reply = read(document)

    assert texts_of(reply) == ["First.", "Second.", "Third."]
    assert {text.known_by for text in reply.texts.values()} == {"question"}


def test_without_heading_and_question_the_line_before_the_answer_is_enough():
    document = without_marks(opened("First.", "Second.", "Third."))
    for paragraph in document.paragraphs:
        if paragraph.text in {f"{FIRST}: {TITLES[1]}", QUESTIONS[1]}:
            paragraph._p.getparent().remove(paragraph._p)

    assert texts_of(read(document)) == ["First.", "Second.", "Third."]


def test_deleted_section_is_absent_and_the_others_stay():
    document = opened("First.", "Second.", "Third.")
    body = document.element.body
    start = body.index(heading(document, FIRST)._p)
    for element in body[start : body.index(heading(document, SECOND)._p)]:
        body.remove(element)

    reply = read(document)

    assert texts_of(reply) == ["First.", None, "Third."]
    assert reply.unplaced == []


def test_text_typed_into_the_questions_own_paragraph_is_the_answer():
    document = opened()
    asked = next(p for p in document.paragraphs if p.text == QUESTIONS[1])
    asked.add_run(" Yes, in 2022.")

    assert texts_of(read(document)) == ["", "Yes, in 2022.", ""]


def test_answer_that_quotes_the_question_and_other_symbols_stays_whole():
    text = f"{QUESTIONS[1]}\n\nYes: see {SECOND}.\n\n{OWN} says more.\n\nAsked by: CIVICUS"

    assert texts_of(returned(docx_of("", text, ""))) == ["", text, ""]


def test_text_outside_every_question_is_given_back_with_where_it_stood():
    document = opened("First.")
    document.paragraphs[0]._p.addprevious(document.add_paragraph("Dear colleague,")._p)
    common = next(p for p in document.paragraphs if p.text == "Questions put to all candidates")
    after(common, "On all of these:")
    document.sections[0].header.paragraphs[0].text = "Ministry of Foreign Affairs"

    reply = read(document)

    assert texts_of(reply) == ["First.", "", ""]
    assert reply.unplaced == [
        Unplaced("Dear colleague,", ""),
        Unplaced("On all of these:", "Questions put to all candidates"),
        Unplaced("Ministry of Foreign Affairs", ""),
    ]


def test_numbers_that_word_counts_become_text_and_items_stay_together():
    document = opened()
    first, second, _end = after(place(document, FIRST), "one", "two", "End.")
    number_list = new_list(document)
    for paragraph in (first, second):
        put_in_list(paragraph, number_list)
    bullets = after(place(document, SECOND), "three", "four")
    bullet_list = new_list(document, kind="bullet")
    for paragraph in bullets:
        put_in_list(paragraph, bullet_list)

    assert texts_of(read(document))[1:] == ["1. one\n2. two\n\nEnd.", "• three\n• four"]


def test_hidden_text_fields_and_pictures_are_named_and_only_what_a_field_shows_is_kept():
    document = opened()
    one = place(document, FIRST)
    one.add_run("Seen.")
    one.add_run("Secret.").font.hidden = True
    add(one, '<w:r><w:fldChar w:fldCharType="begin"/></w:r>')
    add(one, "<w:r><w:instrText>HYPERLINK http://secret.example</w:instrText></w:r>")
    add(one, '<w:r><w:fldChar w:fldCharType="separate"/></w:r>')
    one.add_run(" Shown.")
    add(one, '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    add(one, "<w:r><w:pict/></w:r>")

    reply = read(document)

    assert texts_of(reply)[1] == "Seen. Shown."
    assert [(thing.kind, thing.text) for _symbol, thing in reply.named] == [
        ("hidden", "Secret."),
        ("field", ""),
        ("picture", ""),
    ]


def test_text_box_becomes_paragraphs_once_and_another_document_is_named():
    document = opened()
    one = place(document, FIRST)
    one.add_run("Before.")
    box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    add(
        one,
        f'<w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>",
    )
    one._p.addnext(OxmlElement("w:altChunk"))

    reply = read(document)

    assert texts_of(reply)[1] == "Before.\n\nIn a box."
    kinds = [thing.kind for _symbol, thing in reply.named]
    assert kinds == ["text_box", "other_document"]


def test_moved_text_is_where_it_stands_now_or_stood_before():
    document = opened()
    add(place(document, FIRST), "<w:moveFrom><w:r><w:t>Wanders.</w:t></w:r></w:moveFrom>")
    add(place(document, SECOND), "<w:moveTo><w:r><w:t>Wanders.</w:t></w:r></w:moveTo>")

    reply = read(document)

    assert texts_of(reply) == ["", "", "Wanders."]
    assert reply.texts[FIRST].without_changes == "Wanders."
    assert [(symbol, thing.kind) for symbol, thing in reply.named] == [(SECOND, "moved")]


def test_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    document = opened()
    one = place(document, FIRST)
    one.add_run("We agree ")
    one._p.get_or_add_pPr().append(parse_xml(f"<w:rPr {nsdecls('w')}><w:del w:id='1'/></w:rPr>"))
    after(one, "to this.")

    reply = read(document)

    assert reply.texts[FIRST].text == "We agree to this."
    assert reply.texts[FIRST].without_changes == "We agree \n\nto this."


def test_document_of_another_reply_places_nothing():
    document = opened("First.")
    for mark in document.element.body.iter(qn("w:bookmarkStart")):
        mark.set(qn("w:name"), mark.get(qn("w:name")).replace("PE2000", "PE2001"))
    for piece in document.element.body.iter(qn("w:t")):
        piece.text = piece.text.replace("PE2000", "PE2001")

    reply = read(document)

    assert texts_of(reply)[0] is None
    assert "First." in reply.unplaced[0].text
