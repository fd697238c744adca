"""What changed between two wordings, word by word; Chinese and Japanese by character.

Bounded for any two texts: runs of words that occur once in both are found first, and only what
lies between them is given to difflib, whose worst case is cubic, within a budget.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

BUDGET = 3_000_000  # comparisons that difflib may make for one pair of texts: about half a second
MOST_RUNS = 1_500  # of words that stayed; more than that nobody reads
DEPTH = 12  # how often what lies between two words is divided again
IDEOGRAPH = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MARK = r"""!-,./:;<=>?@\[-`{-~¡«»¿“”„‘‚…،؛؟۔，。！？：；（）"""
# A word with the blanks after it; marks and ideographs stand alone.
TOKEN = re.compile(rf"(?:[{IDEOGRAPH}]|[{MARK}]|[^\s{MARK}{IDEOGRAPH}]+|^(?=\s))\s*")


@dataclass(frozen=True)
class Piece:
    """A run of words that both wordings have, or only the earlier, or only the later."""

    kind: str  # "same", "gone", "new"
    text: str


@dataclass
class _Comparison:
    """Two lists of words, and what may still be spent on them."""

    before: list[str]
    after: list[str]
    budget: int = BUDGET


def tokens_of(text: str) -> list[str]:
    """Words, each with the blanks after it; joined they are the text."""
    return TOKEN.findall(text)


def words_of(text: str) -> set[str]:
    """Whatever their case, without marks."""
    return {word for token in tokens_of(text.casefold()) if (word := token.strip())[:1].isalnum()}


def without(text: str, words: set[str], mark: str) -> str:
    """The text with a mark where some words stood; one for those that stood together."""
    kept: list[str] = []
    for token in tokens_of(text):
        word = token.strip()
        if word.casefold() not in words:
            kept.append(token)
        elif kept and kept[-1].strip() == mark:
            kept[-1] = mark + token[len(word) :]
        else:
            kept.append(mark + token[len(word) :])
    return "".join(kept)


def is_taken_from(text: str, whole: str) -> bool:
    """Whether all tokens of the text stand in the whole in the same order."""
    rest = iter(token.strip() for token in tokens_of(whole))
    return all(token.strip() in rest for token in tokens_of(text) if token.strip())


def difference(before: str, after: str) -> list[Piece]:
    """The later wording with what was taken out and put in; blanks alone are no difference.

    Where less than a fifth of the shorter stayed, all of it reads as replaced.
    """
    old, new = tokens_of(before), tokens_of(after)
    words = _Comparison([word.strip() for word in old], [word.strip() for word in new])
    matches = list(_matches(words, (0, len(old), 0, len(new)), DEPTH))
    stayed = sum(size for _a, _b, size in matches)
    if 5 * stayed < min(len(old), len(new)) or len(matches) > MOST_RUNS:
        matches = []
    pieces: list[Piece] = []
    i = j = 0
    for a, b, size in [*matches, (len(old), len(new), 0)]:
        gone = "".join(old[i:a])
        if gone and pieces and not pieces[-1].text[-1].isspace() and old[i - 1][-1].isspace():
            gone = f" {gone}"
        for kind, text in (
            ("gone", gone),
            ("new", "".join(new[j:b])),
            ("same", "".join(new[b : b + size])),
        ):
            if text and pieces and pieces[-1].kind == kind:
                text = pieces.pop().text + text
            if text:
                pieces.append(Piece(kind, text))
        i, j = a + size, b + size
    return pieces


Range = tuple[int, int, int, int]


def _matches(words: _Comparison, within: Range, depth: int) -> Iterator[tuple[int, int, int]]:
    """(place before, place after, length) of equal runs inside the range, in order."""
    a, a_end, b, b_end = within
    before, after = words.before, words.after
    start = 0
    while a + start < a_end and b + start < b_end and before[a + start] == after[b + start]:
        start += 1
    if start:
        yield a, b, start
    a, b, end = a + start, b + start, 0
    while a < a_end - end and b < b_end - end and before[a_end - end - 1] == after[b_end - end - 1]:
        end += 1
    a_end, b_end = a_end - end, b_end - end
    if a < a_end and b < b_end:
        yield from _between(words, (a, a_end, b, b_end), depth)
    if end:
        yield a_end, b_end, end


def _between(words: _Comparison, within: Range, depth: int) -> Iterator[tuple[int, int, int]]:
    """Of a range that begins and ends with a difference."""
    a, a_end, b, b_end = within
    anchors = _anchors(words, within) if depth else []
    if not anchors:
        yield from _by_difflib(words, within)
        return
    for i, j in [*anchors, (a_end, b_end)]:
        if i >= a and j >= b:
            yield from _matches(words, (a, i, b, j), depth - 1)
            if i < a_end:
                yield i, j, 1
            a, b = i + 1, j + 1


def _anchors(words: _Comparison, within: Range) -> list[tuple[int, int]]:
    """The longest series of words that occur once in both, in the same order in both."""
    a, a_end, b, b_end = within
    places = _once(words.after[b:b_end])
    pairs = [
        (a + i, b + places[word])
        for word, i in _once(words.before[a:a_end]).items()
        if word in places
    ]
    tails: list[int] = []  # of the best series of each length, its last place
    ends: list[int] = []
    previous: list[int] = []
    for number, (_i, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        if length == len(tails):
            tails.append(j)
            ends.append(number)
        else:
            tails[length], ends[length] = j, number
        previous.append(ends[length - 1] if length else -1)
    series, number = [], ends[-1] if ends else -1
    while number >= 0:
        series.append(pairs[number])
        number = previous[number]
    return series[::-1]


def _once(words: list[str]) -> dict[str, int]:
    """The words that occur once, with their places, in order."""
    counts = Counter(words)
    return {word: place for place, word in enumerate(words) if counts[word] == 1}


def _by_difflib(words: _Comparison, within: Range) -> Iterator[tuple[int, int, int]]:
    """Nothing where it would cost more than is left: all of it then reads as replaced."""
    a, a_end, b, b_end = within
    before, after = words.before[a:a_end], words.after[b:b_end]
    counts = Counter(after)
    pairs = sum(counts[word] for word in before)
    cost = (len(before) + pairs) * min(len(before), len(after), pairs)
    if cost > words.budget:
        return
    words.budget -= cost
    for i, j, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if size:
            yield a + i, b + j, size
