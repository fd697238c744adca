"""What the introduction of a letter says about the event, the State's part in it and the reply."""

import re
from dataclasses import dataclass
from datetime import date

from .letter_dates import FoundDate, find_dates
from .letter_lines import Line, blocks, ends_sentence, filled, flowing, joined
from .letter_mail import Address, find_addresses
from .letter_parts import Participation
from .refusals import LetterRefused

_VERB = re.compile(
    r"\b(?:jointly |together |have |had |has )*(?:co-?)?(?:held|host(?:ed)?|organi[sz]ed|convened"
    r"|conducted|ran|sponsored|arranged)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:was|were) (?:jointly )?(?:co-?)?(?:held|hosted|organi[sz]ed|convened)\b|\btook place\b",
    re.IGNORECASE,
)
_EVENT = re.compile(r"\b(?:events?|hearings?|debates?|dialogues?|sessions?)\b", re.IGNORECASE)
_ONLINE = re.compile(r"\b(?:online|virtual(?:ly)?)\b", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:in|at)\s(?:the\s)?"
    r"(?P<place>[A-ZÀ-Þ][^\s,.;]*(?:\s(?:and\s)?(?:[A-ZÀ-Þ][^\s,.;]*|des?\b|online))*)"
)
_NO_PLACE = re.compile(r"\d|Council|Nations$|States|Assembly|^(?:On|The)\b")
_BODY = re.compile(
    r"\bcandida\w{1,8}(?: States?)?(?: for election)?(?: to| for)(?: membership of| membership in)?"
    r"(?: the)?(?: UN| United Nations)? "
    r"(?P<body>[A-Z]\w*(?:[- ](?:and |on |of |the )?[A-Z]\w*){0,6})"
)
_KNOWN_BODY = re.compile(r"\b(?:Human Rights|Security|Economic and Social) Council\b")
_TERM = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:-|–|—|/|to|until|through|and)\s?"
    r"(?:(?:\d{1,2}\s)?(?:the end of\s)?(?:[A-Z][a-z]{2,8}\s)?)?((?:20)?\d\d)(?!\d)"
)
_PEOPLE = (
    r"(?:attendees|participants|people|viewers|guests|persons|listeners|spectators|delegates"
    r"|representatives|registrants)\b"
)
_AUDIENCE = re.compile(
    r"\b(?:had|attracted|drew|gathered|welcomed|saw|with|by|brought together|there were)\s"
    rf"(?P<audience>(?:[^\s.?!;:]{{1,30}}\s){{1,7}}?{_PEOPLE})"
    r"|(?P<counted>\b(?:(?:over|some|around|about|nearly|almost|more than|at least)\s)?"
    rf"\d[\d,.]{{0,8}}\s(?:[^\s.?!;:]{{1,30}}\s){{0,3}}?{_PEOPLE})",
    re.IGNORECASE,
)
_SITTING = re.compile(r"\s*(?:and|&|,)\s*(?:on|also)?\s*")  # between two places, its day aside
_COUNT = re.compile(r"\d|\b(?:dozens?|hundreds?|thousands?|twenty|thirty|forty|fifty|sixty)\b")
_END_OF_NAMES = re.compile(
    r"\s(?:on|for|in|at|ahead|as)\s(?!co-?operation|partnership|collaboration)(?=[^A-Z])"
    r"|(?<!together)(?<!jointly)(?<!ation)(?<!partnership)\swith\s(?=[^A-Z])"
    r"|[.;]|,\s(?=which|who|where|for)"
)
_BETWEEN_NAMES = re.compile(
    r",?\s+(?:together|in partnership|in co-?operation|in collaboration|jointly) with\s+"
    r"|,\s+(?:and\s+)?|\s+(?:and|&)\s+(?=the\s|[A-Z])"
)
_TOOK_PLACE = re.compile(r"\btook place\b")
_MISSIONS = re.compile(r"(?:the )?(?:Permanent )?(?:Missions|Governments) of\b", re.IGNORECASE)
_BEFORE_ORGANISATION = re.compile(
    r"(?:,\s+(?:and\s+)?|\s+(?:and|&)\s+)(?=(?:the\s+)?(?:International|Amnesty|[A-Z]{3,})\b)"
)
_LEADING_PLACE = re.compile(r"^(?:in|at)\s[^,]{2,60},\s*")
_ARTICLE = re.compile(r"^(?:the|by|both)\s+", re.IGNORECASE)
_TITLE_LINES = 4  # in a longer block only the first line can be the title
_SENTENCE_START = re.compile(r"(?:On|In|At|The|This|We|As|Further|Following)\b|[a-z]")
# Not after "Mr.", "H.E." or an initial.
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\b[A-Z][a-z]\.)(?<!\bMrs\.)(?<!\b[A-Z]\.)\s+(?=[A-Z])")
_DUE = re.compile(
    r"\b(?:by|before|until|till|than|on|due|deadline)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_ANSWERING = re.compile(
    r"\b(?:respon[sd]|answer|repl[yi]|send|submit|return|deadline|feedback|written)", re.IGNORECASE
)
_PARTICIPATION: list[tuple[re.Pattern[str], Participation]] = [
    (
        re.compile(
            r"\b(?:thank|grateful|(?<!would )(?:appreciat|welcom)\w+)\b.{0,120}?"
            r"\b(?:participat(?:ing|ion|ed)"
            r"|taking part|taken part|took part|attending|attended|joining|attendance)\b",
            re.IGNORECASE,
        ),
        "took_part",
    ),
    (
        re.compile(
            r"\bdeclin(?:e|ed|es|ing)\b|\b(?:chose|chosen|choosing|decided|deciding|opted|opting|"
            r"preferred) not to\b|\brefus(?:ed|ing|al)\b|\bdecision not to\b",
            re.IGNORECASE,
        ),
        "declined",
    ),
    (
        re.compile(
            r"\b(?:not|n['’]t|never|without|fail(?:ed|ing)? to|failure to)\b.{0,25}?"
            r"\b(?:repl(?:y|ied|ying)|respon(?:d|ded|ding|se)|answer(?:ed)?(?= (?:\w+ )?invit))\b"
            r"(?! to (?:\w+ ){0,3}questions)|\bno (?:reply|response)\b",
            re.IGNORECASE,
        ),
        "no_reply",
    ),
    (
        re.compile(
            r"\b(?:not|n['’]t|unable|fail(?:ed|ing)? to|without|could not)\b.{0,40}?"
            r"\b(?:attend|participat|t(?:ake|aking|aken) part|join|present|represented|send)\w*"
            r"|\b(?:sent|sending) no (?:representative|delegat)|\bno (?:one|representative|delegat)"
            r".{0,40}?\b(?:attend|present|t(?:ook|ake) part|join|participat)"
            r"|\babsen(?:t|ce)\b|\bnon-(?:attendance|participation)\b",
            re.IGNORECASE,
        ),
        "did_not_attend",
    ),
    (
        re.compile(
            r"\b(?:participat(?:ed|ing|ion)|took part|taking part|attended|attending|joined"
            r"|joining|was represented|were represented)\b",
            re.IGNORECASE,
        ),
        "took_part",
    ),
]


