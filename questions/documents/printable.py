"""Text as a page can show it."""

import unicodedata

_KEPT_CONTROLS = {"\n": "\n", "\t": " "}
_NOT_SHOWN = {"Cc", "Co", "Cs"}  # controls, private use, halves of characters
_OVERRIDES = range(0x202A, 0x202F)  # they turn the direction of what follows


def printable(text: str) -> str:
    """The text without controls, private use and what is no character; nothing to be seen goes."""
    return "".join(
        _KEPT_CONTROLS.get(character, "" if _is_invisible(character) else character)
        for character in text
    )


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in _NOT_SHOWN
        or code in _OVERRIDES
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )
