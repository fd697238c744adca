from datetime import date, timedelta

import pytest

from questions.models import (
    AuditEntry,
    Contact,
    Edition,
    Event,
    LetterOrigin,
    MailKind,
    OutgoingMail,
    Standing,
)
from questions.operations.dispatches import (
    Blocked,
    ClosesTooEarly,
    MessageToSend,
    NoLetterIssued,
    messages_to_send,
    preview_message,
    proposed_closing,
    send_letters,
    send_new_links,
    send_to_self,
)
from questions.operations.issuing import issue_composed
from questions.operations.links import ContactElsewhere
from tests.factories import (
    make_contact,
    make_letter,
    make_question,
    make_slot,
    make_user,
)
from tests.operations.letters_out import (
    AT,
    draft,
    make_issued,
    make_ready,
    make_ready_event,
    mission_of,
)

pytestmark = pytest.mark.django_db


def addresses_of(*candidacies):
    return [
        contact.email
        for candidacy in candidacies
        for contact in Contact.objects.filter(mission__state=candidacy.state).order_by("pk")
    ]


def queued():
    """(kind, letter, address) of what is in the outbox, in the order in which it leaves."""
    mails = OutgoingMail.objects.order_by("pk")
    return [(mail.kind, mail.letter, mail.to) for mail in mails]


def test_each_address_of_each_state_gets_its_letter_once():
    event = make_ready_event()
    first, second = make_issued(event=event), make_issued(event=event)
    make_issued()  # of another event
    user = make_user()

    sent = send_letters(event, by=user, at=AT)
    again = send_letters(event, by=user, at=AT + timedelta(days=1))

    assert (sent, again) == (4, 0)
    assert sorted(queued(), key=str) == sorted(
        [
            (MailKind.INVITATION, letter, address)
            for letter in (first, second)
            for address in addresses_of(letter.candidacy)
        ],
        key=str,
    )
    entries = AuditEntry.objects.filter(action="letter.sent").order_by("number")
    assert [(e.subject, e.user, e.details) for e in entries] == [
        (first.candidacy.symbol, user, {"letter": 1, "messages": 2}),
        (second.candidacy.symbol, user, {"letter": 1, "messages": 2}),
    ]


def test_what_is_shown_before_sending_is_what_is_sent():
    event = make_ready_event()
    letter = make_issued(event=event)
    new_york = Contact.objects.get(mission=mission_of(letter.candidacy, "new_york"))
    geneva = Contact.objects.get(mission=mission_of(letter.candidacy, "geneva"))
    make_contact(state=letter.candidacy.state, email=geneva.email.upper())  # the same address
    make_contact(state=letter.candidacy.state, email="left@octava.example", is_active=False)
    make_contact(state=letter.candidacy.state, email="")
    make_contact(email="mission@nona.example")

    shown = messages_to_send(event)
    sent = send_letters(event, by=None, at=AT)

    assert shown == [MessageToSend(letter, new_york), MessageToSend(letter, geneva)]
    assert sent == 2
    assert {mail.contact for mail in OutgoingMail.objects.all()} == {new_york, geneva}
    assert messages_to_send(event) == []


def test_an_error_of_any_state_blocks_and_nothing_is_queued():
    event = make_ready_event()
    make_issued(event=event)
    unissued = make_ready(event=event)

    with pytest.raises(Blocked) as refusal:
        send_letters(event, by=make_user(), at=AT)

    assert [(f.code, f.candidacy) for f in refusal.value.findings] == [
        ("letter_not_issued", unissued)
    ]
    assert str(refusal.value) == "No letter was composed."
    assert not OutgoingMail.objects.exists()


def test_only_the_chosen_states_are_sent_to_and_only_their_errors_block():
    event = make_ready_event()
    letter, _other = make_issued(event=event), make_issued(event=event)
    unissued = make_ready(event=event)

    assert send_letters(event, by=None, at=AT, only=[letter.candidacy]) == 2
    assert {mail.letter for mail in OutgoingMail.objects.all()} == {letter}
    with pytest.raises(Blocked):
        send_letters(event, by=None, at=AT, only=[letter.candidacy, unissued])


