"""A mission's PDF to the copy that the public reads: the same pages, and nothing else.

A program of its own builds it anew from the pages, with limited time and memory: no author, no
comments, no action, no embedded file, no place or date inside a photograph (security.md 60, 61).
"""

import subprocess
import sys
from pathlib import Path

_COPIER = Path(__file__).resolve().parent / "pdf_copier.py"
_WAIT = 60  # seconds on the wall; the copier's own limit is of processor time
_LONGEST_REASON = 300


class CopyNotMade(Exception):
    """The pages cannot be copied, or not in good conscience; str() says why, for staff."""


def public_copy(content: bytes) -> bytes:
    """The same original gives the same bytes. Raises CopyNotMade."""
    return _made(content)


def redacted_copy(content: bytes, *, original: bytes) -> bytes:
    """Of pages that are pictures made anew, so that nothing lies hidden in them (security.md 51).

    Raises CopyNotMade.
    """
    return _made(original + content, str(len(original)))


def _made(content: bytes, *arguments: str) -> bytes:
    command = [sys.executable, "-I", str(_COPIER), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, by its path
            command, input=content, capture_output=True, env={}, timeout=_WAIT, check=True
        )
    except subprocess.CalledProcessError as failed:
        why = failed.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
        raise CopyNotMade(why[:_LONGEST_REASON] or "It takes too much time or memory.") from failed
    except subprocess.TimeoutExpired as slow:
        raise CopyNotMade("It takes too much time.") from slow
    return done.stdout
