from datetime import date, timedelta

import pytest

from questions.models import (
    Contact,
    Draft,
    EventRecord,
    EventStatus,
    LetterOrigin,
    MailKind,
    MailStatus,
    OutgoingMail,
    ResponseStatus,
    Standing,
)
from questions.operations.dispatches import send_letters
from questions.operations.standings import standings
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_AT,
    make_candidacy,
    make_contact,
    make_event,
    make_letter,
    make_link,
    make_question,
    make_response,
    make_slot,
    make_state,
)
from tests.operations.letters_out import AT, draft, make_issued, make_ready, make_ready_event

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


def row_of(candidacy, *, at=BEFORE):
    (row,) = [one for one in standings(candidacy.event, at=at) if one.candidacy == candidacy]
    return row


def next_step(candidacy, *, at=BEFORE):
    return row_of(candidacy, at=at).next_step


def make_sent(**fields):
    """A State whose two missions were sent the letter, with the messages on their way."""
    letter = make_issued(**fields)
    send_letters(letter.candidacy.event, by=None, at=AT)
    return letter


def deliver(letter, city, **fields):
    defaults = {"status": MailStatus.SENT, "sent_at": LATER}
    mails = OutgoingMail.objects.filter(letter=letter, contact__mission__city=city)
    mails.update(**defaults | fields)


def deliver_both(letter):
    deliver(letter, "new_york")
    deliver(letter, "geneva")


def test_a_row_says_which_letter_and_how_it_came_to_both_missions():
    letter = make_sent(questions=2)
    deliver(letter, "new_york")
    geneva = Contact.objects.get(mission__city="geneva")

    row = row_of(letter.candidacy)

    assert (row.letter, row.asked, row.answered, row.to_publish) == (letter, 2, 0, 0)
    assert [(d.city, d.status, d.label, d.at) for d in row.deliveries] == [
        ("new_york", "sent", "Sent", LATER),
        ("geneva", "queued", "To send", AT),
    ]
    assert row.deliveries[1].contact == geneva


@pytest.mark.parametrize(
    ("fields", "status", "label"),
    [
        ({}, "sent", "Sent"),
        ({"status": MailStatus.SENDING, "sent_at": None}, "queued", "To send"),
        ({"status": MailStatus.UNSURE, "sent_at": None}, "unsure", "Possibly sent"),
        ({"status": MailStatus.FAILED, "sent_at": None}, "failed", "Failed"),
        ({"bounced_at": LATER}, "bounced", "Came back"),
    ],
)
def test_a_delivery_has_the_status_of_its_message(fields, status, label):
    letter = make_sent()
    deliver(letter, "geneva", **fields)

    delivery = row_of(letter.candidacy).deliveries[1]

    assert (delivery.status, delivery.label) == (status, label)


def test_of_two_addresses_at_a_mission_the_one_that_was_reached_counts():
    letter = make_issued()
    second = make_contact(state=letter.candidacy.state, email="second@octava.example")
    send_letters(letter.candidacy.event, by=None, at=AT)
    deliver(letter, "geneva", bounced_at=LATER)
    OutgoingMail.objects.filter(contact=second).update(bounced_at=None)

    delivery = row_of(letter.candidacy).deliveries[1]

    assert (delivery.status, delivery.contact) == ("sent", second)


def test_a_link_sent_again_to_an_address_says_how_it_was_reached_last():
    letter = make_sent()
    deliver(letter, "geneva", bounced_at=LATER)
    mail = OutgoingMail.objects.get(letter=letter, contact__mission__city="geneva")
    mail.pk, mail.kind, mail.letter, mail.bounced_at = None, MailKind.LINK_AGAIN, None, None
    mail.message_id = "<again@portal.example>"
    mail.save()

    assert row_of(letter.candidacy).deliveries[1].status == "sent"


def test_what_an_earlier_letter_or_another_kind_of_message_came_to_is_not_this_letters():
    letter = make_sent()
    deliver_both(letter)
    OutgoingMail.objects.update(kind=MailKind.EXTENSION)

    assert [d.status for d in row_of(letter.candidacy).deliveries] == ["none", "none"]

    OutgoingMail.objects.update(kind=MailKind.INVITATION)
    make_letter(candidacy=letter.candidacy)

    assert [d.status for d in row_of(letter.candidacy).deliveries] == ["none", "none"]


def test_a_letter_by_other_means_says_so():
    candidacy = make_ready(questions=0)
    letter = make_letter(candidacy=candidacy, origin=LetterOrigin.RECORDED)
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))

    row = row_of(candidacy)

    assert row.letter == letter
    assert [(d.status, d.label) for d in row.deliveries] == [("none", "Sent by other means")] * 2


def test_last_activity_is_the_last_saving_or_sending_and_never_an_opening():
    slot = make_slot()
    candidacy = slot.candidacy
    link, _token = make_link(candidacy=candidacy)
    moments = [row_of(candidacy).last_activity]
    Draft.objects.create(candidacy=candidacy, saved_at=BEFORE, saved_by=link)
    moments.append(row_of(candidacy).last_activity)
    make_response(slot=slot, received_at=AFTER)
    moments.append(row_of(candidacy).last_activity)
    type(link).objects.filter(pk=link.pk).update(last_used_at=AFTER + timedelta(days=1))
    moments.append(row_of(candidacy).last_activity)

    assert moments == [None, BEFORE, AFTER, AFTER + timedelta(days=1)]


