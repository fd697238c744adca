"""The history file and the letter of 2021 tell of the same event; neither undoes the other."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import transaction

from questions.models import (
    AddressedQuestion,
    Asker,
    Candidacy,
    Contact,
    Event,
    EventSession,
    EventStatus,
    Letter,
    Mission,
    Question,
    QuestionAsker,
)
from questions.operations.events import load_history
from questions.operations.letters import import_letter
from questions.operations.states import DATA, load_reference
from questions.parsing.letters import parse_letter

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FILE = DATA / "letter_kazakhstan_2021.txt"
COMPARED = [
    Event,
    EventSession,
    Candidacy,
    Mission,
    Contact,
    Asker,
    Question,
    QuestionAsker,
    Question.topics.through,
    AddressedQuestion,
    Letter,
]
BY_CHANCE = {"id", "slug"}  # an address of a private person's is random; the event's has its code


@pytest.fixture(autouse=True)
def states():
    load_reference(at=NOW)


def load_letter(*, at=NOW):
    content = FILE.read_bytes()
    letter = parse_letter(content, FILE.name)
    import_letter(letter, content=content, name=FILE.name, by=None, at=at)


def facts():
    """Every row of the tables, with what it points to by name."""
    return {
        table.__name__: sorted(
            (
                {
                    field.name: str(getattr(row, field.name))
                    for field in table._meta.concrete_fields
                    if field.name not in BY_CHANCE
                }
                for row in table.objects.select_related()
            ),
            key=str,
        )
        for table in COMPARED
    }


def test_history_and_letter_give_the_same_rows_in_either_order():
    found = []
    for order in [load_history, load_letter], [load_letter, load_history]:
        with transaction.atomic():
            for load in order:
                load(at=NOW)
            found.append(facts())
            transaction.set_rollback(True)

    first, second = found
    assert {name: len(table) for name, table in first.items()} == {
        "Event": 14,
        "EventSession": 19,
        "Candidacy": 247,
        "Mission": 2,
        "Contact": 2,
        "Asker": 8,
        "Question": 11,
        "QuestionAsker": 11,
        "Question_topics": 13,
        "AddressedQuestion": 9 * 18 + 2,
        "Letter": 1,
    }
    assert first == second


def test_the_letter_wins_for_what_it_states():
    load_history(at=NOW)

    load_letter()

    event = Event.objects.get(slug="2021")
    assert event.organisers.splitlines() == [
        "Amnesty International",
        "International Service for Human Rights",
    ]
    assert event.sessions.get().audience == "over 200 online attendees"
    assert (event.status, event.is_reconstructed) == (EventStatus.OPEN, True)
    statuses = AddressedQuestion.objects.with_status(at=NOW).values_list("answer_status", flat=True)
    assert Counter(statuses) == {"unk": 9 * 18 + 2}
