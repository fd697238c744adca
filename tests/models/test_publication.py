from datetime import UTC, date, datetime, timedelta

import pytest

from questions.models import Edition, EventStatus, next_change_after
from tests.factories import make_candidacy, make_event

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 10, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "due_in", "changes_in"),
    [
        # Midnight in New York is 04:00 UTC, 19 hours from NOW.
        ({"record": "reconstructed"}, timedelta(hours=1), timedelta(hours=19)),
        ({"status": EventStatus.DRAFT}, timedelta(hours=1), timedelta(hours=19)),
        ({}, timedelta(hours=1), timedelta(hours=1)),
        ({}, timedelta(days=7), timedelta(hours=19)),
        ({}, -timedelta(days=7), timedelta(hours=19)),
        (
            {"zone": "Pacific/Auckland", "answers_due_on": None, "closes_on": date(2021, 10, 1)},
            timedelta(days=7),
            timedelta(hours=2),  # 2 October begins in Auckland at 11:00 UTC
        ),
    ],
)
def test_next_change_is_the_next_deadline_closing_or_midnight(event, due_in, changes_in):
    make_candidacy(event=make_event(**event), due_at=NOW + due_in)

    assert next_change_after(NOW) == NOW + changes_in


def test_bump_from_another_edition_than_the_current_does_nothing():
    Edition.objects.bump(at=NOW)
    number = Edition.objects.get().number

    outcomes = [
        Edition.objects.bump_from(number, at=NOW),
        Edition.objects.bump_from(number, at=NOW),
    ]

    assert outcomes == [True, False]
    assert Edition.objects.get().number == number + 1
