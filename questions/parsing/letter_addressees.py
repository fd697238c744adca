"""Whom a letter is to: names above the office they hold, and the State they represent."""

import re
import unicodedata
from itertools import pairwise

from .letter_dates import find_dates
from .letter_lines import Line, blocks, filled, joined
from .letter_parts import City, ParsedAddressee
from .refusals import LetterRefused

_TITLES = (
    r"H\. ?E\.|H\.?E\b\.?|S\. ?E\.|S\.E\b\.?|(?:His|Her|Their|Your|Son|Sa) Excellen(?:cy|ce)"
    r"|(?:The )?(?:Right )?Hon(?:ou?rable)?\b\.?|Mr\b\.?|Mrs\b\.?|Ms\b\.?|Miss\b|Mx\b\.?"
    r"|M\.|Mme\b\.?|Mlle\b\.?|Monsieur\b|Madame\b|(?:Excm[oa]\. )?Sra?\b\.|Señora?\b"
    r"|Dr\b\.?|Prof(?:essor)?\b\.?|Amb(?:assador)?\b\.?|Sir\b|Dame\b|Lord\b|Lady\b"
    r"|Baron(?:ess)?\b|Prince(?:ss)?\b|Sheikha?\b|Judge\b|Archbishop\b|Msgr\b\.?"
    r"|(?:(?:Major|Lieutenant|Brigadier)[ -])?(?:Gen(?:eral)?|Col(?:onel)?)\b\.?"
    r"|(?:Rear |Vice )?Admiral\b|\((?:ret|retd|retired)\b\.?\)"
)
_HONORIFIC = re.compile(rf"(?:(?:{_TITLES}),?\s*){{1,5}}", re.IGNORECASE)
_EXCELLENCY = re.compile(r"(?:[HS]\. ?E\.|[HS]\.?E\b|(?:His|Her|Their) Excellency)", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:(?:The|Acting|Deputy|Designate|Interim|Ambassador|Minister|Extraordinary|Plenipotentiary"
    r"|and|&|,)\s*){0,8}"
    r"(?:Permanent (?:Representative|Observer|Mission)|Charg[ée]e? d['’]affaires)",
    re.IGNORECASE,
)
_RANK = re.compile(
    r"(?:Ambassador|Minister|Counsellor)(?:[ -](?:Extraordinary|Plenipotentiary|and|&))*,?",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"(?:Representative|Observer|Mission|affaires(?: a\.? ?i\.?| ad interim)?),?\s(?:of|for)\s"
    r"(?P<state>.{2,120}?)(?=,?\s(?:to|at|in|with|accredited)\s(?:the\s)?"
    r"(?:United Nations|UN\b|UNOG|Geneva|New York|Office)|,|$)",
    re.IGNORECASE,
)
_RANK_BEHIND = re.compile(r",\s(?:Ambassador|Minister|Counsellor)\b.*$", re.IGNORECASE)
_BARE_OFFICE = re.compile(r"(?:The )?(?:Acting )?Permanent (?:Representative|Observer),?", re.I)
_MISSION_OF = re.compile(r"(?:the )?Permanent Mission of ", re.IGNORECASE)
_TRUSTED = re.compile(r"(?:the )?[A-Z.]{2,8}$|your?\b")
_OF_MANY_STATES = re.compile(
    r"the|and|new|republic|states?|kingdom|united|democratic|people|federa(?:l|ted|tion)|islamic"
    r"|socialist|islands?|principality|union|south|north|east|west"
)
_CITIES: list[tuple[re.Pattern[str], City]] = [
    (re.compile(r"\bNew York\b|\bNY\b", re.IGNORECASE), "new_york"),
    (
        re.compile(r"\bGen[eè]va\b|\bGenève\b|\bUNOG\b|\bPalais des Nations\b", re.IGNORECASE),
        "geneva",
    ),
]
_OPEN_OFFICE = re.compile(r"\b(?:of|the|to|and|in|at|other|international)$", re.IGNORECASE)
_TO = re.compile(r"(?:To|Cc|Attn)\.?:\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"[@:]|\d")
_OFFICE_LINES = 4  # an office wraps over no more lines
_ADDRESS_LINES = 5  # lines below an office in which its city may stand
_LONGEST = 300  # characters of an office


def read_addressees(opening: list[Line]) -> tuple[ParsedAddressee, ...]:
    """The people above the date or the salutation. Raises LetterRefused when there is none."""
    lines = filled(opening)
    starts = _office_starts(lines)
    if not starts:
        raise LetterRefused(
            "No State was found: a line such as “Permanent Representative of … to the United "
            "Nations in New York” was expected above the salutation."
        )
    if len(starts) > 4:
        raise LetterRefused(
            f"More addressees were found than a letter has, the fifth on {lines[starts[4]].place}."
        )
    ends = [*starts[1:], len(lines)]
    ends_of_blocks = {block[-1].number for block in blocks(opening)}
    is_below = _names_stand_below(lines, starts)
    found = [
        _addressee(lines, start, end, ends_of_blocks, is_below=is_below)
        for start, end in zip(starts, ends, strict=True)
    ]
    _check_names(found, [lines[start] for start in starts], lines)
    return _with_one_state(found, lines[starts[0]])


def split_honorific(text: str) -> tuple[str, str]:
    """ "H.E. Mr. Ada Lund" is "H.E. Mr." and "Ada Lund"; no honorific is ""."""
    match = _HONORIFIC.match(text)
    if not match or match.end() == len(text):
        return "", text
    return match[0].strip(" ,"), text[match.end() :].strip()


def same_state(one: str, other: str) -> bool:
    """Whether two names may be one State's: "Prima", "the Republic of Prima"; "Czech …", "Czechia".

    Short forms in capitals, "your country" and "the United Kingdom" are taken on trust.
    """
    if any(_TRUSTED.match(name) for name in (one, other)):
        return True
    roots, others = _roots(one), _roots(other)
    return not roots or not others or bool(roots & others)


def _roots(name: str) -> set[str]:
    """The beginnings of the words that tell one State from another."""
    plain = unicodedata.normalize("NFD", name.casefold())
    words = re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))
    return {word[:3] for word in words if len(word) > 2 and not _OF_MANY_STATES.fullmatch(word)}


