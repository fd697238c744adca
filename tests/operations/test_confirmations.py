"""Asking for alerts: few messages to one address and in all, and no way to shut others out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from questions.models import (
    ALLOWANCES,
    MOST_FOR_AN_ADDRESS,
    Alert,
    AlertFrequency,
    AttemptKind,
    MailKind,
    OutgoingMail,
)
from questions.operations.alerts import confirm_alerts, end_alerts, queue_alerts
from tests.factories import make_alert, make_event, make_state

from .alert_mails import DAY, MINUTE, NOW, READER, ask

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def asked_to_confirm():
    """The addresses in the order in which messages to them were queued."""
    mails = OutgoingMail.objects.filter(kind=MailKind.ALERT_CONFIRMATION).order_by("pk")
    return list(mails.values_list("to", flat=True))


def allow(monkeypatch, most):
    """That many messages an hour in all."""
    kind = AttemptKind.ALERT_OF_ALL
    monkeypatch.setitem(ALLOWANCES, kind, replace(ALLOWANCES[kind], most=most))


def words_kept():
    return set(Alert.objects.to_address(READER).values_list("words", flat=True))


def test_an_alert_is_asked_for_once_however_the_address_is_written():
    ask("Reader@Example.org ")
    ask("reader@example.org")

    assert [(alert.email, alert.is_confirmed) for alert in Alert.objects.all()] == [(READER, False)]
    assert [mail.to for mail in OutgoingMail.objects.all()] == [READER]


def test_req_088_an_address_gets_one_message_a_day_whoever_asks():
    event, state = make_event(), make_state()
    for about in [{"event": event}, {"state": state}, {"words": "peace"}, {}]:
        ask(**about)
    ask("other@example.org")

    assert sorted(OutgoingMail.objects.values_list("to", flat=True)) == [
        "other@example.org",
        READER,
    ]
    ask(at=NOW + DAY)
    assert OutgoingMail.objects.filter(to=READER).count() == 2


def test_req_088_ending_and_asking_again_sends_no_second_message_that_day():
    ask()
    end_alerts(Alert.objects.all(), why="by a link", at=NOW)

    ask(at=NOW + MINUTE)

    assert not OutgoingMail.objects.exists()
    assert Alert.objects.count() == 1


def test_what_waits_for_a_message_gets_it_on_the_next_day():
    ask()
    confirm_alerts(Alert.objects.to_address(READER), at=NOW)
    ask(state=make_state(name="Octava"), at=NOW + MINUTE)

    queue_alerts(at=NOW + 2 * MINUTE)
    assert OutgoingMail.objects.count() == 1

    queue_alerts(at=NOW + DAY)
    assert "\n- Octava\n" in OutgoingMail.objects.latest("pk").body
    queue_alerts(at=NOW + 2 * DAY)
    assert OutgoingMail.objects.count() == 2


def test_req_088_what_is_over_the_limit_in_all_is_kept_and_its_message_leaves_later(monkeypatch):
    allow(monkeypatch, 2)
    for number in range(5):
        ask(f"reader{number}@example.org", at=NOW + number * MINUTE)

    at_first = asked_to_confirm()
    queue_alerts(at=NOW + HOUR - MINUTE)
    queue_alerts(at=NOW + HOUR)
    after_an_hour = asked_to_confirm()
    queue_alerts(at=NOW + HOUR + MINUTE)
    queue_alerts(at=NOW + 2 * HOUR)
    queue_alerts(at=NOW + 2 * HOUR)

    assert Alert.objects.count() == 5
    assert at_first == ["reader0@example.org", "reader1@example.org"]
    assert after_an_hour == [*at_first, "reader2@example.org"]
    assert asked_to_confirm() == [f"reader{number}@example.org" for number in range(5)]


def test_req_088_no_more_than_so_many_messages_leave_in_an_hour_whoever_asks():
    most = ALLOWANCES[AttemptKind.ALERT_OF_ALL].most
    for number in range(most + 10):
        ask(f"reader{number}@example.org")

    queue_alerts(at=NOW + HOUR - MINUTE)

    assert len(asked_to_confirm()) == most == 120
    assert Alert.objects.count() == most + 10


def test_req_088_who_asks_for_little_is_served_before_who_asks_for_much(monkeypatch):
    allow(monkeypatch, 1)
    for turn in range(1, 5):
        ask(f"many{turn}@example.org", turn=turn, at=NOW)
    ask(at=NOW + MINUTE)

    queue_alerts(at=NOW + HOUR)
    ask("late@example.org", at=NOW + 2 * HOUR)
    ask("many5@example.org", turn=5, at=NOW + 3 * HOUR)

    assert asked_to_confirm() == [
        "many1@example.org",
        READER,
        "late@example.org",
        "many2@example.org",
    ]


def test_who_had_a_message_that_day_holds_up_nobody(monkeypatch):
    allow(monkeypatch, 1)
    ask()
    confirm_alerts(Alert.objects.all(), at=NOW)
    for number in range(3):
        ask(words=f"word {number}", at=NOW + MINUTE)
    ask("other@example.org", turn=9, at=NOW + 2 * MINUTE)

    queue_alerts(at=NOW + HOUR)
    queue_alerts(at=NOW + HOUR)
    before_midnight = asked_to_confirm()
    queue_alerts(at=NOW + DAY)

    assert before_midnight == [READER, "other@example.org"]
    assert asked_to_confirm() == [READER, "other@example.org", READER]


def test_req_088_a_stranger_cannot_push_out_what_its_owner_was_asked_about():
    ask(words="mine")
    for number in range(3 * MOST_FOR_AN_ADDRESS):
        ask(words=f"word {number}", at=NOW + MINUTE)

    assert "mine" in words_kept()
    assert len(words_kept()) == MOST_FOR_AN_ADDRESS + 1
    [message] = OutgoingMail.objects.all()
    assert message.alert.words == "mine"


def test_req_088_of_what_waits_the_first_turns_stay_and_then_the_latest():
    ask(words="the message of the day")
    for number in range(MOST_FOR_AN_ADDRESS):
        ask(words=f"of much {number}", turn=number + 2, at=NOW + number * MINUTE)
    for number in range(MOST_FOR_AN_ADDRESS - 1):
        ask(words=f"of little {number}", at=NOW + (30 + number) * MINUTE)
    ask(words="mine", at=NOW + HOUR)
    ask(words="of little 19", at=NOW + 2 * HOUR)
    ask(words="of much 20", turn=2, at=NOW + 3 * HOUR)

    latest = [f"of little {number}" for number in range(1, 20)]
    assert words_kept() == {"the message of the day", "mine", *latest}


def test_req_088_alerts_that_nobody_confirmed_take_no_place_of_those_that_are():
    for number in range(MOST_FOR_AN_ADDRESS - 1):
        make_alert(email=READER, confirmed_at=NOW, words=f"word {number}")
    for number in range(MOST_FOR_AN_ADDRESS):
        ask(words=f"of a stranger {number}", turn=number + 2)

    ask(words="mine")
    assert confirm_alerts(Alert.objects.filter(words="mine"), at=NOW) == 1
    ask(words="one too many")

    assert "one too many" not in words_kept()
    assert confirm_alerts(Alert.objects.to_address(READER), at=NOW) == 0
    assert Alert.objects.to_address(READER).confirmed().count() == MOST_FOR_AN_ADDRESS


def test_of_more_than_twenty_those_asked_for_first_are_confirmed():
    alerts = [make_alert(email=READER, words=f"word {number}") for number in range(25)]

    assert confirm_alerts(Alert.objects.to_address(READER), at=NOW) == MOST_FOR_AN_ADDRESS
    assert set(Alert.objects.confirmed()) == set(alerts[:MOST_FOR_AN_ADDRESS])


def test_req_088_one_mailbox_gets_one_message_a_day_however_it_is_tagged():
    for address in [READER, "reader+1@example.org", "Rea.der+2@example.org", "reader@example.net"]:
        ask(address)

    assert asked_to_confirm() == [READER, "reader@example.net"]
    assert Alert.objects.count() == 4


def test_asked_for_again_it_is_as_asked_for_last_and_is_named_in_one_message_a_day():
    ask(frequency=AlertFrequency.WEEKLY, language="fr")
    ask(language="es", at=NOW + MINUTE)

    queue_alerts(at=NOW + DAY)
    assert asked_to_confirm() == [READER]
    alert = Alert.objects.get()
    assert (alert.frequency, alert.language) == (AlertFrequency.AT_ONCE, "es")
    assert alert.asked_at == NOW + MINUTE


def test_req_088_who_asks_for_the_same_after_much_makes_nobody_wait_longer():
    ask(words="the message of the day", at=NOW)
    ask(words="mine", turn=2, at=NOW)
    ask(words="mine", turn=99, at=NOW + MINUTE)
    ask(words="theirs", turn=3, at=NOW)
    ask(words="theirs", turn=1, at=NOW + MINUTE)

    turns = Alert.objects.order_by("pk").values_list("words", "turn")
    assert list(turns) == [("the message of the day", 1), ("mine", 2), ("theirs", 1)]


def test_what_is_confirmed_is_not_changed_by_who_asks_for_it_again():
    ask(language="fr")
    confirm_alerts(Alert.objects.all(), at=NOW)
    before = list(Alert.objects.values())

    ask(language="es", frequency=AlertFrequency.WEEKLY, at=NOW + DAY)

    assert list(Alert.objects.values()) == before
    assert asked_to_confirm() == [READER]


def test_a_message_names_twenty_things_and_asks_about_all():
    for number in range(MOST_FOR_AN_ADDRESS):
        event = make_event(title=f"Event {number}")
        make_alert(email=READER, event=event, asked_at=NOW, asked_to_confirm_at=NOW)
    ask(state=make_state(name="Octava"), at=NOW + MINUTE)

    message = OutgoingMail.objects.get()
    assert message.body.count("\n- ") == MOST_FOR_AN_ADDRESS
    assert "\n- Octava\n" in message.body
    assert set(Alert.objects.values_list("asked_to_confirm_at", "ask_at")) == {(NOW + MINUTE, None)}


def test_who_is_asked_late_has_seven_days_all_the_same(monkeypatch):
    allow(monkeypatch, 0)
    ask()
    allow(monkeypatch, 1)
    queue_alerts(at=NOW + 6 * DAY)

    queue_alerts(at=NOW + 13 * DAY)
    assert Alert.objects.exists()
    queue_alerts(at=NOW + 13 * DAY + MINUTE)
    assert not Alert.objects.exists()
