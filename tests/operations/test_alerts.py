"""Alerts: their two messages, and ended without a trace."""

import re

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.core import serializers
from django.test import override_settings

from questions.models import (
    UN_LANGUAGES,
    AddressedQuestion,
    Alert,
    AlertFrequency,
    AlertLink,
    Attempt,
    AuditEntry,
    MailKind,
    MailStatus,
    OutgoingMail,
    acting_from,
)
from questions.operations.alerts import (
    MAILS_KEPT_FOR,
    confirm_alerts,
    end_alerts,
    mint_alert_link,
    queue_alerts,
)
from questions.operations.deliveries import read_report
from questions.operations.outbox import send_due_mail
from questions.operations.search_index import refresh_answers
from questions.tokens import digest
from tests.factories import (
    make_alert,
    make_candidacy,
    make_event,
    make_mail,
    make_slot,
    make_state,
)

from .alert_mails import (
    DAY,
    EARLIER,
    MINUTE,
    NOW,
    READER,
    ask,
    publish,
    sent,
    token_in,
)

pytestmark = pytest.mark.django_db


def test_req_088_no_message_holds_what_whoever_asked_has_typed(mailoutbox):
    ask(words="BUY https://evil.example {{7777*7777}}")
    slot = make_slot()
    ask("other@example.org", state=slot.candidacy.state)
    confirm_alerts(Alert.objects.to_address(READER), at=EARLIER)
    response = publish(slot, text="BUY https://evil.example {{7777*7777}} now")
    refresh_answers(AddressedQuestion.objects.filter(pk=slot.pk))

    messages = sent(mailoutbox)

    assert sorted(message.to[0] for message in messages) == ["other@example.org", READER, READER]
    for message in messages:
        whole = message.message().as_string() + message.subject + message.body
        assert "evil" not in whole
        assert "60481729" not in message.body
    assert any(response.symbol in message.body for message in messages)


@pytest.mark.parametrize("language", [code for code, _name in UN_LANGUAGES])
def test_both_messages_exist_in_every_language(mailoutbox, language):
    event = make_event(title="Pledging event 2021")
    state = make_state(
        iso3="XOC",
        name="Octava",
        **{
            f"name_{code.replace('-', '_')}": f"Octava {code}"
            for code, _name in UN_LANGUAGES
            if code != "en"
        },
    )
    slot = make_slot(candidacy=make_candidacy(event=event, state=state))
    for about in [{"state": state}, {"event": event}, {"question": slot.question}, {"words": "a"}]:
        ask(language=language, **about)
    ask(language=language, frequency=AlertFrequency.WEEKLY)
    send_due_mail(at=NOW)
    [confirmation] = list(mailoutbox)
    mailoutbox.clear()
    confirm_alerts(Alert.objects.to_address(READER), at=NOW - 8 * DAY)
    publish(slot, at=NOW)

    messages = sent(mailoutbox, at=NOW + 7 * DAY)

    name = "Octava" if language == "en" else f"Octava {language}"
    assert name in confirmation.body
    assert len(messages) == 4  # what a search finds was not indexed
    assert any(message.subject.endswith("Pledging event 2021") for message in messages)
    for message in [confirmation, *messages]:
        text = message.subject + message.body
        assert not re.search(r"[{}%]|\[link\]|None|\n\n\n", text)
        assert token_in(message)
    for message in messages:
        assert f"{slot.symbol} – {name}" in message.body
        assert f"/{language}{slot.get_absolute_url().removeprefix('/en')}\n" in message.body
        assert "Yes." not in message.body


def test_req_002_no_token_is_stored_in_any_table(mailoutbox):
    ask()
    confirm_alerts(Alert.objects.to_address(READER), at=EARLIER)
    slot = make_slot()
    publish(slot)
    messages = sent(mailoutbox)

    tokens = {token_in(message) for message in messages}
    assert len(tokens) == 2
    assert {link.token_digest for link in AlertLink.objects.all()} == {digest(t) for t in tokens}
    everything = "".join(
        serializers.serialize("json", model.objects.all())
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label != "contenttypes"
    )
    assert READER in everything
    assert not any(token in everything for token in tokens)


@override_settings(BASE_URL="https://portal.example")
def test_a_mail_program_can_end_the_alert_by_one_press(mailoutbox):
    ask()
    confirm_alerts(Alert.objects.to_address(READER), at=EARLIER)
    publish(make_slot())

    confirmation, message = sent(mailoutbox)

    headers = message.message()
    address = f"https://portal.example/alerts/open/{token_in(message)}"
    assert headers["List-Unsubscribe"] == f"<{address}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe" not in confirmation.message()
    assert message.to == [READER]
    assert not message.cc + message.bcc


