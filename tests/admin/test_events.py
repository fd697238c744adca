from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from questions.models import (
    AuditEntry,
    Candidacy,
    Edition,
    Event,
    EventStatus,
    end_of_day,
)
from tests.admin.pages import change_page, errors_of, fields_of, messages_of
from tests.factories import (
    DUE_AT,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/questions/event/add/"


def edition():
    return Edition.objects.get_or_create(pk=1)[0].number


def standing(number, state, **fields):
    """A row of "add States that stand"."""
    row = {"state": state.pk, "participation": "took_part", "standing": "candidate"}
    row |= {"result": "pending", "at_event": "true"} | fields
    return {f"candidacies-2-{number}-{name}": value for name, value in row.items()}


def test_an_event_is_entered_on_one_page_with_its_sittings_and_states(admin, boss):
    octava, nona = make_state(name="Octava"), make_state(name="Nona")
    before = edition()
    typed = fields_of(admin.get(ADD)) | {
        "title": "Pledging event 2021",
        "code": "PE2021",
        "slug": "2021",
        "term_start": 2022,
        "term_end": 2024,
        "answers_due_on": "2021-10-08",
        "seats_AFG": 5,
        "seats_APG": "",
        "seats_EEG": 2,
        "sessions-TOTAL_FORMS": 2,
        "sessions-0-city": "New York",
        "sessions-0-date": "2021-09-20",
        "sessions-1-is_online": "on",
        "candidacies-2-TOTAL_FORMS": 2,
        **standing(0, octava),
        **standing(1, nona, votes=120, result="elected"),
    }

    page = admin.post(ADD, typed)

    event = Event.objects.get()
    entry = AuditEntry.objects.get()
    assert page.status_code == 302
    assert (event.code, event.status, event.seats) == ("PE2021", "draft", {"AFG": 5, "EEG": 2})
    assert [(s.position, s.city, s.is_online) for s in event.sessions.all()] == [
        (1, "New York", False),
        (2, "", True),
    ]
    assert list(event.candidacies.order_by("pk").values_list("state", "votes", "due_at")) == [
        (octava.pk, None, DUE_AT),
        (nona.pk, 120, DUE_AT),
    ]
    assert (entry.action, entry.subject, entry.user) == ("event.added", "PE2021", boss)
    assert edition() == before + 1


def test_status_is_not_on_the_form_and_a_forged_one_is_ignored(admin):
    event = make_event(status=EventStatus.DRAFT)
    typed = fields_of(admin.get(change_page(event)))

    admin.post(change_page(event), typed | {"status": "open", "is_specimen": "on", "title": "New"})

    event.refresh_from_db()
    assert "status" not in typed
    assert (event.title, event.status, event.is_specimen) == ("New", EventStatus.DRAFT, False)


def test_the_deadline_of_an_event_fills_gaps_and_moves_nothing(admin):
    event = make_event(answers_due_on=None)
    without = make_candidacy(event=event, due_at=None)
    extended = make_candidacy(event=event, due_at=end_of_day(date(2021, 10, 20)))
    typed = fields_of(admin.get(change_page(event)))

    admin.post(change_page(event), typed | {"answers_due_on": "2021-10-08"})
    first = dict(Candidacy.objects.values_list("pk", "due_at"))
    admin.post(change_page(event), typed | {"answers_due_on": "2021-10-10"})

    assert first == {without.pk: DUE_AT, extended.pk: end_of_day(date(2021, 10, 20))}
    assert dict(Candidacy.objects.values_list("pk", "due_at")) == first


def test_the_page_shows_the_deadline_in_both_cities(admin):
    event = make_event()

    page = admin.get(change_page(event)).content.decode()

    assert "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)" in page


def test_a_state_stands_once(admin):
    event = make_event()
    octava = make_candidacy(event=event).state
    typed = fields_of(admin.get(change_page(event))) | standing(0, octava)

    page = admin.post(change_page(event), typed | {"candidacies-2-TOTAL_FORMS": 1})

    assert errors_of(page) == {"state": ["This State stands at the event already."]}
    assert event.candidacies.count() == 1


def test_a_state_that_stands_is_changed_in_its_row_and_not_exchanged(admin):
    event = make_event()
    octava = make_candidacy(event=event)
    typed = fields_of(admin.get(change_page(event)))

    admin.post(
        change_page(event),
        typed
        | {
            "candidacies-0-result": "elected",
            "candidacies-0-votes": 150,
            "candidacies-0-state": make_state().pk,
            "candidacies-0-due": "2030-01-01",
        },
    )

    state = octava.state
    octava.refresh_from_db()
    assert (octava.result, octava.votes, octava.state, octava.due_at) == (
        "elected",
        150,
        state,
        DUE_AT,
    )


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"term_end": 2000}, {"term_end": ["The term cannot end before it begins."]}),
        (
            {"closes_on": "2021-10-01"},
            {"closes_on": ["The form cannot close before the deadline."]},
        ),
        (
            {"sources": "https://a.example\njavascript:alert(1)"},
            {"sources": ["An address begins with https:// or http://."]},
        ),
        ({"zone": "Mars/Base"}, {"zone": ["Enter a time zone such as America/New_York."]}),
        ({"seats_AFG": "-1"}, {"seats_AFG": ["Ensure this value is greater than or equal to 0."]}),
    ],
)
def test_what_the_database_would_refuse_is_said_beside_the_field(admin, typed, errors):
    event = make_event(answers_due_on=date(2021, 10, 8))
    before = list(Event.objects.values())

    page = admin.post(change_page(event), fields_of(admin.get(change_page(event))) | typed)

    assert errors_of(page) == errors
    assert list(Event.objects.values()) == before


