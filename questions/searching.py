"""One normaliser for what is indexed and what is asked, so that both databases find the same.

A text becomes a row of tokens in its own language: each word without case, accents and Arabic
variants of a letter, cut to its stem, after the letter of the language. A run of Chinese
characters becomes its pairs, and each character once more at the end. Nobody says in which
language they ask, so a word of a query becomes six tokens, its stem in each language: it matches
a word of a text where the two have the same stem in the language of that text.

Everything here takes time in proportion to the text, also for hostile text (security.md 86).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

STEMMERS = {
    code: snowballstemmer.stemmer(name)
    for code, name in {
        "ar": "arabic",
        "en": "english",
        "es": "spanish",
        "fr": "french",
        "ru": "russian",
    }.items()
}
one_at_a_time = Lock()  # a stemmer holds the word that it works on
# Before a word's stem. Facets begin with a digit, so no word is ever taken for one.
TAGS = {"ar": "a", "zh-hans": "c", "en": "e", "fr": "f", "ru": "r", "es": "s"}
BETWEEN = "0"  # parts of one entry, so that no phrase reaches from a question into its symbol
LONGEST_WORD = 60
LONGEST_QUERY = 300
MOST_TERMS = 16
LONGEST_NAME = 10  # words of a State's formal name, at most
PASSAGE = 240  # characters of a text that are shown
BEFORE_MARK = 60
SHORTEST_NAME = 4  # characters; "US" and "per" in small letters are words

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u200c\u200d\u00ad"
)
_WORD = re.compile(rf"[{_HAN}]+|(?:[^\W_{_HAN}][{_MARKS}]*)+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_FIRST_HAN = _HAN[0]
_QUOTES = re.compile('["“”„‟«»「」『』﹁﹂＂]')
_CHUNK = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_SYMBOL = re.compile(
    r"[a-z]{2}\d{4}[a-z]?(?:[/-](?:[a-z]{3}(?:[/-][1-9]\d{0,3})?"
    r"|q[1-9]\d{0,3}(?:[/-][a-z]{3})?))?(?:\.v[1-9]\d{0,3})?",
    re.I,
)
_ARABIC_VARIANTS = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا", "\u0640": None})
_BREVE = "\u0306"  # й is a letter of its own, no и with an accent
# What the stemmers need of a folded word: accents where they cut endings that have them, and forms
# that they cut apart made one before (mujer and mujeres, إنسان and الإنسان).
_ENDINGS = {
    "ar": [(re.compile("^(?:[وفبك]?ال|لل)(?=...)"), "")],
    "es": [
        (re.compile("(?<=..[bcdfghjklmnpqrtvwxyz])es$"), ""),
        (re.compile("([cs]i)on$"), r"\1ón"),
    ],
    "fr": [(re.compile("ee(s?)$"), r"ée\1")],
}

Names = Mapping[tuple[str, ...], frozenset[str]]


@dataclass(frozen=True)
class Clause:
    """A part of a query. One of `any_of` has to match: all its phrases, each a row of tokens."""

    any_of: tuple[tuple[tuple[str, ...], ...], ...]
    is_excluded: bool = False


@dataclass(frozen=True)
class Query:
    """What was asked, as far as it was read."""

    text: str
    clauses: tuple[Clause, ...]
    states: tuple[str, ...]  # ISO codes of the States that it names
    stems: frozenset[str]  # the tokens to mark in what was found
    symbol: str = ""  # in the spelling of permalinks, where the whole query is one
    is_cut: bool = False  # longer than what is read of a query


def tokens_of(text: str, language: str) -> list[str]:
    """Every word of the text, in order; the pairs of Chinese characters, then each of them."""
    tokens, characters = [], {}
    for match in _WORD.finditer(text):
        run = match[0]
        if _IS_HAN.match(run):
            run = fold(run, most=len(run))
            tokens += _pairs(run)
            characters |= dict.fromkeys(run)
        elif token := token_of(run, language):
            tokens.append(token)
    return [*tokens, BETWEEN, *characters] if characters else tokens


@lru_cache(maxsize=100_000)
def token_of(word: str, language: str) -> str:
    """The stem of one word after its language's letter; empty where the word is only marks."""
    folded = fold(word)
    if not folded:
        return ""
    if folded.isdigit():
        return f"n{folded}"
    return TAGS[language] + stem(folded, language)


