"""Fills in a reply's Word document with LibreOffice itself, as an officer would.

    soffice --headless --accept="socket,host=127.0.0.1,port=2002;urp;" &
    /usr/bin/python3 fill_in.py BASE.docx FOLDER

It needs LibreOffice and its Python (`uno`), which the portal does not.
"""

import sys
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.text.ControlCharacter import PARAGRAPH_BREAK


def value(name, content):
    return PropertyValue(Name=name, Value=content)


def paragraphs(document):
    inside = document.Text.createEnumeration()
    while inside.hasMoreElements():
        one = inside.nextElement()
        if one.supportsService("com.sun.star.text.Paragraph"):
            yield one


def paragraph(document, beginning):
    return next(one for one in paragraphs(document) if one.String.startswith(beginning))


def place(document, symbol):
    """The paragraph after the line that names a question."""
    every = list(paragraphs(document))
    at = next(
        n for n, one in enumerate(every) if one.String.startswith(f"Type the answer to {symbol}")
    )
    return every[at + 1]


def type_at_end(document, one, *texts):
    """Each text after the first in a paragraph of its own, as Enter begins it."""
    cursor = document.Text.createTextCursorByRange(one.End)
    for number, text in enumerate(texts):
        if number:
            document.Text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
        document.Text.insertString(cursor, text, False)
    return cursor


def fill(document):
    """Type under each question; a numbered list, a footnote, a table."""
    type_at_end(document, place(document, "PE2000/XPR-1"), " Not any more.", "A second paragraph.")
    first = place(document, "PE2000/Q1/XPR")
    type_at_end(document, first, "We will:", "invite all;", "answer each letter.", "That is all.")
    every = list(paragraphs(document))
    for one in every:
        if one.String in {"invite all;", "answer each letter."}:
            one.NumberingStyleName = "Numbering 123"
    second = place(document, "PE2000/Q2/XPR")
    cursor = type_at_end(document, second, "See the law")
    note = document.createInstance("com.sun.star.text.Footnote")
    document.Text.insertTextContent(cursor, note, False)
    note.String = "Law No. 12."
    type_at_end(document, place(document, "PE2000/Q2/XPR"), "", "After the table.")
    after = paragraph(document, "After the table.")
    table = document.createInstance("com.sun.star.text.TextTable")
    table.initialize(2, 2)
    document.Text.insertTextContent(after.Start, table, False)
    for name, text in {"A1": "2019", "B1": "3 cases", "A2": "2020", "B2": "none"}.items():
        table.getCellByName(name).String = text


def renumber(document):
    """Headings numbered anew, translated, emptied; text typed below and above the line."""
    type_at_end(document, place(document, "PE2000/XPR-1"), " Own.")
    type_at_end(document, place(document, "PE2000/Q1/XPR"), "Below.")
    type_at_end(document, place(document, "PE2000/Q2/XPR"), "Last.")
    line = paragraph(document, "Type the answer to PE2000/Q1/XPR")
    cursor = document.Text.createTextCursorByRange(line.Start)
    document.Text.insertString(cursor, "Above.", False)
    document.Text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
    for old, new in {
        "PE2000/XPR-1": "7. Арест журналистов",
        "PE2000/Q1/XPR": "PE2000/Q1/XPR: Standing invitation (cleared)",
        "PE2000/Q2/XPR": "",
    }.items():
        heading = paragraph(document, f"{old}:")
        cursor = document.Text.createTextCursorByRange(heading.Start)
        cursor.gotoEndOfParagraph(True)
        cursor.String = new


def move(document):
    """The last question cut and pasted before the others; the question of another edited."""
    type_at_end(document, place(document, "PE2000/Q1/XPR"), "Stays.")
    type_at_end(document, place(document, "PE2000/Q2/XPR"), "Moved.")
    controller = document.CurrentController
    view = controller.ViewCursor
    view.gotoRange(paragraph(document, "PE2000/Q2/XPR:").Start, False)
    view.gotoEnd(True)
    cut = controller.getTransferable()
    view.String = ""
    heading = document.Text.createTextCursorByRange(
        paragraph(document, "Questions put to all candidates").Start
    )
    document.Text.insertControlCharacter(heading, PARAGRAPH_BREAK, False)
    heading.goLeft(1, False)
    view.gotoRange(heading, False)
    controller.insertTransferable(cut)
    question = paragraph(document, "Will you extend a standing")
    question.String = "Will you extend a standing invitation to Special Procedures?"


def track(document):
    """Insertions and deletions, in a paragraph and of whole ones, with the changes recorded."""
    type_at_end(document, place(document, "PE2000/Q1/XPR"), "We agree to this. We refuse that.")
    document.RecordChanges = True
    one = place(document, "PE2000/Q1/XPR")
    cursor = document.Text.createTextCursorByRange(one.Start)
    cursor.goRight(3, False)
    document.Text.insertString(cursor, "fully ", False)
    cursor = document.Text.createTextCursorByRange(place(document, "PE2000/Q1/XPR").End)
    cursor.goLeft(len(" We refuse that."), True)
    cursor.String = ""
    type_at_end(document, place(document, "PE2000/Q2/XPR"), "New", "In two paragraphs")
    deleted = document.Text.createTextCursorByRange(place(document, "PE2000/XPR-1").Start)
    deleted.gotoEndOfParagraph(True)
    deleted.String = ""
    document.RecordChanges = False


def main(base, folder):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    context = resolver.resolve(
        "uno:socket,host=127.0.0.1,port=2002;urp;StarOffice.ComponentContext"
    )
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    for act in (fill, renumber, move, track):
        hidden = (value("Hidden", True),)
        document = desktop.loadComponentFromURL(Path(base).resolve().as_uri(), "_blank", 0, hidden)
        act(document)
        target = (Path(folder) / f"libreoffice_{act.__name__}.docx").resolve().as_uri()
        document.storeToURL(target, (value("FilterName", "MS Word 2007 XML"),))
        document.close(True)


if __name__ == "__main__":
    main(*sys.argv[1:])
