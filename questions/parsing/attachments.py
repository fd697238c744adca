"""The PDF that a mission attaches: whether it is one, and what is in it besides pages.

A program of its own looks into it, with limited time and memory (security.md 60).
"""

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .refusals import FileRefused

LONGEST_NAME = 100  # characters
MOST_PAGES = 500

_EXAMINER = Path(__file__).resolve().parent / "pdf_examiner.py"
_WAIT = 30  # seconds on the wall; the examiner's own limit is of processor time
_WORD = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
_WORD_ENDINGS = {".doc", ".docx", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".wpd", ".pages"}
_WORD_PARTS = (b"word/document.xml", b"application/vnd.oasis.opendocument.text")
_RESERVED = re.compile(r'[<>:"|?*\\/%;]+')


class PdfRefused(FileRefused):
    """Not a PDF that can be opened; `reason` says why."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason  # "not_pdf", "word", "damaged", "password" or "pages"


@dataclass(frozen=True)
class ExaminedPdf:
    """What is in a PDF: `findings` is what staff should know of, in plain English."""

    pages: int
    has_text: bool
    findings: list[str]


def examine_pdf(content: bytes) -> ExaminedPdf:
    """Raises PdfRefused."""
    if content.startswith(_WORD) or (
        content.startswith(b"PK\x03\x04") and any(part in content for part in _WORD_PARTS)
    ):
        raise PdfRefused("word", "The file is a Word document.")
    if not content:
        raise PdfRefused("damaged", "The file is empty.")
    if not content.startswith(b"%PDF-"):
        raise PdfRefused("not_pdf", "The file does not begin as a PDF does.")
    found = _examined(content)
    if "refused" in found:
        raise PdfRefused(found["refused"], found["why"])
    return ExaminedPdf(found["pages"], found["has_text"], found["findings"])


def _examined(content: bytes) -> dict:
    """What the examiner says; whatever ends it before it has said so is the file's fault."""
    command = [sys.executable, "-I", str(_EXAMINER), str(MOST_PAGES)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, by its path
            command, input=content, capture_output=True, env={}, timeout=_WAIT, check=True
        )
    except subprocess.SubprocessError as failed:
        raise PdfRefused("damaged", "The PDF is damaged or too complex.") from failed
    return json.loads(done.stdout)


def check_name(name: str) -> None:
    """The name's ending says what the content has to be. Raises PdfRefused."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending in _WORD_ENDINGS:
        raise PdfRefused("word", f"The name ends in {ending}.")
    if ending != ".pdf":
        raise PdfRefused("not_pdf", "The name does not end in .pdf.")


def name_to_show(name: str) -> str:
    """A file's name as it may be printed and downloaded: one line, no path, nothing hidden in it.

    Controls, what reorders or hides other characters, and what systems reserve are left out
    (security.md 57). It ends in .pdf and has at most `LONGEST_NAME` characters.
    """
    last = re.split(r"[/\\]", name)[-1]
    text = unicodedata.normalize("NFC", last)
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or _is_shown(c))
    stem = re.sub(r"(\s*\.pdf)+$", "", " ".join(_RESERVED.sub(" ", kept).split()), flags=re.I)
    stem = stem.strip(" .")[: LONGEST_NAME - len(".pdf")].strip(" .")
    return f"{stem or 'attachment'}.pdf"


def _is_shown(character: str) -> bool:
    """Not a control, a format character, half a pair, private; words need ZWNJ and ZWJ."""
    return character in "\u200c\u200d" or not unicodedata.category(character).startswith("C")
