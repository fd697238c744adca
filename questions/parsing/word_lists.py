"""The numbers Word counts by itself: they are in no paragraph's text."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_STYLE_DEPTH = 10  # styles based on styles; a circle of them must end
_OFF = {"0", "false", "off", "none"}


def word(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{_WORD}{name}"


def is_on(properties: Element, name: str) -> bool:
    """Whether a switch such as italics is set here."""
    switch = properties.find(word(name))
    return switch is not None and switch.get(word("val"), "true") not in _OFF


@dataclass(frozen=True)
class _Level:
    kind: str  # "decimal", "bullet", "lowerLetter" …
    pattern: str  # "%1."
    start: int


@dataclass(frozen=True)
class _List:
    """One w:num: levels of a definition it shares, and where it starts anew."""

    definition: str
    levels: dict[int, _Level]
    starts: dict[int, int]


class Numbering:
    """Gives each paragraph, asked in document order, the number a reader sees before it."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._lists = _lists(numbering) if numbering is not None else {}
        self._styles = _by_id(styles, "style", "styleId") if styles is not None else {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def number_of(self, paragraph: Element) -> str | None:
        """Such as "1." or "•"; None outside a list. Counts on, so ask once for each paragraph."""
        list_id, level = self._place(paragraph)
        numbered = self._lists.get(list_id)
        if numbered is None or level not in numbered.levels:
            return None
        if numbered.levels[level].kind == "none":
            return None
        if numbered.levels[level].kind == "bullet":
            return "•"
        return self._counted(list_id, numbered, level)

    def is_emphasised(self, properties: Element) -> bool:
        """Italic or bold, by itself or by its character style."""
        for name in ("i", "b"):
            if properties.find(word(name)) is not None:
                if is_on(properties, name):
                    return True
                continue
            style = self._styles.get(_value(properties, "rStyle"))
            of_style = style.find(word("rPr")) if style is not None else None
            if of_style is not None and is_on(of_style, name):
                return True
        return False

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """The list and level of a paragraph, by itself or by its style."""
        properties = paragraph.find(word("pPr"))
        for _ in range(_STYLE_DEPTH):
            if properties is None:
                break
            place = properties.find(word("numPr"))
            if place is not None and _value(place, "numId"):
                return _value(place, "numId"), _number(_value(place, "ilvl"), 0)
            name = _value(properties, "pStyle")
            style = self._styles.get(name)
            if style is None:
                break
            properties = _style_properties(style)
        return "", 0

    def _counted(self, list_id: str, numbered: _List, level: int) -> str:
        counts = self._counts.setdefault(numbered.definition, {})
        if level in numbered.starts and (list_id, level) not in self._begun:
            counts[level] = numbered.starts[level]
        else:
            start = numbered.levels[level].start
            counts[level] = counts[level] + 1 if level in counts else start
        self._begun.add((list_id, level))
        for deeper in range(level + 1, _LEVELS):
            counts.pop(deeper, None)
        return _written(numbered, counts, level)


def _written(numbered: _List, counts: dict[int, int], level: int) -> str:
    text = numbered.levels[level].pattern
    for index in range(_LEVELS):
        if f"%{index + 1}" in text and index in numbered.levels:
            shown = numbered.levels[index]
            write = _WRITERS.get(shown.kind, str)
            text = text.replace(f"%{index + 1}", write(counts.get(index, shown.start)))
    return text


def _letter(number: int) -> str:
    """a, b … z, aa, bb, as Word goes on after z."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    written = ""
    for value, sign in zip(values, signs, strict=True):
        written += sign * (number // value)
        number %= value
    return written


_WRITERS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


def _lists(numbering: Element) -> dict[str, _List]:
    definitions = {
        key: _levels(definition)
        for key, definition in _by_id(numbering, "abstractNum", "abstractNumId").items()
    }
    lists = {}
    for list_id, element in _by_id(numbering, "num", "numId").items():
        definition = _value(element, "abstractNumId")
        levels = dict(definitions.get(definition, {}))
        starts = {}
        for override in element.findall(word("lvlOverride")):
            level = _number(override.get(word("ilvl")), 0)
            levels.update(_levels(override))
            if override.find(word("startOverride")) is not None:
                starts[level] = _number(_value(override, "startOverride"), 1)
        lists[list_id] = _List(definition, levels, starts)
    return lists


def _levels(definition: Element) -> dict[int, _Level]:
    return {
        _number(level.get(word("ilvl")), 0): _Level(
            kind=_value(level, "numFmt") or "decimal",
            pattern=_value(level, "lvlText")[:40],
            start=_number(_value(level, "start"), 1),
        )
        for level in definition.findall(word("lvl"))
    }


def _by_id(root: Element, name: str, key: str) -> dict[str, Element]:
    return {element.get(word(key), ""): element for element in root.findall(word(name))}


def _style_properties(style: Element) -> Element:
    """A style's list, or the style it is based on in the form a paragraph would name it."""
    properties = style.find(word("pPr"))
    if properties is not None and properties.find(word("numPr")) is not None:
        return properties
    parent = Element(word("pPr"))
    based_on = Element(word("pStyle"), {word("val"): _value(style, "basedOn")})
    parent.append(based_on)
    return parent


def _value(element: Element, name: str) -> str:
    child = element.find(word(name))
    return child.get(word("val"), "") if child is not None else ""


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
