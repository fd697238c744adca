"""What our Word documents have in common: fonts, texts in their direction, the foot, the file."""

import io
import zipfile
from datetime import UTC, datetime

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.styles.style import BaseStyle
from docx.text.paragraph import Paragraph

from questions.models import text_direction

from .printable import printable

FONTS = {"ascii": "Calibri", "hAnsi": "Calibri", "cs": "Arial", "eastAsia": "Microsoft YaHei"}
LANGUAGES = {"zh-hans": ("eastAsia", "zh-CN"), "ar": ("bidi", "ar-SA"), "en": ("val", "en-GB")}


def set_fonts(style: BaseStyle) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()  # the theme's fonts would win
    for script, font in FONTS.items():
        fonts.set(qn(f"w:{script}"), font)


def write_footer(paragraph: Paragraph, reference: str, *, of: str = " of ") -> None:
    """PE2021/KAZ · 1 of 2, the numbers as fields."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{printable(reference)} · ")
    for before, code in (("", "PAGE"), (of, "NUMPAGES")):
        if before:
            paragraph.add_run(before)
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), code)
        shown = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = "1"
        shown.append(text)
        number.append(shown)
        paragraph._p.append(number)


def write_text(paragraph: Paragraph, text: str, language: str) -> None:
    run = paragraph.add_run(printable(text))
    kind, code = LANGUAGES.get(language, ("val", language))
    of_run = OxmlElement("w:lang")
    of_run.set(qn(f"w:{kind}"), code)
    if text_direction(text, language) == "rtl":
        paragraph._p.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )
        run.font.rtl = True
    properties = run._r.get_or_add_rPr()
    properties.append(of_run)


def saved(document: Document, at: datetime) -> bytes:
    """The parts in one order, each dated `at`: a ZIP file would else hold the time of saving."""
    made = io.BytesIO()
    document.save(made)
    written = io.BytesIO()
    moment = at.astimezone(UTC).timetuple()[:6]
    with (
        zipfile.ZipFile(made) as parts,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, date_time=moment)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, parts.read(name))
    return written.getvalue()