def test_a_fault_of_the_whole_event_blocks_also_the_chosen_states():
    letter = make_issued(event=make_ready_event(closes_on=date(2021, 10, 13)))

    with pytest.raises(Blocked) as refusal:
        send_letters(
            letter.candidacy.event,
            by=None,
            at=AT + timedelta(days=30),
            only=[letter.candidacy],
        )

    assert [f.code for f in refusal.value.findings] == ["form_closed", "deadline_past"]


def test_warnings_do_not_block():
    letter = make_issued()
    Contact.objects.filter(mission=mission_of(letter.candidacy, "geneva")).update(email="")

    assert send_letters(letter.candidacy.event, by=None, at=AT) == 1


def test_an_address_that_came_later_gets_the_letter_and_the_others_not_again():
    letter = make_issued()
    event = letter.candidacy.event
    send_letters(event, by=None, at=AT)
    make_contact(state=letter.candidacy.state, email="new@octava.example")

    assert send_letters(event, by=None, at=AT) == 1
    assert queued()[-1] == (MailKind.INVITATION, letter, "new@octava.example")


def test_a_correction_is_sent_in_place_of_what_it_corrects():
    letter = make_issued()
    candidacy = letter.candidacy
    corrected = issue_composed(draft(candidacy), by=make_user(), at=AT)

    send_letters(candidacy.event, by=None, at=AT)

    assert {mail.letter for mail in OutgoingMail.objects.all()} == {corrected}


def test_an_additional_letter_is_sent_beside_the_first():
    letter = make_issued()
    candidacy = letter.candidacy
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event), sent=False)
    additional = issue_composed(draft(candidacy), by=make_user(), at=AT)

    assert send_letters(candidacy.event, by=None, at=AT) == 4
    assert [row[1] for row in queued()] == [letter, letter, additional, additional]


def test_letters_by_other_means_and_those_to_states_that_withdrew_are_not_sent():
    event = make_ready_event()
    recorded = make_ready(event=event, questions=0)
    make_letter(candidacy=recorded, origin=LetterOrigin.RECORDED)
    make_slot(candidacy=recorded, question=make_question(event=event))
    withdrew = make_issued(event=event).candidacy
    withdrew.standing = Standing.WITHDREW
    withdrew.save()

    assert messages_to_send(event) == []
    assert send_letters(event, by=None, at=AT) == 0


def test_an_imported_letter_is_sent():
    candidacy = make_ready(questions=0)
    letter = make_letter(candidacy=candidacy, file=b"letter", file_name="a.txt", file_sha256="ab")
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))

    assert send_letters(candidacy.event, by=None, at=AT) == 2
    assert {mail.letter for mail in OutgoingMail.objects.all()} == {letter}


def test_the_closing_day_is_set_when_it_is_given():
    letter = make_issued()
    event = letter.candidacy.event
    Edition.objects.bump(at=AT)
    edition = Edition.objects.get().number

    send_letters(event, by=None, at=AT, closes_on=date(2021, 10, 13))

    event.refresh_from_db()
    assert event.closes_on == date(2021, 10, 13)
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.details) == (
        "event.closing_set",
        {"was": "", "closes_on": "2021-10-13"},
    )
    assert Edition.objects.get().number == edition + 1


def test_sending_without_a_closing_day_leaves_it_as_it_is():
    letter = make_issued(event=make_ready_event(closes_on=date(2021, 10, 12)))

    send_letters(letter.candidacy.event, by=None, at=AT)

    assert Event.objects.get(pk=letter.candidacy.event_id).closes_on == date(2021, 10, 12)
    assert not AuditEntry.objects.filter(action="event.closing_set").exists()