def fold(word: str, *, most: int = LONGEST_WORD) -> str:
    """Without case, accents, vowel signs and the variants of Arabic letters."""
    kept: list[str] = []
    # Twice: some capitals show only when they are taken apart, and some marks in small letters.
    small = unicodedata.normalize("NFKD", word[:most]).casefold()
    for character in unicodedata.normalize("NFKD", small):
        if not unicodedata.combining(character):
            if unicodedata.category(character)[0] in "LN":
                kept.append(character)
        elif character == _BREVE and kept and kept[-1] == "и":
            kept[-1] = "й"
    return "".join(kept).translate(_ARABIC_VARIANTS)


def stem(folded: str, language: str) -> str:
    """Of a folded word; a language without endings, such as Chinese, keeps it whole."""
    if language not in STEMMERS:
        return folded
    for ending, instead in _ENDINGS.get(language, []):
        folded = ending.sub(instead, folded)
    with one_at_a_time:
        stemmed = STEMMERS[language].stemWord(folded)
    return fold(stemmed) or folded


def _pairs(run: str) -> list[str]:
    """A character alone stands for itself; of code points without a character nothing is left."""
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run] * bool(run)


def parse(text: str, names: Names) -> Query:
    """Words, "phrases", -exclusions, symbols and the names of States, of which `names` tells.

    Words that are written together, as in self-determination, stand together in what is found.
    """
    asked = unicodedata.normalize("NFC", text[:LONGEST_QUERY])
    asked = " ".join(_QUOTES.sub('"', asked.replace("\0", " ")).split())
    chunks = list(_chunks(asked))
    clauses: list[Clause] = []
    states: dict[str, None] = {}
    for words, codes, is_excluded in _with_states(chunks[:MOST_TERMS], names):
        if ways := _alternatives(words, codes):
            clauses.append(Clause(ways, is_excluded))
        if not is_excluded:
            states |= dict.fromkeys(sorted(codes))
    symbol = asked.upper().replace("/", "-").replace(".V", ".v")
    return Query(
        text=asked,
        clauses=tuple(dict.fromkeys(clauses)),
        states=tuple(states),
        stems=frozenset(_stems(clauses)),
        symbol=symbol if _SYMBOL.fullmatch(asked) else "",
        is_cut=len(text) > LONGEST_QUERY or len(chunks) > MOST_TERMS,
    )


