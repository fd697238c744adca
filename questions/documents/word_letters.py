"""A letter as a Word document: real headings, lists numbered anew in each section, fields."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.image.exceptions import (
    InvalidImageStreamError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
)
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from questions.models import LetterContent, PrintedQuestion, PrintedSection, text_direction

from .letterheads import LetterPaper, UnreadableImage
from .printable import printable
from .word_pages import saved, set_fonts, write_footer, write_text

_PETROL = RGBColor(0x0D, 0x4A, 0x56)
_GREY = RGBColor(0x4A, 0x4F, 0x54)
_LEVEL = {"start": "1", "numFmt": "decimal", "lvlText": "%1.", "lvlJc": "left"}
_DAMAGE = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)
_INDENT = Cm(0.75)


def letter_docx(
    content: LetterContent, *, letterhead: LetterPaper | None = None, at: datetime
) -> bytes:
    """The letter as .docx, dated `at`; the same content and moment give the same bytes.

    Raises UnreadableImage, for an image without a size too.
    """
    images = letterhead.images() if letterhead else {}
    document = docx.Document()
    _set_properties(document, content, letterhead, at)
    _set_styles(document)
    _set_page(document, content, letterhead, images.get("logo"))
    _write_opening(document, content)
    for section in content.sections:
        _write_section(document, section)
    _write_closing(document, content, images.get("signature"))
    return saved(document, at)


def _set_properties(
    document: Document, content: LetterContent, letterhead: LetterPaper | None, at: datetime
) -> None:
    """No person's name: who made the file is the organisation."""
    made_by = printable(letterhead.organisation)[:255] if letterhead else ""
    properties = document.core_properties
    properties.author = properties.last_modified_by = made_by
    properties.title = printable(content.title)[:255]
    properties.subject = printable(content.reference)[:255]
    properties.language = content.language
    properties.comments = ""
    properties.created = properties.modified = at.astimezone(UTC).replace(tzinfo=None)
    properties.revision = 1


def _set_styles(document: Document) -> None:
    sizes = {"Normal": 11, "Heading 1": 14, "Heading 2": 12, "List Paragraph": 11, "Footer": 9}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        set_fonts(style)
        style.paragraph_format.space_after = Pt(8)
        style.paragraph_format.line_spacing = 1.1
        if name.startswith("Heading"):
            style.font.color.rgb = _PETROL
            style.paragraph_format.space_before = Pt(14)
    document.styles["List Paragraph"].element.get_or_add_pPr().remove_all("w:contextualSpacing")
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _set_page(
    document: Document,
    content: LetterContent,
    letterhead: LetterPaper | None,
    logo: bytes | None,
) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(26)
    page.top_margin = page.bottom_margin = Mm(24)
    page.different_first_page_header_footer = True
    for footer in (page.first_page_footer, page.footer):
        write_footer(footer.paragraphs[0], content.reference)
    if letterhead is None:
        return
    head = page.first_page_header.paragraphs[0]
    if logo:
        _add_picture(head.add_run(), logo, Mm(17), letterhead.organisation)
    else:
        run = head.add_run(printable(letterhead.organisation))
        run.bold, run.font.size, run.font.color.rgb = True, Pt(13), _PETROL
    for line in letterhead.address:
        paragraph = page.first_page_header.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(printable(line))
        run.font.size, run.font.color.rgb = Pt(9), _GREY
    page.first_page_header.paragraphs[-1].paragraph_format.space_after = Pt(20)


def _write_opening(document: Document, content: LetterContent) -> None:
    for addressee in content.addressees:
        name = document.add_paragraph()
        name.add_run(printable(addressee.name)).bold = True
        name.paragraph_format.space_after = Pt(0)
        name.paragraph_format.keep_with_next = True
        document.add_paragraph(printable(addressee.role))
    date = document.add_paragraph(printable(content.date))
    date.paragraph_format.space_before = date.paragraph_format.space_after = Pt(14)
    document.add_paragraph(printable(content.salutation))
    document.add_heading(printable(content.title), level=1)
    for text in content.paragraphs:
        write_text(document.add_paragraph(), text, content.language)


