"""Checking, previewing and sending the letters of an event."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from questions.models import (
    Asker,
    AskerKind,
    AuditEntry,
    City,
    Contact,
    Event,
    Letter,
    MailKind,
    MailStatus,
    OutgoingMail,
    QuestionStatus,
    end_of_day,
)
from questions.operations.issuing import issue_all
from tests.admin.letter_events import (
    compose_letters,
    event_page,
    hidden_fields,
    make_event_to_write,
)
from tests.admin.pages import change_page, messages_of
from tests.factories import (
    BEFORE,
    make_contact,
    make_question,
    make_slot,
    make_state,
    make_user,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>{{7*7}}"


def make_issued(*, states=("Octava",), **fields):
    """An event whose letters are issued; its deadline is three weeks from now."""
    due_on = timezone.now().date() + timedelta(days=21)
    event = make_event_to_write(
        states=states,
        answers_due_on=due_on,
        election_date=due_on + timedelta(days=30),
        **fields,
    )
    event.candidacies.update(due_at=end_of_day(due_on))
    compose_letters(event)
    issue_all(event, by=make_user(), at=BEFORE)
    return event


def message_page(letter, contact):
    return reverse("admin:questions_letter_message", args=[letter.pk, contact.pk])


def findings_of(page):
    return [(f.code, f.is_error, address) for f, address, _words in page.context["rows"]]


def sent(client, event, **typed):
    asked = client.get(event_page(event, "send"))
    return client.post(event_page(event, "send"), hidden_fields(asked) | typed, follow=True)


# --- The check ------------------------------------------------------------------------------------


def test_the_check_names_a_contact_removed_on_purpose_and_leads_to_where_one_is_added(admin):
    event = make_issued(states=["Octava", "Nona"])
    octava = event.candidacies.get(state__name="Octava").state
    mission = octava.missions.get(city=City.GENEVA)
    mission.contacts.all().delete()

    page = admin.get(event_page(event, "check"))

    add = f"/admin/questions/contact/add/?mission={mission.pk}"
    html = page.content.decode()
    assert findings_of(page) == [("no_address", False, add)]
    assert "No address at the Permanent Mission in Geneva." in html
    assert add in html
    assert "Go on to sending" in html  # warnings do not block
    assert str(mission) in admin.get(add).content.decode()


def test_errors_of_the_check_keep_from_sending(admin):
    event = make_issued()
    Contact.objects.all().delete()

    page = admin.get(event_page(event, "check"))
    sending = admin.get(event_page(event, "send"))

    assert {error for _code, error, _address in findings_of(page)} == {True}
    assert "2 errors block sending." in page.content.decode()
    assert "Go on to sending" not in page.content.decode()
    assert 'type="submit" class="default"' not in sending.content.decode()


def test_a_letter_that_is_not_issued_leads_to_it(admin):
    event = make_event_to_write()
    candidacy = event.candidacies.get()
    before = admin.get(event_page(event, "check"))
    compose_letters(event)
    after = admin.get(event_page(event, "check"))

    compose = reverse("admin:questions_candidacy_compose", args=[candidacy.pk])
    assert ("letter_not_issued", True, compose) in findings_of(before)
    assert ("letter_not_issued", True, change_page(Letter.objects.get())) in findings_of(after)


def test_a_question_that_is_in_no_letter_leads_to_composing(admin):
    event = make_issued()
    candidacy = event.candidacies.get()
    make_slot(candidacy=candidacy, question=make_question(event=event), sent=False)

    page = admin.get(event_page(event, "check"))

    compose = reverse("admin:questions_candidacy_compose", args=[candidacy.pk])
    assert ("questions_unsent", False, compose) in findings_of(page)


def test_every_place_to_mend_opens(admin):
    event = make_event_to_write(states=["Octava", "Nona"], answers_due_on=None)
    event.candidacies.update(due_at=None)
    Contact.objects.filter(mission__city=City.GENEVA).update(honorific="", is_addressee=True)
    Contact.objects.filter(mission__city=City.NEW_YORK).update(email="")
    Asker.objects.update(kind=AskerKind.INDIVIDUAL)
    make_question(event=event, number=9, status=QuestionStatus.SUBMITTED)

    page = admin.get(event_page(event, "check"))

    codes = {code for code, _error, _address in findings_of(page)}
    assert {"no_deadline", "no_address", "no_honorific", "asker_without_consent"} <= codes
    assert {"unmoderated", "letter_not_issued"} <= codes
    for _code, _error, address in findings_of(page):
        assert admin.get(address).status_code == 200


def test_checking_changes_nothing_and_asks_for_no_more_than_looking(staff_with):
    event = make_issued()

    page = staff_with("view_letter").get(event_page(event, "check"))

    assert page.status_code == 200
    assert "Go on to sending" not in page.content.decode()
    assert staff_with("view_letter").post(event_page(event, "check")).status_code == 405
    assert staff_with("view_event").get(event_page(event, "check")).status_code == 403


# --- One message ----------------------------------------------------------------------------------


def test_what_a_mission_gets_is_shown_word_for_word_without_a_link(admin):
    letter = Letter.objects.get(candidacy__event=make_issued())
    geneva = Contact.objects.get(mission__city=City.GENEVA)
    new_york = Contact.objects.get(mission__city=City.NEW_YORK)

    page = admin.get(message_page(letter, geneva))

    html = page.content.decode()
    assert page.context["subject"].startswith(f"{letter.candidacy.symbol}: ")
    assert geneva.email in html
    assert "/reply/open/" not in html
    assert message_page(letter, new_york) in html
    assert not OutgoingMail.objects.exists()


def test_the_message_is_sent_to_whoever_looks_and_to_nobody_else(admin, boss):
    letter = Letter.objects.get(candidacy__event=make_issued())
    geneva = Contact.objects.get(mission__city=City.GENEVA)
    boss.email = "boss@office.example"
    boss.save()

    page = admin.post(message_page(letter, geneva), {"to": "stranger@elsewhere.example"})

    mail = OutgoingMail.objects.get()
    assert page.url == message_page(letter, geneva)
    assert (mail.to, mail.kind) == ("boss@office.example", MailKind.PREVIEW)
    assert AuditEntry.objects.filter(action="letter.previewed", user=boss).exists()


def test_without_an_address_of_ones_own_nothing_is_sent(admin):
    letter = Letter.objects.get(candidacy__event=make_issued())
    geneva = Contact.objects.get(mission__city=City.GENEVA)

    page = admin.post(message_page(letter, geneva))

    assert "Your account has no e-mail address to send it to." in page.content.decode()
    assert not OutgoingMail.objects.exists()


def test_req_064_a_message_is_for_contacts_of_its_own_state_only(admin):
    letter = Letter.objects.get(candidacy__event=make_issued())
    stranger = make_contact(state=make_state(), email="other@elsewhere.example")
    silent = Contact.objects.get(mission__city=City.NEW_YORK)
    Contact.objects.filter(pk=silent.pk).update(is_active=False)

    assert admin.get(message_page(letter, stranger)).status_code == 404
    assert admin.post(message_page(letter, silent)).status_code == 404


def test_a_draft_is_sent_to_nobody(admin):
    event = make_event_to_write()
    compose_letters(event)
    contact = Contact.objects.first()

    page = admin.get(message_page(Letter.objects.get(), contact), follow=True)

    assert messages_of(page) == ["Only an issued letter is sent."]


# --- Sending --------------------------------------------------------------------------------------


def test_req_064_every_letter_is_queued_after_its_full_list(admin, boss):
    event = make_issued(states=["Octava", "Nona"])

    asked = admin.get(event_page(event, "send"))
    after_asking = OutgoingMail.objects.count()
    page = sent(admin, event)

    html = asked.content.decode()
    addresses = sorted(Contact.objects.values_list("email", flat=True))
    assert [address in html for address in addresses] == [True] * 4
    assert "Send 4 messages" in html and after_asking == 0
    assert messages_of(page) == ["4 messages are queued. They leave with the sender's next run."]
    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == addresses
    assert set(OutgoingMail.objects.values_list("kind", "status")) == {
        (MailKind.INVITATION, MailStatus.QUEUED)
    }
    assert {e.user for e in AuditEntry.objects.filter(action="letter.sent")} == {boss}


def test_sending_again_queues_nothing_twice(admin):
    event = make_issued()
    asked = hidden_fields(admin.get(event_page(event, "send")))
    admin.post(event_page(event, "send"), asked)

    again = admin.post(event_page(event, "send"), asked)
    page = admin.get(event_page(event, "send"))

    assert again.status_code == 200
    assert OutgoingMail.objects.count() == 2
    assert "Every issued letter is queued or was sent" in page.content.decode()


def test_the_day_before_the_election_is_proposed_for_closing_and_kept(admin):
    event = make_issued()
    proposed = event.election_date - timedelta(days=1)

    asked = admin.get(event_page(event, "send"))
    sent(admin, event, closes_on=proposed.isoformat())

    assert asked.context["form"]["closes_on"].value() == proposed
    assert Event.objects.get().closes_on == proposed


def test_a_form_that_would_close_before_the_deadline_is_refused(admin):
    event = make_issued()

    page = sent(admin, event, closes_on=(event.answers_due_on - timedelta(days=1)).isoformat())

    assert page.context["form"].errors == {
        "closes_on": ["The form cannot close before the deadline or today."]
    }
    assert Event.objects.get().closes_on is None
    assert not OutgoingMail.objects.exists()


def test_a_list_that_has_changed_is_shown_again_and_nothing_is_sent(admin):
    event = make_issued()
    asked = hidden_fields(admin.get(event_page(event, "send")))
    Contact.objects.filter(mission__city=City.GENEVA).update(email="new@octava.example")

    page = admin.post(event_page(event, "send"), asked)
    without_a_word = admin.post(event_page(event, "send"))

    assert "The list has changed since this page was shown." in page.content.decode()
    assert "new@octava.example" in page.content.decode()
    assert without_a_word.status_code == 200
    assert not OutgoingMail.objects.exists()


def test_errors_that_appear_meanwhile_lead_to_the_check(admin):
    event = make_issued()
    asked = hidden_fields(admin.get(event_page(event, "send")))
    event.candidacies.update(due_at=BEFORE)

    page = admin.post(event_page(event, "send"), asked, follow=True)

    assert page.redirect_chain == [(event_page(event, "check"), 302)]
    assert messages_of(page) == ["Nothing was sent. The errors below stand in the way."]
    assert not OutgoingMail.objects.exists()


def test_req_040_sending_is_for_those_who_may(staff_with, client):
    event = make_issued()
    letter, contact = Letter.objects.get(), Contact.objects.first()
    pages = [event_page(event, "send"), message_page(letter, contact)]
    writers = staff_with("add_letter", "view_letter", "change_event", "view_outgoingmail")

    refused = [getattr(writers, how)(page).status_code for page in pages for how in ["get", "post"]]
    anonymous = [client.get(page).status_code for page in pages]
    allowed = [staff_with("add_outgoingmail").get(page).status_code for page in pages]

    assert (refused, anonymous, allowed) == ([403] * 4, [302] * 2, [200] * 2)
    assert not OutgoingMail.objects.exists()


def test_req_025_names_are_shown_as_typed(admin):
    event = make_issued(states=[HOSTILE])
    letter, contact = Letter.objects.get(), Contact.objects.first()
    Contact.objects.filter(pk=contact.pk).update(honorific="")

    for page in [
        event_page(event, "check"),
        event_page(event, "send"),
        message_page(letter, contact),
    ]:
        html = admin.get(page).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html


def test_pages_run_as_many_queries_for_eight_states_as_for_two(admin, django_assert_num_queries):
    few = make_issued(states=["A", "B"])
    many = make_issued(states=list("CDEFGHIJ"))

    for name in ["check", "send"]:
        admin.get(event_page(few, name))
        with CaptureQueriesContext(connection) as queries:
            admin.get(event_page(few, name))

        with django_assert_num_queries(len(queries)):
            admin.get(event_page(many, name))