def test_answers_are_counted_once_for_each_question_that_was_sent():
    candidacy = make_candidacy()
    first, second, _third = (
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
        for _ in range(3)
    )
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event), sent=False)
    make_response(slot=first, published=True)
    make_response(slot=first)
    make_response(slot=second, status=ResponseStatus.WITHHELD, withheld_reason="Names")
    make_response(slot=make_slot())

    row = row_of(candidacy)

    assert (row.asked, row.answered, row.to_publish) == (3, 2, 1)
    assert row.next_step == "Publish 1 answer"


def test_the_way_to_a_letter_step_by_step():
    bare = make_ready(questions=0)
    put = make_ready()
    steps = [next_step(bare), next_step(put)]
    letter = draft(put)
    steps.append(next_step(put))
    issued = make_issued()
    steps.append(next_step(issued.candidacy))
    Contact.objects.filter(mission__state=issued.candidacy.state).update(email="")
    steps.append(next_step(issued.candidacy))

    assert letter.number == 1
    assert steps == [
        "Put a question to it",
        "Compose a letter",
        "Issue letter 1",
        "Send the letter",
        "Enter an address",
    ]


def test_what_went_wrong_with_a_delivery_comes_before_waiting():
    letter = make_sent()
    candidacy = letter.candidacy
    steps = [next_step(candidacy)]
    deliver_both(letter)
    steps.append(next_step(candidacy))
    deliver(letter, "new_york", status=MailStatus.UNSURE, sent_at=None)
    steps.append(next_step(candidacy))
    deliver(letter, "geneva", bounced_at=LATER)
    deliver(letter, "new_york")
    steps.append(next_step(candidacy))
    deliver(letter, "new_york", status=MailStatus.FAILED, sent_at=None)
    steps.append(next_step(candidacy))

    assert steps == [
        "Wait until 8 October 2021",
        "Wait until 8 October 2021",
        "Ask whether the message to New York arrived",
        "Check the address in Geneva",
        "Enter an address that works: nothing was delivered",
    ]


@pytest.mark.parametrize(
    ("closes_on", "status", "at", "step"),
    [
        (None, EventStatus.OPEN, DUE_AT - timedelta(seconds=1), "Wait until 8 October 2021"),
        (None, EventStatus.OPEN, DUE_AT, "Late answers are taken"),
        (
            date(2021, 10, 13),
            EventStatus.OPEN,
            DUE_AT,
            "Late answers are taken until 13 October 2021",
        ),
        (date(2021, 10, 8), EventStatus.OPEN, DUE_AT, "Nothing: the form is closed"),
        (None, EventStatus.CLOSED, DUE_AT, "Nothing: the form is closed"),
    ],
)
def test_after_delivery_the_deadline_says_what_comes(closes_on, status, at, step):
    letter = make_sent(event=make_ready_event(closes_on=closes_on))
    deliver_both(letter)
    type(letter.candidacy.event).objects.update(status=status)
    letter.candidacy.event.refresh_from_db()

    assert next_step(letter.candidacy, at=at) == step


def test_nothing_is_left_to_do_where_every_question_has_something_published():
    slot = make_slot()
    make_response(slot=slot, published=True)

    assert next_step(slot.candidacy) == "Nothing: something was received to every question"


def test_a_state_that_no_longer_stands_is_left_alone_unless_it_answered():
    slot = make_slot()
    slot.candidacy.standing = Standing.WITHDREW
    slot.candidacy.save()
    before = next_step(slot.candidacy)
    make_response(slot=slot)

    assert before == "Nothing: it no longer stands"
    assert next_step(slot.candidacy) == "Publish 1 answer"


def test_of_a_reconstructed_event_no_letter_is_asked_for():
    candidacy = make_ready(event=make_event(record=EventRecord.RECONSTRUCTED))

    assert next_step(candidacy) == "Nothing: no letter on record"


def test_states_come_by_name_and_only_those_of_the_event():
    event = make_event()
    for name in ["Tertia", "Prima", "Secunda"]:
        make_candidacy(event=event, state=make_state(name=name))
    make_candidacy()

    assert [row.candidacy.state.name for row in standings(event, at=AT)] == [
        "Prima",
        "Secunda",
        "Tertia",
    ]


@pytest.mark.parametrize("states", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_states(django_assert_num_queries, states):
    event = make_ready_event()
    question = make_question(event=event, number=1)
    for _ in range(states):
        candidacy = make_ready(event=event, questions=0)
        make_letter(candidacy=candidacy, file=b"x", file_sha256="ab")
        make_response(slot=make_slot(candidacy=candidacy, question=question))
    send_letters(event, by=None, at=AT)

    with django_assert_num_queries(6):
        rows = standings(event, at=AT)

    assert {row.next_step for row in rows} == {"Publish 1 answer"}
    assert {d.status for row in rows for d in row.deliveries} == {"queued"}


def test_a_state_without_a_deadline_needs_one():
    slot = make_slot(candidacy=make_candidacy(due_at=None))
    letter = slot.letter
    letter.origin = LetterOrigin.RECORDED
    letter.save()

    assert next_step(slot.candidacy) == "Set a deadline"