@pytest.mark.parametrize("closes_on", [date(2021, 10, 7), date(2021, 9, 26)])
def test_the_form_cannot_close_before_the_deadline_or_in_the_past(closes_on):
    event = make_ready_event(answers_due_on=date(2021, 10, 8))
    make_issued(event=event)

    with pytest.raises(ClosesTooEarly):
        send_letters(event, by=None, at=AT, closes_on=closes_on)

    event.refresh_from_db()
    assert event.closes_on is None
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("fields", "proposed"),
    [
        ({}, date(2021, 10, 13)),
        ({"election_date": None}, None),
        ({"closes_on": date(2021, 10, 20)}, None),
        ({"election_date": date(2021, 10, 8)}, None),  # the day before is before the deadline
        ({"election_date": date(2021, 9, 20), "answers_due_on": date(2021, 9, 1)}, None),
    ],
)
def test_the_day_before_the_election_is_proposed_for_closing(fields, proposed):
    assert proposed_closing(make_ready_event(**fields), at=AT) == proposed


def test_a_message_to_oneself_has_the_words_and_no_link_and_counts_as_no_sending():
    letter = make_issued()
    contact = Contact.objects.get(mission=mission_of(letter.candidacy, "geneva"))
    user = make_user()

    first = send_to_self(letter, contact, "me@portal.example", by=user, at=AT)
    second = send_to_self(letter, contact, "me@portal.example", by=user, at=AT)

    assert (first.to, first.letter, first.contact, first.kind) == (
        "me@portal.example",
        letter,
        None,
        MailKind.PREVIEW,
    )
    assert first.pk != second.pk
    assert "[link]" not in first.body and "/reply/open/" not in first.body
    assert len(messages_to_send(letter.candidacy.event)) == 2
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.user, entry.details) == ("letter.previewed", user, {"letter": 1})


def test_what_is_previewed_is_what_is_queued_but_for_link_and_code():
    letter = make_issued()
    contact = Contact.objects.get(mission=mission_of(letter.candidacy, "geneva"))

    subject, body = preview_message(letter, contact)
    send_letters(letter.candidacy.event, by=None, at=AT)

    queued = OutgoingMail.objects.get(contact=contact)
    differing = set(body.split("\n")) ^ set(queued.body.split("\n"))
    assert subject == queued.subject
    assert {line for line in differing if line.startswith("[")} == {"[link]", "[code]"}
    assert len(differing) == 4


def test_a_new_link_goes_to_the_chosen_addresses_on_file():
    candidacy = make_issued().candidacy
    geneva = Contact.objects.get(mission=mission_of(candidacy, "geneva"))
    user = make_user()

    assert send_new_links(candidacy, [geneva], by=user, at=AT) == 1
    assert queued() == [(MailKind.LINK_AGAIN, None, geneva.email)]
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.user, entry.details) == (
        "link.sent_again",
        user,
        {"contacts": [geneva.pk]},
    )


def test_a_state_without_an_issued_letter_gets_no_link_again():
    candidacy = draft(make_ready()).candidacy
    geneva = Contact.objects.get(mission=mission_of(candidacy, "geneva"))

    with pytest.raises(NoLetterIssued):
        send_new_links(candidacy, [geneva], by=make_user(), at=AT)

    assert queued() == []


@pytest.mark.parametrize("fields", [{}, {"email": ""}, {"is_active": False}])
def test_a_new_link_goes_to_nobody_who_is_not_on_file_at_the_states_missions(fields):
    candidacy = make_issued().candidacy
    geneva = Contact.objects.get(mission=mission_of(candidacy, "geneva"))
    state = candidacy.state if fields else None
    other = make_contact(state=state, **{"email": "other@nona.example"} | fields)

    with pytest.raises(ContactElsewhere):
        send_new_links(candidacy, [geneva, other], by=make_user(), at=AT)

    assert queued() == []


@pytest.mark.parametrize("states", [3, 60])
def test_the_list_of_messages_takes_three_queries(django_assert_num_queries, states):
    event = make_ready_event()
    for _ in range(states):
        make_letter(candidacy=make_ready(event=event, questions=0))

    with django_assert_num_queries(3):
        assert len(messages_to_send(event)) == 2 * states
