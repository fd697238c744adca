"""Contents of letters for tests: the real one, and one with all that a text can hold."""

from dataclasses import replace
from datetime import UTC, datetime

from questions.models import (
    LetterContent,
    PrintedAddressee,
    PrintedAsker,
    PrintedQuestion,
    PrintedSection,
)
from tests.parsing.real_letter import parsed_real_letter

AT = datetime(2021, 9, 29, 14, 30, tzinfo=UTC)


def real_content():
    """The real letter, by its parsed parts and the paragraphs of its text."""
    letter = parsed_real_letter()
    blocks = [block.strip() for block in letter.text.split("\n\n")]
    start = blocks.index(letter.title) + 1
    end = blocks.index("Questions addressed specifically to Kazakhstan")
    return LetterContent(
        reference="PE2021/KAZ",
        language="en",
        addressees=tuple(
            PrintedAddressee(f"{one.honorific} {one.name}", one.role) for one in letter.addressees
        ),
        date="29th September, 2021",
        salutation="Your Excellencies,",
        title=letter.title,
        paragraphs=tuple(blocks[start:end]),
        sections=(
            printed_section(blocks[end], letter.own_questions),
            printed_section("Questions posed to all candidate States:", letter.common_questions),
        ),
        closing=("We look forward to hearing from you.",),
        signatory=(
            letter.signatory_name,
            letter.signatory_title,
            letter.signatory_organisation,
            letter.signatory_email,
        ),
    )


def printed_section(heading, questions):
    return PrintedSection(
        heading,
        tuple(
            PrintedQuestion(
                question.number,
                tuple(PrintedAsker(asker.name, asker.label) for asker in question.askers),
                question.text,
            )
            for question in questions
        ),
    )


def asked(text, *askers, number=1, language="en"):
    askers = tuple(PrintedAsker(name) for name in askers)
    return PrintedQuestion(number, askers, text, language)


def content_asking(*questions):
    """The real letter with these questions to all candidates, and none of its own."""
    content = real_content()
    return replace(content, sections=(replace(content.sections[1], questions=questions),))
