"""The copy of a mission's PDF that the public reads."""

import io

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, FloatObject, NameObject

from questions.documents.public_copies import CopyNotMade, public_copy
from questions.parsing.attachments import ExaminedPdf, examine_pdf
from tests.parsing.pdf_documents import (
    EXIF,
    WORDS,
    add_annotation,
    add_picture,
    hostile_pdf,
    jpeg,
    make_pdf,
    names,
    stream,
    writer_of,
    written,
)


def test_req_061_copy_has_the_pages_and_nothing_of_the_rest():
    original = hostile_pdf()
    assert original.count(b"Diplomat") > 3  # what could leak

    copy = public_copy(original)

    assert examine_pdf(copy) == ExaminedPdf(2, True, [])
    reader = PdfReader(io.BytesIO(copy))
    everything = copy + b"".join(
        value.get_data()
        for number in reader.xref[0]
        if hasattr(value := reader.get_object(number), "get_data")
        and value.get("/Subtype") != "/Image"
    )
    for hidden in (b"Diplomat", b"Ministry", b"Minister", b"GPS", b"calc.exe", b"xmpmeta"):
        assert hidden not in everything
    assert [page.extract_text().strip() for page in reader.pages] == [WORDS, WORDS]


def test_req_061_copy_keeps_a_photograph_without_its_place():
    writer = writer_of()
    add_picture(writer, jpeg())
    original = written(writer)
    assert EXIF in original

    copy = public_copy(original)

    picture = PdfReader(io.BytesIO(copy)).pages[0]["/Resources"]["/XObject"]["/Im1"]
    assert picture._data == jpeg(b"")[:20] + jpeg(b"")[24:]


def test_req_061_copy_shows_what_was_filled_in_and_no_comment():
    writer = writer_of()
    box = ArrayObject(FloatObject(n) for n in (0, 0, 100, 50))
    font = writer.pages[0]["/Resources"]["/Font"]
    for subtype, words in (("/Widget", "Signed in the capital"), ("/FreeText", "Too weak?")):
        look = stream(
            f"BT /F1 12 Tf 0 0 Td ({words}) Tj ET".encode(),
            Type=NameObject("/XObject"),
            Subtype=NameObject("/Form"),
            BBox=box,
            Resources=names(Font=font),
        )
        add_annotation(writer, subtype, AP=names(N=writer._add_object(look)))

    copy = public_copy(written(writer))

    text = PdfReader(io.BytesIO(copy)).pages[0].extract_text()
    assert "Signed in the capital" in text
    assert "Too weak?" not in text


def test_req_061_copy_is_not_made_where_a_picture_among_the_words_says_its_place():
    writer = writer_of()
    inline = b"BI /W 1 /H 1 /F /DCT ID " + jpeg() + b" EI"
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream(inline))

    with pytest.raises(CopyNotMade, match="facts about its making"):
        public_copy(written(writer))


def test_req_061_copy_is_not_made_where_it_would_show_a_hidden_layer():
    writer = writer_of()
    layer = writer._add_object(names(Type=NameObject("/OCG")))
    off = names(D=names(OFF=ArrayObject([layer])))
    writer.root_object[NameObject("/OCProperties")] = off

    with pytest.raises(CopyNotMade, match="layers that are not shown"):
        public_copy(written(writer))


def test_copy_of_what_is_no_pdf_is_not_made():
    with pytest.raises(CopyNotMade, match="damaged"):
        public_copy(b"%PDF-1.7 and nothing more")


def test_same_original_gives_the_same_copy():
    original = make_pdf(pages=3)

    assert public_copy(original) == public_copy(original)
