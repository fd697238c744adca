"""A letter as a file: PDF by typst, Word by python-docx, both from one frozen content.

typst gets the words as data, never as markup, in a process of its own with limited time and
memory (security.md 81). The same content, letterhead and moment give the same bytes.
"""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from questions.models import LetterContent, PrintedQuestion, text_direction

from .letterheads import LetterPaper, UnreadableImage
from .printable import printable
from .word_letters import letter_docx

__all__ = [
    "LetterNotSet",
    "LetterPaper",
    "LetterTooLarge",
    "UnreadableImage",
    "letter_docx",
    "letter_pdf",
    "letter_pdfs",
]

MAX_CHARACTERS = 500_000  # of one letter; the real one has 5,000
MAX_SECONDS = 20  # of processor time for one letter
_WAIT = 60  # seconds on the wall for the first letter, and one more for each other

_TYPESETTER = Path(__file__).resolve().parent / "typesetter.py"
# One thread, few heaps: address space is what the limit of memory counts.
_ENVIRONMENT = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_BY_LIMIT = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV}


class LetterTooLarge(Exception):
    """Setting the letter took more time or memory than a letter may; str() is its reference."""


class LetterNotSet(Exception):
    """typst refused the letter, as with a damaged image; str() says of which letter, and why."""


def letter_pdf(
    content: LetterContent, *, letterhead: LetterPaper | None = None, at: datetime
) -> bytes:
    """The letter as tagged PDF (PDF/UA-1), dated `at`.

    Where a character is in none of our fonts the file is tagged but not PDF/UA. Raises
    LetterTooLarge, LetterNotSet and UnreadableImage.
    """
    return letter_pdfs([content], letterhead=letterhead, at=at)[0]


def letter_pdfs(
    contents: Iterable[LetterContent], *, letterhead: LetterPaper | None = None, at: datetime
) -> list[bytes]:
    """Many letters, as `letter_pdf` gives each, set by one process. Raises what it raises."""
    contents = list(contents)
    for content in contents:
        if len(content.plain_text()) > MAX_CHARACTERS:
            raise LetterTooLarge(content.reference)
    letters = [_as_data(content, letterhead) for content in contents]
    images = letterhead.images() if letterhead else {}
    order = {
        "letters": letters,
        "images": {name: base64.b64encode(image).decode() for name, image in images.items()},
        "at": int(at.timestamp()),
        "seconds": MAX_SECONDS,
    }
    results, ended_by = _typeset(json.dumps(order).encode(), wait=_WAIT + len(letters))
    for content, result in zip(contents, results, strict=False):
        if "error" in result:
            raise LetterNotSet(f"{content.reference}: {result['error']}")
    if len(results) < len(contents):
        raise LetterTooLarge(contents[len(results)].reference) from ended_by
    return [base64.b64decode(result["pdf"]) for result in results]


def _typeset(order: bytes, *, wait: int) -> tuple[list[dict[str, str]], Exception | None]:
    """What the process wrote, and by what a limit ended it."""
    command = [sys.executable, "-I", str(_TYPESETTER)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, by its path
            command, input=order, capture_output=True, env=_ENVIRONMENT, timeout=wait, check=True
        )
    except subprocess.TimeoutExpired as slow:
        return _results(slow.stdout or b""), slow
    except subprocess.CalledProcessError as failed:
        if failed.returncode in _BY_LIMIT or b"MemoryError" in failed.stderr:
            return _results(failed.stdout), failed
        raise LetterNotSet(failed.stderr.decode(errors="replace")[-500:]) from failed
    return _results(done.stdout), None


def _results(output: bytes) -> list[dict[str, str]]:
    """Of the letters that were finished: a line that was cut off is none."""
    return [json.loads(line) for line in output.split(b"\n")[:-1]]


def _as_data(content: LetterContent, letterhead: LetterPaper | None) -> dict[str, Any]:
    """What letter.typ prints, each text without what no page can show."""
    language = content.language
    return {
        "lang": _tag(language),
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
        "lang": _tag(language),
        "dir": text_direction(text, language),
        "lines": printable(text).split("\n"),
    }


def _tag(language: str) -> str:
    """zh for zh-hans: typst takes the language alone."""
    return language.split("-")[0]