def test_saving_without_a_change_makes_no_edition_and_no_entry(admin):
    event = make_event()
    make_candidacy(event=event)
    before = edition()

    admin.post(change_page(event), fields_of(admin.get(change_page(event))))

    assert edition() == before
    assert not AuditEntry.objects.exists()


def test_req_043_a_change_is_on_record_with_the_old_and_the_new_fingerprint(admin, boss):
    event = make_event(title="Old")
    typed = fields_of(admin.get(change_page(event)))

    admin.post(change_page(event), typed | {"title": "New"}, REMOTE_ADDR="192.0.2.7")
    admin.post(change_page(event), typed | {"title": "Newer"})

    second, first = AuditEntry.objects.all()
    assert (first.user, first.actor, first.address) == (boss, f"user {boss.pk} boss", "192.0.2.7")
    assert first.at.tzinfo is not None
    assert first.details["changed"] == ["title"]
    assert len(first.details["before"]) == 64
    assert first.details["before"] != first.details["after"] == second.details["before"]
    assert second.details["before"] != second.details["after"]


def test_open_and_close_ask_first_and_act_on_post(admin, boss):
    event = make_event(status=EventStatus.DRAFT)
    open_it = reverse("admin:questions_event_open", args=[event.pk])
    close_it = reverse("admin:questions_event_close", args=[event.pk])

    asked = admin.get(open_it).content.decode()
    event.refresh_from_db()
    after_get = event.status
    opened = admin.post(open_it, follow=True)
    asked_to_close = admin.get(close_it).content.decode()
    closed = admin.post(close_it, follow=True)

    event.refresh_from_db()
    assert "Its page becomes public" in asked and after_get == EventStatus.DRAFT
    assert messages_of(opened) == ["The event is open and public."]
    assert "The form takes no more answers" in asked_to_close
    assert messages_of(closed) == ["The event is closed. It stays public."]
    assert event.status == EventStatus.CLOSED
    assert [(e.action, e.user) for e in AuditEntry.objects.all()] == [
        ("event.closed", boss),
        ("event.open", boss),
    ]


def test_closing_names_what_is_received_and_not_yet_published(admin):
    event = make_event()
    candidacy = make_candidacy(event=event)
    close_it = reverse("admin:questions_event_close", args=[event.pk])
    make_response(slot=make_slot(candidacy=candidacy), published=True)
    make_response()
    nothing = admin.get(close_it).context["sentences"]
    make_response(slot=make_slot(candidacy=candidacy))

    asked = admin.get(close_it).context["sentences"]

    assert asked == ["Received and not yet published: 1. Publish them first.", *nothing]


