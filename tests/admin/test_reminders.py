"""Reminders: the list first, then sent, one each."""

import pytest

from questions.models import AuditEntry, City, Contact, MailKind, OutgoingMail
from tests.admin.letter_events import event_page, hidden_fields, make_due_tomorrow
from tests.admin.pages import messages_of
from tests.factories import answer, send

pytestmark = pytest.mark.django_db


def remind(client, event, **typed):
    asked = client.get(event_page(event, "remind"))
    chosen = [one.candidacy.pk for one in asked.context["due"]]
    return client.post(
        event_page(event, "remind"),
        hidden_fields(asked) | {"candidacies": chosen} | typed,
        follow=True,
    )


def test_reminders_are_listed_then_sent_once(admin, boss):
    event = make_due_tomorrow(states=["Octava", "Nona"])
    answered = event.candidacies.get(state__name="Nona")
    send(answered, {answered.slots.get(): answer("Yes.")})
    addresses = sorted(
        Contact.objects.filter(mission__state__name="Octava").values_list("email", flat=True)
    )

    asked = admin.get(event_page(event, "remind"))
    page = remind(admin, event)
    again = admin.get(event_page(event, "remind"))

    mails = OutgoingMail.objects.filter(kind=MailKind.REMINDER_DAY)
    html = asked.content.decode()
    assert "Octava" in html and "Nona" not in html
    assert [address in html for address in addresses] == [True, True]
    assert messages_of(page) == ["2 reminders are queued."]
    assert sorted(mails.values_list("to", flat=True)) == addresses
    assert "No reminder is due now." in again.content.decode()
    assert {e.user for e in AuditEntry.objects.filter(action="reminder.sent")} == {boss}


def test_a_state_whose_tick_was_taken_away_is_not_reminded(admin):
    event = make_due_tomorrow(states=["Octava", "Nona"])
    nona = event.candidacies.get(state__name="Nona")

    remind(admin, event, candidacies=[nona.pk])

    reminded = OutgoingMail.objects.filter(kind=MailKind.REMINDER_DAY)
    assert set(reminded.values_list("candidacy", flat=True)) == {nona.pk}


def test_a_list_that_has_changed_is_shown_again_and_nobody_is_reminded(admin):
    event = make_due_tomorrow()
    asked = hidden_fields(admin.get(event_page(event, "remind")))
    Contact.objects.filter(mission__city=City.GENEVA).update(email="new@octava.example")
    chosen = {"candidacies": [event.candidacies.get().pk]}

    page = admin.post(event_page(event, "remind"), asked | chosen)
    without_a_word = admin.post(event_page(event, "remind"), chosen)
    nobody = admin.post(
        event_page(event, "remind"), hidden_fields(admin.get(event_page(event, "remind")))
    )

    assert "The list has changed since this page was shown." in page.content.decode()
    assert without_a_word.status_code == 200
    assert "Choose at least one State." in nobody.content.decode()
    assert not OutgoingMail.objects.filter(kind=MailKind.REMINDER_DAY).exists()
