from datetime import date, timedelta

import pytest

from questions.models import (
    AddressedQuestion,
    AuditEntry,
    Contact,
    DeadlineExtension,
    Edition,
    Event,
    MailKind,
    OutgoingMail,
    end_of_day,
)
from questions.operations.deadlines import (
    EarlierDeadline,
    NoDeadline,
    ReasonMissing,
    extend_deadline,
)
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_AT,
    DUE_ON,
    answer,
    make_candidacy,
    make_contact,
    make_event,
    make_response,
    make_slot,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

LATER_ON = date(2021, 10, 15)
LATER = end_of_day(LATER_ON)


def extend(candidacies, due_on=LATER_ON, **fields):
    defaults = {"reason": "The capital asked for time.", "by": make_user(), "at": BEFORE}
    return extend_deadline(candidacies, due_on, **defaults | fields)


def make_asked(**fields):
    """A State with an address in each city and one question sent to it."""
    slot = make_slot(**fields)
    make_contact(state=slot.candidacy.state, city="new_york", email="newyork@octava.example")
    make_contact(state=slot.candidacy.state, city="geneva", email="geneva@octava.example")
    return slot.candidacy


def test_req_033_both_days_the_reason_and_who_are_kept():
    candidacy = make_candidacy()
    user = make_user()

    extended = extend([candidacy], reason=" The capital asked. ", by=user)

    candidacy.refresh_from_db()
    assert (extended, candidacy.due_at, candidacy.due_on) == (1, LATER, LATER_ON)
    extension = DeadlineExtension.objects.get()
    assert (extension.candidacy, extension.previous_due_at, extension.due_at) == (
        candidacy,
        DUE_AT,
        LATER,
    )
    assert (extension.reason, extension.by, extension.extended_at) == (
        "The capital asked.",
        user,
        BEFORE,
    )


def test_req_033_the_audit_entry_has_both_days_and_no_words_of_people():
    candidacy = make_candidacy()
    user = make_user()

    extend([candidacy], by=user)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.user) == (
        "deadline.extended",
        candidacy.symbol,
        user,
    )
    assert entry.details == {"was": "2021-10-08", "due_on": "2021-10-15"}


@pytest.mark.parametrize("due_on", [DUE_ON, DUE_ON - timedelta(days=1)])
def test_req_033_an_earlier_deadline_or_the_same_is_refused_for_all(due_on):
    event = make_event()
    first = make_candidacy(event=event, due_at=end_of_day(date(2021, 9, 1)))
    second = make_candidacy(event=event)

    with pytest.raises(EarlierDeadline) as refusal:
        extend([first, second], due_on)

    assert refusal.value.candidacy == second
    first.refresh_from_db()
    assert first.due_at == end_of_day(date(2021, 9, 1))
    assert not DeadlineExtension.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_req_033_an_extension_needs_a_reason(reason):
    candidacy = make_candidacy()

    with pytest.raises(ReasonMissing):
        extend([candidacy], reason=reason)

    candidacy.refresh_from_db()
    assert candidacy.due_at == DUE_AT


def test_a_state_without_a_deadline_has_none_to_extend():
    candidacy = make_candidacy(due_at=None)

    with pytest.raises(NoDeadline):
        extend([candidacy])

    candidacy.refresh_from_db()
    assert candidacy.due_at is None


def test_req_033_one_action_extends_for_all_and_leaves_the_letters_day():
    event = make_event()
    first, second = make_candidacy(event=event), make_candidacy(event=event)
    other = make_candidacy()

    extended = extend(event.candidacies.all())

    assert extended == 2
    for candidacy, due_at in [(first, LATER), (second, LATER), (other, DUE_AT)]:
        candidacy.refresh_from_db()
        assert candidacy.due_at == due_at
    event.refresh_from_db()
    assert event.answers_due_on == DUE_ON


def test_a_deadline_extended_twice_keeps_every_step():
    candidacy = make_candidacy()

    extend([candidacy])
    extend([candidacy], date(2021, 10, 20), at=AFTER)

    assert list(candidacy.extensions.values_list("previous_due_at", "due_at")) == [
        (DUE_AT, LATER),
        (LATER, end_of_day(date(2021, 10, 20))),
    ]


def test_req_033_lateness_follows_the_deadline_and_the_submission_keeps_what_stood():
    slot = make_slot()
    between = DUE_AT + timedelta(days=2)
    make_response(slot=slot, published=True, received_at=between)
    status = AddressedQuestion.objects.with_status(at=between).get(pk=slot.pk).answer_status
    submission = slot.candidacy.submissions.get()

    extend([slot.candidacy], at=between)

    after = AddressedQuestion.objects.with_status(at=between).get(pk=slot.pk).answer_status
    submission.refresh_from_db()
    assert (status, after) == ("late", "on")
    assert (submission.due_at, submission.is_late) == (DUE_AT, True)
    later = send(slot.candidacy, {slot: answer("Yes.")}, received_at=between)
    assert (later.due_at, later.is_late) == (LATER, False)


@pytest.mark.parametrize(
    ("closes_on", "moved_to"),
    [
        (date(2021, 10, 13), LATER_ON),
        (date(2021, 10, 20), date(2021, 10, 20)),
        (None, None),
    ],
)
def test_the_form_never_closes_before_the_new_deadline(closes_on, moved_to):
    event = make_event(closes_on=closes_on)
    other = make_event(closes_on=date(2021, 10, 13))
    candidacy = make_candidacy(event=event)

    extend([candidacy])

    assert Event.objects.get(pk=event.pk).closes_on == moved_to
    assert Event.objects.get(pk=other.pk).closes_on == date(2021, 10, 13)


def test_both_missions_are_told_both_days():
    candidacy = make_asked()
    make_contact(email="mission@nona.example")

    extend([candidacy])

    mails = OutgoingMail.objects.filter(kind=MailKind.EXTENSION).order_by("to")
    assert [mail.to for mail in mails] == ["geneva@octava.example", "newyork@octava.example"]
    for mail in mails:
        assert "8 October 2021" in mail.body and "15 October 2021" in mail.body
        assert mail.candidacy == candidacy


def test_a_state_that_was_not_asked_yet_gets_no_notice():
    slot = make_slot(sent=False)
    make_contact(state=slot.candidacy.state, email="geneva@octava.example")

    extend([slot.candidacy])

    assert Contact.objects.reachable().exists()
    assert not OutgoingMail.objects.exists()


def test_the_public_pages_change_with_it():
    candidacy = make_candidacy()
    Edition.objects.bump(at=BEFORE)
    edition = Edition.objects.get().number

    assert extend([]) == 0
    assert Edition.objects.get().number == edition
    extend([candidacy])
    assert Edition.objects.get().number == edition + 1


@pytest.mark.parametrize("states", [3, 9])
def test_reading_takes_the_same_queries_for_all_states(django_assert_max_num_queries, states):
    """What grows is what is written: row, extension, notices and audit entry of each."""
    event = make_event()
    candidacies = [make_candidacy(event=event) for _ in range(states)]

    with django_assert_max_num_queries(16 + 7 * states):
        extend(candidacies, by=make_user())