def test_req_099_an_alert_that_ended_leaves_no_address_behind(mailoutbox):
    token = acting_from.set("203.0.113.9")
    try:
        ask()
        confirm_alerts(Alert.objects.to_address(READER), at=EARLIER)
        publish(make_slot())
        sent(mailoutbox)
        end_alerts(Alert.objects.to_address(READER), why="by a link", at=NOW)
    finally:
        acting_from.reset(token)

    everything = "".join(
        serializers.serialize("json", model.objects.all())
        for model in apps.get_app_config("questions").get_models()
    )
    assert "reader" not in everything
    assert "203.0.113.9" not in everything
    assert list(AuditEntry.objects.order_by("number").values_list("action", flat=True)) == [
        "alert.confirmed",
        "alert.ended",
    ]


def test_what_is_not_confirmed_within_a_week_is_deleted():
    ask()

    queue_alerts(at=NOW + 7 * DAY)
    assert Alert.objects.exists()
    queue_alerts(at=NOW + 7 * DAY + MINUTE)

    assert not Alert.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert not Attempt.objects.exists()
    assert not AuditEntry.objects.exists()


def test_old_messages_are_deleted_and_the_alert_stays(mailoutbox):
    ask()
    confirm_alerts(Alert.objects.to_address(READER), at=EARLIER)
    send_due_mail(at=NOW)

    queue_alerts(at=NOW + MAILS_KEPT_FOR)
    assert OutgoingMail.objects.count() == 1
    queue_alerts(at=NOW + MAILS_KEPT_FOR + MINUTE)

    assert not OutgoingMail.objects.exists()
    assert Alert.objects.count() == 1


def test_an_address_that_ends_its_alerts_while_a_message_leaves_is_gone(mailoutbox, monkeypatch):
    """The sender finds no row to write the outcome into, and goes on."""
    ask()
    ask("other@example.org")
    send = django_mail.EmailMessage.send

    def ending(message, *args, **kwargs):
        end_alerts(Alert.objects.to_address(READER), why="by a link", at=NOW)
        return send(message, *args, **kwargs)

    monkeypatch.setattr(django_mail.EmailMessage, "send", ending)

    assert send_due_mail(at=NOW)["sent"] == 2
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["other@example.org"]


def report_on(message_id):
    return (
        f"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        f"--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a.example\r\n\r\n"
        f"Final-Recipient: rfc822; {READER}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 unknown\r\n\r\n"
        f"--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\n\r\n\r\n--x--\r\n"
    ).encode()


def test_a_message_that_comes_back_ends_all_alerts_to_its_address(mailoutbox):
    ask()
    ask(state=make_state(), at=NOW + DAY)
    ask("other@example.org")
    send_due_mail(at=NOW + DAY)
    message_id = OutgoingMail.objects.filter(to=READER, status=MailStatus.SENT).first().message_id

    assert read_report(report_on(message_id), at=NOW + DAY).value == "came back"

    assert [alert.email for alert in Alert.objects.all()] == ["other@example.org"]
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["other@example.org"]


def test_links_of_a_year_ago_go_and_the_last_of_an_alert_stays():
    busy, quiet = make_alert(confirmed_at=EARLIER), make_alert(confirmed_at=EARLIER)
    for alert, moment in [(busy, NOW), (busy, NOW + DAY), (quiet, NOW)]:
        mint_alert_link(alert, at=moment)

    queue_alerts(at=NOW + 366 * DAY)

    left = AlertLink.objects.order_by("pk").values_list("alert", "minted_at")
    assert list(left) == [(busy.pk, NOW + DAY), (quiet.pk, NOW)]


def test_what_missions_wait_for_leaves_before_any_alert(mailoutbox, monkeypatch):
    monkeypatch.setattr("questions.operations.outbox.MOST_ALERTS", 2)
    for number in range(3):
        ask(f"reader{number}@example.org")
    mission = make_mail(status=MailStatus.QUEUED, kind=MailKind.RECEIPT, at=NOW)

    assert send_due_mail(at=NOW)["sent"] == 3
    assert [message.to for message in mailoutbox] == [
        [mission.to],
        ["reader0@example.org"],
        ["reader1@example.org"],
    ]
    assert send_due_mail(at=NOW)["sent"] == 1
    assert not OutgoingMail.objects.overdue(at=NOW + DAY).exists()
