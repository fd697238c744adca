"""Who signed a letter: name, title, organisation and mail address under the closing words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .letter_lines import Line, filled
from .letter_mail import find_addresses
from .letter_sections import CLOSING
from .refusals import LetterRefused

_VALEDICTION = re.compile(
    r"(?:yours|very|with|kind|kindest|best|warm|our|my|highest|sincerely|respectfully|regards"
    r"|faithfully|truly|assurances?)\b.{0,60},?$|(?:for and )?on behalf of\b.{0,110},?$"
    r"|\W?signed\W{0,2}$|/s/$",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:Service|Amnesty|International|Organi[sz]ation|Institute|Foundation|Network|Centre"
    r"|Center|Council|Association|Watch|Committee|Federation|Commission|Alliance|ISHR)\b"
)
_TITLE = re.compile(
    r"\b(?:Director|Officer|Counsel|Advocate|Secretary|Manager|Coordinator|Representative|Advis[eo]r)\b"
)
_SMALL_WORD = re.compile(r"\b(?!(?:and|at|de|des|for|in|la|of|on|the|to|und|von|with)\b)[a-z]+")
_NAME_SUFFIX = re.compile(r"\b(?:[JS]r|Esq|Ph\.D|M\.D|LL\.[BMD]|S\.J|a\.i)\.$")
_NUMBER_OR_SITE = re.compile(
    r"(?:tel(?:ephone)?|phone|mobile|cell|fax|web(?:site)?|[tmfw])\b\s?[.:+(]|\+?\d[\d ()./-]{6,}$"
    r"|https?:|www\.",
    re.IGNORECASE,
)
_BAR = re.compile(r"\s[|·•]\s")
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
    known = _known_names(organisers)
    lines = _signature_lines(closing)
    if not lines:
        place = filled(closing)[-1].place
        raise LetterRefused(f"The letter is cut off: a signature was expected after {place}.")
    texts, email = _without_address(lines, tuple(organisers))
    if not texts:
        raise LetterRefused(f"The name of who signed was expected before {lines[0].place}.")
    name, *rest = _of_one_person(_at_commas(texts, known), known)
    if _TITLE.search(name):
        raise LetterRefused(f"The name of who signed was expected before {lines[0].place}.")
    organisation = _organisation(rest, known)
    title = ", ".join(text for text in rest if text != organisation)
    return Signatory(name, title, organisation, email)


def _signature_lines(closing: list[Line]) -> list[Line]:
    """The short lines after the last sentence and valediction, up to the mail address."""
    lines = filled(closing)
    start = 0
    for index, line in enumerate(lines):
        is_valediction = index < len(lines) - 1 and _VALEDICTION.match(line.text)
        if _is_sentence(line.text) or CLOSING.match(line.text) or is_valediction:
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
    if len(text) > _LONGEST_LINE or (count > 9 and len(_SMALL_WORD.findall(text)) > 2):
        return True
    if _NAME_SUFFIX.search(text) or find_addresses(text):
        return False
    return text.endswith((".", "!")) and count > 3


def _without_address(lines: list[Line], organisers: tuple[str, ...]) -> tuple[list[str], str]:
    texts: list[str] = []
    email = ""
    for line in lines:
        text = line.text
        if find_addresses(text):
            text, email = _unglued(text, texts[:1], organisers)
        parts = [part.strip(" ,*_") for part in _BAR.split(text)]
        texts += [part for part in parts if part and not _NUMBER_OR_SITE.match(part)]
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


def _known_names(organisers: Iterable[str]) -> tuple[str, ...]:
    """Each organiser's name, and the initials it goes by, longest first."""
    known: set[str] = set()
    for organiser in organisers:
        name, _, short = organiser.rstrip(")").partition(" (")
        known |= {name, short, "".join(re.findall(r"\b[A-Z]", name))}
    return tuple(sorted((name for name in known if len(name) > 1), key=len, reverse=True))


def _of_one_person(texts: list[str], known: tuple[str, ...]) -> list[str]:
    """What stands after the organisation of the first is of the next who signed."""
    ends = [index for index, text in enumerate(texts) if index and text in known]
    return texts[: ends[0] + 1] if ends else texts


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
