"""A Word document (.docx) to plain text.

We read the XML ourselves: python-docx knows neither the numbers Word counts nor what was deleted.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .archives import open_archive, read_part
from .emphasis import Piece, with_marked_askers
from .refusals import FileRefused
from .word_lists import Numbering, is_on, word

MAX_PART = 3_000_000  # bytes of one XML part; a long letter has 200,000

_DOCUMENT = "word/document.xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted or moved-away text, the second copy of a drawing, and properties are not the letter.
_NOT_TEXT = {word("del"), word("moveFrom"), word("pPr"), word("rPr"), _FALLBACK}
_TYPED_NUMBER = re.compile(r"\s*(?:(?:question|q)\.?\s*)?\(?\d", re.IGNORECASE)
_BREAKS = {
    word("br"): "\n",
    word("cr"): "\n",
    word("tab"): "\t",
    word("noBreakHyphen"): "-",
}


def word_text(content: bytes) -> str:
    """The paragraphs of the document, tables included, with a blank line between them."""
    archive = open_archive(content)
    with archive:
        names = set(archive.namelist())
        if _DOCUMENT not in names:
            raise FileRefused("The file is not a Word document: it has no main text.")
        for name in names:
            if name.endswith(".rels"):
                _refuse_outside_parts(_xml(read_part(archive, name, limit=MAX_PART)))
        document = _xml(read_part(archive, _DOCUMENT, limit=MAX_PART))
        numbering = Numbering(
            *(
                _xml(read_part(archive, name, limit=MAX_PART)) if name in names else None
                for name in ("word/numbering.xml", "word/styles.xml")
            )
        )
    return "\n\n".join(
        _paragraph_text(paragraph, numbering) for paragraph in _walk(document, word("p"))
    )


def _xml(content: bytes) -> Element:
    """The part as a tree. A document type, the door to entities, is refused where it begins."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = lambda name, attributes: builder.start(
        _qualified(name), {_qualified(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: builder.end(_qualified(name))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FileRefused("The file is damaged: one of its parts is not XML.") from error
    return builder.close()


def _qualified(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _refuse_document_type(*declaration: object) -> None:
    raise FileRefused("The file declares an XML document type, which Word never does.")


def _refuse_outside_parts(relations: Element) -> None:
    """A link may lead outside; a template, picture or frame must not (security.md 59)."""
    for relation in relations.iter(_RELATION):
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode", "").lower() == "external" and kind != "hyperlink":
            raise FileRefused(
                f"The file loads its {kind[:40]} from elsewhere. Save it as a new document."
            )


def _walk(element: Element, wanted: str) -> Iterator[Element]:
    """Elements of one tag in document order, without descending into what is not text."""
    waiting = [element]
    while waiting:
        current = waiting.pop()
        if current.tag == wanted:
            yield current
        if current.tag not in _NOT_TEXT:
            waiting.extend(reversed(current))


def _paragraph_text(paragraph: Element, numbering: Numbering) -> str:
    number = numbering.number_of(paragraph)
    pieces = [_piece(run, numbering) for run in _own_runs(paragraph)]
    text = "".join(piece.text for piece in pieces)
    if number is None:
        return with_marked_askers(pieces) if _TYPED_NUMBER.match(text) else text
    if number != "•":
        text = with_marked_askers(pieces)
    return f"{number} {text.lstrip()}"


def _own_runs(paragraph: Element) -> Iterator[Element]:
    """The runs of a paragraph, but not those of a text box anchored in it."""
    waiting = list(reversed(paragraph))
    while waiting:
        current = waiting.pop()
        if current.tag == word("r"):
            yield current
        elif current.tag != word("p") and current.tag not in _NOT_TEXT:
            waiting.extend(reversed(current))


def _piece(run: Element, numbering: Numbering) -> Piece:
    properties = run.find(word("rPr"))
    if properties is not None and is_on(properties, "vanish"):
        return Piece("", False)
    text = []
    for child in run:
        if child.tag == word("t"):
            text.append(child.text or "")
        else:
            text.append(_BREAKS.get(child.tag, ""))
    is_emphasised = properties is not None and numbering.is_emphasised(properties)
    return Piece("".join(text), is_emphasised)
