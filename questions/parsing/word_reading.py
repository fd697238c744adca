"""A Word document as the paragraphs a person sees, with all that is more than text named.

Changes that were tracked are read twice: as if all were accepted, and as if all were refused.
Who made a change or a comment is not read. Takes time in proportion to the file.
"""

from dataclasses import dataclass, field
from typing import Literal
from xml.etree.ElementTree import Element

from .word_lists import Numbering, is_on, word

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK, _FORMULA, _FORMULA_TEXT = f"{_MC}Fallback", f"{_MATH}oMath", f"{_MATH}t"
_BREAKS = {
    word("br"): "\n",
    word("cr"): "\n",
    word("tab"): "\t",
    word("ptab"): "\t",
    word("noBreakHyphen"): "-",
}
_INSERTED = {word("ins"): "inserted", word("moveTo"): "moved"}
_DELETED = {word("del"): "deleted", word("moveFrom"): "moved"}
_PROPERTIES = {word(name) for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid")}
_SKIPPED = _PROPERTIES | {word("trPr"), word("tcPr"), word("rt"), word("sectPr"), _FALLBACK}
_PICTURES = {word("drawing"), word("pict"), word("object")}
_TEXT_BOX = word("txbxContent")
_NOTES = {word("footnoteReference"): "footnote", word("endnoteReference"): "endnote"}
MOST_NAMED = 300
LONGEST_NAMED = 300  # characters of what is named; the texts themselves are whole
_MOST_COMMENTS_AT_ONCE = 20

Kind = Literal[
    "inserted",
    "deleted",
    "moved",
    "comment",
    "hidden",
    "field",
    "picture",
    "formula",
    "table",
    "text_box",
    "footnote",
    "other_document",
]


@dataclass
class Named:
    """Something in the document that is no plain text; `about` is what a comment is about."""

    kind: Kind
    text: str
    paragraph: int = 0  # the place in `WordReader.paragraphs`
    about: str = ""


@dataclass
class WordParagraph:
    """One paragraph; a row of a table whose cells hold one line each is one as well."""

    text: str = ""
    style: str = ""  # its English name in lower case: "heading 2"
    is_heading: bool = False
    bookmarks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    joined: str = ""  # goes on after the paragraph before, as an item of the same "list" or "table"


@dataclass(frozen=True)
class WordSource:
    """The parts of a document that reading needs."""

    document: Element
    styles: Element | None = None
    numbering: Element | None = None
    comments: Element | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None


class WordReader:
    """Reads one document once, with its tracked changes accepted or refused."""

    def __init__(self, source: WordSource, *, accepted: bool) -> None:
        self.paragraphs: list[WordParagraph] = []
        self.named: list[Named] = []
        self.has_changes = False
        self._accepted = accepted
        self._source = source
        self._styles = _styles(source.styles)
        self._numbering = Numbering(source.numbering, source.styles)
        self._fields: list[bool] = []  # of each field that is open: whether its code is over
        self._codes = 0  # of these, how many are not
        self._open_comments: dict[str, Named] = {}
        self._comments = _texts(source.comments, "comment")
        self._notes = {
            "footnote": _texts(source.footnotes, "footnote"),
            "endnote": _texts(source.endnotes, "endnote"),
        }
        self._note_count = 0
        self._current = WordParagraph()
        self._is_continued = False  # the mark between this paragraph and the next is not there
        self._read()

    def _read(self) -> None:
        body = self._source.document.find(word("body"))
        waiting = list(reversed(body)) if body is not None else []
        while waiting:
            element = waiting.pop()
            tag = element.tag
            if tag in _SKIPPED:
                continue
            if tag == word("p"):
                waiting.extend(reversed(self._read_paragraph(element)))
            elif tag == word("tr"):
                waiting.extend(reversed(self._read_row(element)))
            elif tag == word("altChunk"):
                self._name("other_document", "")
            else:
                self._mark(element)
                if tag == word("tbl"):
                    self._name("table", "")
                waiting.extend(reversed(element))
        if self._is_continued:
            self._finish()

    def _read_row(self, row: Element) -> list[Element]:
        """A simple row becomes one paragraph; the cells of another are read one by one."""
        properties = row.find(word("trPr"))
        if properties is not None:
            gone = word("del") if self._accepted else word("ins")
            if any(properties.find(word(name)) is not None for name in ("del", "ins")):
                self.has_changes = True
            if properties.find(gone) is not None:
                return []
        cells = [child for child in row if child.tag not in _SKIPPED]
        plain = all(cell.tag == word("tc") and _is_one_line(cell) for cell in cells)
        if not plain or any(True for _ in row.iter(word("bookmarkStart"))):
            return cells
        if self._is_continued:
            self._finish()
        texts, marks = [], self._current.bookmarks
        for cell in cells:
            self._current = WordParagraph()
            self._runs(cell.find(word("p")))
            texts.append(self._current)
        self._current = WordParagraph(
            text="\t".join(part.text.strip() for part in texts).rstrip("\t"),
            bookmarks=marks,
            notes=[note for part in texts for note in part.notes],
            joined="table",
        )
        self._finish()
        return []

    def _read_paragraph(self, paragraph: Element) -> list[Element]:
        """Adds it, or begins it where its end was deleted; gives what is anchored in it to read."""
        properties = paragraph.find(word("pPr"))
        number = self._numbering.number_of(paragraph)
        if not self._is_continued:
            marks = self._current.bookmarks  # of those that begin between two paragraphs
            self._current = WordParagraph(bookmarks=marks)
        elif not self._current.text.strip():
            self._current.bookmarks.clear()  # what they marked is no longer there
        self._current.style = self._style_of(properties)
        self._current.is_heading = self._is_heading(properties)
        before = self._current.text
        anchored = self._runs(paragraph)
        if number is not None:
            self._current.joined = "list"
            own = self._current.text[len(before) :].lstrip()
            self._current.text = before + (f"{number} {own}" if own.strip() else "")
        self._is_continued = self._mark_is_gone(properties)
        if not self._is_continued:
            self._finish()
        return anchored

    def _mark_is_gone(self, properties: Element | None) -> bool:
        """Whether a tracked change joins this paragraph with the next."""
        of_mark = properties.find(word("rPr")) if properties is not None else None
        if of_mark is None:
            return False
        inserted = any(of_mark.find(word(name)) is not None for name in ("ins", "moveTo"))
        deleted = any(of_mark.find(word(name)) is not None for name in ("del", "moveFrom"))
        self.has_changes = self.has_changes or inserted or deleted
        return deleted if self._accepted else inserted

    def _finish(self) -> None:
        self.paragraphs.append(self._current)
        self._current = WordParagraph()
        self._is_continued = False

    def _runs(self, paragraph: Element) -> list[Element]:
        """Adds the text of a paragraph; what it returns is in text boxes anchored in it."""
        text: list[str] = []
        anchored: list[Element] = []
        waiting: list[tuple[Element, str, str]] = [(e, "", "") for e in reversed(paragraph)]
        while waiting:
            element, inserted, deleted = waiting.pop()
            tag = element.tag
            if tag in _SKIPPED:
                continue
            if tag == _TEXT_BOX:
                self._name("text_box", "")
                anchored.extend(element)
                continue
            inserted = _INSERTED.get(tag, inserted)
            deleted = _DELETED.get(tag, deleted)
            if tag == word("r") and self._is_hidden(element):
                self._hide(element, gone=deleted if self._accepted else inserted)
                continue
            if tag in _PICTURES and not (deleted if self._accepted else inserted):
                self._name_picture(element)
            self._mark(element)
            if piece := self._piece(element):
                self._note_change(piece, inserted, deleted)
                if not (deleted if self._accepted else inserted):
                    text.append(piece)
                    self._current.notes += self._note_of(element)
                    self._add_to_comments(piece)
            waiting.extend((child, inserted, deleted) for child in reversed(element))
        self._current.text += "".join(text)
        return anchored

    def _piece(self, element: Element) -> str:
        tag = element.tag
        if tag == word("fldChar"):
            self._follow_field(element.get(word("fldCharType"), ""))
        if self._codes:
            return ""
        if tag in {word("t"), word("delText"), _FORMULA_TEXT}:
            return element.text or ""
        if tag == word("sym"):
            code = element.get(word("char"), "")
            return chr(int(code, 16)) if len(code) == 4 and code.isalnum() and _is_hex(code) else ""
        if tag in _NOTES:
            return f"[{self._note_count + 1}]"
        if tag == word("fldSimple"):
            self._name("field", element.get(word("instr"), "").strip())
        elif tag == _FORMULA:
            self._name("formula", "".join(part.text or "" for part in element.iter(_FORMULA_TEXT)))
        return _BREAKS.get(tag, "")

    def _note_of(self, element: Element) -> list[str]:
        if element.tag not in _NOTES:
            return []
        kind = _NOTES[element.tag]
        self._note_count += 1
        said = self._notes[kind].get(element.get(word("id"), ""), "")
        self._name("footnote", said)
        return [f"[{self._note_count}] {said}".rstrip()]

    def _follow_field(self, kind: str) -> None:
        """The code of a field is no text; what it shows is."""
        if kind == "begin":
            self._fields.append(False)
            self._codes += 1
            self._name("field", "")
        elif kind == "separate" and self._fields:
            self._codes -= not self._fields[-1]
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._codes -= not self._fields.pop()

    def _note_change(self, piece: str, inserted: str, deleted: str) -> None:
        kind = deleted or inserted
        if not kind:
            return
        self.has_changes = True
        if kind == "moved" and deleted:
            return  # named once, where it stands now
        last = self.named[-1] if self.named else None
        if last and last.kind == kind and last.paragraph == len(self.paragraphs):
            last.text = (last.text + piece)[:LONGEST_NAMED]
        else:
            self._name(kind, piece)

    def _mark(self, element: Element) -> None:
        """Where bookmarks begin, and what comments are about."""
        if element.tag == word("bookmarkStart"):
            self._current.bookmarks.append(element.get(word("name"), ""))
        elif element.tag == word("commentRangeStart"):
            self._open_comment(element.get(word("id"), ""))
        elif element.tag == word("commentRangeEnd"):
            self._open_comments.pop(element.get(word("id"), ""), None)
        elif element.tag == word("commentReference"):
            self._open_comment(element.get(word("id"), ""))
            self._open_comments.pop(element.get(word("id"), ""), None)

    def _open_comment(self, key: str) -> None:
        said = self._comments.pop(key, None)
        if said is None:
            return
        self._name("comment", said)
        if len(self._open_comments) < _MOST_COMMENTS_AT_ONCE and self.named[-1].text == said:
            self._open_comments[key] = self.named[-1]

    def _add_to_comments(self, piece: str) -> None:
        for comment in self._open_comments.values():
            if len(comment.about) < LONGEST_NAMED:
                comment.about = (comment.about + piece)[:LONGEST_NAMED]

    def _name(self, kind: Kind, text: str) -> None:
        if len(self.named) < MOST_NAMED:
            limit = None if kind == "comment" else LONGEST_NAMED
            self.named.append(Named(kind, text[:limit], len(self.paragraphs)))

    def _name_picture(self, element: Element) -> None:
        if next(element.iter(_TEXT_BOX), None) is None:
            described = (part.get("descr", "") for part in element.iter())
            self._name("picture", next(filter(None, described), ""))

    def _is_hidden(self, run: Element) -> bool:
        properties = run.find(word("rPr"))
        return properties is not None and is_on(properties, "vanish")

    def _hide(self, run: Element, *, gone: str) -> None:
        said = "".join(part.text or "" for part in run.iter(word("t")))
        if said.strip() and not gone:
            self._name("hidden", said)

    def _style_of(self, properties: Element | None) -> str:
        named = properties.find(word("pStyle")) if properties is not None else None
        key = named.get(word("val"), "") if named is not None else ""
        return self._styles.get(key, (key.lower(), False))[0]

    def _is_heading(self, properties: Element | None) -> bool:
        if properties is None:
            return False
        named = properties.find(word("pStyle"))
        key = named.get(word("val"), "") if named is not None else ""
        by_style = self._styles.get(key, (key, key.lower().startswith("heading")))[1]
        return by_style or properties.find(word("outlineLvl")) is not None


def _styles(styles: Element | None) -> dict[str, tuple[str, bool]]:
    """Of each paragraph style: its English name, and whether it is a heading."""
    found = {}
    for style in styles.iter(word("style")) if styles is not None else ():
        named = style.find(word("name"))
        name = named.get(word("val"), "").lower() if named is not None else ""
        is_heading = name.startswith("heading ") or any(
            True for _ in style.iter(word("outlineLvl"))
        )
        found[style.get(word("styleId"), "")] = (name, is_heading)
    return found


def _texts(part: Element | None, name: str) -> dict[str, str]:
    """Comments or notes by their number; a paragraph of theirs a line."""
    if part is None:
        return {}
    return {
        one.get(word("id"), ""): "\n".join(
            "".join(piece.text or "" for piece in paragraph.iter(word("t")))
            for paragraph in one.iter(word("p"))
        ).strip()
        for one in part.findall(word(name))
    }


def _is_one_line(cell: Element) -> bool:
    inside = [child.tag for child in cell if child.tag not in _SKIPPED]
    return inside == [word("p")] and next(cell.iter(_TEXT_BOX), None) is None


def _is_hex(code: str) -> bool:
    return all(sign in "0123456789abcdefABCDEF" for sign in code)
