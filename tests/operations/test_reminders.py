from datetime import date, timedelta

import pytest

from questions.models import (
    AuditEntry,
    Contact,
    EventRecord,
    EventStatus,
    LetterOrigin,
    MailKind,
    OutgoingMail,
    ResponseKind,
    Standing,
    end_of_day,
)
from questions.operations.deadlines import extend_deadline
from questions.operations.dispatches import send_letters
from questions.operations.reminders import DueReminder, reminders_due, send_reminders
from tests.factories import (
    DUE_AT,
    answer,
    make_contact,
    make_letter,
    make_question,
    make_slot,
    make_user,
    send,
)
from tests.operations.letters_out import (
    AT,
    make_issued,
    make_ready,
    make_ready_event,
    mission_of,
)

pytestmark = pytest.mark.django_db

WEEK, DAY, LATE = MailKind.REMINDER_WEEK, MailKind.REMINDER_DAY, MailKind.LATE_NOTICE
WEEK_BEFORE = DUE_AT - timedelta(days=7)
DAY_BEFORE = DUE_AT - timedelta(days=1)
SECOND = timedelta(seconds=1)


def make_asked(*, event=None, questions=1):
    """A candidacy whose two missions were sent their letter on 27 September."""
    event = event or make_ready_event()
    letter = make_issued(event=event, questions=questions)
    send_letters(event, by=None, at=AT)
    letter.candidacy.refresh_from_db()
    return letter.candidacy


def kinds_due(event, at):
    return [(due.kind, due.candidacy) for due in reminders_due(event, at=at)]


def reminders_in_outbox():
    mails = OutgoingMail.objects.exclude(kind=MailKind.INVITATION).order_by("to")
    return [(mail.kind, mail.to) for mail in mails]


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        (WEEK_BEFORE - SECOND, None),
        (WEEK_BEFORE, WEEK),
        (WEEK_BEFORE + timedelta(days=1) - SECOND, WEEK),
        (WEEK_BEFORE + timedelta(days=1), None),
        (DAY_BEFORE - SECOND, None),
        (DAY_BEFORE, DAY),
        (DUE_AT - SECOND, DAY),
        (DUE_AT, LATE),
        (DUE_AT + timedelta(days=3) - SECOND, LATE),
        (DUE_AT + timedelta(days=3), None),
    ],
)
def test_each_reminder_has_its_time(at, kind):
    candidacy = make_asked()

    assert kinds_due(candidacy.event, at) == ([(kind, candidacy)] if kind else [])


def test_what_is_shown_to_staff_is_the_state_its_addresses_and_what_it_owes():
    candidacy = make_asked(questions=3)
    slot = candidacy.slots.order_by("position").first()
    send(candidacy, {slot: answer("Yes.")})
    new_york = Contact.objects.get(mission=mission_of(candidacy, "new_york"))
    geneva = Contact.objects.get(mission=mission_of(candidacy, "geneva"))
    make_contact(state=candidacy.state, email=geneva.email.upper())
    make_contact(state=candidacy.state, email="left@octava.example", is_active=False)
    make_contact(email="mission@nona.example")

    assert reminders_due(candidacy.event, at=WEEK_BEFORE) == [
        DueReminder(candidacy, WEEK, (new_york, geneva), 2)
    ]


def test_each_address_gets_each_reminder_once():
    candidacy = make_asked()
    user = make_user()
    moments = [WEEK_BEFORE, WEEK_BEFORE + timedelta(hours=5), DAY_BEFORE, DUE_AT, DUE_AT + SECOND]

    sent = [send_reminders(candidacy.event, by=user, at=at) for at in moments]

    assert sent == [2, 0, 2, 2, 0]
    addresses = Contact.objects.values_list("email", flat=True)
    assert sorted(reminders_in_outbox()) == sorted(
        (kind, address) for kind in ["week", "day", "late"] for address in addresses
    )
    entries = AuditEntry.objects.filter(action="reminder.sent").order_by("number")
    assert [(e.subject, e.user, e.details) for e in entries] == [
        (candidacy.symbol, user, {"kind": kind, "messages": 2}) for kind in ["week", "day", "late"]
    ]


def test_an_address_that_came_later_gets_its_reminder_alone():
    candidacy = make_asked()
    send_reminders(candidacy.event, by=None, at=WEEK_BEFORE)
    make_contact(state=candidacy.state, email="new@octava.example")

    assert send_reminders(candidacy.event, by=None, at=WEEK_BEFORE) == 1
    assert OutgoingMail.objects.latest("pk").to == "new@octava.example"


