"""A Word document that a capital returns to the text for each question.

A question's place is known by the bookmark of its heading, else by the symbol or the title in a
heading, else by the question's own text. Nothing that was typed is dropped: what belongs to no
question is given back as such. Takes time in proportion to the file (security.md 59, 90).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from questions.plaintext import normalise

from .refusals import FileRefused
from .reply_places import Places, Wanted, mark_of, squashed
from .word_parts import main_part, open_word, parts_beside, xml_part
from .word_reading import Named, WordParagraph, WordReader, WordSource

__all__ = ["ParsedReply", "ReturnedText", "Unplaced", "Wanted", "mark_of", "parse_reply"]

MAX_BYTES = 10_000_000
MAX_PART = 5_000_000  # bytes of the main text; forty answers of full length have 2,000,000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Word, and what an encrypted .docx is wrapped in
_ZIP = b"PK\x03\x04"
_SAME_WORDS = 0.6  # from here on a paragraph is the question, edited
_BESIDE = ("styles", "numbering", "comments", "footnotes", "endnotes")


class NotWord(FileRefused):
    """The file is no Word document of today's kind; `kind` is "pdf", "old" or "other"."""

    def __init__(self, message: str, *, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class ReturnedText:
    """What stands under one question: with the tracked changes, and without them."""

    text: str
    without_changes: str
    known_by: str  # "bookmark", "symbol", "title", "question", "line"
    made_from: str  # the digest of the text with which the document was made, if it says


@dataclass(frozen=True)
class Unplaced:
    """A text under no question; `near` is the heading before it, `why` "place" or "question"."""

    text: str
    near: str
    why: str = "place"


@dataclass(frozen=True)
class ParsedReply:
    """What a returned document says. `named` are the things that are more than text, by symbol."""

    texts: dict[str, ReturnedText]
    unplaced: list[Unplaced]
    named: list[tuple[str, Named]]
    headings: dict[str, str]  # symbol → the text of its heading, where that was changed

    @property
    def has_changes(self) -> bool:
        """Whether accepting or refusing what was tracked makes a difference."""
        return any(text.text != text.without_changes for text in self.texts.values())


@dataclass
class _Block:
    """The paragraphs under one question, or between questions."""

    near: str = ""
    paragraphs: list[WordParagraph] = field(default_factory=list)
    is_answer: bool = False  # whether the line after which answers are typed has come
    seen: set[str] = field(default_factory=set)  # the question's paragraphs that were met


def parse_reply(content: bytes, wanted: Sequence[Wanted], own_lines: Iterable[str]) -> ParsedReply:
    """Read a .docx; `own_lines` are those that our document says itself, in any language.

    Raises NotWord and FileRefused.
    """
    source, beside = _source(content)
    places = Places(wanted)
    lines = frozenset(squashed(line) for line in own_lines)
    read = WordReader(source, accepted=True)
    accepted = _Sorter(places, lines, read.paragraphs)
    refused = accepted
    if read.has_changes:
        refused = _Sorter(places, lines, WordReader(source, accepted=False).paragraphs)
    texts = {
        one.symbol: ReturnedText(
            text=accepted.text(one.symbol),
            without_changes=refused.text(one.symbol),
            known_by=(accepted.known_by | refused.known_by)[one.symbol],
            made_from=accepted.made_from.get(one.symbol, ""),
        )
        for one in wanted
        if one.symbol in accepted.blocks or one.symbol in refused.blocks
    }
    named = [(accepted.symbol_at(thing.paragraph), thing) for thing in read.named]
    unplaced = accepted.unplaced() + _beside(beside, lines, wanted)
    return ParsedReply(texts, unplaced, named, accepted.headings)


def _source(content: bytes) -> tuple[WordSource, list[WordParagraph]]:
    """The parts to read, and the paragraphs of headers and footers."""
    if content.startswith(b"%PDF-"):
        raise NotWord("The file is a PDF.", kind="pdf")
    if content.startswith(_OLE):
        raise NotWord("The file is encrypted or of the old Word format.", kind="old")
    if not content.startswith(_ZIP):
        raise NotWord("The file is no Word document.", kind="other")
    with open_word(content) as archive:
        main = main_part(archive)
        document = xml_part(archive, main, limit=MAX_PART)
        if document is None or document.find(f"{document.tag[:-8]}body") is None:
            raise NotWord("The file has no main text of Word.", kind="other")
        related = parts_beside(archive, main)
        beside = {name: xml_part(archive, related[name]) for name in _BESIDE if name in related}
        folder = main.rpartition("/")[0]
        margins = [
            xml_part(archive, name)
            for name in archive.namelist()
            if name.startswith((f"{folder}/header", f"{folder}/footer")) and name.endswith(".xml")
        ]
    source = WordSource(document, **beside)
    return source, [paragraph for part in margins for paragraph in _margin(part, source)]


def _margin(part, source: WordSource) -> list[WordParagraph]:
    part.tag = source.document.tag  # a header has its paragraphs where a document has its body
    body = part.makeelement(f"{source.document.tag[:-8]}body", {})
    body.extend(part)
    part[:] = [body]
    return WordReader(WordSource(part, source.styles), accepted=True).paragraphs


def _beside(
    paragraphs: Iterable[WordParagraph], lines: frozenset[str], wanted: Sequence[Wanted]
) -> list[Unplaced]:
    """What headers and footers say, other than ours: the reply's symbol and page numbers."""
    references = {one.symbol.split("/")[0].lower() for one in wanted}
    said = dict.fromkeys(squashed(paragraph.text) for paragraph in paragraphs)
    texts = {squashed(p.text): p.text for p in paragraphs}
    return [
        Unplaced(normalise(texts[key]), "")
        for key in said
        if key and key not in lines and key.split("/")[0] not in references and not key.isdigit()
    ]


class _Sorter:
    """Puts the paragraphs of a document under its questions."""

    def __init__(
        self, places: Places, lines: frozenset[str], paragraphs: list[WordParagraph]
    ) -> None:
        self.blocks: dict[str, list[_Block]] = {}
        self.known_by: dict[str, str] = {}
        self.made_from: dict[str, str] = {}
        self.headings: dict[str, str] = {}
        self._loose: list[_Block] = [_Block()]
        self._changed: list[Unplaced] = []
        self._places, self._lines = places, lines
        self._by_paragraph: list[str] = []
        self._symbol = ""
        self._is_elsewhere = False  # in the part of a question that is not wanted
        self._found = places.in_headings(paragraphs)
        for paragraph in paragraphs:
            self._sort(paragraph)
            self._by_paragraph.append(self._symbol)

    def symbol_at(self, paragraph: int) -> str:
        if paragraph < len(self._by_paragraph):
            return self._by_paragraph[paragraph]
        return self._symbol

    def text(self, symbol: str) -> str:
        """The whole text under a question, with the notes to it at its end."""
        paragraphs = [one for block in self.blocks.get(symbol, ()) for one in block.paragraphs]
        return _joined(paragraphs)

    def unplaced(self) -> list[Unplaced]:
        loose = [Unplaced(_joined(block.paragraphs), block.near) for block in self._loose]
        return [one for one in loose if one.text] + self._changed

    def _sort(self, paragraph: WordParagraph) -> None:
        place = self._places.begun_by(paragraph, self._found)
        if place and place.known_by == "question" and self._is_elsewhere:
            place = None  # the same question, put to another State or at another event
        if place is not None:
            self._is_elsewhere = not place.symbol
            self._begin(place.symbol, place.known_by, paragraph)
            if place.made_from:
                self.made_from[place.symbol] = place.made_from
            if place.is_heading:
                self._note_heading(place.symbol, paragraph)
                return
        if self._is_own(paragraph):
            return
        if self._symbol and not self._block.is_answer and self._is_question(paragraph):
            return
        if paragraph.text.strip():
            self._block.paragraphs.append(paragraph)

    def _begin(self, symbol: str, known_by: str, paragraph: WordParagraph) -> None:
        self._symbol = symbol
        block = _Block(near=paragraph.text.strip()[:200])
        if symbol:
            self.known_by.setdefault(symbol, known_by)
            self.blocks.setdefault(symbol, []).append(block)
        else:
            self._loose.append(block)

    @property
    def _block(self) -> _Block:
        return self.blocks[self._symbol][-1] if self._symbol else self._loose[-1]

    def _note_heading(self, symbol: str, paragraph: WordParagraph) -> None:
        """A heading that says something else than ours is shown: it may hold an answer."""
        if symbol and not self._places.is_as_made(symbol, paragraph):
            self.headings[symbol] = normalise(paragraph.text)

    def _is_own(self, paragraph: WordParagraph) -> bool:
        """Whether our document says this itself; its line before an answer begins the answer."""
        text = squashed(paragraph.text)
        marked = any(name.startswith("answer_") for name in paragraph.bookmarks)
        if text not in self._lines:
            if marked and self._symbol:
                self._block.is_answer = True
            return False
        if symbol := self._places.named_in(text):
            if symbol != self._symbol:
                self._begin(symbol, "line", paragraph)
            self._block.is_answer = True
            return True
        if paragraph.is_heading:
            self._begin("", "", paragraph)
            return True
        return not (self._symbol and self._block.is_answer)

    def _is_question(self, paragraph: WordParagraph) -> bool:
        """Whether this is the question, whole or in part; what was typed beside it is kept."""
        wanted = self._places.wanted[self._symbol]
        text = squashed(paragraph.text)
        if not text or text in self._block.seen:
            return False
        of_question = [squashed(part) for part in wanted.paragraphs]
        if text in of_question:
            self._block.seen.add(text)
            return True
        if typed := _typed_beside(paragraph.text, wanted.paragraphs):
            paragraph.text = typed
            return False
        if paragraph.style != "reply question":
            return False
        if text in squashed(wanted.question):
            return True
        if _share(text, squashed(wanted.question)) >= _SAME_WORDS:
            self._changed.append(Unplaced(normalise(paragraph.text), wanted.symbol, "question"))
            return True
        return False


def _typed_beside(text: str, question: Sequence[str]) -> str:
    """What was typed before or after a paragraph of the question, in the same paragraph."""
    text = normalise(text)
    for part in question:
        if len(part) > len(text) or not part:
            continue
        if text.startswith(part):
            return text[len(part) :].strip()
        if text.endswith(part):
            return text[: -len(part)].strip()
    return ""


def _share(text: str, question: str) -> float:
    """How many of a text's words are in the question."""
    words, known = text.split(), set(question.split())
    return sum(word in known for word in words) / len(words) if words else 0


def _joined(paragraphs: list[WordParagraph]) -> str:
    """Paragraphs with a blank line between them, the items of a list or table without one."""
    pieces, before = [], ""
    for paragraph in paragraphs:
        if pieces:
            is_next = paragraph.joined and paragraph.joined == before
            pieces.append("\n" if is_next else "\n\n")
        pieces.append(paragraph.text)
        before = paragraph.joined
    notes = [note for paragraph in paragraphs for note in paragraph.notes]
    if notes:
        pieces.append("\n\n" + "\n".join(notes))
    return normalise("".join(pieces))
