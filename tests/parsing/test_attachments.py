"""Looking into what missions attach."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from questions.parsing.attachments import (
    LONGEST_NAME,
    ExaminedPdf,
    PdfRefused,
    check_name,
    examine_pdf,
    name_to_show,
)

from .pdf_documents import add_annotation, hostile_pdf, make_pdf, writer_of, written


def refusal(content):
    with pytest.raises(PdfRefused) as refused:
        examine_pdf(content)
    return refused.value.reason


def locked(**passwords):
    writer = PdfWriter(clone_from=io.BytesIO(make_pdf()))
    writer.encrypt(algorithm="RC4-128", **passwords)
    return written(writer)


def test_examine_pdf_counts_pages_and_finds_text():
    writer = writer_of(pages=3)
    writer.metadata = None

    assert examine_pdf(written(writer)) == ExaminedPdf(3, True, [])


def test_examine_pdf_says_that_there_are_only_pictures():
    writer = PdfWriter()
    writer.add_blank_page(595, 842)

    assert examine_pdf(written(writer)).has_text is False


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged"),
        (b"<html><script>alert(1)</script>", "not_pdf"),
        (b"MZ\x90\x00", "not_pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Word", "word"),
        (b"PK\x03\x04....word/document.xml", "word"),
        (b"PK\x03\x04....something else", "not_pdf"),
        (b"\n" + make_pdf(), "not_pdf"),
        (b"%PDF-1.7 and nothing more", "damaged"),
        (make_pdf()[:-300], "damaged"),
        (make_pdf(pages=501), "pages"),
        (locked(user_password="secret"), "password"),
    ],
)
def test_req_060_what_is_no_readable_pdf_is_refused(content, reason):
    assert refusal(content) == reason


def test_req_060_active_content_and_hidden_facts_are_found():
    assert examine_pdf(hostile_pdf()).findings == [
        "JavaScript",
        "actions of pages or fields",
        "an action that starts a program",
        "an action when it is opened",
        "comments",
        "embedded files",
        "facts about its making (author, program)",
    ]


@pytest.mark.parametrize(
    ("tail", "finding"),
    [
        (b"\n<html><script>alert(1)</script></html>" + b" x" * 600, "other data after its end"),
        (b"PK\x05\x06" + b"\0" * 18, "a ZIP archive in the same file"),
    ],
)
def test_req_060_two_files_in_one_are_found(tail, finding):
    assert finding in examine_pdf(make_pdf() + tail).findings


def test_req_060_a_password_against_changes_alone_is_accepted_and_noted():
    examined = examine_pdf(locked(user_password="", owner_password="secret"))

    assert examined.has_text
    assert "protected against changes, without a password to open it" in examined.findings


def test_req_060_a_form_to_fill_in_is_found():
    writer = writer_of()
    add_annotation(writer, "/Widget")

    assert "a form to fill in" in examine_pdf(written(writer)).findings


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "Note verbale.no.12.pdf"])
def test_check_name_takes_pdf(name):
    check_name(name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("letter.docx", "word"),
        ("letter.doc", "word"),
        ("letter.pdf.exe", "not_pdf"),
        ("a.php", "not_pdf"),
        ("letter", "not_pdf"),
        ("page.html", "not_pdf"),
        ("drawing.svg", "not_pdf"),
        ("macros.docm", "word"),
    ],
)
def test_req_055_the_name_must_end_in_pdf(name, reason):
    with pytest.raises(PdfRefused) as refused:
        check_name(name)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\Users\\ambassador\\x.pdf", "x.pdf"),
        ("C:x.pdf", "C x.pdf"),
        ('a\r\n"b".pdf', "a b.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        (".htaccess.pdf", "htaccess.pdf"),
        ("a\0.pdf", "a.pdf"),
        ("", "attachment.pdf"),
        (".pdf", "attachment.pdf"),
        ("réponse.PDF", "réponse.pdf"),
        ("رد كازاخستان.pdf", "رد كازاخستان.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_req_057_names_are_made_safe_to_show(name, shown):
    assert name_to_show(name) == shown


@given(st.text())
def test_req_057_any_name_becomes_a_line_without_a_path(name):
    shown = name_to_show(name)

    assert shown.endswith(".pdf")
    assert len(shown) <= LONGEST_NAME
    assert shown.isprintable() or {"\u200c", "\u200d"} & set(shown)
    assert not set(shown) & set('/\\"<>:|?*;%\r\n\0')
    assert not shown.startswith(".")
    assert name_to_show(shown) == shown