@dataclass(frozen=True)
class EventFacts:
    """What is said about the event in one sentence."""

    dates: tuple[date, ...]
    organisers: tuple[str, ...]
    venue: str
    body: str
    term_start: int
    term_end: int


@dataclass(frozen=True)
class ReplyFacts:
    """By when, and to whom, the State is to answer."""

    due_on: date
    contact: Address


def read_letter_date(opening: list[Line], introduction: list[Line]) -> date:
    """The line that holds the date and little else. Raises LetterRefused."""
    for line in [*opening, *introduction]:
        for found in find_dates(line.text) if len(line.text) <= 80 else ():
            around = line.text[: found.start] + line.text[found.end :]
            if found.year and len(found.days) == 1 and _is_place_and_weekday(around):
                return found.in_year(found.year)[0]
    where = filled(opening)[-1:] or filled(introduction)[:1]
    place = f", near {where[0].place}" if where else ""
    raise LetterRefused(
        "The date of the letter, such as “29 September 2021”, was expected on a line of its own"
        f"{place}."
    )


def read_title(opening: list[Line], introduction: list[Line]) -> str:
    """The subject: marked as such, else the first short line after the salutation."""
    for line in [*opening, *introduction]:
        if match := re.match(r"\W{0,3}(?:Re|Subject|Object|Objet)\s?:\s*(?=\S)", line.text):
            block = next(b for b in blocks([*opening, *introduction]) if line in b)
            return joined(
                [Line(line.number, line.text[match.end() :]), *block[block.index(line) + 1 :]]
            ).strip("*_ ")
    for block in blocks(introduction[1:])[:2]:
        is_long = len(block) >= _TITLE_LINES
        text = joined(block[:1] if is_long else block).strip("*_ ")
        is_title = len(text) <= 200 and not ends_sentence(text) and not text.endswith(",")
        if is_title and not _is_date(text) and not (is_long and _SENTENCE_START.match(text)):
            return text
    return ""


