"""Who put a question: the names before its text, between asterisks or plain."""

import re

from .letter_lines import Line, ends_sentence, filled
from .letter_parts import ParsedAsker

_LONGEST = 600  # characters in which the askers of one question are named
_LONGEST_NAME = 200
_LONGEST_LINE = 60  # of names on a line of their own; a line of running text is longer
_MARK = re.compile(r"[*_]{1,3}")
_GLUE = re.compile(
    r"\s*(?:,\s*(?:and\s|&)?|;|/|&|\+|(?:and|with|together with)\s)\s*", re.IGNORECASE
)
_LABEL = re.compile(r"\s*\(([^()]{1,80})\)")
_DELIMITER = re.compile(r"\s*(?::|[–—](?=\s)|-(?=\s))\s*")
_PLAIN_DELIMITER = re.compile(r":(?=\s|$)|\s[–—-](?=\s)")
_FINAL_LABEL = re.compile(r"\s*\(([^()]{1,80})\)$")
_LABEL_WORD = re.compile(
    r"\b(?:twitter|facebook|youtube|instagram|linkedin|zoom|slido|user|online|via|individual"
    r"|student|participant|viewer)\b",
    re.IGNORECASE,
)
# Words written small inside a name.
_CONNECTOR = re.compile(
    r"[dl]['’]\S+|a|al|an|and|at|behalf|bin|bint|by|d[aeiou]|del|della|de[nrs]|dos|e|el|en|et|for|from|ibn|in"
    r"|l[ae]|l[aeo]s|no|of|on|or|the|to|und|van|von|with|y"
)
_NOT_A_NAME = re.compile(
    r"(?:question|note|background|context|what|why|how|when|where|who|which|will|would|does|do"
    r"|is|are|in|as|given|if|considering|we|you|the following|can|could|should|please)\b",
    re.IGNORECASE,
)
_SLASH = re.compile(r"\s+/\s+|\s*;\s+|(?<=[A-Z]{3})/(?=[A-Z]{3})")
_ASKED_BY = re.compile(r"^(?:(?:question|asked|posed|put|submitted)\s)*(?:from|by)\s+(?=\S)", re.I)
_COMMA = re.compile(r",\s+(?:and\s+)?|\s+(?:and|&)\s+")
_AND = re.compile(r"\s+(?:and|&)\s+")
# After these, "and" goes on with a name: "Centre for Law and Justice", "Rights and Democracy".
_NAME_GOES_ON = re.compile(
    r"\b(?:for|of|on|against|in|de|pour|para)\b"
    r"|\b(?:rights?|law|justice|peace|health|education|development|equality|gender|freedom"
    r"|democracy|economic|social|civil|political|cultural|sexual|legal|truth|safety|women|men"
    r"|children|youth|action|research|policy|training|information|security)$",
    re.IGNORECASE,
)


def split_askers(text: str) -> tuple[tuple[ParsedAsker, ...], str]:
    """The askers and the rest of a question; no askers when it does not begin with names."""
    marked = _marked_askers(text[:_LONGEST])
    if marked is not None:
        askers, end = marked
        return askers, text[end:]
    return _plain_askers(text)


def begins_with_marked_asker(text: str) -> bool:
    """Whether this reads "*Name*: …", as only the start of a question does."""
    return _marked_askers(text[:_LONGEST]) is not None


def has_names_alone(lines: list[Line]) -> bool:
    """Whether the first line is names and the question begins on the next, without a colon."""
    first, *rest = [line.text for line in filled(lines)] or [""]
    is_short = len(first) <= _LONGEST_LINE and not ends_sentence(first)
    return is_short and bool(rest) and rest[0][0].isupper() and _looks_like_names(first)


