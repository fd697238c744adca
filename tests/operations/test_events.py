from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Q

from questions.models import (
    AddressedQuestion,
    AuditEntry,
    Candidacy,
    Edition,
    ElectionResult,
    Event,
    EventRecord,
    EventSession,
    EventStatus,
    Participation,
    QuestionScope,
    QuestionStatus,
    Standing,
    State,
    end_of_day,
)
from questions.operations.events import StatesMissing, elections, load_history
from questions.operations.states import load_reference
from tests.factories import make_event, make_question, make_slot

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def states():
    load_reference(at=NOW)


@pytest.fixture
def history(states):
    load_history(at=NOW)


def candidacy(year, iso3):
    return Candidacy.objects.get(event__code=f"PE{year}", state__iso3=iso3)


def rows():
    tables = [Event, EventSession, Candidacy, AddressedQuestion]
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


def make_event_of_2021(**fields):
    return make_event(year=2021, **{"answers_due_on": None, "organisers": ""} | fields)


def test_load_history_makes_14_events_and_247_candidacies(states):
    counts = load_history(at=NOW)

    assert counts == {
        "events_made": 14,
        "sessions_made": 19,
        "candidacies_made": 247,
        "rows_changed": 0,
        "slots_made": 0,
    }
    assert Event.objects.count() == 14
    assert Candidacy.objects.count() == 247
    assert EventSession.objects.count() == 19


@pytest.mark.parametrize("year", range(2012, 2026))
def test_states_elected_match_the_seats_of_each_group(history, year):
    event = Event.objects.get(code=f"PE{year}")

    elected = event.candidacies.filter(result=ElectionResult.ELECTED)
    assert Counter(elected.values_list("state__group", flat=True)) == event.seats
    assert elected.count() == sum(event.seats.values()) in {14, 15, 18}


def test_groups_of_the_history_are_those_of_the_reference(history):
    in_file = {
        (election["year"], candidate["iso3"]): candidate["group"]
        for election in elections()
        for candidate in election["candidates"]
    }

    loaded = Candidacy.objects.values_list("event__slug", "state__iso3", "state__group")
    assert {(int(year), iso3): group for year, iso3, group in loaded} == in_file


def test_an_event_says_what_the_file_says(history):
    event = Event.objects.values().get(slug="2020")

    expected = {
        "code": "PE2020",
        "title": "Pledging event 2020",
        "body": "Human Rights Council",
        "term_start": 2021,
        "term_end": 2023,
        "organisers": "International Service for Human Rights\nAmnesty International",
        "letter_date": None,
        "answers_due_on": None,
        "closes_on": None,
        "election_date": date(2020, 10, 13),
        "seats": {"AFG": 4, "APG": 4, "EEG": 2, "LAC": 3, "WEOG": 2},
        "stated_counts": {"invited": 15, "attended": 9, "declined": 6},
        "status": EventStatus.CLOSED,
        "record": EventRecord.RECONSTRUCTED,
        "is_specimen": False,
        "staff_notes": "First online event. Registration form.\n"
        "Only Asia-Pacific contested (5 for 4).\n"
        "Votes for Russia and Ukraine from Sputnik; not cross-checked.",
    }
    assert {name: event[name] for name in expected} == expected
    assert event["sources"].splitlines() == elections()[8]["sources"]
    noted = Event.objects.get(slug="2023").staff_notes
    assert noted.splitlines()[-1] == "Questions published on 2023-09-13."


def test_sessions_of_an_event_keep_their_order_and_unknown_days(history):
    sessions = EventSession.objects.filter(event__slug="2019")

    assert [(s.date, s.is_online, s.city, s.venue, s.co_sponsors) for s in sessions] == [
        (date(2019, 9, 6), False, "New York", "", ""),
        (
            date(2019, 9, 11),
            False,
            "Geneva",
            "Palais des Nations, Room XXV",
            "Czechia\nDenmark\nFiji",
        ),
        (None, False, "New York", "", ""),
    ]
    online = EventSession.objects.get(event__slug="2020")
    assert (online.is_online, online.city, online.audience) == (True, "", "around 250 people")
    assert online.local_time == "09:00-12:00 New York / 15:00-18:00 Geneva"


@pytest.mark.parametrize(
    ("year", "iso3", "participation"),
    [
        (2012, "ARG", Participation.TOOK_PART),
        (2021, "KAZ", Participation.DECLINED),
        (2012, "BRA", Participation.ABSENT),  # no reason in the source
        (2023, "RUS", Participation.ABSENT),  # the source lumps two reasons
        (2024, "KEN", Participation.ABSENT),  # … or three
        (2021, "IND", Participation.UNKNOWN),
    ],
)
def test_participation_says_no_more_than_the_source(history, year, iso3, participation):
    assert candidacy(year, iso3).participation == participation


def test_participation_over_all_years(history):
    assert Counter(Candidacy.objects.values_list("participation", flat=True)) == {
        Participation.TOOK_PART: 115,
        Participation.UNKNOWN: 55,
        Participation.DECLINED: 7,
        Participation.ABSENT: 70,
    }


def test_what_is_not_known_stays_unknown(history):
    egypt, benin = candidacy(2025, "EGY"), candidacy(2019, "BEN")

    assert egypt.votes is None
    assert (benin.at_event, benin.participation) == (None, Participation.UNKNOWN)
    assert candidacy(2019, "CRI").at_event is False
    assert Candidacy.objects.filter(votes=None).count() == 151
    assert not Candidacy.objects.filter(result=ElectionResult.PENDING).exists()