def _office_starts(lines: list[Line]) -> list[int]:
    """Lines an office begins on; "Permanent Representative" above "Permanent Mission of" is one."""
    starts = [index for index, line in enumerate(lines) if _begins_office(line.text)]
    return [
        index
        for index in starts
        if not (index - 1 in starts and _BARE_OFFICE.fullmatch(lines[index - 1].text))
    ]


def _names_stand_below(lines: list[Line], starts: list[int]) -> bool:
    """Whether each office stands above its holder: nobody before the first, a title after each."""
    if not _OFFICE.match(lines[starts[0]].text) or _name_above(lines, starts[0]):
        return False
    return all(
        any(_HONORIFIC.match(line.text) for line in lines[start + 1 : end])
        for start, end in pairwise([*starts, len(lines)])
    )


def _begins_office(text: str) -> bool:
    match = _OFFICE.search(text[:_LONGEST])
    return bool(match) and (
        match.start() == 0 or "," in (text[match.start()], text[match.start() - 1])
    )


def _check_names(found: list[ParsedAddressee], offices: list[Line], lines: list[Line]) -> None:
    """Nobody without an office, and no office without a name beside one with a name."""
    for addressee, office in zip(found, offices, strict=True):
        if not addressee.name and any(other.name for other in found):
            raise LetterRefused(f"A name was expected above the office on {office.place}.")
    for line in lines:
        is_known = any(one.name and one.name in line.text for one in found)
        if _EXCELLENCY.match(line.text) and not is_known and not _HONORIFIC.fullmatch(line.text):
            raise LetterRefused(
                "An office such as “Permanent Representative of … to the United Nations in "
                f"Geneva” was expected after {line.place}."
            )


def _addressee(
    lines: list[Line], start: int, end: int, ends_of_blocks: set[int], *, is_below: bool
) -> ParsedAddressee:
    first = lines[start]
    match = _OFFICE.search(first.text)
    name = first.text[: match.start()].strip(" ,")
    name = name or (_name_below(lines[start:end]) if is_below else _name_above(lines, start))
    office = [Line(first.number, first.text[match.start() :].lstrip(" ,"))]
    for line in lines[start + 1 : min(end, start + _OFFICE_LINES)]:
        before = office[-1]
        is_bare = _BARE_OFFICE.fullmatch(before.text) and _begins_office(line.text)
        if not is_bare and (before.number in ends_of_blocks or _city(joined(office))):
            break
        if _HONORIFIC.match(line.text) or not _goes_on(before.text, line.text):
            break
        office.append(line)
    role = joined(office)[:_LONGEST]
    city = _city(role) or _city_below(lines[start + len(office) : end])
    if city is None:
        raise LetterRefused(f"A city, New York or Geneva, was expected after {first.place}.")
    honorific, bare_name = split_honorific(_RANK_BEHIND.sub("", _TO.sub("", name)))
    state = _STATE.search(role)
    return ParsedAddressee(
        honorific=honorific,
        name=bare_name.rstrip(" ,"),
        role=role,
        state=_MISSION_OF.sub("", state["state"]).strip() if state else "",
        city=city,
    )


def _goes_on(before: str, after: str) -> bool:
    """Whether an office that names no city yet wraps onto the next line."""
    if _OPEN_OFFICE.search(before[-15:]) or "United Nations" not in before:
        return True
    return after[0].islower() or after.startswith("Office")


def _name_above(lines: list[Line], start: int) -> str:
    """The name on the line above, or above a rank such as "Ambassador"; "" when none is there."""
    above = [line.text for line in lines[max(0, start - 3) : start]]
    if above and _RANK.fullmatch(above[-1]):
        above.pop()
    if not above or len(above[-1]) > 120 or _NOT_A_NAME.search(above[-1]) or _city(above[-1]):
        return ""
    has_honorific_above = len(above) > 1 and _HONORIFIC.fullmatch(above[-2])
    return " ".join(above[-2:]) if has_honorific_above else above[-1]


def _name_below(lines: list[Line]) -> str:
    return next((line.text for line in lines if _HONORIFIC.match(line.text)), "")


def _city(text: str) -> City | None:
    found = [(match.start(), city) for sign, city in _CITIES if (match := sign.search(text))]
    return min(found)[1] if found else None


def _city_below(lines: list[Line]) -> City | None:
    """The city of an address; not of a line with a date, where it is the writer's."""
    address = [line.text for line in lines[:_ADDRESS_LINES] if not find_dates(line.text)]
    return _city(" ".join(address))


def _with_one_state(found: list[ParsedAddressee], first: Line) -> tuple[ParsedAddressee, ...]:
    names = [addressee.state for addressee in found if addressee.state]
    if not names:
        raise LetterRefused(f"The name of a State was expected in {first.place}.")
    for name in names[1:]:
        if not same_state(names[0], name):
            raise LetterRefused(
                f"A letter to one State was expected, but it is addressed to {names[0][:80]} "
                f"and to {name[:80]}."
            )
    return tuple(
        addressee
        if addressee.state
        else ParsedAddressee(
            addressee.honorific, addressee.name, addressee.role, names[0], addressee.city
        )
        for addressee in found
    )
