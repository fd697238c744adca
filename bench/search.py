"""Fills a scratch PostgreSQL database with a million answers (`--quick`: fifty thousand), indexes
them with the portal's own command, and says as JSON what pages of results take, rendered and with
counts, in milliseconds, in a process that is set up as a web process is.
"""

import json
import random
import sys
import time
from itertools import accumulate, cycle
from statistics import quantiles

from django.core.management import call_command
from django.db import connection
from django.test import Client

import pledgeportal.wsgi  # noqa: F401  (the set-up)
from tests.factories import make_event, make_state, make_user

QUICK = "--quick" in sys.argv
EVENTS, STATES, QUESTIONS = (10, 50, 100) if QUICK else (20, 200, 250)
TIMES = 40
WORDS, SENTENCES, IN_AN_ANSWER = 20_000, 50_000, 6
COMMON, RARE = "defenders", "zymurgy"
COMMON_IN = 0.1  # of the sentences, so in almost half of the answers
QUERIES = {
    "common word": [f"?q={COMMON}", f"?q={COMMON}&group=AFG", f"?q={COMMON}&year=2020"],
    "rare word": [f"?q={RARE}", f"?q={RARE}&group=AFG", f"?q={RARE}&kind=answers"],
    "two words": [f"?q={COMMON}+wordb", f"?q={COMMON}+-worda"],
    "phrase": ["?q=%22human+rights+defenders%22"],
    "nothing": ["?q=nowhere"],
}


def sentences(rng: random.Random) -> list[str]:
    """Of invented words, the first of them the most frequent, as in every language."""
    known = [f"word{spelled(number)}" for number in range(WORDS)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(WORDS)))
    made = []
    for number in range(SENTENCES):
        words = rng.choices(known, cum_weights=weights, k=rng.randint(10, 24))
        if rng.random() < COMMON_IN:
            words[3:3] = ["human", "rights", COMMON]
        if number % (SENTENCES // 4) == 7:
            words[5:5] = [RARE]
        made.append(" ".join(words).capitalize() + ".")
    return made


def spelled(number: int) -> str:
    """In letters, so that it has a stem."""
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 26)
        letters = chr(97 + letter) + letters
    return letters


# Everything that hangs on the States and the events, in bulk.
FILL = [
    """INSERT INTO questions_question (event_id, scope, number, title, short_title, text, language,
        channel, status, status_reason)
    SELECT e.id, 'all', n, 'On matter ' || n, '', s.text, 'en', 'unknown', 'accepted', ''
    FROM questions_event e, generate_series(1, %(questions)s) n
    JOIN sentence s ON s.number = n""",
    """INSERT INTO questions_candidacy (event_id, state_id, participation, standing, at_event,
        result, staff_note, sources, due_at)
    SELECT e.id, s.id, 'unknown', 'candidate', true, 'pending', '', '',
        make_timestamptz(e.term_start - 1, 10, 9, 4, 0, 0, 'UTC')
    FROM questions_event e, questions_state s""",
    """INSERT INTO questions_letter (candidacy_id, number, date, title, signatory_name,
        signatory_title, signatory_organisation, signatory_email, reply_contact_name,
        reply_contact_email, origin, status, text, text_sha256, file_name, file_sha256)
    SELECT id, 1, (due_at - interval '30 days')::date, '', '', '', '', '', '', '', 'imported',
        'issued', '-', repeat('0', 64), '', ''
    FROM questions_candidacy""",
    """INSERT INTO questions_addressedquestion (question_id, candidacy_id, letter_id, section,
        position)
    SELECT q.id, c.id, l.id, 'common', q.number
    FROM questions_candidacy c
    JOIN questions_question q USING (event_id)
    JOIN questions_letter l ON l.candidacy_id = c.id""",
    """INSERT INTO questions_submission (candidacy_id, number, channel, signatory_name,
        signatory_title, received_at, due_at, entry_reason, form_key, text_sha256, entered_by_id,
        entered_at)
    SELECT id, 1, 'email', '', '', due_at + (id %% 60 - 40) * interval '1 day', due_at, 'bench',
        gen_random_uuid(), repeat('0', 64), %(user)s, due_at + interval '60 days'
    FROM questions_candidacy""",
    """INSERT INTO questions_response (slot_id, submission_id, kind, text, text_as_typed, language,
        amendment_reason, status, version, published_at, withheld_reason, approved_sha256,
        published_by_id)
    SELECT a.id, s.id, 'answer', t.text, '', 'en', '', 'published', 1, s.received_at, '', '',
        %(user)s
    FROM questions_addressedquestion a
    JOIN questions_submission s USING (candidacy_id)
    CROSS JOIN LATERAL (
        SELECT string_agg(text, ' ') AS text FROM sentence
        WHERE number IN (SELECT (a.id * 7919 + k * 104729 + a.id %% 977 * k) %% %(sentences)s
            FROM generate_series(1, %(in_an_answer)s) k)
    ) t""",
]


def fill() -> None:
    user = make_user()
    for year in range(2026 - EVENTS, 2026):
        make_event(year=year)
    for number in range(STATES):
        first, second = divmod(number, 26)
        code = f"{'XYZW'[first // 26]}{chr(65 + first % 26)}{chr(65 + second)}"
        make_state(iso3=code, name=f"Land {number}", group=("AFG", "APG", "LAC")[number % 3])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("CREATE TEMPORARY TABLE sentence (number int PRIMARY KEY, text text)")
        made = sentences(random.Random(1))  # noqa: S311
        with cursor.copy("COPY sentence FROM STDIN") as copy:
            for row in enumerate(made):
                copy.write_row(row)
        cursor.execute("ANALYZE sentence")
        values = {"questions": QUESTIONS, "user": user.pk, "sentences": SENTENCES}
        for statement in FILL:
            cursor.execute(statement, values | {"in_an_answer": IN_AN_ANSWER})
        cursor.execute("ANALYZE")


def measured() -> dict[str, float]:
    """For each kind of query, the 95th percentile of a page in milliseconds."""
    client = Client(headers={"host": "127.0.0.1"})
    found = {}
    for what, queries in QUERIES.items():
        taken = []
        for query, _n in zip(cycle(queries), range(TIMES + len(queries)), strict=False):
            start = time.perf_counter()
            page = client.get(f"/en/search/{query}")
            taken.append((time.perf_counter() - start) * 1000)
            assert page.status_code == 200
            assert (b"Nothing found" in page.content) == (what == "nothing"), query
        found[what] = quantiles(taken[len(queries) :], n=20)[-1]
    return found


def main() -> None:
    call_command("migrate", verbosity=0)
    start = time.monotonic()
    fill()
    print(f"filled in {time.monotonic() - start:.0f} s", file=sys.stderr)
    start = time.monotonic()
    call_command("rebuild_search_index", stdout=sys.stderr)
    found = {"index in seconds": time.monotonic() - start}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE questions_searchentry")  # as autovacuum does by itself
        cursor.execute(
            "SELECT count(*), pg_size_pretty(pg_indexes_size('questions_searchentry')),"
            " pg_size_pretty(pg_table_size('questions_searchentry')) FROM questions_searchentry"
        )
        print(*cursor.fetchone(), file=sys.stderr)
    print(json.dumps(found | measured()))


if __name__ == "__main__":
    main()
