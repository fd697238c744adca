"""How fast answers.csv streams on PostgreSQL, and in how much memory, as JSON.

`fill` fills an empty database, which DATABASE_URL names, by bulk SQL; `--quick` makes a tenth. Then
`stream` measures, in a process that has not grown by filling. The best round counts.
"""

import json
import os
import sys
import time
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (after the set-up)
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from questions.models import Edition, Event  # noqa: E402
from questions.serializers import answers_csv, row_counts  # noqa: E402
from tests.factories import (  # noqa: E402
    make_asker,
    make_candidacy,
    make_event,
    make_letter,
    make_question,
    make_state,
    make_user,
)

STATES, QUESTIONS = 200, 500 if "--quick" in sys.argv else 5_000
ROUNDS = 3
TEXT = "We will go on inviting those who defend human rights to say what they think. " * 4
SLOTS = """
INSERT INTO questions_addressedquestion (question_id, candidacy_id, letter_id, section, position)
SELECT q.id, c.id, l.id, 'common', q.number FROM questions_question q
JOIN questions_candidacy c ON c.event_id = q.event_id
JOIN questions_letter l ON l.candidacy_id = c.id WHERE q.event_id = %s"""
SUBMISSIONS = """
INSERT INTO questions_submission (candidacy_id, number, channel, signatory_name, signatory_title,
 received_at, due_at, entry_reason, form_key, text_sha256)
SELECT c.id, 1, 'form', 'A. Diplomat', '', c.due_at - interval '3 days', c.due_at, '',
 gen_random_uuid(), repeat('0', 64) FROM questions_candidacy c WHERE c.event_id = %s"""
RESPONSES = """
INSERT INTO questions_response (slot_id, submission_id, kind, text, text_as_typed, language,
 amendment_reason, status, version, published_at, published_by_id, withheld_reason,
 approved_sha256)
SELECT s.id, u.id, 'answer', %s, '', 'en', '', 'published', 1, u.due_at, %s, '', ''
FROM questions_addressedquestion s JOIN questions_submission u ON u.candidacy_id = s.candidacy_id"""


def fill() -> None:
    call_command("migrate", verbosity=0)
    event, by, asker = make_event(year=2031), make_user(), make_asker()
    codes = (f"X{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(STATES))
    for code in codes:
        make_letter(candidacy=make_candidacy(event=event, state=make_state(iso3=code)))
    for number in range(1, QUESTIONS + 1):
        make_question(event=event, number=number, askers=[asker])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(SLOTS, [event.pk])
        cursor.execute(SUBMISSIONS, [event.pk])
        cursor.execute(RESPONSES, [TEXT, by.pk])
        cursor.execute("ANALYZE")
        cursor.execute("RESET statement_timeout")
    Edition.objects.bump(at=timezone.now())


def megabytes() -> float:
    """The resident set now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def streamed(event: Event) -> tuple[float, float]:
    """Seconds to write every block, and the megabytes that it took at its height."""
    before, start = megabytes(), time.perf_counter()
    most = before
    for _part in answers_csv([event], at=timezone.now()):
        most = max(most, megabytes())
    return time.perf_counter() - start, most - before


def stream() -> None:
    import pledgeportal.wsgi  # noqa: F401  (a web process writes the file: how it looks for garbage)

    event = Event.objects.get()
    rows = row_counts([event]).total()
    seconds, added = zip(*(streamed(event) for _round in range(ROUNDS)), strict=True)
    found = {"rows a second": rows / min(seconds), "added megabytes": max(added)}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    {"fill": fill, "stream": stream}[sys.argv[1]]()
