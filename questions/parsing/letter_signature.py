"""Who signed a letter: name, title, organisation and mail address under the closing words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .letter_lines import Line, filled
from .letter_mail import find_addresses
from .refusals import LetterRefused

_VALEDICTION = re.compile(
    r"(?:yours|very|with|kind|kindest|best|warm|our|my|highest|sincerely|respectfully|regards"
    r"|faithfully|truly|assurances?)\b.{0,60},?$|signed:?$|/s/$",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:Service|Amnesty|International|Organi[sz]ation|Institute|Foundation|Network|Centre"
    r"|Center|Council|Association|Watch|Committee|Federation|Commission|Alliance|ISHR)\b"
)
_LONGEST_LINE = 120
_MOST_LINES = 6


@dataclass(frozen=True)
class Signatory:
    """The person who signed; title, organisation and email may be ""."""

    name: str
    title: str
    organisation: str
    email: str


def read_signatory(closing: list[Line], organisers: Iterable[str]) -> Signatory:
    """The signature after the closing sentences. Raises LetterRefused when it is missing."""
    lines = _signature_lines(closing)
    if not lines:
        place = filled(closing)[-1].place
        raise LetterRefused(f"The letter is cut off: a signature was expected after {place}.")
    texts, email = _without_address(lines, tuple(organisers))
    if not texts:
        raise LetterRefused(f"The name of who signed was expected before {lines[0].place}.")
    name, *rest = _at_commas(texts, tuple(organisers))
    organisation = _organisation(rest, tuple(organisers))
    title = ", ".join(text for text in rest if text != organisation)
    return Signatory(name, title, organisation, email)


def _signature_lines(closing: list[Line]) -> list[Line]:
    """The short lines after the last sentence and valediction, up to the mail address."""
    lines = filled(closing)
    start = 0
    for index, line in enumerate(lines):
        if _is_sentence(line.text) or (index < len(lines) - 1 and _VALEDICTION.match(line.text)):
            start = index + 1
        if find_addresses(line.text) and index > start:
            break
    found = lines[start : start + _MOST_LINES]
    if found and _VALEDICTION.match(found[0].text):
        return []
    ends = [index for index, line in enumerate(found) if find_addresses(line.text)]
    return found[: ends[0] + 1] if ends else found


def _is_sentence(text: str) -> bool:
    count = len(text.split())
    if len(text) > _LONGEST_LINE or count > 9:
        return True
    return text.endswith((".", "!")) and count > 3 and not find_addresses(text)


def _without_address(lines: list[Line], organisers: tuple[str, ...]) -> tuple[list[str], str]:
    texts: list[str] = []
    email = ""
    for line in lines:
        addresses = find_addresses(line.text)
        if not addresses:
            texts.append(line.text.strip(" ,*_"))
            continue
        text, email = _unglued(line.text, texts[:1], organisers)
        if text:
            texts.append(text)
    return texts, email


def _unglued(text: str, names: list[str], organisers: tuple[str, ...]) -> tuple[str, str]:
    """Part "International Service for Human Rightsm.sinclair@ishr.ch" into its two halves."""
    address = find_addresses(text)[0]
    start, email = address.start, address.email
    for organiser in organisers:
        if text.startswith(organiser) and start < len(organiser) < text.index("@"):
            start = len(organiser)
    if start == address.start and names:
        start += _glued_before(email.split("@")[0], names[0])
    before = text[:start].rstrip(" :,–-|<(")
    before = re.sub(r"\b(?:e-?mail|mail)$", "", before, flags=re.IGNORECASE).rstrip(" :,–-|")
    return before, text[start:].strip().split()[0].strip("<>(),;")


def _glued_before(local: str, name: str) -> int:
    """How much of "Rightsm.sinclair" is not Madeleine Sinclair's: her address is "m.sinclair"."""
    first, *_, last = [word.casefold() for word in name.split()] * 2
    if not first or not last:
        return 0
    for own in (
        f"{first}.{last}",
        f"{first[0]}.{last}",
        f"{first[0]}{last}",
        f"{first}_{last}",
        last,
        first,
    ):
        if local.casefold().endswith(own):
            return len(local) - len(own)
    return 0


def _at_commas(texts: list[str], organisers: tuple[str, ...]) -> list[str]:
    """ "Ada Lund, Director" and "Director, International Service …" say two things each."""
    name, *rest = texts
    parts = [part.strip() for part in name.split(",", 1)]
    for text in rest:
        organiser = next((o for o in organisers if text.endswith(f", {o}")), None)
        parts += [text[: -len(organiser) - 2], organiser] if organiser else [text]
    return parts


def _organisation(rest: list[str], organisers: tuple[str, ...]) -> str:
    for text in rest:
        if any(text.casefold() in (o.casefold(), f"the {o}".casefold()) for o in organisers):
            return text
    if len(rest) >= 2:
        named = [text for text in rest if _ORGANISATION.search(text)]
        return named[-1] if named else rest[-1]
    return rest[0] if rest and _ORGANISATION.search(rest[0]) else ""
