"""Reading a letter with questions to a candidate State, of the kind ISHR has sent since 2021.

Every word comes from the letter. What is uncertain is refused with what was expected and where,
for staff to mend the file; nothing is guessed. Time is linear in the text (security.md 82).
"""

import re

from questions.plaintext import UnreadableText, normalise

from .letter_addressees import read_addressees, same_state
from .letter_event import (
    introduction_text,
    read_audience,
    read_event,
    read_letter_date,
    read_participation,
    read_reply,
    read_title,
)
from .letter_files import letter_text
from .letter_lines import lines_of
from .letter_parts import ParsedAddressee, ParsedAsker, ParsedLetter, ParsedQuestion
from .letter_questions import read_questions
from .letter_sections import Kind, Layout, find_layout
from .letter_signature import read_signatory
from .refusals import FileRefused, LetterRefused

__all__ = [
    "LetterRefused",
    "ParsedAddressee",
    "ParsedAsker",
    "ParsedLetter",
    "ParsedQuestion",
    "parse_letter",
    "parse_letter_text",
]

_NAMED = re.compile(r".*\b(?:to|for|of)\s(?P<state>[^:*(]{2,100})")

MAX_TEXT = 1_000_000  # characters


def parse_letter(content: bytes, name: str) -> ParsedLetter:
    """Read a letter from a .txt, .docx or .pdf file. Raises LetterRefused, and nothing else."""
    try:
        text = letter_text(content, name)
    except FileRefused as refusal:
        raise LetterRefused(str(refusal)) from refusal
    return parse_letter_text(text)


def parse_letter_text(text: str) -> ParsedLetter:
    """Read a letter from its text. Raises LetterRefused.

    Texts are joined where a stray break cuts a sentence, and have ordinary spaces where a
    no-break space stands for one; quotes and all other signs stay as they are.
    """
    text = _normalised(text)
    layout = find_layout(lines_of(text))
    addressees = read_addressees(layout.opening)
    state = addressees[0].state
    _check_own_heading(layout, state)
    letter_date = read_letter_date(layout.opening, layout.introduction)
    paragraphs = introduction_text(layout.introduction)
    event = read_event(paragraphs, letter_date)
    reply = read_reply(paragraphs, layout.closing, letter_date)
    signatory = read_signatory(layout.closing, event.organisers)
    questions = _questions(layout)
    return ParsedLetter(
        state=state,
        addressees=addressees,
        letter_date=letter_date,
        title=read_title(layout.opening, layout.introduction),
        body=event.body,
        event_dates=event.dates,
        venue=event.venue,
        organisers=event.organisers,
        term_start=event.term_start,
        term_end=event.term_end,
        audience=read_audience(paragraphs),
        participation=read_participation(paragraphs, state),
        answers_due_on=reply.due_on,
        reply_contact_name=reply.contact.name,
        reply_contact_email=reply.contact.email,
        signatory_name=signatory.name,
        signatory_title=signatory.title,
        signatory_organisation=signatory.organisation,
        signatory_email=signatory.email,
        own_questions=questions.get("own", ()),
        common_questions=questions["common"],
        text=text,
    )


def _normalised(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise LetterRefused(
            f"The text is longer than {MAX_TEXT:,} characters; a letter has 10,000."
        )
    try:
        text = normalise(text.replace("\f", "\n"))
    except UnreadableText as error:
        raise LetterRefused(f"{error} A plain text was expected.") from error
    if not text.strip():
        raise LetterRefused("The file is empty. A letter was expected.")
    return text


def _check_own_heading(layout: Layout, state: str) -> None:
    """A heading left over from the letter to another State would ask the wrong one."""
    for section in layout.sections:
        named = _NAMED.search(section.heading.text)
        if section.kind == "own" and named and not same_state(named["state"], state):
            raise LetterRefused(
                f"The letter is to {state[:80]}, but its own questions are for another State on "
                f"{section.heading.place}."
            )


def _questions(layout: Layout) -> dict[Kind, tuple[ParsedQuestion, ...]]:
    found: dict[Kind, tuple[ParsedQuestion, ...]] = {}
    next_number = 1
    for section in layout.sections:
        questions = read_questions(section.lines, section.heading, first_number=next_number)
        found[section.kind] = questions
        next_number = len(questions) + 1
    if not found.get("common"):
        after = layout.sections[-1].heading.place
        raise LetterRefused(
            "The questions to all are missing: a heading such as “Questions posed to all candidate "
            f"States” and questions were expected after {after}."
        )
    return found
