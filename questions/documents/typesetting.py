"""Data and a .typ file of ours to PDF, in a process of its own (security.md 81).

typst gets the words as data, never as markup, with limited time and memory. The same data and
moment give the same bytes.
"""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

MAX_SECONDS = 20  # of processor time for one document
_WAIT = 60  # seconds on the wall for the first document, and one more for each other

_TYPESETTER = Path(__file__).resolve().parent / "typesetter.py"
# One thread, few heaps: address space is what the limit of memory counts.
_ENVIRONMENT = {"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_BY_LIMIT = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV}


class DocumentTooLarge(Exception):
    """Setting it took more time or memory than a document may; str() is its reference."""


class DocumentNotSet(Exception):
    """typst refused it, as with a damaged image; str() says which document, and why."""


@dataclass(frozen=True)
class Printed:
    """What one document prints, as JSON takes it; texts have been through `printable`."""

    reference: str  # "PE2021/KAZ"
    data: Mapping[str, Any]


def set_pdf(template: str, printed: Printed, *, at: datetime) -> bytes:
    """One document as tagged PDF (PDF/UA-1), dated `at`; the template reads `data.json`.

    Where a character is in none of our fonts the file is tagged but not PDF/UA. Raises
    DocumentTooLarge and DocumentNotSet.
    """
    return set_pdfs(template, [printed], at=at)[0]


def set_pdfs(
    template: str,
    printed: Sequence[Printed],
    *,
    images: Mapping[str, bytes] | None = None,
    at: datetime,
) -> list[bytes]:
    """Many documents, as `set_pdf` gives each, set by one process. Raises what it raises."""
    order = {
        "template": template,
        "documents": [document.data for document in printed],
        "images": {
            name: base64.b64encode(image).decode() for name, image in (images or {}).items()
        },
        "at": int(at.timestamp()),
        "seconds": MAX_SECONDS,
    }
    results, ended_by = _typeset(json.dumps(order).encode(), wait=_WAIT + len(printed))
    for document, result in zip(printed, results, strict=False):
        if "error" in result:
            raise DocumentNotSet(f"{document.reference}: {result['error']}")
    if len(results) < len(printed):
        raise DocumentTooLarge(printed[len(results)].reference) from ended_by
    return [base64.b64decode(result["pdf"]) for result in results]


def language_tag(language: str) -> str:
    """zh for zh-hans: typst takes the language alone."""
    return language.split("-")[0]


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
        raise DocumentNotSet(failed.stderr.decode(errors="replace")[-500:]) from failed
    return _results(done.stdout), None


def _results(output: bytes) -> list[dict[str, str]]:
    """Of the documents that were finished: a line that was cut off is none."""
    return [json.loads(line) for line in output.split(b"\n")[:-1]]