def _is_date(text: str) -> bool:
    """Whether a text is a date and little else."""
    found = find_dates(text)
    return bool(found) and _is_place_and_weekday(text[: found[0].start] + text[found[0].end :])


def introduction_text(introduction: list[Line]) -> list[str]:
    """The paragraphs between the salutation and the first heading."""
    return flowing(introduction).split("\n\n")


def read_event(paragraphs: list[str], letter_date: date) -> EventFacts:
    """When, by whom, where and for which term. Raises LetterRefused."""
    for sentence in _sentences(paragraphs):
        verb = _PASSIVE.search(sentence) or _VERB.search(sentence)
        dates = find_dates(sentence)
        if verb and dates and (_EVENT.search(sentence) or _TOOK_PLACE.search(sentence)):
            break
    else:
        raise LetterRefused(
            "A sentence such as “On 8 September 2021, … held an online pledging event for "
            "candidate States …” was expected after the salutation."
        )
    start, end = _term(sentence, paragraphs)
    return EventFacts(
        dates=_event_dates(dates, letter_date),
        organisers=_organisers(sentence, verb, dates) or _organisers_elsewhere(paragraphs),
        venue=_venue(sentence, verb),
        body=_body(sentence, paragraphs),
        term_start=start,
        term_end=end,
    )


def read_audience(paragraphs: list[str]) -> str:
    """Who listened, as written: "over 200 online attendees"."""
    for paragraph in paragraphs:
        for match in _AUDIENCE.finditer(paragraph):
            audience = match["audience"] or match["counted"]
            if _COUNT.search(audience):
                return audience
    return ""


def read_participation(paragraphs: list[str], state: str) -> Participation:
    """What the letter says of this State's part; a sentence about others says nothing."""
    for sentence in _sentences(paragraphs):
        if "@" in sentence or not _is_about(sentence, state):  # the former asks for answers
            continue
        said = [part for pattern, part in _PARTICIPATION if pattern.search(sentence)]
        if said[:1] == ["took_part"] and {"declined", "did_not_attend"} & set(said):
            return "unknown"  # thanks and a refusal in one sentence
        if said:
            return said[0]
    return "unknown"


def read_reply(paragraphs: list[str], closing: list[Line], letter_date: date) -> ReplyFacts:
    """The deadline and the contact named with it. Raises LetterRefused."""
    closing_sentences = _sentences(flowing(closing).split("\n\n"))
    sentences = [*_sentences(paragraphs), *closing_sentences]
    for index, sentence in enumerate(sentences):
        due = _due_date(sentence, letter_date)
        if due:
            near = [
                sentence,
                *sentences[max(0, index - 1) : index],
                *sentences[index + 1 : index + 2],
            ]
            return ReplyFacts(due, _contact(near, paragraphs))
    raise LetterRefused(
        "The day by which answers are due was expected, as in “please send your responses to … by "
        "8 October 2021”."
    )


def _is_place_and_weekday(text: str) -> bool:
    return len(text) <= 40 and not re.search(r"\d|[.?!]\s*\w", text) and len(text.split()) <= 5


def _sentences(paragraphs: list[str]) -> list[str]:
    return [part for paragraph in paragraphs for part in _SENTENCE.split(paragraph)]


def _event_dates(found: list[FoundDate], letter_date: date) -> tuple[date, ...]:
    """The days of the sentence; one without a year has that of the next, else the letter's."""
    year = next((date.year for date in found if date.year), None)
    days: list[date] = []
    for one in found:
        written = FoundDate(one.start, one.end, one.days, one.year or year)
        days += written.before(letter_date)
    held = [day for day in days if day <= letter_date]  # others are those of the term
    if not held:
        raise LetterRefused("An event was expected that was held before the letter was written.")
    return tuple(dict.fromkeys(held))


