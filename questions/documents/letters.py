"""A letter as a file: PDF by typst, Word by python-docx, both from one frozen content.

typst gets the words as data, never as markup, in a process of its own with limited time and
memory (security.md 81). The same content, letterhead and moment give the same bytes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from questions.models import LetterContent, PrintedQuestion, text_direction

from .letterheads import LetterPaper, UnreadableImage
from .printable import printable
from .typesetting import DocumentNotSet, DocumentTooLarge, Printed, language_tag, set_pdfs
from .word_letters import letter_docx

__all__ = [
    "DocumentNotSet",
    "DocumentTooLarge",
    "LetterPaper",
    "UnreadableImage",
    "letter_docx",
    "letter_pdf",
    "letter_pdfs",
]

MAX_CHARACTERS = 500_000  # of one letter; the real one has 5,000


def letter_pdf(
    content: LetterContent, *, letterhead: LetterPaper | None = None, at: datetime
) -> bytes:
    """The letter as tagged PDF (PDF/UA-1), dated `at`.

    Where a character is in none of our fonts the file is tagged but not PDF/UA. Raises
    DocumentTooLarge, DocumentNotSet and UnreadableImage.
    """
    return letter_pdfs([content], letterhead=letterhead, at=at)[0]


def letter_pdfs(
    contents: Iterable[LetterContent], *, letterhead: LetterPaper | None = None, at: datetime
) -> list[bytes]:
    """Many letters, as `letter_pdf` gives each, set by one process. Raises what it raises."""
    contents = list(contents)
    for content in contents:
        if len(content.plain_text()) > MAX_CHARACTERS:
            raise DocumentTooLarge(content.reference)
    letters = [Printed(content.reference, _as_data(content, letterhead)) for content in contents]
    images = letterhead.images() if letterhead else {}
    return set_pdfs("letter.typ", letters, images=images, at=at)


def _as_data(content: LetterContent, letterhead: LetterPaper | None) -> dict[str, Any]:
    """What letter.typ prints, each text without what no page can show."""
    language = content.language
    return {
        "lang": language_tag(language),
        "reference": printable(content.reference),
        "title": printable(content.title),
        "letterhead": letterhead and _letterhead(letterhead),
        "signature_of": printable(" ".join(("Signature:", *content.signatory[:1]))),
        "addressees": [
            {"name": printable(one.name), "role": printable(one.role)} for one in content.addressees
        ],
        "date": printable(content.date),
        "salutation": printable(content.salutation),
        "paragraphs": [_paragraph(text, language) for text in content.paragraphs],
        "sections": [
            {
                "heading": printable(section.heading),
                "questions": [_question(question) for question in section.questions],
            }
            for section in content.sections
        ],
        "closing": [_paragraph(text, language) for text in content.closing],
        "signatory": [printable(line) for line in content.signatory],
    }


def _letterhead(letterhead: LetterPaper) -> dict[str, Any]:
    return {
        "organisation": printable(letterhead.organisation),
        "address": [printable(line) for line in letterhead.address],
        "has_logo": bool(letterhead.logo),
        "has_signature": bool(letterhead.signature),
    }


def _question(question: PrintedQuestion) -> dict[str, Any]:
    return {
        "number": question.number,
        "askers": [
            {
                "before": before,
                "name": printable(str(asker)),
                "dir": asker.dir,
            }
            for before, asker in question.askers_in_words
        ],
        "paragraphs": [_paragraph(text, question.language) for text in question.paragraphs],
    }


def _paragraph(text: str, language: str) -> dict[str, Any]:
    return {
        "lang": language_tag(language),
        "dir": text_direction(text, language),
        "lines": printable(text).split("\n"),
    }