def test_answers_are_not_due_before_the_letter(admin):
    event = make_event()
    typed = fields_of(admin.get(change_page(event)))

    page = admin.post(
        change_page(event),
        typed | {"letter_date": "2021-09-29", "answers_due_on": "2021-09-28", "closes_on": ""},
    )

    assert errors_of(page) == {
        "answers_due_on": ["Answers cannot be due before the letter's date."]
    }


def test_closing_a_draft_would_make_it_public_and_is_refused(admin):
    event = make_event(status=EventStatus.DRAFT)

    page = admin.post(reverse("admin:questions_event_close", args=[event.pk]), follow=True)

    event.refresh_from_db()
    assert messages_of(page) == ["Only an open event can be closed."]
    assert event.status == EventStatus.DRAFT


def test_page_lists_the_questions_with_their_askers_and_how_many_states_have_them(admin):
    event = make_event()
    question = make_question(
        event=event, title="Reprisals", askers=[make_asker(name="Zeta"), make_asker(name="Alpha")]
    )
    make_slot(question=question)
    make_question(title="Of another event")

    html = admin.get(change_page(event)).content.decode()

    assert "Zeta, Alpha" in html
    assert "1 State</td>" in html
    assert "Of another event" not in html


def test_an_event_with_states_is_not_deleted(admin):
    event = make_event()
    make_candidacy(event=event)

    page = admin.post(reverse("admin:questions_event_delete", args=[event.pk]), {"post": "yes"})

    assert "would require deleting the following protected related objects" in page.content.decode()
    assert Event.objects.filter(pk=event.pk).exists()


def test_deleting_an_empty_event_is_on_record(admin):
    event = make_event(code="PE2099")
    before = edition()

    admin.post(reverse("admin:questions_event_delete", args=[event.pk]), {"post": "yes"})

    entry = AuditEntry.objects.get()
    assert not Event.objects.exists()
    assert (entry.action, entry.subject, entry.details["after"]) == ("event.deleted", "PE2099", "")
    assert edition() == before + 1


def test_who_may_only_look_sees_the_event_and_changes_nothing(staff_with):
    client = staff_with("view_event", "view_candidacy")
    event = make_event(seats={"AFG": 5})
    make_candidacy(event=event)

    page = client.get(change_page(event))
    posted = client.post(change_page(event), {"title": "Forged"})

    html = page.content.decode()
    assert "AFG" in html and "Open the event" not in html and 'name="title"' not in html
    assert posted.status_code == 403


def test_days_end_in_the_zone_of_the_event(admin):
    event = make_event(zone="Europe/Zurich", answers_due_on=None)
    candidacy = make_candidacy(event=event, due_at=None)
    typed = fields_of(admin.get(change_page(event)))

    admin.post(change_page(event), typed | {"answers_due_on": "2021-10-08"})

    candidacy.refresh_from_db()
    assert candidacy.due_at == datetime(2021, 10, 9, tzinfo=ZoneInfo("Europe/Zurich"))


def test_code_address_and_zone_stand_once_they_are_in_use(admin):
    event = make_event()
    make_candidacy(event=event)
    typed = fields_of(admin.get(change_page(event)))
    before = Event.objects.values("code", "slug", "zone").get()

    admin.post(
        change_page(event), typed | {"code": "PE1999", "slug": "1999", "zone": "Europe/Zurich"}
    )

    assert not {"code", "slug", "zone"} & set(typed)
    assert Event.objects.values("code", "slug", "zone").get() == before


def test_a_draft_takes_another_code(admin):
    event = make_event(status=EventStatus.DRAFT)

    admin.post(
        change_page(event),
        fields_of(admin.get(change_page(event))) | {"code": "PE1999", "slug": "1999"},
    )

    event.refresh_from_db()
    assert (event.code, event.slug) == ("PE1999", "1999")


def test_an_event_of_very_many_states_still_fits_a_form(admin):
    event = make_event()
    for _ in range(101):
        make_candidacy(event=event)
    typed = fields_of(admin.get(change_page(event)))

    page = admin.post(change_page(event), typed | {"title": "New"})

    event.refresh_from_db()
    assert page.status_code == 302
    assert event.title == "New"
    assert len(typed) < 1_000