def _organisers(sentence: str, verb: re.Match[str], dates: list[FoundDate]) -> tuple[str, ...]:
    if _PASSIVE.match(sentence, verb.start()):
        by = sentence.find(" by ", verb.end())
        if by < 0:
            return ()
        names = sentence[by + 4 :]
    else:
        names = sentence[: verb.start()]
        for found in dates:
            if found.end <= verb.start():
                names = sentence[found.end : verb.start()]
    return _names(_LEADING_PLACE.sub("", names.strip(" ,")), sentence, dates)


def _organisers_elsewhere(paragraphs: list[str]) -> tuple[str, ...]:
    """Who "held their annual event", where another sentence says on which day it was."""
    for sentence in _sentences(paragraphs):
        verb = _VERB.search(sentence)
        if verb and _EVENT.search(sentence) and not _PASSIVE.search(sentence):
            return _organisers(sentence, verb, [])
    return ()


def _names(names: str, sentence: str, dates: list[FoundDate]) -> tuple[str, ...]:
    names = _END_OF_NAMES.split(names)[0]
    for found in dates:
        names = names.split(sentence[found.start : found.end])[0]
    if missions := _MISSIONS.search(names):  # the States named in it are no names of their own
        of_states, *after = _BEFORE_ORGANISATION.split(names[missions.start() :], maxsplit=1)
        names = re.sub(r",?\s+(?:and|&)\s*$", "", names[: missions.start()])
        found = [*_BETWEEN_NAMES.split(names), of_states, *_BETWEEN_NAMES.split("".join(after))]
    else:
        found = _BETWEEN_NAMES.split(names)
    parts = [_ARTICLE.sub("", part.strip(" ,")) for part in found]
    return tuple(part for part in parts if part)


def _venue(sentence: str, verb: re.Match[str]) -> str:
    """The places named after the verb, each with its day; else those before it."""
    after = _places_in_a_row(sentence[verb.start() :])
    place = " and ".join(after or _places(sentence[: verb.start()]))
    if not _ONLINE.search(sentence):
        return place
    return f"{place} and online" if place and "online" not in place else place or "online"


def _places_in_a_row(text: str) -> list[str]:
    """The first place, and those that follow it as "in Geneva and, on 8 September, in New York"."""
    found = [match for match in _PLACE.finditer(text) if not _NO_PLACE.search(match["place"])]
    row = found[:1]
    for place in found[1:]:
        between = text[row[-1].end() : place.start()]
        for day in reversed(find_dates(between)):
            between = between[: day.start] + between[day.end :]
        if not _SITTING.fullmatch(between.strip(" ,")):
            break
        row.append(place)
    return [place["place"].strip() for place in row]


def _places(text: str) -> list[str]:
    found = [match["place"].strip() for match in _PLACE.finditer(text)]
    return [place for place in found if not _NO_PLACE.search(place)]


def _body(sentence: str, paragraphs: list[str]) -> str:
    for text in (sentence, *paragraphs):
        if match := _BODY.search(text) or _KNOWN_BODY.search(text):
            return match.groupdict().get("body") or match[0]
    raise LetterRefused(
        "The body the State is a candidate for, such as “Human Rights Council”, was expected."
    )


def _term(sentence: str, paragraphs: list[str]) -> tuple[int, int]:
    for text in (sentence, *paragraphs):
        for match in _TERM.finditer(text):
            start = int(match[1])
            end = int(match[2]) if len(match[2]) == 4 else start // 100 * 100 + int(match[2])
            if start < end <= start + 10:
                return start, end
    raise LetterRefused(
        "The membership term, such as “2022-2024”, was expected in the sentence about the event."
    )


def _is_about(sentence: str, state: str) -> bool:
    short = re.sub(
        r"^(?:the )?(?:\w+ ){0,3}?(?:Republic|Kingdom|State|Federation) of (?:the )?", "", state
    )
    names = (short, state, "your", "you", "excellenc")
    return any(
        re.search(rf"\b{re.escape(name)}", sentence, re.IGNORECASE) for name in names if name
    )


def _due_date(sentence: str, letter_date: date) -> date | None:
    if not _ANSWERING.search(sentence) or _PASSIVE.search(sentence):
        return None
    for found in find_dates(sentence):
        if _DUE.search(sentence[max(0, found.start - 60) : found.start]):
            days = found.after(letter_date)
            if days:
                return days[-1]
    return None


def _contact(near: list[str], paragraphs: list[str]) -> Address:
    for text in (*near, *paragraphs):
        if found := find_addresses(text):
            return found[0]
    return Address("", "")
