"""Letters as PDF: the words, the tags, the limits, and that texts are never instructions."""

import io
import re
import socket
import unicodedata
from dataclasses import replace
from time import monotonic

import pypdf
import pytest

from questions.documents import letters, typesetting
from questions.documents.letters import (
    DocumentNotSet,
    DocumentTooLarge,
    LetterPaper,
    UnreadableImage,
    letter_pdf,
    letter_pdfs,
)
from questions.parsing.letters import parse_letter
from tests.documents.images import png
from tests.documents.letter_contents import AT, asked, content_asking, real_content
from tests.parsing.real_letter import parsed_real_letter

FOOT = re.compile(r"PE2021/KAZ(?: · \d+ of \d+)?\s*$")
# One letter under marks without end: what takes longest to set, for its size.
SLOW = "a" + "\u0301" * 400_000


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def words(pdf):
    """Those of all pages, without the running foot; a line may have broken after a hyphen."""
    pages = [FOOT.sub("", page.extract_text()) for page in read(pdf).pages]
    return re.sub(r"(?<=\w-)\s+", "", "\n".join(pages)).split()


def tags(pdf):
    """The kinds of the elements of the structure tree, in order."""
    found = []

    def visit(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                visit(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            visit(node.get("/K"))

    visit(read(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def xmp(pdf):
    return read(pdf).trailer["/Root"]["/Metadata"].get_object().get_data().decode()


def test_letter_pdf_has_the_words_of_the_real_letter_in_order():
    content = real_content()

    pdf = letter_pdf(content, at=AT)

    assert words(pdf) == content.plain_text().replace("*", "").split()


def test_letter_pdf_is_read_back_as_the_real_letter():
    read_back = parse_letter(letter_pdf(real_content(), at=AT), "letter.pdf")

    assert replace(read_back, text="") == replace(parsed_real_letter(), text="")


def test_letter_pdf_is_tagged_and_says_what_it_is():
    pdf = letter_pdf(real_content(), at=AT)

    root = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read(pdf).metadata.title == real_content().title
    assert read(pdf).metadata.creation_date == AT
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp(pdf)
    kinds = tags(pdf)
    assert [kind for kind in kinds if kind.startswith("/H")] == ["/H1", "/H2", "/H2"]
    assert (kinds.count("/L"), kinds.count("/LI"), kinds.count("/LBody")) == (2, 11, 11)
    # Two addressees, date, salutation, four paragraphs, eleven questions, closing, signatory.
    assert (kinds.count("/P"), kinds.count("/Span")) == (21, 0)


def test_letter_pdf_is_a4_with_the_page_numbers_at_the_foot():
    pages = read(letter_pdf(real_content(), at=AT)).pages

    assert [[round(side) for side in page.mediabox[2:]] for page in pages] == [[595, 842]] * 2
    assert [page.extract_text().split("\n")[-1] for page in pages] == [
        "PE2021/KAZ · 1 of 2",
        "PE2021/KAZ · 2 of 2",
    ]


def test_letter_pdf_of_one_page_has_no_page_number():
    pages = read(letter_pdf(content_asking(asked("Why?", "CIVICUS")), at=AT)).pages

    assert [page.extract_text().split("\n")[-1] for page in pages] == ["PE2021/KAZ"]


def test_letter_pdf_has_only_our_fonts_inside():
    questions = [
        asked("Какие меры вы примете?", "CIVICUS", number=1, language="ru"),
        asked("贵国将如何促进儿童权利？", "CIVICUS", number=2, language="zh-hans"),
        asked("ما هي الخطوات؟", "CIVICUS", number=3, language="ar"),
    ]

    reader = read(letter_pdf(content_asking(*questions), at=AT))

    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {
        "NotoSans-Regular",
        "NotoSans-Bold",
        "NotoSans-Italic",
        "NotoNaskhArabic-Regular",
        "NotoSansSC-Regular",
    }


def test_letter_pdf_keeps_the_words_of_other_scripts():
    arabic = "ما هي الخطوات التي ستتخذها دولتكم لضمان مشاركة منظمات المجتمع المدني"
    questions = [
        asked("Какие меры вы намерены принять?", "CIVICUS", number=1, language="ru"),
        asked("贵国将如何促进儿童权利？", "CIVICUS", number=2, language="zh-hans"),
        asked(arabic, "CIVICUS", number=3, language="ar"),
    ]

    pdf = letter_pdf(content_asking(*questions), at=AT)

    text = unicodedata.normalize("NFKC", " ".join(words(pdf)))
    assert "1. CIVICUS: Какие меры вы намерены принять?" in text
    assert unicodedata.normalize("NFKC", "2. CIVICUS: 贵国将如何促进儿童权利？") in text
    # Of a line from the right, pypdf gives the words as they stand, from the left.
    line = text.split("3. CIVICUS: ")[1].split(" We look forward")[0]
    assert [word for word in arabic.split() if word not in line] == []
    assert sorted(line.replace(" ", "")) == sorted(arabic.replace(" ", ""))
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp(pdf)


def test_letter_pdf_is_made_of_a_character_that_is_in_no_font():
    pdf = letter_pdf(content_asking(asked("Why \ue000\x07now 😀?", "CIVICUS")), at=AT)

    assert "Why now" in " ".join(words(pdf))
    assert read(pdf).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "pdfuaid" not in xmp(pdf)


def test_letter_pdf_breaks_an_address_that_is_longer_than_a_line():
    address = "https://example.org/" + "abcdefghij" * 30
    short, long = (
        read(letter_pdf(content_asking(asked(f"See {text}", "CIVICUS")), at=AT)).pages[0]
        for text in ("here", address)
    )

    lines = long.extract_text().split("\n")
    assert address in "".join(lines)
    assert max(map(len, lines)) < 100
    assert len(lines) > len(short.extract_text().split("\n"))


def test_letter_pdf_has_the_same_bytes_at_the_same_moment_only():
    content, paper = real_content(), LetterPaper("ISHR", logo=png(), signature=png())

    first = letter_pdf(content, letterhead=paper, at=AT)

    assert letter_pdf(content, letterhead=paper, at=AT) == first
    assert letter_pdf(content, letterhead=paper, at=AT.replace(minute=31)) != first


def test_letter_pdf_has_the_letterhead_with_its_images():
    paper = LetterPaper("ISHR", ("Rue de Varembé 1", "Geneva"), logo=png(), signature=png(4, 4))

    pdf = letter_pdf(real_content(), letterhead=paper, at=AT)

    pages = read(pdf).pages
    assert words(pdf)[:5] == ["Rue", "de", "Varembé", "1", "Geneva"]
    assert [len(page.images) for page in pages] == [1] + [0] * (len(pages) - 2) + [1]
    assert tags(pdf).count("/Figure") == 2
    assert read(pdf).metadata.author == "ISHR"


def test_letter_pdf_without_a_logo_prints_the_organisation():
    pdf = letter_pdf(real_content(), letterhead=LetterPaper("ISHR", ("Geneva",)), at=AT)

    assert words(pdf)[:3] == ["ISHR", "Geneva", "H.E."]


def test_letter_pdf_from_the_right_keeps_the_letterhead_as_it_is():
    paper = LetterPaper("ISHR", ("1 Specimen Street", "1200 Geneva"))
    content = real_content()

    left, right = (
        read(letter_pdf(replace(content, language=language), letterhead=paper, at=AT))
        .pages[0]
        .extract_text(extraction_mode="layout")
        .split("H.E.")[0]
        .split()
        for language in ("en", "ar")
    )

    assert "".join(right).startswith("".join(left))
    assert sorted(left) == ["1", "1200", "Geneva", "ISHR", "Specimen", "Street"]


@pytest.mark.parametrize(
    "image",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        b"GIF89a",
        png() + b"\0" * 1_000_000,
    ],
    ids=["svg", "gif", "large"],
)
def test_req_081_only_small_png_and_jpeg_are_put_into_a_letter(image):
    with pytest.raises(UnreadableImage):
        letter_pdf(real_content(), letterhead=LetterPaper("ISHR", logo=image), at=AT)


def test_letter_pdf_says_that_an_image_is_damaged():
    with pytest.raises(DocumentNotSet, match=r"^PE2021/KAZ: .*image"):
        letter_pdf(real_content(), letterhead=LetterPaper("ISHR", logo=png()[:20]), at=AT)


def test_req_081_hostile_text_is_printed_as_it_is_and_nothing_is_fetched():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        hostile = [
            f"<img src={address}>",
            f'#image("{address}")',
            '#import "@preview/cetz:0.3.0"',
            '#read("/etc/passwd")',
            "<link rel=attachment href=file:///etc/passwd>",
            f"@import url({address})",
            r"$x$ \ *a* _b_ = c // d /* e */ `f` @g <h> ~ -- ---",
            "{event.__init__} {{ settings.SECRET_KEY }} %(x)s",
        ]
        content = real_content()
        content = replace(
            content_asking(asked("\n".join(hostile), hostile[1])),
            title=f"Title {hostile[0]}",
            addressees=(replace(content.addressees[0], name=hostile[1], role=hostile[3]),),
            signatory=(hostile[2], hostile[6]),
        )

        pdf = letter_pdf(content, at=AT)

        with pytest.raises(BlockingIOError):
            server.accept()
    text = "".join(words(pdf))
    for line in hostile:
        assert "".join(line.split()) in text
    assert "root:" not in text
    assert not any("/Annots" in page for page in read(pdf).pages)
    assert "/Names" not in read(pdf).trailer["/Root"]


def test_req_081_a_text_of_5000_pages_is_refused_at_once():
    content = content_asking(asked("word " * 5000 * 600, "CIVICUS"))

    with pytest.raises(DocumentTooLarge, match=r"^PE2021/KAZ$"):
        letter_pdf(content, at=AT)


def test_req_081_a_text_of_5000_pages_ends_by_the_limit_of_memory(monkeypatch):
    monkeypatch.setattr(letters, "MAX_CHARACTERS", 10**9)
    content = content_asking(asked("word " * 5000 * 600, "CIVICUS"))
    started = monotonic()

    with pytest.raises(DocumentTooLarge, match=r"^PE2021/KAZ$"):
        letter_pdf(content, at=AT)

    assert monotonic() - started < 2 * typesetting.MAX_SECONDS


def test_req_081_a_letter_that_takes_too_long_ends_and_is_named(monkeypatch):
    monkeypatch.setattr(typesetting, "MAX_SECONDS", 1)
    slow = replace(real_content(), reference="PE2021/XPR", paragraphs=(SLOW,))

    with pytest.raises(DocumentTooLarge, match=r"^PE2021/XPR$"):
        letter_pdfs([real_content(), slow, real_content()], at=AT)


def test_letter_pdfs_gives_each_letter_as_it_is_alone():
    contents = [
        replace(real_content(), reference=f"PE2021/X{number}", title=f"Title {number}")
        for number in range(3)
    ]

    assert letter_pdfs(contents, at=AT) == [letter_pdf(content, at=AT) for content in contents]


def test_letter_pdfs_of_none_is_none():
    assert letter_pdfs([], at=AT) == []
