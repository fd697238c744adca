"""The same letter from .txt, .docx and .pdf, and files that are refused."""

import dataclasses
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from questions.parsing.letters import LetterRefused, ParsedAsker, parse_letter, parse_letter_text

from .letter_texts import letter_text
from .real_letter import PATH, parsed_real_letter, real_text
from .word_documents import (
    add_asked,
    new_list,
    put_in_list,
    restarted,
    saved,
    word_letter,
)

FILES = Path(__file__).parent / "files"


def said(letter):
    """All that a letter says, without its whole text."""
    return {key: value for key, value in dataclasses.asdict(letter).items() if key != "text"}


@pytest.mark.parametrize("name", ["letter_kazakhstan_2021.pdf", "letter_kazakhstan_2021_plain.pdf"])
def test_the_real_letter_from_pdf_says_the_same(name):
    letter = parse_letter((FILES / name).read_bytes(), name)

    assert said(letter) == said(parsed_real_letter())


@pytest.mark.parametrize("automatic", [True, False], ids=["counted by Word", "typed"])
def test_the_real_letter_from_word_says_the_same(automatic):
    letter = parse_letter(word_letter(real_text(), automatic=automatic), "Letter Kazakhstan.DOCX")

    assert said(letter) == said(parsed_real_letter())


@pytest.mark.parametrize(
    "encoded",
    [
        letter_text().encode("utf-8-sig"),
        letter_text().encode("utf-16"),
        letter_text(audience="It’s “quoted” – by Windows.").encode("cp1252"),
    ],
    ids=["BOM", "UTF-16", "Windows"],
)
def test_text_in_other_encodings(encoded):
    letter = parse_letter(encoded, "letter.txt")

    assert said(letter)["own_questions"] == said(parse_letter_text(letter_text()))["own_questions"]
    if b"\x93" in encoded:
        assert "It’s “quoted” – by Windows." in letter.text


def word_with(add_common, add_own=lambda document: document.add_paragraph("None.")):
    """A letter to Octava in Word; the functions add the questions in their own way."""
    document = docx.Document()
    opening, between, closing = letter_text(own="#", common="#").split("#")
    for part, add in ((opening, add_own), (between, add_common), (closing, None)):
        for line in part.strip().split("\n"):
            document.add_paragraph(line)
        if add:
            add(document)
    return parse_letter(saved(document), "letter.docx")


def add_counted(document, number_list, *askers):
    for asker in askers:
        paragraph = document.add_paragraph()
        put_in_list(paragraph, number_list)
        add_asked(paragraph, asker, "What?")


@pytest.mark.parametrize(("restart", "numbers"), [(True, [1, 2]), (False, [3, 4])])
def test_word_lists_of_one_definition_restart_only_where_told(restart, numbers):
    lists = []

    def add_own(document):
        lists.append(new_list(document))
        add_counted(document, lists[0], "CIVICUS", "Octava Forum")

    def add_common(document):
        number_list = restarted(document, lists[0]) if restart else lists[0]
        add_counted(document, number_list, "CIVICUS", "Octava Forum")

    letter = word_with(add_common, add_own)

    assert [q.number for q in letter.own_questions] == [1, 2]
    assert [q.number for q in letter.common_questions] == numbers


@pytest.mark.parametrize(
    ("pattern", "kind"), [("%1)", "decimal"), ("Q%1.", "decimal"), ("Question %1:", "decimal")]
)
def test_word_numbers_of_other_forms(pattern, kind):
    def add(document):
        number_list = new_list(document, pattern=pattern, kind=kind)
        add_counted(document, number_list, "CIVICUS", "Octava Forum")

    letter = word_with(add)

    assert [(q.number, q.askers[0].name, q.text) for q in letter.common_questions] == [
        (1, "CIVICUS", "What?"),
        (2, "Octava Forum", "What?"),
    ]


def test_word_styles_count_too():
    def add(document):
        for asker in ("CIVICUS", "Octava Forum"):
            add_asked(document.add_paragraph(style="List Number"), asker, "What?")

    letter = word_with(add)

    assert [q.number for q in letter.common_questions] == [1, 2]


def test_italics_in_word_tell_one_asker_from_two():
    def add(document):
        number_list = new_list(document)
        one, two = document.add_paragraph(), document.add_paragraph()
        put_in_list(one, number_list)
        put_in_list(two, number_list)
        add_asked(one, "League for Law and Justice", "What?")
        two.add_run("Women for Peace").italic = True
        two.add_run(" and ")
        two.add_run("Octava Forum:").italic = True
        two.add_run(" Will you ")
        two.add_run("really").italic = True
        two.add_run(" act?")

    letter = word_with(add)

    assert [q.askers for q in letter.common_questions] == [
        (ParsedAsker("League for Law and Justice"),),
        (ParsedAsker("Women for Peace"), ParsedAsker("Octava Forum")),
    ]
    assert letter.common_questions[1].text == "Will you really act?"


def test_word_breaks_spaces_tables_and_deleted_text():
    def add(document):
        paragraph = document.add_paragraph("1. CIVICUS: Will\xa0you")
        paragraph.add_run().add_break()
        paragraph.add_run("act by 2022\u20112024 or low")
        paragraph.add_run()._r.append(OxmlElement("w:noBreakHyphen"))
        paragraph.add_run("income?")
        deleted = OxmlElement("w:del")
        deleted.append(paragraph.add_run("DELETED")._r)
        paragraph._p.append(deleted)
        hidden = paragraph.add_run("HIDDEN")
        hidden.font.hidden = True
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.paragraphs[0].add_run("2. Octava Forum: In a table?")

    letter = word_with(add)

    assert [q.text for q in letter.common_questions] == [
        "Will you act by 2022\u20112024 or low-income?",
        "In a table?",
    ]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "letter.txt", "The file is empty."),
        (b" \r\n ", "letter.txt", "The file is empty."),
        (b"\xff\xfe\xfd", "letter.txt", "The file is not text"),
        (b"\x81\x8d", "letter.txt", "The file is not text"),
        (b"text", "letter.rtf", "A file ending in .txt, .docx or .pdf was expected."),
        (b"text", "letter", "A file ending in .txt, .docx or .pdf was expected."),
        (b"text", "letter.docx", "The name ends in .docx, but the file is a plain text."),
        (b"%PDF-1.7", "letter.txt", "The name ends in .txt, but the file is a PDF."),
        (b"PK\x03\x04", "letter.pdf", "but the file is a Word document (.docx)."),
        (b"<html>%PDF-1.7", "letter.pdf", "The name ends in .pdf, but the file is a plain text."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "letter.docx", "encrypted or of the old Word format"),
        (b"a" * 10_000_001, "letter.txt", "The file is larger than 10 MB."),
        (PATH.read_bytes()[:5000], "letter.txt", "The letter is cut off"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused(content, name, message):
    with pytest.raises(LetterRefused) as refusal:
        parse_letter(content, name)

    assert message in str(refusal.value)


def test_a_letter_in_word_cut_off_is_refused():
    content = word_letter(real_text())

    with pytest.raises(LetterRefused, match="cut off: its table of contents is missing"):
        parse_letter(content[: len(content) // 2], "letter.docx")
