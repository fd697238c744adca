"""What the letter of 29 September 2021 says, written down by hand for comparison."""

import re
from datetime import date
from pathlib import Path

from questions.parsing.letters import ParsedAddressee, parse_letter

PATH = Path(__file__).parents[2] / "questions" / "data" / "letter_kazakhstan_2021.txt"

REAL = {
    "state": "Kazakhstan",
    "addressees": (
        ParsedAddressee(
            honorific="H.E. Mr.",
            name="Magzhan Ilyassov",
            role="Permanent Representative of Kazakhstan to the United Nations in New York",
            state="Kazakhstan",
            city="new_york",
        ),
        ParsedAddressee(
            honorific="H.E. Mrs.",
            name="Aitzhanova Zhanar",
            role="Permanent Representative of Kazakhstan to the United Nations in Geneva",
            state="Kazakhstan",
            city="geneva",
        ),
    ),
    "letter_date": date(2021, 9, 29),
    "title": "Questions from Human Rights Council Elections Pledging Event 2021",
    "body": "Human Rights Council",
    "event_dates": (date(2021, 9, 8),),
    "venue": "online",
    "organisers": ("Amnesty International", "International Service for Human Rights"),
    "term_start": 2022,
    "term_end": 2024,
    "audience": "over 200 online attendees",
    "participation": "declined",
    "answers_due_on": date(2021, 10, 8),
    "reply_contact_name": "Maithili Pai",
    "reply_contact_email": "m.pai@ishr.ch",
    "signatory_name": "Madeleine Sinclair",
    "signatory_title": "New York Office Director & Legal Counsel",
    "signatory_organisation": "International Service for Human Rights",
    "signatory_email": "m.sinclair@ishr.ch",
}


def real_text():
    return PATH.read_text(encoding="utf-8")


def parsed_real_letter():
    return parse_letter(PATH.read_bytes(), PATH.name)


def words(text):
    return text.split()


def sections(text):
    """The words of each question, read off the letter without the parser."""
    own, common = text.split("Questions addressed specifically to Kazakhstan\n")[1].split(
        "Questions posed to all candidate States:\n"
    )
    common = common.split("We look forward")[0]
    return [
        [words(asked) for asked in re.split(r"(?m)^\d\. \*[^*]+\*: ", part)[1:]]
        for part in (own, common)
    ]