def _marked_askers(text: str) -> tuple[tuple[ParsedAsker, ...], int] | None:
    """Names between marks joined by "and", "&", commas or slashes, up to a colon or a dash."""
    askers: list[ParsedAsker] = []
    position = 0
    ended = False
    while span := _marked_span(text, position):
        name, position = span
        ended = name.rstrip().endswith(":")
        name = name.strip().rstrip(":").strip()
        if label := _LABEL.match(text, position):
            name, position = f"{name} ({label[1]})", label.end()
        askers += [_asker(part) for part in _plain_names(name)]
        glue = None if ended else _GLUE.match(text, position)
        if glue is None:
            break
        position = glue.end()
    if not askers or not all(_has_letter(asker.name) for asker in askers):
        return None
    end = position if ended else _end_of_names(text, position)
    if end is None:
        return None
    addition = "" if ended else text[position:end].strip(" \n\xa0:–—-")
    if addition:
        askers[-1] = ParsedAsker(f"{askers[-1].name} {addition}", askers[-1].label)
    return tuple(askers), end + len(text[end:]) - len(text[end:].lstrip())


def _marked_span(text: str, position: int) -> tuple[str, int] | None:
    """The words between two equal marks, and where they end."""
    opening = _MARK.match(text, position)
    if not opening:
        return None
    closing = text.find(opening[0], opening.end(), opening.end() + _LONGEST_NAME)
    if closing <= opening.end():
        return None
    end = closing + len(opening[0])
    return text[opening.end() : closing], end


def _end_of_names(text: str, position: int) -> int | None:
    """After the colon or dash behind the names, a few words such as "on behalf of …" allowed."""
    if position == len(text):
        return position
    if delimiter := _DELIMITER.match(text, position):
        return delimiter.end()
    colon = text.find(":", position, position + _LONGEST_NAME)
    between = text[position:colon] if colon >= 0 else "."
    return None if re.search(r"[.?!\n*]", between) else colon + 1


def _plain_askers(text: str) -> tuple[tuple[ParsedAsker, ...], str]:
    for delimiter in _PLAIN_DELIMITER.finditer(text, 0, _LONGEST_NAME):
        names = _ASKED_BY.sub("", text[: delimiter.start()].strip(" *_"), count=1)
        if _looks_like_names(names):
            rest = text[delimiter.end() :].lstrip(" *_")
            return tuple(_asker(name) for name in _plain_names(names)), rest
    return (), text


def _looks_like_names(text: str) -> bool:
    if not _has_letter(text) or re.search(r"[?!]|[a-z]{3}\. ", text):
        return False
    if _NOT_A_NAME.match(text) and not text.split()[0].isupper():
        return False
    text = _LABEL.sub("", text)
    words = [word.strip("*_(),;\"“”'’«»") for word in text.split()]
    lower = [word for word in words if word[:1].islower() and not _CONNECTOR.fullmatch(word)]
    return len(words) <= 25 and not words[0][:1].islower() and not lower


def _plain_names(text: str) -> list[str]:
    """Split joint askers; an "and" may belong to a name, so only between two whole ones."""
    names: list[str] = []
    for part in _SLASH.split(text):
        names += _split_at_and(part)
    return names


def _split_at_and(text: str) -> list[str]:
    glue = list(_AND.finditer(text))
    if not glue:
        return [text]
    before, after = text[: glue[-1].start()].rstrip(", "), text[glue[-1].end() :]
    if not _is_whole_name(after) or not _is_list_of_names(before, after):
        return [text]
    return [*_COMMA.split(before), re.sub(r"^the\s+", "", after)]


def _is_list_of_names(before: str, after: str) -> bool:
    names = _COMMA.split(before)
    if after.startswith(("the ", "Permanent Mission")) or (after.isupper() and " " not in after):
        return all(_is_whole_name(name) for name in names[:-1])
    return all(_is_whole_name(name) and not _NAME_GOES_ON.search(name) for name in names)


def _is_whole_name(text: str) -> bool:
    """Two words, or one that is an acronym: "CIVICUS", not "Freedom"."""
    bare = _FINAL_LABEL.sub("", text).strip()
    return " " in bare or bare.isupper()


def _asker(text: str) -> ParsedAsker:
    name = text.strip(" \xa0*_,")
    if name[:1] + name[-1:] in ("“”", '""', "«»", "‘’"):
        name = name[1:-1].strip()
    label = _FINAL_LABEL.search(name)
    if label and _LABEL_WORD.search(label[1]):
        return ParsedAsker(name[: label.start()].strip(" *_"), label[1].strip())
    return ParsedAsker(name)


def _has_letter(text: str) -> bool:
    return any(character.isalpha() for character in text)
