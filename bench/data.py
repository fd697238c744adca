"""Fills a scratch database and says what the bench cannot see from outside, as JSON."""

import json
import os
import random
import sys
import time
from datetime import timedelta
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from uuid import uuid4

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after the set-up)
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from questions.models import (  # noqa: E402
    AddressedQuestion,
    Edition,
    Response,
    ResponseStatus,
    Submission,
    text_digest,
)
from tests.factories import (  # noqa: E402
    make_candidacy,
    make_event,
    make_letter,
    make_question,
    make_state,
    make_user,
)

LETTER = Path(__file__).parent.parent / "questions" / "data" / "letter_kazakhstan_2021.txt"
QUESTIONS = 15
WORDS = LETTER.read_text(encoding="utf-8").split()
codes = map("".join, product("X", ascii_uppercase, ascii_uppercase))  # of invented States
SIZES = {2031: 20, 2032: 200}  # year of the event: how many States stand


@transaction.atomic
def fill(year: int, states: int) -> None:
    """An event, every question put to every State, and the answers to the first."""
    event = make_event(year=year, answers_due_on=(timezone.now() + timedelta(days=30)).date())
    by = make_user()
    questions = [make_question(event=event, number=n + 1) for n in range(QUESTIONS)]
    for _ in range(states):
        candidacy = make_candidacy(
            event=event, state=make_state(iso3=next(codes)), due_at=event.due_at
        )
        letter = make_letter(candidacy=candidacy)
        slots = AddressedQuestion.objects.bulk_create(
            AddressedQuestion(
                question=question, candidacy=candidacy, letter=letter, position=question.number
            )
            for question in questions
        )
        answer(candidacy, slots[0], by)


def answer(candidacy, slot, by) -> None:
    """400 words, in another order from each State, so that they do not compress like one."""
    text = " ".join(random.Random(candidacy.pk).choices(WORDS, k=400))  # noqa: S311
    now = timezone.now()
    submission = Submission.objects.create(
        candidacy=candidacy,
        number=1,
        signatory_name="A. Diplomat",
        signatory_title="First Secretary",
        received_at=now,
        due_at=candidacy.due_at,
        form_key=uuid4(),
        text_sha256=text_digest(text),
    )
    Response.objects.create(
        slot=slot,
        submission=submission,
        text=text,
        language="en",
        status=ResponseStatus.PUBLISHED,
        version=1,
        published_at=now,
        published_by=by,
    )


def queries(address: str) -> int:
    """How many the first render of a page takes, beside the reading of the edition."""
    Edition.objects.bump(at=timezone.now())
    with CaptureQueriesContext(connection) as context:
        page = Client(headers={"host": "127.0.0.1"}).get(address)
    assert page.status_code == 200, f"{address} answers {page.status_code}"
    assert "ETag" in page, f"{address} is not kept"
    return len(context)


def seconds_to_import() -> float:
    """CPU of importing the real letter, as the command does it, without starting Python."""
    with Path(os.devnull).open("w") as nowhere:
        call_command("load_reference", stdout=nowhere)
        start = time.process_time()
        call_command("import_letter", LETTER, stdout=nowhere)
    return time.process_time() - start


def main() -> None:
    call_command("migrate", verbosity=0)
    found = {"import": seconds_to_import()}
    for year, states in SIZES.items():
        fill(year, states)
    for year in SIZES:
        found[f"event {year}"] = queries(f"/en/{year}/")
        found[f"question {year}"] = queries(f"/en/{year}/q1/")
        found[f"API {year}"] = queries(f"/api/v1/answers?event={year}")
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
