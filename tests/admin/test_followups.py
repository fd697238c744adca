"""Where each State stands, links sent again, deadlines moved, reminders."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from questions.models import (
    AuditEntry,
    City,
    Contact,
    DeadlineExtension,
    Event,
    MailKind,
    OutgoingMail,
    Standing,
    end_of_day,
)
from tests.admin.letter_events import (
    event_page,
    make_due_tomorrow,
    make_event_to_write,
    make_sent,
)
from tests.admin.pages import change_page, messages_of
from tests.factories import (
    DUE_AT,
    answer,
    make_contact,
    make_state,
    send,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>{{7*7}}"
LATER = date(2021, 10, 15)


def link_page(candidacy):
    return reverse("admin:questions_candidacy_link_again", args=[candidacy.pk])


def extension(event, *, candidacies=None, **typed):
    chosen = event.candidacies.all() if candidacies is None else candidacies
    return {
        "due_on": LATER.isoformat(),
        "reason": "Clearance takes longer.",
        "candidacies": [candidacy.pk for candidacy in chosen],
    } | typed


# --- Where they stand -----------------------------------------------------------------------------


def test_every_state_has_its_row_with_letter_deliveries_deadline_and_next_step(admin):
    event = make_sent(states=["Octava", "Nona"])
    octava = event.candidacies.get(state__name="Octava")
    send(octava, {octava.slots.get(): answer("Yes.")})

    page = admin.get(event_page(event, "standings"))

    html = page.content.decode()
    rows = page.context["standings"]
    assert [(str(x.candidacy.state), x.asked, x.answered) for x in rows] == [
        ("Nona", 1, 0),
        ("Octava", 1, 1),
    ]
    assert "1 October 2021, 11:00 Geneva time" in html  # last saved or sent
    assert "8 October 2021" in html and "1 of 1" in html and "0 of 1" in html
    assert "Publish 1 answer" in html
    assert link_page(octava) in html
    assert f"{event_page(event, 'extend')}?candidacy={octava.pk}" in html
    assert change_page(octava.letters.get()) in html


def test_the_event_s_page_leads_to_every_page_of_its_letters(admin, staff_with):
    event = make_sent()
    names = ["compose", "check", "send", "standings"]

    html = admin.get(change_page(event)).content.decode()
    others = staff_with("view_event").get(change_page(event)).content.decode()

    assert [event_page(event, name) in html for name in names] == [True] * 4
    assert [event_page(event, name) in others for name in names] == [False] * 4


def test_a_state_s_page_leads_to_its_letter_its_link_and_its_deadline(admin, staff_with):
    event = make_sent()
    candidacy = event.candidacies.get()
    pages = [
        reverse("admin:questions_candidacy_compose", args=[candidacy.pk]),
        link_page(candidacy),
        f"{event_page(event, 'extend')}?candidacy={candidacy.pk}",
    ]

    html = admin.get(change_page(candidacy)).content.decode()
    others = staff_with("view_candidacy").get(change_page(candidacy)).content.decode()

    assert [page in html for page in pages] == [True] * 3
    assert [page in others for page in pages] == [False] * 3


def test_who_may_only_look_is_offered_nothing_to_do(staff_with):
    event = make_sent()

    html = staff_with("view_candidacy").get(event_page(event, "standings")).content.decode()

    assert "Link again" not in html and "Extend" not in html and "Reminders" not in html


def test_an_event_without_states_says_so(admin):
    event = make_event_to_write(states=[])

    html = admin.get(event_page(event, "standings")).content.decode()

    assert "No State stands at this event yet." in html


def test_deadlines_are_saved_as_a_calendar_file(admin):
    event = make_sent(states=["Octava", "Nona"])
    withdrew = event.candidacies.get(state__name="Nona")
    type(withdrew).objects.filter(pk=withdrew.pk).update(standing=Standing.WITHDREW)

    page = admin.get(event_page(event, "calendar"))

    assert page.headers["Content-Type"] == "text/calendar"
    assert page.headers["Content-Disposition"] == (
        f'attachment; filename="{event.code}-deadlines.ics"'
    )
    text = page.content.decode()
    assert text.startswith("BEGIN:VCALENDAR") and text.count("BEGIN:VEVENT") == 1
    assert "answers of Octava due" in text
    assert "DTEND:20211009T040000Z" in text
    assert (
        event_page(event, "calendar") in admin.get(event_page(event, "standings")).content.decode()
    )


# --- Links ----------------------------------------------------------------------------------------


def test_a_link_goes_again_to_the_address_that_was_chosen(admin, boss):
    event = make_sent()
    candidacy = event.candidacies.get()
    geneva = Contact.objects.get(mission__city=City.GENEVA)

    asked = admin.get(link_page(candidacy))
    page = admin.post(link_page(candidacy), {"contacts": [geneva.pk]}, follow=True)

    mail = OutgoingMail.objects.get(kind=MailKind.LINK_AGAIN)
    assert geneva.email in asked.content.decode()
    assert messages_of(page) == ["1 link is queued."]
    assert (mail.to, mail.candidacy) == (geneva.email, candidacy)
    assert "/reply/open/" not in page.content.decode() + mail.body
    entry = AuditEntry.objects.get(action="link.sent_again")
    assert (entry.user, entry.details) == (boss, {"contacts": [geneva.pk]})


def test_req_064_links_go_to_addresses_on_file_of_the_state_only(admin):
    event = make_sent()
    candidacy = event.candidacies.get()
    stranger = make_contact(state=make_state(), email="other@elsewhere.example")
    former = Contact.objects.get(mission__city=City.GENEVA, mission__state=candidacy.state)
    Contact.objects.filter(pk=former.pk).update(is_active=False)

    pages = [
        admin.post(link_page(candidacy), {"contacts": [pk], "to": "me@elsewhere.example"})
        for pk in [stranger.pk, former.pk]
    ]
    nothing = admin.post(link_page(candidacy))

    assert [page.status_code for page in pages] == [200, 200]
    assert nothing.context["form"].errors == {"contacts": ["Choose at least one address."]}
    assert not OutgoingMail.objects.filter(kind=MailKind.LINK_AGAIN).exists()


def test_a_state_that_was_sent_no_letter_gets_no_link_again(admin):
    event = make_event_to_write()
    geneva = Contact.objects.get(mission__city=City.GENEVA)

    page = admin.post(link_page(event.candidacies.get()), {"contacts": [geneva.pk]})

    assert "No letter to this State is issued: its link goes with it." in page.content.decode()
    assert not OutgoingMail.objects.exists()


def test_where_no_address_is_on_file_the_page_says_so(admin):
    event = make_sent()
    Contact.objects.update(is_active=False)

    html = admin.get(link_page(event.candidacies.get())).content.decode()

    assert "No active contact of this State has an address on file." in html


# --- Deadlines ------------------------------------------------------------------------------------


def test_an_extension_is_shown_with_both_dates_before_it_is_made(admin, boss):
    event = make_sent(states=["Octava", "Nona"])
    addresses = list(Contact.objects.values_list("email", flat=True))

    asked = admin.post(event_page(event, "extend"), extension(event))
    before = set(event.candidacies.values_list("due_at", flat=True))
    page = admin.post(event_page(event, "extend"), extension(event, confirmed="yes"), follow=True)

    html = asked.content.decode()
    assert "8 October 2021" in html and "15 October 2021" in html
    assert "Clearance takes longer." in html and "Extend 2 deadlines" in html
    assert [address in html for address in addresses] == [True] * 4
    assert before == {DUE_AT}
    assert messages_of(page) == ["The deadlines of 2 States were extended."]
    assert set(event.candidacies.values_list("due_at", flat=True)) == {end_of_day(LATER)}
    assert {e.reason for e in DeadlineExtension.objects.all()} == {"Clearance takes longer."}
    notices = OutgoingMail.objects.filter(kind=MailKind.EXTENSION)
    assert sorted(notices.values_list("to", flat=True)) == sorted(addresses)
    assert {e.user for e in AuditEntry.objects.filter(action="deadline.extended")} == {boss}


def test_one_state_is_extended_and_the_others_are_not(admin):
    event = make_sent(states=["Octava", "Nona"])
    octava = event.candidacies.get(state__name="Octava")

    asked = admin.get(event_page(event, "extend"), {"candidacy": octava.pk})
    admin.post(event_page(event, "extend"), extension(event, candidacies=[octava], confirmed="yes"))

    assert asked.context["form"]["candidacies"].value() == [octava.pk]
    assert dict(event.candidacies.values_list("state__name", "due_at")) == {
        "Octava": end_of_day(LATER),
        "Nona": DUE_AT,
    }


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"due_on": "2021-10-08"},
            {"due_on": ["Not later than the deadline of Octava: 8 October 2021."]},
        ),
        (
            {"due_on": "2021-10-01"},
            {"due_on": ["Not later than the deadline of Octava: 8 October 2021."]},
        ),
        ({"reason": " "}, {"reason": ["This field is required."]}),
        ({"candidacies": []}, {"candidacies": ["Choose at least one State."]}),
        ({"due_on": "31 February"}, {"due_on": ["Enter a valid date."]}),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_what_is_no_extension_is_refused_at_both_steps(admin, typed, errors, confirmed):
    event = make_sent()

    page = admin.post(event_page(event, "extend"), extension(event) | typed | confirmed)

    assert page.context["form"].errors == errors
    assert event.candidacies.get().due_at == DUE_AT
    assert not DeadlineExtension.objects.exists()


def test_states_of_another_event_and_without_a_deadline_are_not_extended(admin):
    event = make_sent()
    other = make_event_to_write(states=["Nona"]).candidacies.get()
    event.candidacies.update(due_at=None)

    html = admin.get(event_page(event, "extend")).content.decode()
    admin.post(event_page(event, "extend"), extension(event, candidacies=[other], confirmed="yes"))

    other.refresh_from_db()
    assert "No State of this event has a deadline." in html
    assert other.due_at == DUE_AT


def test_a_form_that_would_close_before_moves_too_and_that_is_said(admin):
    event = make_sent()
    Event.objects.filter(pk=event.pk).update(closes_on=date(2021, 10, 12))

    asked = admin.post(event_page(event, "extend"), extension(event)).content.decode()
    admin.post(event_page(event, "extend"), extension(event, confirmed="yes"))

    event.refresh_from_db()
    assert "The form would have closed with 12 October 2021" in asked
    assert event.closes_on == LATER


# --- All of them ----------------------------------------------------------------------------------


def test_req_040_each_page_is_for_those_who_may(staff_with, client):
    event = make_due_tomorrow()
    pages = {
        event_page(event, "standings"): "view_candidacy",
        event_page(event, "calendar"): "view_candidacy",
        event_page(event, "extend"): "extend_deadline",
        event_page(event, "remind"): "add_outgoingmail",
        link_page(event.candidacies.get()): "mint_link",
    }
    mails = OutgoingMail.objects.count()

    for page, right in pages.items():
        others = staff_with(*({*pages.values()} - {right}), "view_event", "change_candidacy")

        assert others.get(page).status_code == 403
        assert others.post(page, {"confirmed": "yes"}).status_code in {403, 405}
        assert client.get(page).status_code == 302
        assert staff_with(right).get(page).status_code == 200
    assert OutgoingMail.objects.count() == mails


def test_req_025_names_and_reasons_are_shown_as_typed(admin):
    event = make_due_tomorrow(states=[HOSTILE])
    later = (timezone.now() + timedelta(days=30)).date().isoformat()

    pages = [
        admin.get(event_page(event, "standings")),
        admin.get(event_page(event, "extend")),
        admin.get(event_page(event, "remind")),
        admin.get(link_page(event.candidacies.get())),
        admin.post(event_page(event, "extend"), extension(event, due_on=later, reason=HOSTILE)),
        admin.post(event_page(event, "extend"), extension(event, due_on="2000-01-01")),
    ]

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html


def test_pages_run_as_many_queries_for_eight_states_as_for_two(admin, django_assert_num_queries):
    few = make_due_tomorrow(states=["A", "B"])
    many = make_due_tomorrow(states=list("CDEFGHIJ"))
    later = (timezone.now() + timedelta(days=30)).date().isoformat()

    for name in ["standings", "extend", "remind"]:
        admin.get(event_page(few, name))
        with CaptureQueriesContext(connection) as queries:
            admin.get(event_page(few, name))

        with django_assert_num_queries(len(queries)):
            admin.get(event_page(many, name))

    with CaptureQueriesContext(connection) as queries:
        admin.post(event_page(few, "extend"), extension(few, due_on=later))
    with django_assert_num_queries(len(queries)):
        admin.post(event_page(many, "extend"), extension(many, due_on=later))
