"""What the pre-flight says of deadlines: past, too close, on a weekend or an official holiday."""

from datetime import date, timedelta

import pytest

from questions.models import OfficialHoliday, end_of_day
from questions.operations.preflight import preflight
from tests.factories import DUE_AT
from tests.operations.letters_out import AT, make_issued, make_ready_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("due_on", "at", "expected"),
    [
        (None, AT, [("error", "no_deadline")]),
        (date(2021, 10, 8), DUE_AT, [("error", "deadline_past")]),
        (date(2021, 10, 8), DUE_AT - timedelta(seconds=1), [("warning", "deadline_close")]),
        (date(2021, 10, 9), AT, [("warning", "deadline_weekend")]),
        (date(2021, 10, 10), AT, [("warning", "deadline_weekend")]),
        (date(2021, 10, 11), AT, []),
        (date(2021, 10, 12), AT, [("warning", "deadline_holiday")]),
        (date(2021, 10, 4), AT, []),  # five working days after Monday 27 September
        (date(2021, 10, 1), AT, [("warning", "deadline_close")]),
    ],
)
def test_faults_of_the_deadline_are_found_once_for_the_event(due_on, at, expected):
    event = make_ready_event(answers_due_on=date(2021, 10, 8))
    make_issued(event=event)
    make_issued(event=event)
    OfficialHoliday.objects.create(date=date(2021, 10, 12), name="Founders' Day", city="geneva")
    event.candidacies.update(due_at=None)
    event.answers_due_on = due_on
    event.save()

    findings = preflight(event, at=at)

    assert [(f.level, f.code) for f in findings] == expected
    assert {(f.candidacy, f.subject) for f in findings} <= {(None, event)}


def test_a_holiday_and_a_weekend_are_said_in_words():
    event = make_ready_event(answers_due_on=date(2021, 10, 9))
    make_issued(event=event)
    OfficialHoliday.objects.create(date=date(2021, 10, 9), name="Founders' Day")

    assert [finding.text for finding in preflight(event, at=AT)] == [
        "The deadline, 9 October 2021, is a Saturday.",
        "The deadline, 9 October 2021, is an official holiday in New York and Geneva:"
        " Founders' Day.",
    ]


def test_a_holiday_before_the_deadline_is_no_working_day():
    event = make_ready_event(answers_due_on=date(2021, 10, 4))
    make_issued(event=event)
    OfficialHoliday.objects.create(date=date(2021, 9, 30), name="Founders' Day", city="new_york")

    (finding,) = preflight(event, at=AT)

    assert finding.text == "The deadline, 4 October 2021, is 4 working days away."


def test_a_deadline_of_its_own_is_found_at_that_state_only():
    event = make_ready_event()
    make_issued(event=event)
    other = make_issued(event=event).candidacy
    event.candidacies.filter(pk=other.pk).update(due_at=end_of_day(date(2021, 9, 26)))

    (finding,) = preflight(event, at=AT)

    assert (finding.code, finding.candidacy, finding.subject) == ("deadline_past", other, other)
    assert finding.text == "The deadline, 26 September 2021, has passed."