def _write_section(document: Document, section: PrintedSection) -> None:
    document.add_heading(printable(section.heading), level=2)
    list_id = _new_list(document, start=section.questions[0].number)
    for question in section.questions:
        _write_question(document, question, list_id)


def _write_question(document: Document, question: PrintedQuestion, list_id: int) -> None:
    """The number belongs to the first paragraph; Arabic begins on a line of its own."""
    numbered = document.add_paragraph(style="List Paragraph")
    _put_in_list(numbered, list_id)
    paragraph = numbered
    if question.askers:
        _write_askers(numbered, question)
        if text_direction(question.paragraphs[0], question.language) == "rtl":
            numbered.paragraph_format.keep_with_next = True
            paragraph = None
        else:
            numbered.add_run(" ")
    for text in question.paragraphs:
        if paragraph is None:
            paragraph = document.add_paragraph(style="List Paragraph")
            _indent(paragraph, text_direction(text, question.language))
        write_text(paragraph, text, question.language)
        paragraph = None


def _indent(paragraph: Paragraph, direction: str) -> None:
    """By the width of a number at the left, which Word calls right where text runs leftwards."""
    at_left, at_right = (0, _INDENT) if direction == "rtl" else (_INDENT, 0)
    paragraph.paragraph_format.left_indent = at_left
    paragraph.paragraph_format.right_indent = at_right


def _write_askers(paragraph: Paragraph, question: PrintedQuestion) -> None:
    for before, asker in question.askers_in_words:
        if before:
            paragraph.add_run(before)
        run = paragraph.add_run(printable(str(asker)))
        run.italic = True
        if asker.dir == "rtl":
            run.font.rtl = True  # set upright: italics are for other scripts
    paragraph.add_run(":")


def _write_closing(document: Document, content: LetterContent, signature: bytes | None) -> None:
    for text in content.closing:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(14)
        paragraph.paragraph_format.keep_with_next = True
        write_text(paragraph, text, content.language)
    if signature:
        picture = document.add_paragraph()
        picture.paragraph_format.keep_with_next = True
        alternative = " ".join(("Signature:", *content.signatory[:1]))
        _add_picture(picture.add_run(), signature, Mm(15), alternative)
    for number, line in enumerate(content.signatory):
        paragraph = document.add_paragraph()
        paragraph.add_run(printable(line)).bold = number == 0
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = line is not content.signatory[-1]
        if number == 0:
            paragraph.paragraph_format.space_before = Pt(8 if signature else 36)


def _add_picture(run: Run, image: bytes, height: int, alternative: str) -> None:
    try:
        picture = run.add_picture(io.BytesIO(image), height=height)
    except _DAMAGE as damaged:
        raise UnreadableImage from damaged
    picture._inline.docPr.set("descr", printable(alternative))


def _new_list(document: Document, *, start: int) -> int:
    """A list with a definition of its own, so that Word counts it by itself."""
    numbering = document.part.numbering_part.element
    definitions = numbering.findall(qn("w:abstractNum"))
    definition_id = _next_id(definitions, "w:abstractNumId")
    definition = OxmlElement("w:abstractNum")
    definition.set(qn("w:abstractNumId"), str(definition_id))
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for name, value in {**_LEVEL, "start": str(start)}.items():
        child = OxmlElement(f"w:{name}")
        child.set(qn("w:val"), value)
        level.append(child)
    properties, indent = OxmlElement("w:pPr"), OxmlElement("w:ind")
    indent.set(qn("w:left"), str(_INDENT.twips))
    indent.set(qn("w:hanging"), str(_INDENT.twips))
    properties.append(indent)
    level.append(properties)
    definition.append(level)
    definitions[-1].addnext(definition)
    return numbering.add_num(definition_id).numId


def _next_id(elements: Iterable, attribute: str) -> int:
    return max((int(element.get(qn(attribute))) for element in elements), default=0) + 1


def _put_in_list(paragraph: Paragraph, list_id: int) -> None:
    place = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    place.get_or_add_ilvl().val = 0
    place.get_or_add_numId().val = list_id
