"""A Word document (.docx) to plain text.

We read the XML ourselves: python-docx knows neither the numbers Word counts nor what was deleted.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .emphasis import Piece, with_marked_askers
from .refusals import FileRefused
from .word_lists import Numbering, is_on, word
from .word_parts import DOCUMENT, open_word, xml_part

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
    with open_word(content) as archive:
        document = xml_part(archive, DOCUMENT)
        numbering = Numbering(
            *(xml_part(archive, name) for name in ("word/numbering.xml", "word/styles.xml"))
        )
    if document is None:
        raise FileRefused("The file is not a Word document: it has no main text.")
    return "\n\n".join(
        _paragraph_text(paragraph, numbering) for paragraph in _walk(document, word("p"))
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
