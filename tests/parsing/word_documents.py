"""Word documents made for a test, with python-docx and by hand."""

import io
import re
import zipfile

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

QUESTION = re.compile(r"(\d+)\. \*([^*]+)\*: (.+)", re.DOTALL)


def word_letter(text, *, automatic=True):
    """The letter as Word has it: askers in italics, numbers Word's own unless typed."""
    document = docx.Document()
    number_list = None
    for block in text.strip().split("\n"):
        if block.startswith("Questions"):
            document.add_paragraph().add_run(block).bold = True
            number_list = new_list(document)
        elif asked := QUESTION.fullmatch(block):
            paragraph = document.add_paragraph()
            if automatic:
                put_in_list(paragraph, number_list)
            else:
                paragraph.add_run(f"{asked[1]}. ")
            add_asked(paragraph, asked[2], asked[3])
        else:
            document.add_paragraph(block)
    return saved(document)


def add_asked(paragraph, asker, text):
    """An asker in italics, in two runs as after a correction, and the question."""
    paragraph.add_run(asker[:4]).italic = True
    paragraph.add_run(asker[4:]).italic = True
    paragraph.add_run(f": {text}")


def new_list(document, *, pattern="%1.", kind="decimal"):
    """A list with a definition of its own, so that it starts at 1."""
    numbering = document.part.numbering_part.element
    definition = OxmlElement("w:abstractNum")
    definition_id = 900 + len(numbering)
    definition.set(qn("w:abstractNumId"), str(definition_id))
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for name, value in (("start", "1"), ("numFmt", kind), ("lvlText", pattern)):
        child = OxmlElement(f"w:{name}")
        child.set(qn("w:val"), value)
        level.append(child)
    definition.append(level)
    numbering.insert(0, definition)
    return numbering.add_num(definition_id).numId


def restarted(document, list_id):
    """Another list of the same definition, told to start at 1 again."""
    numbering = document.part.numbering_part.element
    shared = numbering.num_having_numId(list_id).abstractNumId.val
    number_list = numbering.add_num(shared)
    number_list.add_lvlOverride(0).add_startOverride(1)
    return number_list.numId


def put_in_list(paragraph, number_list):
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number_list


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def archive(parts, *, compression=zipfile.ZIP_DEFLATED):
    """A ZIP file of names and contents."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file.getvalue()


def with_parts(content, **changes):
    """A document with some parts replaced or added; in keywords "__" is "/" and "_" is "."."""
    with zipfile.ZipFile(io.BytesIO(content)) as original:
        parts = {name: original.read(name) for name in original.namelist()}
    parts |= {name.replace("__", "/").replace("_", "."): part for name, part in changes.items()}
    return archive(parts)


def part_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as original:
        return original.read(name).decode()
