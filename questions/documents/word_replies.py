"""The questions of a reply as a Word document in which the capital writes the answers.

The bookmark of a heading says which question follows, also when its words were translated, and
from which text the document was made. Another marks the line after which the answer is typed.
"""

import re
from datetime import UTC, datetime
from itertools import count

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from questions.models import Reply, text_direction

from .printable import printable
from .replies import PrintedItem, PrintedReply, how_heading, printed_reply
from .word_pages import LANGUAGES, saved, set_fonts, write_footer

_PETROL = RGBColor(0x0D, 0x4A, 0x56)
_GREY = RGBColor(0x4A, 0x4F, 0x54)
_NO_XML = dict.fromkeys([0xFFFE, 0xFFFF])  # the only characters of a kept text that XML cannot hold
_PARAGRAPH_END = re.compile(r"(?<!\n)\n\n")  # further newlines belong to the next paragraph
_PIECE = re.compile(r"[\n\t]|[^\n\t]+")
_OWN_STYLES = {"Reply Question": "Reply Answer", "Reply Note": "Reply Answer", "Reply Answer": ""}


def reply_docx(reply: Reply, *, at: datetime) -> bytes:
    """The document in the language that is active."""
    return printed_docx(printed_reply(reply, returns=True), at=at)


def printed_docx(printed: PrintedReply, *, at: datetime) -> bytes:
    """As .docx, dated `at`; the same content and moment give the same bytes."""
    document = docx.Document()
    _set_properties(document, printed, at)
    _set_styles(document)
    _set_page(document, printed)
    bookmarks = count(1)
    _heading(document, printed, printed.title, level=1)
    _heading(document, printed, how_heading(), level=3)
    for line in printed.how:
        _ours(document.add_paragraph(style="Reply Note"), line, printed)
    for heading, items in printed.sections:
        _heading(document, printed, heading, level=1)
        for one in items:
            _write_item(document, printed, one, bookmarks)
    return saved(document, at)


def _write_item(
    document: Document, printed: PrintedReply, one: PrintedItem, bookmarks: count
) -> None:
    mark = re.sub(r"[^A-Za-z0-9]", "_", one.symbol)
    heading = document.add_heading(level=2)
    _ours(heading, f"{one.symbol}: {one.title}", printed)
    made_from = f"_x{one.made_from}" if one.made_from else ""
    _bookmark(heading, f"slot_{mark}{made_from}", next(bookmarks))
    for text in _PARAGRAPH_END.split(one.question):
        paragraph = document.add_paragraph(style="Reply Question")
        _write(paragraph, text, one.question_language, text_direction(text, one.question_language))
    for line in filter(None, [one.asked_by, one.note]):
        _ours(document.add_paragraph(style="Reply Note"), line, printed)
    line = document.add_paragraph(style="Reply Note")
    _ours(line, one.line, printed)
    _bookmark(line, f"answer_{mark}", next(bookmarks))
    language = one.language or printed.language_of_answers or printed.language
    for text in _PARAGRAPH_END.split(one.text.translate(_NO_XML)):
        paragraph = document.add_paragraph(style="Reply Answer")
        _write(paragraph, text, language, text_direction(text, language))


def _set_properties(document: Document, printed: PrintedReply, at: datetime) -> None:
    """No person's name."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = printable(printed.title)[:255]
    properties.subject = printed.reference
    properties.language = printed.language
    properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    properties.revision = 1


def _set_styles(document: Document) -> None:
    for name in _OWN_STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
    for name, following in _OWN_STYLES.items():
        if following:
            document.styles[name].next_paragraph_style = document.styles[following]
    sizes = {"Normal": 11, "Heading 1": 15, "Heading 2": 13, "Heading 3": 11, "Footer": 9}
    for name, size in (sizes | {"Reply Note": 10}).items():
        style = document.styles[name]
        style.font.size = Pt(size)
        _set_complex_size(style, size)
        style.paragraph_format.space_after = Pt(7)
        style.paragraph_format.line_spacing = 1.1
        if name.startswith("Heading"):
            style.font.color.rgb = _PETROL
            style.paragraph_format.space_before = Pt(16)
    for name in (*sizes, *_OWN_STYLES):
        set_fonts(document.styles[name])
    document.styles["Reply Note"].font.color.rgb = _GREY
    document.styles["Reply Note"].paragraph_format.keep_with_next = True
    _shade(document.styles["Reply Question"])


def _set_complex_size(style, size: int) -> None:
    """Word takes the size of Arabic from a property of its own."""
    element = OxmlElement("w:szCs")
    element.set(qn("w:val"), str(size * 2))
    properties = style.element.get_or_add_rPr()
    properties.remove_all("w:szCs")
    properties.find(qn("w:sz")).addnext(element)


def _shade(style) -> None:
    """A bar and a ground: the question is visibly not where one writes."""
    properties = style.element.get_or_add_pPr()
    borders, shade = OxmlElement("w:pBdr"), OxmlElement("w:shd")
    for side in ("left", "right"):
        bar = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": "12", "space": "6", "color": "0D4A56"}.items():
            bar.set(qn(f"w:{name}"), value)
        borders.append(bar)
    for name, value in {"val": "clear", "color": "auto", "fill": "EEF2F3"}.items():
        shade.set(qn(f"w:{name}"), value)
    following = ("w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:jc", "w:rPr")
    properties.insert_element_before(borders, "w:shd", *following)
    properties.insert_element_before(shade, *following)


def _set_page(document: Document, printed: PrintedReply) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(26)
    page.top_margin = page.bottom_margin = Mm(24)
    write_footer(page.footer.paragraphs[0], printed.reference, of=" / ")


def _heading(document: Document, printed: PrintedReply, text: str, *, level: int) -> None:
    _ours(document.add_heading(level=level), text, printed)


def _ours(paragraph: Paragraph, text: str, printed: PrintedReply) -> None:
    """A line of the document's own, in its language and direction."""
    _write(paragraph, printable(text), printed.language, printed.dir)


def _write(paragraph: Paragraph, text: str, language: str, direction: str) -> None:
    """The text as it is: a newline is a line break, a tab a tab."""
    if direction == "rtl":
        paragraph._p.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
    run = paragraph.add_run()
    for piece in _PIECE.findall(text):
        if piece == "\n":
            run.add_break()
        elif piece == "\t":
            run.add_tab()
        else:
            _add_text(run, piece)
    if direction == "rtl":
        run.font.rtl = True
    kind, code = LANGUAGES.get(language, ("val", language))
    of_run = OxmlElement("w:lang")
    of_run.set(qn(f"w:{kind}"), code)
    run._r.get_or_add_rPr().append(of_run)


def _add_text(run, piece: str) -> None:
    element = OxmlElement("w:t")
    element.text = piece
    element.set(qn("xml:space"), "preserve")
    run._r.append(element)


def _bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Around the whole paragraph, so that it moves with its words."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (begin, end):
        element.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    paragraph.runs[0]._r.addprevious(begin)
    paragraph._p.append(end)
