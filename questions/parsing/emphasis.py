"""Keeping what italics say once they are gone: who asked a question."""

import re
from dataclasses import dataclass

_LOOKED_AT = 300  # characters in which the askers of a question are named
_NUMBER = re.compile(r"\s*(?:(?:question|q)\.?\s*)?\(?\d{0,3}[.):]{0,2}\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """Characters that look alike."""

    text: str
    is_emphasised: bool


def with_marked_askers(pieces: list[Piece]) -> str:
    """The text of a question; emphasised names before its first colon get asterisks.

    Nothing is marked where all is emphasised, or where the text does not begin so.
    """
    pieces = _merged(pieces)
    text = "".join(piece.text for piece in pieces)
    start = _NUMBER.match(text).end()
    colon = text.find(":", start, _LOOKED_AT)
    if "*" in text[: colon + 1] or all(piece.is_emphasised for piece in pieces):
        return text
    marked, position = [], 0
    for piece in pieces:
        end = position + len(piece.text)
        if piece.is_emphasised and position <= start < end and colon < 0:
            colon = end
        names = piece.text[max(0, start - position) :]
        is_name = any(sign.isalnum() for sign in names)
        if piece.is_emphasised and is_name and position <= colon:
            marked += [piece.text[: len(piece.text) - len(names)], _starred(names)]
        elif position <= start < end and is_name:
            return text
        else:
            marked.append(piece.text)
        position = end
    return "".join(marked)


def _starred(text: str) -> str:
    name = text.rstrip().rstrip(":").strip()
    before, _, after = text.partition(name)
    return f"{before}*{name}*{after}"


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join pieces that look alike; Word splits them at every correction. A space has no look."""
    merged: list[tuple[list[str], bool]] = []
    for piece in pieces:
        if merged and (piece.is_emphasised == merged[-1][1] or not piece.text.strip()):
            merged[-1][0].append(piece.text)
        elif piece.text:
            merged.append(([piece.text], piece.is_emphasised))
    return [Piece("".join(texts), is_emphasised) for texts, is_emphasised in merged]
