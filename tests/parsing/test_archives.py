"""Word and Excel files that want to do harm (security.md 59)."""

import struct
import zipfile

import pytest

from questions.parsing.archives import open_archive, read_part
from questions.parsing.letters import LetterRefused, parse_letter
from questions.parsing.refusals import FileRefused
from tests.stopwatch import within

from .real_letter import real_text
from .word_documents import archive, part_of, with_parts, word_letter

DOCUMENT = "word/document.xml"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""
OUTSIDE = (
    b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>"""
)
REMOTE = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" TargetMode="External" Target="http://192.0.2.1/a"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"/></Relationships>"""


@pytest.fixture(scope="module")
def letter():
    return word_letter(real_text())


def lying(content, *, size=None, packed=None, offset=None, flags=None):
    """The first entry of the directory with some of its figures changed."""
    at = content.index(b"PK\x01\x02")
    changed = bytearray(content)
    for value, where, form in (
        (flags, 8, "<H"),
        (packed, 20, "<I"),
        (size, 24, "<I"),
        (offset, 42, "<I"),
    ):
        if value is not None:
            struct.pack_into(form, changed, at + where, value)
    return bytes(changed)


def overlapping():
    """Two entries that are one and the same run of bytes."""
    content = bytearray(archive({DOCUMENT: b"a" * 50, "word/other.xml.": b"b" * 50}))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)
    return bytes(content)


def symlink():
    entry = zipfile.ZipInfo("word/link")
    entry.external_attr = 0o120777 << 16
    return archive({entry: "/etc/passwd"})


def many_entries(count):
    return archive({f"a{number}": b"" for number in range(count)})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (many_entries(2_001), "more than 2,000 parts"),
        (many_entries(10_000), "more than 2,000 parts"),
        (archive({DOCUMENT: b"\0" * 11_000_000}), "over 100 times its size"),
        (lying(archive({DOCUMENT: b"a" * 50}), size=2_000_000_000), "more than 100 MB"),
        (archive({f"a{n}": b"a" for n in range(3)} | {"../a": b""}), "unsafe name: '../a'"),
        (archive({"/etc/passwd": b""}), "unsafe name"),
        (archive({"word\\..\\a": b""}), "unsafe name"),
        (archive({"C:/a": b""}), "unsafe name"),
        (symlink(), "a link to another file"),
        (archive({"a": b"", "A": b""}), "two parts of the same name"),
        (archive({DOCUMENT: b"", "word/vbaProject.bin": b"a"}), "contains macros"),
        (archive({"word/embeddings/a.bin": archive({"b": b"c"})}), "holds another archive"),
        (archive({"a": b"\x1f\x8b\x08\x00"}), "holds another archive"),
        (archive({"a": b"b"}, compression=zipfile.ZIP_LZMA), "packed in a way Word does not use"),
        (lying(archive({"a": b"b"}), flags=1), "encrypted"),
        (overlapping(), "its parts overlap"),
        (lying(archive({"a": b"b" * 90}), packed=5_000), "its parts overlap"),
        (lying(archive({"a": b"b" * 90}), offset=9), "its parts overlap"),
        (archive({"a": b"b"})[:-30], "its table of contents is missing"),
        (b"PK\x03\x04" + b"a" * 100, "its table of contents is missing"),
        (b"%PDF-1.7", "not a ZIP archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_059_dangerous_archives_are_refused_at_once(content, message):
    with within(2), pytest.raises(FileRefused) as refusal:
        open_archive(content)

    assert message in str(refusal.value)


def test_059_an_entry_that_unpacks_to_more_than_it_says_is_refused():
    content = lying(archive({"a": b"b" * 90}), size=5)

    with pytest.raises(FileRefused, match="'a' cannot be unpacked"):
        read_part(open_archive(content), "a", limit=100)


@pytest.mark.parametrize("size", [8, 90_000])
def test_059_a_lie_about_a_size_is_found_wherever_reading_stops(size):
    content = lying(archive({"a": bytes(range(256)) * 400}), size=size)

    with pytest.raises(FileRefused, match="'a' cannot be unpacked"):
        read_part(open_archive(content), "a", limit=200_000)


def test_an_honest_archive_is_read():
    with open_archive(archive({"a/b.xml": b"<x/>"})) as opened:
        assert read_part(opened, "a/b.xml", limit=4) == b"<x/>"
        with pytest.raises(FileRefused, match="larger than 3 bytes"):
            read_part(opened, "a/b.xml", limit=3)
        with pytest.raises(FileRefused, match="no part c"):
            read_part(opened, "c", limit=4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"word__document_xml": LAUGHS}, "declares an XML document type"),
        ({"word__document_xml": OUTSIDE}, "declares an XML document type"),
        ({"word__document_xml": LAUGHS.decode().encode("utf-16")}, "declares an XML document type"),
        ({"word__numbering_xml": LAUGHS}, "declares an XML document type"),
        ({"word__styles_xml": OUTSIDE}, "declares an XML document type"),
        ({"word___rels__settings_xml_rels": REMOTE % "attachedTemplate"}, "its attachedTemplate"),
        ({"word___rels__document_xml_rels": REMOTE % "image"}, "loads its image from elsewhere"),
        ({"word__document_xml": b"<x>"}, "one of its parts is not XML"),
        ({"word__document_xml": b""}, "one of its parts is not XML"),
        ({"word__document_xml": b"<x/>"}, "The file is empty."),
        ({"word__document_xml": b"<x>" + b"ab" * 1_600_000 + b"</x>"}, "unpacks to over 100 times"),
        ({"word__vbaProject_bin": b"a"}, "contains macros"),
    ],
)
def test_059_dangerous_word_documents_are_refused_at_once(letter, changes, message):
    content = with_parts(letter, **changes)

    with within(2), pytest.raises(LetterRefused) as refusal:
        parse_letter(content, "letter.docx")

    assert message in str(refusal.value)


def test_059_a_link_to_the_web_is_no_danger(letter):
    content = with_parts(letter, word___rels__settings_xml_rels=REMOTE % "hyperlink")

    assert parse_letter(content, "letter.docx").state == "Kazakhstan"


def with_empty_paragraphs(letter, count):
    """The letter after many empty paragraphs that differ, so that they pack to over a hundredth."""
    document = part_of(letter, DOCUMENT)
    body = document.index("<w:body>") + len("<w:body>")
    empty = "".join(f'<w:p w:a="{number * 7919 % 99991}"/>' for number in range(count))
    return with_parts(letter, word__document_xml=document[:body] + empty + document[body:])


def test_059_a_hundred_thousand_empty_paragraphs_are_read_in_time(letter):
    content = with_empty_paragraphs(letter, 100_000)

    with within(2):
        parsed = parse_letter(content, "letter.docx")

    assert len(parsed.common_questions) == 9


def test_059_a_main_text_of_over_3_megabytes_is_refused(letter):
    content = with_empty_paragraphs(letter, 200_000)

    with pytest.raises(LetterRefused, match="larger than 3,000,000 bytes"):
        parse_letter(content, "letter.docx")


def test_another_kind_of_archive_is_no_letter():
    with pytest.raises(LetterRefused, match="not a Word document: it has no main text"):
        parse_letter(archive({"xl/workbook.xml": b"<x/>"}), "letter.docx")
