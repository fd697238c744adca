"""Letters as Word documents: headings, lists, directions, and the words read back."""

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from questions.documents.letters import LetterPaper, UnreadableImage, letter_docx
from questions.parsing.letters import parse_letter
from tests.documents.images import png
from tests.documents.letter_contents import AT, asked, content_asking, real_content
from tests.parsing.real_letter import parsed_real_letter


def opened(content, **fields):
    return docx.Document(io.BytesIO(letter_docx(content, at=AT, **fields)))


def paragraph_with(document, text):
    return next(paragraph for paragraph in document.paragraphs if text in paragraph.text)


def is_from_the_right(paragraph):
    properties = paragraph._p.pPr
    return properties is not None and properties.find(qn("w:bidi")) is not None


def is_numbered(paragraph):
    properties = paragraph._p.pPr
    return properties is not None and properties.numPr is not None


def test_letter_docx_is_read_back_as_the_real_letter():
    read_back = parse_letter(letter_docx(real_content(), at=AT), "letter.docx")

    assert replace(read_back, text="") == replace(parsed_real_letter(), text="")


def test_letter_docx_has_real_headings():
    paragraphs = opened(real_content()).paragraphs

    assert [(p.style.name, p.text) for p in paragraphs if p.style.name.startswith("Heading")] == [
        ("Heading 1", "Questions from Human Rights Council Elections Pledging Event 2021"),
        ("Heading 2", "Questions addressed specifically to Kazakhstan"),
        ("Heading 2", "Questions posed to all candidate States:"),
    ]


def test_letter_docx_numbers_each_section_by_a_list_of_its_own():
    paragraphs = opened(real_content()).paragraphs

    lists = [p._p.pPr.numPr.numId.val for p in paragraphs if is_numbered(p)]
    assert len(lists) == 11
    assert len(set(lists[:2])) == len(set(lists[2:])) == 1
    assert lists[0] != lists[2]


def test_letter_docx_has_askers_in_italics():
    question = paragraph_with(opened(real_content()), "Twitter user")

    assert [(run.text, bool(run.italic)) for run in question.runs[:3]] == [
        ("Genoveva Sotirova (Twitter user)", True),
        (":", False),
        (" ", False),
    ]


def test_letter_docx_sets_arabic_from_the_right_and_what_is_around_it_from_the_left():
    arabic = "ما هي الخطوات؟\n\nوهل ستدعمون؟"
    document = opened(content_asking(asked(arabic, "CIVICUS", language="ar")))

    asker = paragraph_with(document, "CIVICUS")
    texts = [paragraph_with(document, part) for part in arabic.split("\n\n")]
    assert not is_from_the_right(asker)
    assert [is_numbered(paragraph) for paragraph in (asker, *texts)] == [True, False, False]
    assert [is_from_the_right(paragraph) for paragraph in texts] == [True, True]
    assert [run.font.rtl for paragraph in texts for run in paragraph.runs] == [True, True]


def test_letter_docx_with_arabic_is_read_back():
    arabic = "ما هي الخطوات؟\n\nوهل ستدعمون حماية المدافعين؟"
    content = content_asking(asked(arabic, "CIVICUS", "Outright International", language="ar"))

    (question,) = parse_letter(letter_docx(content, at=AT), "letter.docx").common_questions

    assert question.text == arabic
    assert [asker.name for asker in question.askers] == ["CIVICUS", "Outright International"]


def test_letter_docx_names_the_organisation_and_no_person():
    paper = LetterPaper("ISHR", ("Geneva",))

    properties = opened(real_content(), letterhead=paper).core_properties

    assert (properties.author, properties.last_modified_by) == ("ISHR", "ISHR")
    assert (properties.title, properties.subject) == (real_content().title, "PE2021/KAZ")
    assert (properties.created, properties.modified) == (AT, AT)
    assert properties.comments == ""


def test_letter_docx_has_letterhead_and_images_with_alternatives():
    paper = LetterPaper("ISHR", ("Geneva",), logo=png(), signature=png())

    document = opened(real_content(), letterhead=paper)

    header = document.sections[0].first_page_header
    assert [paragraph.text for paragraph in header.paragraphs] == ["", "Geneva"]
    alternatives = [
        picture.get("descr")
        for part in (header._element, document.element.body)
        for picture in part.iter(qn("wp:docPr"))
    ]
    assert alternatives == ["ISHR", "Signature: Madeleine Sinclair"]


@pytest.mark.parametrize("image", [b"<svg/>", png()[:20], b"\xff\xd8\xff"])
def test_letter_docx_refuses_an_image_that_is_none(image):
    with pytest.raises(UnreadableImage):
        letter_docx(real_content(), letterhead=LetterPaper("ISHR", logo=image), at=AT)


def test_letter_docx_has_the_same_bytes_at_the_same_moment_only():
    first = letter_docx(real_content(), at=AT)

    assert letter_docx(real_content(), at=AT) == first
    assert letter_docx(real_content(), at=AT.replace(minute=31)) != first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(2021, 9, 29, 14, 30, 0)}


def test_req_081_hostile_text_in_word_is_text():
    hostile = '<w:p/> & "x" {{ y }} <img src=http://127.0.0.1/> file:///etc/passwd \x07\ufffe'

    document = opened(content_asking(asked(hostile, "Asker <b>")))

    question = paragraph_with(document, "Asker")
    assert question.text == f"Asker <b>: {hostile[:-2]}"
    relations = [r for r in document.part.rels.values() if r.is_external]
    assert relations == []