def _chunks(asked: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The words of each part that spaces or quotes separate, and whether it is excluded."""
    for match in _CHUNK.finditer(asked):
        words = tuple(_WORD.findall(match["phrase"] or match["word"] or ""))
        if words:
            yield words, bool(match["minus"])


def _with_states(chunks, names: Names):
    """The parts in order, those that together are a State's name as one, with its ISO codes."""
    start = 0
    while start < len(chunks):
        count, codes = _longest_name(chunks[start : start + LONGEST_NAME], names, len(chunks) == 1)
        words = tuple(word for part, _minus in chunks[start : start + count] for word in part)
        yield words, codes, chunks[start][1]
        start += count


def _longest_name(parts, names: Names, is_all: bool) -> tuple[int, frozenset[str]]:
    """How many parts name a State, and which; one part that names none is a word or a phrase."""
    longest = 1
    while longest < len(parts) and parts[longest][1] == parts[0][1] is False:
        longest += 1
    for count in range(longest, 0, -1):
        words = [word for part, _minus in parts[:count] for word in part]
        codes = names.get(name_key(" ".join(words)))
        if codes and (is_all or _is_spelled_as_name(words)):
            return count, codes
    return 1, frozenset()


def _is_spelled_as_name(words: list[str]) -> bool:
    """Short ones only in capitals: "and" is no Andorra, "us" no United States."""
    written = "".join(words)
    return len(written) >= SHORTEST_NAME or written.isupper() or not written.isascii()


def name_key(name: str) -> tuple[str, ...]:
    """What two spellings of one name share; "the" before it does not count."""
    key = tuple(fold(word) for word in _WORD.findall(name))
    return key[1:] if len(key) > 1 and key[0] == "the" else key


def names_of(rows: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], frozenset[str]]:
    """What `parse` takes: of rows of an ISO code and the names of its State."""
    found: dict[tuple[str, ...], set[str]] = {}
    for code, *names in rows:
        for name in [code, *names]:
            if key := name_key(name):
                found.setdefault(key, set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def state_token(iso3: str) -> str:
    return f"1k{iso3.lower()}"


def _alternatives(words: tuple[str, ...], codes: frozenset[str]):
    """In each language, the phrases that the words make there; and the States themselves."""
    found = {tuple(_phrases(words, language)): None for language in TAGS}
    found |= {((state_token(code),),): None for code in sorted(codes)}
    return tuple(one for one in found if one)


def _phrases(words: tuple[str, ...], language: str) -> Iterator[tuple[str, ...]]:
    """Chinese characters between other words are phrases of their own."""
    run: list[str] = []
    for word in words:
        if _IS_HAN.match(word):
            if run:
                yield tuple(run)
            run = []
            if pairs := _pairs(fold(word)):
                yield tuple(pairs)
        elif token := token_of(word, language):
            run.append(token)
    if run:
        yield tuple(run)


def _stems(clauses: Iterable[Clause]) -> Iterator[str]:
    for clause in clauses:
        if not clause.is_excluded:
            for phrases in clause.any_of:
                for phrase in phrases:
                    yield from phrase


def states_like(text: str, names: Names) -> frozenset[str]:
    """ISO codes of the States that have a name with all these words; the last may be a part."""
    words = [fold(word) for word in _WORD.findall(text[:LONGEST_QUERY])]
    words = [word for word in words if word][:LONGEST_NAME]
    if not words or (len(words[-1]) < 2 and words[-1].isascii()):
        return frozenset()
    *whole, part = words
    return frozenset(
        code
        for name, codes in names.items()
        if set(whole) <= set(name) and any(word.startswith(part) for word in name)
        for code in codes
    )


@dataclass(frozen=True)
class Part:
    """A piece of a passage, as written."""

    text: str
    is_marked: bool = False


def passage(text: str, language: str, stems: frozenset[str]) -> list[Part]:
    """The text around the first words whose token is among `stems`, these marked; else its start.

    On one line, with an ellipsis where something was left out.
    """
    line = text.replace("\n", " ")
    marks: list[tuple[int, int]] = []
    last = PASSAGE
    for start, end in _marked(line, language, stems):
        if marks and start > last:
            break
        if not marks:
            last = max(start + PASSAGE - BEFORE_MARK, PASSAGE)
        marks.append((start, end))
    begin = _space(line, last - PASSAGE) if last > PASSAGE else 0
    finish = _space(line, last) if last < len(line) else len(line)
    finish = max([finish, *(end for _start, end in marks)])
    parts, place = [Part("…")] if begin else [], begin
    for start, end in marks:
        parts += [Part(line[place:start]), Part(line[start:end], is_marked=True)]
        place = end
    rest = line[place:finish]
    parts.append(Part(f"{rest.rstrip()}…" if finish < len(line) else rest))
    return [part for part in parts if part.text]


def _space(line: str, place: int) -> int:
    """Where a word begins near this place; scripts without spaces are cut at it."""
    found = line.find(" ", place, place + LONGEST_WORD // 2)
    return found + 1 if found >= 0 else place


def _marked(line: str, language: str, stems: frozenset[str]) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(line):
        word = match[0]
        if word < _FIRST_HAN or not _IS_HAN.match(word):
            if token_of(word, language) in stems:
                yield match.span()
            continue
        start, end = match.span()
        for place in range(start, end):
            if line[place] in stems:
                yield place, place + 1
            elif line[place : place + 2] in stems and place + 1 < end:
                yield place, place + 2
