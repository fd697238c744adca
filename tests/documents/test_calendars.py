from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from questions.documents.calendars import deadline_calendar
from questions.models import Candidacy, end_of_day
from tests.factories import make_candidacy, make_event, make_state

pytestmark = pytest.mark.django_db

AT = datetime(2021, 9, 29, 14, 30, tzinfo=UTC)


def entries(candidacies):
    return Calendar.from_ical(deadline_calendar(candidacies, at=AT)).walk("VEVENT")


def test_req_028_an_entry_is_the_last_hour_of_the_deadline_as_one_instant(settings):
    settings.BASE_URL = "https://portal.example"
    candidacy = make_candidacy(
        event=make_event(year=2221), state=make_state(name="Octava", iso3="XOC")
    )

    (entry,) = entries([candidacy])

    assert entry.decoded("dtstart") == datetime(2021, 10, 9, 3, 0, tzinfo=UTC)
    assert entry.decoded("dtend") == candidacy.due_at == datetime(2021, 10, 9, 4, 0, tzinfo=UTC)
    assert entry.decoded("dtstamp") == AT
    assert str(entry["uid"]) == "pe2221-xoc-deadline@portal.example"
    assert str(entry["summary"]) == "PE2221/XOC: answers of Octava due"
    assert str(entry["description"]) == (
        "Answers are due by the end of 8 October 2021: 8 October 2021, 23:59 in New York, "
        "9 October 2021, 05:59 in Geneva, 9 October 2021, 03:59 UTC."
    )


def test_a_moved_deadline_is_the_same_entry_at_another_time():
    candidacy = make_candidacy()
    (before,) = entries([candidacy])
    candidacy.due_at = end_of_day(date(2021, 10, 15))

    (after,) = entries([candidacy])

    assert after["uid"] == before["uid"]
    assert after.decoded("dtend") == datetime(2021, 10, 16, 4, 0, tzinfo=UTC)


def test_each_state_with_a_deadline_has_one_entry_in_order():
    event = make_event()
    make_candidacy(event=event, state=make_state(name="Prima"))
    make_candidacy(event=event, state=make_state(name="Secunda"), due_at=None)
    make_candidacy(event=event, state=make_state(name="Tertia"))

    candidacies = Candidacy.objects.with_names().order_by("state__name")

    assert [str(entry["summary"]) for entry in entries(candidacies)] == [
        f"{event.code}/{one.state.iso3}: answers of {one.state.name} due"
        for one in candidacies
        if one.due_at
    ]


def test_a_name_cannot_write_lines_of_its_own_into_the_file():
    candidacy = make_candidacy(
        state=make_state(name="Prima\r\nATTENDEE:mailto:a@b.example; x, y\\n")
    )

    content = deadline_calendar([candidacy], at=AT)

    lines = content.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any(line.startswith("ATTENDEE") for line in lines)
    (entry,) = entries([candidacy])
    assert "Prima" in str(entry["summary"])


def test_an_event_without_deadlines_is_an_empty_calendar():
    content = deadline_calendar([make_candidacy(due_at=None)], at=AT)

    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert entries([]) == []
    assert b"VEVENT" not in content
