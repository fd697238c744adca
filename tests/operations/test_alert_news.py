"""Alerts: who is told of what, once, and only of what is public when the message leaves."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.models import (
    AddressedQuestion,
    Alert,
    Asker,
    AskerKind,
    EventStatus,
    Ground,
    OutgoingMail,
    Question,
    Response,
    ResponseKind,
    ResponseStatus,
    Topic,
)
from questions.operations.alerts import (
    confirm_alerts,
    queue_alerts,
)
from questions.operations.outbox import send_due_mail
from questions.operations.publication import (
    withdraw_question,
    withhold_responses,
)
from questions.operations.search_index import refresh_answers, refresh_questions
from tests.factories import (
    make_alert,
    make_asker,
    make_candidacy,
    make_correction,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
    make_user,
)

from .alert_mails import (
    DAY,
    EARLIER,
    MINUTE,
    NOW,
    READER,
    SETTLED,
    ask,
    publish,
    sent,
    told,
)

pytestmark = pytest.mark.django_db


def test_nobody_is_told_before_confirming():
    ask()
    publish(make_slot())

    queue_alerts(at=SETTLED)

    assert told() == []


def test_each_alert_is_told_of_what_it_is_about():
    topic, other = (Topic.objects.create(slug=name, name=name) for name in ["defenders", "prisons"])
    slot, elsewhere = make_slot(), make_slot()
    slot.question.topics.add(topic)
    for email, about in {
        "all": {},
        "event": {"event": slot.question.event},
        "state": {"state": slot.candidacy.state},
        "question": {"question": slot.question},
        "topic": {"topic": topic},
        "asker": {"asker": slot.question.askers.get()},
        "search": {"words": "water"},
        "no-event": {"event": elsewhere.question.event},
        "no-state": {"state": elsewhere.candidacy.state},
        "no-question": {"question": elsewhere.question},
        "no-topic": {"topic": other},
        "no-asker": {"asker": elsewhere.question.askers.get()},
        "no-search": {"words": "fire"},
        "no-words": {"words": "?!"},
    }.items():
        make_alert(email=f"{email}@example.org", confirmed_at=NOW - MINUTE, **about)
    Question.objects.update(seen_public_at=EARLIER)
    publish(slot, text="Clean water.")
    refresh_answers(AddressedQuestion.objects.all())

    assert queue_alerts(at=SETTLED) == 7

    named = ["all", "asker", "event", "question", "search", "state", "topic"]
    assert told() == [f"{name}@example.org" for name in named]


def test_a_new_question_is_told_to_who_follows_what_it_is_about(mailoutbox):
    event = make_event()
    first, second = make_candidacy(event=event), make_candidacy(event=event)
    make_slot(candidacy=first)
    for email, about in {
        "all": {},
        "first": {"state": first.state},
        "second": {"state": second.state},
        "search": {"words": "water"},
    }.items():
        make_alert(email=f"{email}@example.org", **about)
        confirm_alerts(Alert.objects.to_address(f"{email}@example.org"), at=NOW - MINUTE)
    question = make_question(event=event, state=second.state, text="Clean water?", title="Water")
    slot = make_slot(candidacy=second, question=question, sent=False)
    queue_alerts(at=NOW)
    assert told() == []

    slot.letter = make_slot(candidacy=second).letter
    AddressedQuestion.objects.filter(pk=slot.pk).update(letter=slot.letter)
    refresh_questions(Question.objects.all())
    queue_alerts(at=NOW + MINUTE)
    queue_alerts(at=SETTLED + MINUTE)

    assert told() == [f"{name}@example.org" for name in ["all", "search", "second"]]
    send_due_mail(at=SETTLED + MINUTE)
    for message in mailoutbox:
        assert f"{question.symbol} – {second.state}\nWater\nNew question\n" in message.body


def test_req_053_an_asker_who_is_no_longer_named_is_neither_followed_nor_named(mailoutbox):
    asker = make_asker(name="Jane Doe")
    slot = make_slot(question=make_question(askers=[asker]))
    Question.objects.update(seen_public_at=EARLIER)
    make_alert(email=READER, confirmed_at=EARLIER, asker=asker)
    publish(slot)
    publish(make_slot(question=make_question(event=slot.question.event, askers=[asker])))
    assert queue_alerts(at=SETTLED) == 1

    Asker.objects.update(kind=AskerKind.INDIVIDUAL)

    assert sent(mailoutbox, at=SETTLED) == []
    publish(make_slot(question=make_question(askers=[asker])), at=NOW + DAY)
    assert queue_alerts(at=SETTLED + DAY) == 0


def test_a_message_names_the_asker_that_is_followed(mailoutbox):
    slot = make_slot()
    asker = slot.question.askers.get()
    make_alert(email=READER, confirmed_at=EARLIER, asker=asker)
    publish(slot)

    [message] = sent(mailoutbox)

    assert message.subject == f"Newly published: {asker.name}"
    assert f"You follow: {asker.name}\n" in message.body


@pytest.mark.parametrize(
    ("kind", "received_at", "status"),
    [
        (ResponseKind.ANSWER, EARLIER, "Answered on time"),
        (ResponseKind.GENERAL, NOW + 5 * DAY, "Answered late"),
        (ResponseKind.DECLINED, EARLIER, "Declined to answer"),
    ],
)
def test_a_message_says_what_was_published_and_not_the_text(mailoutbox, kind, received_at, status):
    make_alert(email=READER, confirmed_at=EARLIER)
    slot = make_slot(question=make_question(title="Defenders"))
    Question.objects.update(seen_public_at=EARLIER)
    publish(slot, kind=kind, text="We will protect them.", received_at=received_at)

    [message] = sent(mailoutbox)

    assert message.subject == "Newly published"
    assert (
        f"{slot.symbol} – {slot.candidacy.state}\nDefenders\n{status}\n"
        f"http://127.0.0.1:8000{slot.get_absolute_url()}\n" in message.body
    )
    assert "protect them" not in message.body


def test_what_is_not_public_is_told_to_nobody():
    make_alert(confirmed_at=EARLIER)
    received, withheld, draft, specimen = (make_slot() for _slot in range(4))
    make_response(slot=received)
    publish(withheld, status=ResponseStatus.WITHHELD, withheld_reason="A mistake")
    publish(draft)
    publish(specimen)
    events = type(draft.question.event).objects
    events.filter(pk=draft.question.event_id).update(status=EventStatus.DRAFT)
    events.filter(pk=specimen.question.event_id).update(is_specimen=True)
    Question.objects.update(seen_public_at=EARLIER)

    assert queue_alerts(at=SETTLED) == 0


def test_req_088_a_text_withdrawn_before_the_message_leaves_is_not_named(mailoutbox):
    make_alert(email=READER, confirmed_at=EARLIER)
    kept, withdrawn = make_slot(), make_slot()
    Question.objects.update(seen_public_at=EARLIER)
    publish(kept)
    response = publish(withdrawn)
    queue_alerts(at=SETTLED)
    withhold_responses(
        Response.objects.filter(pk=response.pk), reason="A mistake", by=make_user(), at=SETTLED
    )

    send_due_mail(at=SETTLED + MINUTE)

    [message] = mailoutbox
    assert kept.symbol in message.body
    assert withdrawn.symbol not in message.body


def test_a_message_that_has_nothing_to_say_any_more_does_not_leave(mailoutbox):
    make_alert(email=READER, confirmed_at=EARLIER)
    slot = make_slot()
    Question.objects.update(seen_public_at=EARLIER)
    response = publish(slot)
    assert queue_alerts(at=SETTLED) == 1
    Response.objects.filter(pk=response.pk).update(
        status=ResponseStatus.WITHHELD, withheld_reason="A mistake"
    )

    send_due_mail(at=SETTLED)

    assert list(mailoutbox) == []
    assert not OutgoingMail.objects.exists()


def test_of_many_news_the_latest_fifty_are_listed(mailoutbox):
    event = make_event()
    state = make_state()
    make_alert(email=READER, confirmed_at=EARLIER, event=event)
    candidacy = make_candidacy(event=event, state=state)
    slots = [make_slot(candidacy=candidacy) for _slot in range(53)]
    Question.objects.update(seen_public_at=EARLIER)
    by = make_user()
    for number, slot in enumerate(slots):
        publish(slot, at=NOW - number * timedelta(seconds=1), published_by=by)

    [message] = sent(mailoutbox)

    assert message.body.count("Answered on time") == 50
    assert "Not listed here: 3." in message.body
    assert slots[0].symbol in message.body
    assert slots[52].symbol not in message.body


def test_the_queries_do_not_grow_with_the_alerts():
    slot = make_slot()
    Question.objects.update(seen_public_at=EARLIER)
    counts = []
    for number, alerts in enumerate([1, 3, 60]):
        for alert in range(alerts):
            make_alert(confirmed_at=EARLIER, state=slot.candidacy.state if alert % 2 else None)
        publish(make_slot(), at=NOW + number * DAY)
        Question.objects.update(seen_public_at=EARLIER)
        with CaptureQueriesContext(connection) as queries:
            queue_alerts(at=SETTLED + number * DAY)
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 30


def test_the_command_says_how_many_are_queued(capsys):
    make_alert(confirmed_at=EARLIER)
    publish(make_slot())

    call_command("send_alerts")
    call_command("send_alerts")

    assert capsys.readouterr().out == "1 queued\n0 queued\n"


def test_a_note_in_the_register_is_told_to_who_follows_what_it_is_about(mailoutbox):
    slot = make_slot(question=make_question(title="Defenders"))
    event, state = slot.question.event, slot.candidacy.state
    for email, about in {
        "all": {},
        "event": {"event": event},
        "state": {"state": state},
        "question": {"question": slot.question},
        "no-state": {"state": make_state()},
        "no-search": {"words": "defenders"},
    }.items():
        make_alert(email=f"{email}@example.org", confirmed_at=EARLIER, **about)
    Question.objects.update(seen_public_at=EARLIER)
    make_correction(event=event, slot=slot, published_at=NOW)
    make_correction(event=event)  # a draft
    make_correction(page="/about/", published_at=NOW)

    messages = sent(mailoutbox)

    named = ["all", "event", "question", "state"]
    assert sorted(message.to for message in messages) == [[f"{name}@example.org"] for name in named]
    for message in messages:
        assert f"{slot.symbol} – {state}\n{event.title}\nCorrection\nhttp://" in message.body
        assert "slip of the pen" not in message.body
        assert "/about/" not in message.body


def test_a_withdrawn_question_is_told_without_its_title(mailoutbox):
    question = make_slot(question=make_question(title="Named Person")).question
    make_alert(email=READER, confirmed_at=EARLIER, question=question)
    Question.objects.update(seen_public_at=EARLIER)

    withdraw_question(question, ground=Ground.PERSON, reason="Asked for.", by=make_user(), at=NOW)

    [message] = sent(mailoutbox)
    assert f"{question.symbol}\n{question.event.title}\nWithdrawal\n" in message.body
    assert "Named Person" not in message.body