@pytest.mark.parametrize("at", [WEEK_BEFORE, DAY_BEFORE, DUE_AT])
def test_who_sent_something_to_every_question_is_not_reminded(at):
    event = make_ready_event()
    answered, declined, partly = (make_asked(event=event, questions=2) for _ in range(3))
    for candidacy, slots, kind in [
        (answered, 2, ResponseKind.ANSWER),
        (declined, 2, ResponseKind.DECLINED),
        (partly, 1, ResponseKind.ANSWER),
    ]:
        chosen = candidacy.slots.order_by("position")[:slots]
        send(candidacy, {slot: answer("No.", kind=kind) for slot in chosen})

    assert [candidacy for _kind, candidacy in kinds_due(event, at)] == [partly]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": EventStatus.CLOSED},
        {"status": EventStatus.DRAFT},
        {"record": EventRecord.RECONSTRUCTED},
    ],
)
def test_events_that_are_not_open_or_not_kept_here_remind_nobody(fields):
    candidacy = make_asked()
    event = candidacy.event
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()

    assert reminders_due(event, at=WEEK_BEFORE) == []
    assert send_reminders(event, by=None, at=WEEK_BEFORE) == 0
    assert reminders_in_outbox() == []


def test_after_the_form_has_closed_no_late_notice_says_that_it_is_open():
    candidacy = make_asked(event=make_ready_event(closes_on=date(2021, 10, 8)))

    assert kinds_due(candidacy.event, DUE_AT) == []


def test_who_was_not_sent_the_letter_is_not_reminded():
    event = make_ready_event()
    unsent = make_issued(event=event).candidacy
    unreachable = make_issued(event=event).candidacy
    Contact.objects.filter(mission__state=unreachable.state).update(email="")
    make_ready(event=event)

    assert unsent.slots.sent().exists()
    assert reminders_due(event, at=WEEK_BEFORE) == []


def test_who_was_sent_the_letter_later_than_a_reminder_fell_due_is_spared_it():
    letter = make_issued()
    event = letter.candidacy.event
    send_letters(event, by=None, at=WEEK_BEFORE + SECOND)

    assert reminders_due(event, at=WEEK_BEFORE + timedelta(hours=2)) == []
    assert kinds_due(event, DAY_BEFORE) == [(DAY, letter.candidacy)]


def test_a_letter_that_went_out_by_other_means_counts_from_its_day():
    event = make_ready_event()
    early, late = (make_ready(event=event, questions=0) for _ in range(2))
    for candidacy, day in [(early, date(2021, 9, 29)), (late, date(2021, 10, 3))]:
        make_letter(candidacy=candidacy, origin=LetterOrigin.RECORDED, date=day)
        make_slot(candidacy=candidacy, question=make_question(event=event))
    event.candidacies.update(due_at=DUE_AT)

    assert [candidacy for _kind, candidacy in kinds_due(event, WEEK_BEFORE)] == [early]


def test_who_withdrew_is_not_reminded():
    candidacy = make_asked()
    candidacy.standing = Standing.WITHDREW
    candidacy.save()

    assert reminders_due(candidacy.event, at=WEEK_BEFORE) == []


def test_each_state_is_reminded_of_its_own_deadline():
    event = make_ready_event()
    first, second = make_asked(event=event), make_asked(event=event)
    type(second).objects.filter(pk=second.pk).update(due_at=end_of_day(date(2021, 10, 15)))

    assert kinds_due(event, WEEK_BEFORE) == [(WEEK, first)]
    assert set(kinds_due(event, DUE_AT)) == {(LATE, first), (WEEK, second)}


def test_an_extension_brings_no_second_reminder_of_a_kind():
    candidacy = make_asked()
    event = candidacy.event
    send_reminders(event, by=None, at=WEEK_BEFORE)
    extend_deadline([candidacy], date(2021, 10, 15), reason="Asked", by=make_user(), at=DAY_BEFORE)

    assert kinds_due(event, DAY_BEFORE + SECOND) == []
    assert send_reminders(event, by=None, at=DUE_AT) == 0


def test_staff_may_choose_of_whom_the_list_is_sent():
    event = make_ready_event()
    first, second = make_asked(event=event), make_asked(event=event)

    assert send_reminders(event, by=None, at=WEEK_BEFORE, only=[second]) == 2
    assert kinds_due(event, WEEK_BEFORE) == [(WEEK, first)]


@pytest.mark.parametrize("states", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_states(django_assert_num_queries, states):
    event = make_ready_event()
    for _ in range(states):
        candidacy = make_ready(event=event, questions=0)
        make_letter(candidacy=candidacy)
        make_slot(
            candidacy=candidacy, question=event.questions.first() or make_question(event=event)
        )
    event.candidacies.update(due_at=DUE_AT)

    with django_assert_num_queries(5):
        assert len(reminders_due(event, at=DAY_BEFORE)) == states
