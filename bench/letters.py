"""Makes 193 different letters as PDF, as issuing them all does; prints seconds and megabytes.

The memory is the most that this process or the one that sets the letters held at a time.
"""

import json
import os
import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pledgeportal.settings")

import django  # noqa: E402  (found from the root)

django.setup()

from questions.documents.letters import letter_pdfs  # noqa: E402  (after the setup)
from questions.models import (  # noqa: E402
    LetterContent,
    PrintedAddressee,
    PrintedAsker,
    PrintedQuestion,
    PrintedSection,
)
from questions.parsing.letters import parse_letter  # noqa: E402

LETTERS = 193


def real_letter() -> LetterContent:
    """The letter of 2021 as content, in the length and the words of a real one."""
    name = "letter_kazakhstan_2021.txt"
    parsed = parse_letter((ROOT / "questions" / "data" / name).read_bytes(), name)
    sections = {
        "Questions addressed specifically to the State": parsed.own_questions,
        "Questions posed to all candidate States:": parsed.common_questions,
    }
    return LetterContent(
        reference="PE2021/KAZ",
        language="en",
        addressees=tuple(PrintedAddressee(a.name, a.role) for a in parsed.addressees),
        date="29th September, 2021",
        salutation="Your Excellencies,",
        title=parsed.title,
        paragraphs=tuple(parsed.text.split("\n\n")[7:10]),
        sections=tuple(
            PrintedSection(
                heading,
                tuple(
                    PrintedQuestion(
                        one.number,
                        tuple(PrintedAsker(a.name, a.label) for a in one.askers),
                        one.text,
                    )
                    for one in questions
                ),
            )
            for heading, questions in sections.items()
        ),
        closing=("We look forward to hearing from you.",),
        signatory=(parsed.signatory_name, parsed.signatory_title),
    )


def main() -> None:
    letter = real_letter()
    letters = [replace(letter, reference=f"PE2021/{number:03}") for number in range(LETTERS)]

    began = time.monotonic()
    files = letter_pdfs(letters, at=datetime.now(UTC))
    seconds = time.monotonic() - began

    assert len({*files}) == LETTERS
    assert all(file.startswith(b"%PDF") for file in files)
    most = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"seconds": seconds, "megabytes": most / 1024}))


if __name__ == "__main__":
    main()
