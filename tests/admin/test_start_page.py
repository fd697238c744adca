from datetime import timedelta

import pytest
from django.utils import timezone

from questions.models import AccessLink, EventStatus, OutgoingMail
from tests.admin.pages import change_page
from tests.factories import (
    AFTER,
    answer,
    make_candidacy,
    make_contact,
    make_correction,
    make_event,
    make_link,
    make_response,
    make_slot,
    make_state,
    make_translation,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db


def test_lists_what_is_to_publish_oldest_first_and_links_to_it(admin):
    late = make_response(received_at=AFTER)
    early = make_response()
    make_response(published=True)

    page = admin.get("/admin/")

    html = page.content.decode()
    assert page.context["to_publish"]["count"] == 2
    assert list(page.context["to_publish"]["submissions"]) == [early.submission, late.submission]
    assert f"/admin/questions/response/?submission__id__exact={early.submission_id}" in html
    assert "· late" in html


def test_lists_states_that_are_overdue_or_due_soon(admin):
    now = timezone.now()
    event = make_event()
    overdue = make_slot(candidacy=make_candidacy(event=event, due_at=now - timedelta(days=3)))
    soon = make_slot(candidacy=make_candidacy(event=event, due_at=now + timedelta(days=3)))
    make_slot(candidacy=make_candidacy(event=event, due_at=now + timedelta(days=30)))
    answered = make_slot(candidacy=make_candidacy(event=event, due_at=now - timedelta(days=3)))
    send(answered.candidacy, {answered: answer("Yes.")})

    page = admin.get("/admin/")

    due = page.context["due"]
    html = page.content.decode()
    assert due["count"] == 2
    assert [(c, c.is_overdue) for c in due["candidacies"]] == [
        (overdue.candidacy, True),
        (soon.candidacy, False),
    ]
    assert change_page(overdue.candidacy) in html
    assert "/admin/questions/candidacy/?answers=awaited" in html


def test_lists_mail_that_needs_a_person(admin):
    slot = make_slot()
    make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    send(slot.candidacy, {slot: answer("Yes.")})

    OutgoingMail.objects.update(queued_at=timezone.now())
    nothing = admin.get("/admin/").content.decode()
    OutgoingMail.objects.update(status="failed")
    refused = admin.get("/admin/").content.decode()

    assert "Nothing.</p>" in nothing
    assert "2 messages were refused" in refused


def test_counts_the_translations_that_wait_for_another_person(admin):
    make_translation()
    nothing = admin.get("/admin/").content.decode()
    make_translation(published=False)

    page = admin.get("/admin/").content.decode()

    assert "to publish</a>" not in nothing
    assert 'translation/?status__exact=draft">1 translation to publish</a>' in page


def test_counts_the_corrections_that_wait_for_another_person(admin):
    make_correction(published_at=AFTER)
    nothing = admin.get("/admin/").content.decode()
    make_correction()

    page = admin.get("/admin/").content.decode()
    waiting = "/admin/questions/correction/?kind__exact=note&amp;published_at__isempty=1"

    assert "to publish</a>" not in nothing
    assert f'<a href="{waiting}">1 correction to publish</a>' in page
    assert admin.get(waiting.replace("&amp;", "&")).context["cl"].queryset.count() == 1


def test_lists_mail_that_waits_too_long(admin):
    slot = make_slot()
    make_contact(state=slot.candidacy.state, email="geneva@octava.example")
    send(slot.candidacy, {slot: answer("Yes.")})  # in 2021

    html = admin.get("/admin/").content.decode()

    assert "2 messages wait too long to be sent" in html
    assert "/admin/questions/outgoingmail/?needs=late" in html


def test_lists_addresses_from_which_a_message_came_back_while_they_are_in_use(admin):
    octava = make_state(name="Octava")
    failing = make_contact(state=octava, email="g@octava.example", undelivered_at=AFTER)
    make_contact(state=octava, email="old@octava.example", undelivered_at=AFTER, is_active=False)
    make_contact(state=octava, city="new_york", email="ny@octava.example")

    page = admin.get("/admin/")

    html = page.content.decode()
    assert list(page.context["came_back"]["contacts"]) == [failing]
    assert change_page(failing) in html and "g@octava.example" in html
    assert "All 1 addresses" not in html


def test_lists_links_said_to_be_for_others_until_they_are_revoked(admin):
    octava = make_candidacy(state=make_state(name="Octava"))
    link, _token = make_link(candidacy=octava)
    revoked, _token = make_link(candidacy=octava, city="new_york")
    make_link(candidacy=octava)
    AccessLink.objects.filter(pk__in=[link.pk, revoked.pk]).update(disowned_at=AFTER)
    AccessLink.objects.filter(pk=revoked.pk).update(revoked_at=AFTER)

    page = admin.get("/admin/")

    assert list(page.context["disowned"]["links"]) == [link]
    assert change_page(link) in page.content.decode()
    assert "this is not for us" in page.content.decode()


def test_of_very_many_the_first_are_shown_with_the_way_to_all(admin):
    octava = make_candidacy(state=make_state(name="Octava"))
    for number in range(10):
        contact = make_contact(
            state=octava.state, email=f"{number}@octava.example", undelivered_at=AFTER
        )
        make_link(candidacy=octava, contact=contact)
    AccessLink.objects.update(disowned_at=AFTER)

    html = admin.get("/admin/").content.decode()
    contacts = admin.get("/admin/questions/contact/?undelivered_at__isempty=0&is_active__exact=1")
    links = admin.get("/admin/questions/accesslink/?disowned_at__isempty=0&works=yes")

    assert html.count("a message came back") == 9  # eight, and the way to all
    assert "?undelivered_at__isempty=0&amp;is_active__exact=1" in html
    assert "?disowned_at__isempty=0&amp;works=yes" in html
    assert contacts.context["cl"].result_count == links.context["cl"].result_count == 10


def test_lists_current_events_and_says_when_there_is_nothing(admin):
    empty = admin.get("/admin/").content.decode()
    draft = make_event(status=EventStatus.DRAFT)
    make_event(status=EventStatus.CLOSED)
    make_candidacy(event=draft, state=make_state())

    page = admin.get("/admin/")

    assert "Nothing is waiting to be published." in empty
    assert "No State of an open event has an answer due in the next two weeks." in empty
    assert "No event is open or in preparation." in empty
    assert list(page.context["events"]) == [draft]
    assert page.context["events"][0].candidacy_count == 1


def test_starts_what_staff_do_most(admin):
    page = admin.get("/admin/")

    assert dict(page.context["buttons"]) == {
        "Record an answer": "/admin/questions/submission/record/",
        "Import a letter": "/admin/questions/letter/import/",
        "Add an event": "/admin/questions/event/add/",
    }


def test_who_has_no_rights_sees_nothing_of_it(staff_with):
    make_response(slot=make_slot(candidacy=make_candidacy(state=make_state(name="Octava"))))
    make_event(title="Secret draft", status=EventStatus.DRAFT)

    page = staff_with().get("/admin/")

    html = page.content.decode()
    assert page.status_code == 200
    assert page.context["buttons"] == []
    kinds = {"to_publish", "due", "mail", "came_back", "disowned", "translations", "corrections"}
    kinds |= {"events"}
    assert not kinds & page.context.keys()
    assert "Octava" not in html and "Secret draft" not in html


@pytest.mark.parametrize(
    "address",
    [
        "/admin/questions/response/?status__exact=%00",
        "/admin/questions/auditentry/?action=a%00",
        "/admin/questions/submission/record/?candidacy=%00",
    ],
)
def test_req_086_a_nul_in_a_filter_is_a_bad_request(admin, address):
    assert admin.get(address).status_code == 400


@pytest.mark.parametrize("hostile", ["//evil.example/", "https:evil", "javascript:alert(1)"])
def test_req_089_logging_in_leads_to_no_other_host(client, hostile):
    make_user(username="somebody")
    typed = {"username": "somebody", "password": "correct horse battery staple", "next": hostile}

    page = client.post("/admin/login/", typed)

    assert (page.status_code, page.headers["Location"]) == (302, "/admin/")


def test_strangers_and_accounts_that_are_no_staff_are_sent_to_log_in(client):
    anonymous = client.get("/admin/")
    client.force_login(make_user(is_staff=False))
    no_staff = client.get("/admin/")

    assert anonymous.url == no_staff.url == "/admin/login/?next=/admin/"
