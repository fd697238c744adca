"""Files that no Word wrote: refused at once, or read in proportion to their size."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.parsing.refusals import FileRefused
from questions.parsing.replies import NotWord
from tests.documents.printed_replies import returned
from tests.stopwatch import within

from .word_documents import archive


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
        (b"Yes.", "other"),
        (b"", "other"),
        (archive({"a.txt": "Yes."}), "other"),
        (archive({"word/document.xml": "<html/>"}), "other"),
    ],
)
def test_req_055_other_kinds_of_file_are_refused_by_name(content, kind):
    with pytest.raises(NotWord) as refused:
        returned(content)

    assert refused.value.kind == kind


EMPTY, END = "<w:body/>", "</w:document>"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": f'<!DOCTYPE x [<!ENTITY a "b">]><w:document {W}>' + EMPTY + END},
        {"word/document.xml": f"<w:document {W}>" + EMPTY + "<w:p>" * 300 + "</w:p>" * 300 + END},
        {"word/document.xml": "<w:document>"},
        {"word/document.xml": f"<w:document {W}>{EMPTY}{END}", "word/vbaProject.bin": "x"},
        {"word/document.xml": f"<w:document {W}>{EMPTY}{END}", "../evil.xml": "x"},
        {"word/document.xml": f"<w:document {W}>" + EMPTY + " " * 5_000_001 + END},
        {"word/document.xml": f"<w:document {W}>" + EMPTY + "<w:r/>" * 300_001 + END},
    ],
    ids=["entity", "deep", "cut off", "macro", "path", "large", "many"],
)
def test_req_059_hostile_documents_are_refused_at_once(parts):
    with within(2), pytest.raises(FileRefused):
        returned(archive(parts, compression=0))


@pytest.mark.parametrize(
    "inside",
    [
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:commentRangeStart w:id="1"/><w:r><w:t>x</w:t></w:r>',
        "<w:ins><w:r><w:t>x</w:t></w:r></w:ins><w:del><w:r><w:delText>y</w:delText></w:r></w:del>",
        '<w:bookmarkStart w:name="slot_PE2000_Q1_XPR"/>',
        "</w:p><w:p><w:r><w:t>PE2000/Q1/XPR</w:t></w:r>",
        "</w:p><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p>",
    ],
    ids=["fields", "comments", "changes", "bookmarks", "headings", "tables"],
)
def test_req_090_reading_takes_time_in_proportion(inside):
    def seconds(times):
        body = f"<w:document {W}><w:body><w:p>{inside * times}</w:p></w:body></w:document>"
        content = archive({"word/document.xml": body, "padding": "0"}, compression=0)
        started = process_time()
        returned(content)
        return process_time() - started

    def is_in_proportion():
        return seconds(16_000) < min(10, 8 * 4 * max(seconds(2_000), 0.02))

    seconds(100)
    # Three times at most: what the suite keeps in memory is collected in some of them.
    assert any(is_in_proportion() for _time in range(3))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["ins", "del", "moveFrom", "moveTo", "r", "p", "smartTag"])))
def test_any_nesting_of_changes_is_read(tags):
    inner = "<w:r><w:t>x</w:t><w:delText>y</w:delText></w:r>"
    for tag in tags:
        inner = f"<w:{tag}>{inner}</w:{tag}>"
    body = f"<w:document {W}><w:body><w:p>{inner}</w:p></w:body></w:document>"

    reply = returned(archive({"word/document.xml": body}))

    assert reply.texts == {}
