"""Where in a returned document the answer to a question begins."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from questions.plaintext import normalise

from .word_reading import WordParagraph

_SHORTEST_TITLE = 12  # characters; a shorter one may stand in any heading
_SHORTEST_QUESTION = 25
_BOOKMARK = re.compile(r"slot_(?P<mark>[A-Za-z0-9_]+?)(?:_x(?P<made_from>[0-9a-f]{8}))?(?: .*)?")
_NUMBER = re.compile(r"^[\W_]*(?:\d{1,3}[.)]\s*)?")


@dataclass(frozen=True)
class Wanted:
    """A question as our document printed it."""

    symbol: str  # "PE2021/Q5/KAZ"
    title: str
    question: str

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip("\n") for part in self.question.split("\n\n") if part.strip()]


@dataclass(frozen=True)
class Place:
    """The beginning of a question's part; without a symbol, of a question that is not wanted."""

    symbol: str
    known_by: str
    made_from: str = ""
    is_heading: bool = True


def mark_of(symbol: str) -> str:
    """PE2021_Q5_KAZ: what a bookmark's name may hold."""
    return re.sub(r"[^A-Za-z0-9]", "_", symbol)


def squashed(text: str) -> str:
    """A text by its words alone: case and spaces do not count."""
    return " ".join(normalise(text.replace("\0", "")).casefold().split())


class Places:
    """What is known of the questions of a reply, to find them again."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self.wanted = {one.symbol: one for one in wanted}
        self._by_mark = {mark_of(one.symbol).lower(): one.symbol for one in wanted}
        self._by_title = _only_once((squashed(one.title), one.symbol) for one in wanted)
        self._by_question = _only_once(
            (squashed(one.paragraphs[0]), one.symbol) for one in wanted if one.paragraphs
        )
        symbols = sorted(self.wanted, key=len, reverse=True)
        written = "|".join(
            re.escape(one).replace("/", "[/_-]").replace(r"\-", "[/_-]") for one in symbols
        )
        self._symbol = (
            re.compile(rf"(?<![\w/-])({written})(?![\w/-])", re.IGNORECASE) if symbols else None
        )

    def in_headings(self, paragraphs: Iterable[WordParagraph]) -> frozenset[str]:
        """The questions whose place a heading or a bookmark tells."""
        places = (self._told(paragraph) for paragraph in paragraphs)
        return frozenset(place.symbol for place in places if place and place.symbol)

    def begun_by(self, paragraph: WordParagraph, found: frozenset[str]) -> Place | None:
        """The place that begins at this paragraph; by the question's text if by nothing else."""
        if place := self._told(paragraph):
            return place
        text = squashed(paragraph.text)
        symbol = self._by_question.get(text, "") if len(text) >= _SHORTEST_QUESTION else ""
        if symbol and symbol not in found:
            return Place(symbol, "question", is_heading=False)
        return None

    def is_as_made(self, symbol: str, paragraph: WordParagraph) -> bool:
        """Whether a heading says no more than ours did."""
        left = squashed(_NUMBER.sub("", self._symbol.sub("", paragraph.text)))
        return self._is_title(symbol, left)

    def named_in(self, line: str) -> str:
        """The question whose symbol stands in a line of ours, or nothing."""
        match = self._symbol.search(line) if self._symbol else None
        return self._by_mark[mark_of(match[1]).lower()] if match else ""

    def _told(self, paragraph: WordParagraph) -> Place | None:
        for name in reversed(paragraph.bookmarks):
            if match := _BOOKMARK.fullmatch(name):
                symbol = self._by_mark.get(match["mark"].lower(), "")
                is_heading = paragraph.is_heading or self._begins_with(paragraph.text)[0] != ""
                return Place(symbol, "bookmark", match["made_from"] or "", is_heading)
        symbol, rest = self._begins_with(paragraph.text)
        if symbol and (paragraph.is_heading or self._is_title(symbol, rest)):
            return Place(symbol, "symbol")
        if paragraph.is_heading:
            text = squashed(paragraph.text)
            for title, owner in self._by_title.items():
                if len(title) >= _SHORTEST_TITLE and title in text:
                    return Place(owner, "title")
        return None

    def _begins_with(self, text: str) -> tuple[str, str]:
        """The symbol with which a paragraph begins, as we write it, and what follows."""
        begun = _NUMBER.match(text[:40]).end()
        match = self._symbol.match(text, begun) if self._symbol else None
        if match is None:
            return "", ""
        return self._by_mark[mark_of(match[1]).lower()], text[match.end() :]

    def _is_title(self, symbol: str, rest: str) -> bool:
        left = squashed(rest[:400]).strip(" .:-–—·")
        return left in {"", squashed(self.wanted[symbol].title).strip(" .:-–—·")}


def _only_once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What names one question only."""
    pairs = list(pairs)
    keys = [key for key, _symbol in pairs]
    counted = {key: keys.count(key) for key in keys}
    return {key: symbol for key, symbol in pairs if key and counted[key] == 1}
