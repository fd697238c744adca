"""The copy of a file from which words were taken out (security.md 51)."""

import io

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, NameObject

from questions.documents.public_copies import CopyNotMade, public_copy, redacted_copy
from tests.parsing.pdf_documents import (
    EXIF,
    WORDS,
    add_annotation,
    add_picture,
    jpeg,
    make_pdf,
    names,
    pictures_of_pages,
    stream,
    writer_of,
    written,
)


def test_req_051_pages_that_are_pictures_are_copied_without_a_word_of_the_original():
    copy = redacted_copy(written(pictures_of_pages(pages=2)), original=make_pdf(pages=2))

    reader = PdfReader(io.BytesIO(copy))
    assert len(reader.pages) == 2
    assert [page.extract_text() for page in reader.pages] == ["", ""]
    assert WORDS.encode() not in copy


def test_req_051_facts_about_its_making_are_gone():
    writer = pictures_of_pages()
    writer.add_metadata({"/Author": "A. Diplomat"})

    copy = redacted_copy(written(writer), original=make_pdf())

    assert b"Diplomat" not in copy
    assert PdfReader(io.BytesIO(copy)).trailer.get("/Info") is None


def with_words_below():
    """A box over words hides nothing: both are in the page."""
    writer = writer_of()
    box = stream(b"0 g 72 690 200 20 re f")
    page = writer.pages[0]
    page[NameObject("/Contents")] = ArrayObject(
        [page.raw_get("/Contents"), writer._add_object(box)]
    )
    return writer


def with_words_and_a_picture():
    writer = writer_of()
    add_picture(writer, jpeg(EXIF))
    return writer


def with_a_box_on_the_picture():
    writer = pictures_of_pages()
    look = stream(b"0 g 0 0 100 50 re f", Subtype=NameObject("/Form"))
    look[NameObject("/BBox")] = ArrayObject(writer.pages[0]["/MediaBox"])
    add_annotation(writer, "/Stamp", AP=names(N=writer._add_object(look)))
    return writer


def with_a_mask():
    writer = pictures_of_pages()
    picture = writer.pages[0]["/Resources"]["/XObject"]["/Im1"]
    picture[NameObject("/SMask")] = writer._add_object(stream(b"\0" * 4))
    return writer


@pytest.mark.parametrize(
    "make",
    [
        with_words_below,
        with_words_and_a_picture,
        with_a_box_on_the_picture,
        with_a_mask,
        lambda: pictures_of_pages(drawing=b"q 595 0 0 842 0 0 cm /Im1 Do Q 0 g 9 9 90 90 re f"),
        lambda: pictures_of_pages(drawing=b"/Im1 Do /Im1 Do"),
        lambda: pictures_of_pages(drawing=b""),
        writer_of,
    ],
)
def test_req_051_what_may_hide_something_is_refused(make):
    with pytest.raises(CopyNotMade, match="one picture and nothing else"):
        redacted_copy(written(make()), original=make_pdf())


def test_req_051_a_picture_of_the_original_is_refused():
    """A scan that is cropped or turned, and not made anew."""
    original = written(pictures_of_pages(shade=b"B"))
    smaller = pictures_of_pages(shade=b"B", drawing=b"q 100 0 0 100 0 0 cm /Im1 Do Q")

    with pytest.raises(CopyNotMade, match="picture of the original"):
        redacted_copy(written(smaller), original=original)

    assert redacted_copy(written(pictures_of_pages(shade=b"C")), original=original)


def test_control_all_of_these_are_copied_where_nothing_is_to_be_hidden():
    for make in (with_words_below, with_words_and_a_picture, with_a_box_on_the_picture):
        assert public_copy(written(make()))