def test_standing_results_votes_and_notes(history):
    assert (candidacy(2012, "DEU").votes, candidacy(2012, "DEU").result) == (127, "elected")
    assert candidacy(2022, "BHR").standing == Standing.WITHDREW
    assert candidacy(2025, "TUN").standing == Standing.REPLACED
    assert candidacy(2025, "AGO").standing == Standing.ENTERED_LATE
    assert candidacy(2016, "MYS").result == ElectionResult.NOT_ELECTED
    assert candidacy(2022, "BHR").staff_note.splitlines() == [
        "Candidate on 7 Sept (18 candidates); 17 running in October, six in Asia-Pacific without "
        "Bahrain; still drew 1 vote",
        "Absence: declined or no reply (source lumps the two)",
    ]
    assert candidacy(2021, "KAZ").due_at == end_of_day(date(2021, 10, 8))
    assert candidacy(2020, "CHN").due_at is None


def test_only_the_event_whose_questions_were_sent_takes_answers(history):
    assert Counter(Event.objects.values_list("status", flat=True)) == {
        EventStatus.CLOSED: 13,
        EventStatus.OPEN: 1,
    }
    event = Event.objects.get(status=EventStatus.OPEN)
    assert (event.slug, event.letter_date, event.answers_due_on) == (
        "2021",
        date(2021, 9, 29),
        date(2021, 10, 8),
    )
    assert candidacy(2021, "KAZ").takes_answers(at=NOW)
    assert not candidacy(2020, "CHN").takes_answers(at=NOW)


def test_load_history_run_twice_changes_nothing(history):
    before = rows()
    acts, edition = AuditEntry.objects.count(), Edition.objects.get().number

    counts = load_history(at=NOW)

    assert set(counts.values()) == {0}
    assert rows() == before
    assert (AuditEntry.objects.count(), Edition.objects.get().number) == (acts, edition)


def test_req_087_a_sitting_that_is_loaded_again_makes_an_edition(history):
    event = Event.objects.get(code="PE2012")
    event.sessions.all().delete()
    acts, edition = AuditEntry.objects.count(), Edition.objects.get().number

    load_history(at=NOW)

    assert AuditEntry.objects.count() == acts + 1
    assert Edition.objects.get().number == edition + 1


def test_load_history_opens_the_draft_of_a_letter_and_fills_what_it_left_blank(states):
    event = make_event_of_2021(status=EventStatus.DRAFT, organisers="Somebody", hashtag="#words")
    session = EventSession.objects.create(event=event, audience="over 200 online attendees")
    own = Candidacy.objects.create(
        event=event,
        state=State.objects.get(iso3="KAZ"),
        participation=Participation.NO_REPLY,
        due_at=end_of_day(date(2021, 10, 20)),
    )

    counts = load_history(at=NOW)

    assert (counts["events_made"], counts["candidacies_made"]) == (13, 246)
    event.refresh_from_db()
    session.refresh_from_db()
    own.refresh_from_db()
    assert (event.status, event.organisers, event.hashtag) == ("open", "Somebody", "#words")
    assert event.answers_due_on == date(2021, 10, 8)
    assert (session.date, session.is_online) == (date(2021, 9, 8), True)
    assert session.audience == "over 200 online attendees"
    assert own.participation == Participation.NO_REPLY
    assert own.due_at == end_of_day(date(2021, 10, 20))
    assert own.result == ElectionResult.ELECTED
    opened = AuditEntry.objects.get(action="event.open", subject="PE2021")
    assert (opened.subject, opened.details) == ("PE2021", {"was": "draft"})


def test_load_history_leaves_an_event_closed_that_staff_closed(history):
    Event.objects.filter(slug="2021").update(status=EventStatus.CLOSED)

    load_history(at=NOW)

    assert Event.objects.get(slug="2021").status == EventStatus.CLOSED


def test_load_history_puts_what_a_letter_asked_of_all_to_every_candidate_at_the_event(states):
    event = make_event_of_2021()
    kazakhstan = Candidacy.objects.create(event=event, state=State.objects.get(iso3="KAZ"))
    questions = [make_question(event=event, number=number) for number in range(1, 10)]
    own = make_question(event=event, state=kazakhstan.state)
    some = make_question(event=event, number=10, scope=QuestionScope.SOME)
    declined = make_question(
        event=event, number=11, status=QuestionStatus.DECLINED, status_reason="Twice asked."
    )
    for question in [*questions, own, some]:
        make_slot(candidacy=kazakhstan, question=question)
    unsent = make_question(event=event, number=12)
    late = State.objects.get(iso3="FRA")
    Candidacy.objects.create(event=event, state=late, at_event=False)

    counts = load_history(at=NOW)

    assert counts["slots_made"] == 9 * 17
    put = event.candidacies.annotate(
        common=Count("slots", filter=Q(slots__question__in=questions)), put=Count("slots")
    ).values_list("state__iso3", "common", "put")
    assert Counter(row[1:] for row in put) == {(9, 9): 17, (9, 11): 1, (0, 0): 1}
    assert ("KAZ", 9, 11) in put
    assert not declined.slots.exists()
    assert not unsent.slots.exists()
    lithuania = candidacy(2021, "LTU").slots.order_by("position")
    assert [(s.position, s.question.number, s.letter) for s in lithuania] == [
        (number, number, None) for number in range(1, 10)
    ]


def test_load_history_needs_the_states():
    with pytest.raises(StatesMissing):
        load_history(at=NOW)

    assert not Event.objects.exists()


def test_load_history_command_says_what_is_missing_and_what_it_made():
    with pytest.raises(CommandError, match="run load_reference first"):
        call_command("load_history")
    load_reference(at=NOW)
    printed = StringIO()

    call_command("load_history", stdout=printed)

    assert printed.getvalue() == (
        "14 events made, 19 sessions made, 247 candidacies made, 0 rows changed, 0 slots made\n"
    )
