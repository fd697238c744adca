"""Queries, sizes: what a first rendering may cost (ux.md §5.2)."""

import gzip
import hashlib
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.models import Question, Response, Submission
from tests.factories import BEFORE, make_response

from .public_pages import PASSED, forget_kept_pages, make_board, publish, publisher, read

pytestmark = pytest.mark.django_db

KILOBYTE = 1024
LETTERS = "etaoinshrdlucmfw"


def word(number):
    """A word of three to ten letters; no two alike in a thousand."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return "".join(LETTERS[int(digit, 16)] for digit in digest[: 3 + number % 8])


WORDS = [word(number) for number in range(1_200)]


def words(count, seed):
    chosen = [WORDS[(seed * 7_919 + at * at * 31 + at) % len(WORDS)] for at in range(count)]
    return "\n\n".join(" ".join(chosen[at : at + 80]) for at in range(0, count, 80))


def answer_everything(slots, *, length=2):
    """One submission a slot, in few statements."""
    by = publisher()
    submissions = Submission.objects.bulk_create(
        Submission(
            candidacy=slot.candidacy,
            number=question,
            channel="form",
            form_key=uuid4(),
            received_at=BEFORE,
            due_at=slot.candidacy.due_at,
        )
        for (_state, question), slot in slots.items()
    )
    Response.objects.bulk_create(
        Response(
            slot=slot,
            submission=submission,
            text=words(length, seed=number),
            language="en",
            status="published",
            version=1,
            published_at=BEFORE,
            published_by=by,
        )
        for number, (slot, submission) in enumerate(zip(slots.values(), submissions, strict=True))
    )


def queries_of(address):
    read("/en/about/")  # the edition is there
    forget_kept_pages()
    with CaptureQueriesContext(connection) as queries:
        page = read(address)
    return len(queries), page


@pytest.mark.parametrize("states", [1, 3, 200])
def test_event_page_costs_the_same_queries_at_any_size(clock, states):
    clock(PASSED)
    slots = make_board(states=states, questions=2)
    publish(slots[0, 1])

    count, page = queries_of("/en/2021/")

    assert count == 8
    assert page.content.count(b'<th scope="row"') == states


@pytest.mark.parametrize("states", [1, 3, 200])
def test_question_page_costs_the_same_queries_at_any_size(clock, states):
    clock(PASSED)
    slots = make_board(states=states)
    answer_everything(slots)

    count, page = queries_of("/en/2021/q1/")

    assert count == 7
    assert page.content.count(b"<article") == states


@pytest.mark.parametrize("questions", [1, 3, 15])
def test_state_pages_cost_the_same_queries_at_any_size(clock, questions):
    clock(PASSED)
    slots = make_board(questions=questions)
    answer_everything(slots)

    assert queries_of("/en/2021/xaa/")[0] == 10
    assert queries_of("/en/states/xaa/")[0] == 6
    assert queries_of("/en/states/")[0] == 2


def test_a_reply_that_waits_to_be_published_costs_no_query(clock):
    clock(PASSED)
    slots = make_board(questions=2)
    publish(slots[0, 1])
    make_response(slot=slots[0, 2])

    assert queries_of("/en/2021/xaa/")[0] == 10


@pytest.mark.parametrize("states", [1, 3, 60])
def test_lists_cost_the_same_queries_at_any_size(clock, states):
    clock(PASSED)
    for year in range(2021, 2021 + min(states, 5)):
        slots = make_board(states=1, year=year) if year > 2021 else make_board(states=states)
        answer_everything(slots)

    assert queries_of("/en/")[0] <= 9
    assert queries_of("/en/events/")[0] == 5


def test_event_page_stays_within_its_weight(clock):
    clock(PASSED)
    slots = make_board(states=20, questions=15)
    for number, question in enumerate(Question.objects.all()):
        question.title = words(6, seed=number)
        question.save()
    for (state, question), slot in slots.items():
        if (state + question) % 3:
            publish(slot)

    page = read("/en/2021/")

    assert len(gzip.compress(page.content, 6)) <= 15 * KILOBYTE


def test_question_page_stays_within_its_weight(clock):
    clock(PASSED)
    slots = make_board(states=20)
    answer_everything(slots, length=400)

    page = read("/en/2021/q1/")

    assert page.content.count(b"400 words") == 20
    assert len(gzip.compress(page.content, 6)) <= 45 * KILOBYTE


def test_stylesheet_stays_within_its_weight(settings):
    stylesheet = (settings.BASE_DIR / "static" / "css" / "site.css").read_bytes()

    assert len(gzip.compress(stylesheet, 6)) <= 10 * KILOBYTE
