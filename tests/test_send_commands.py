"""The commands that send letters and reminders, to a real mail server in this process."""

import re
import sys
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from questions.models import (
    AccessLink,
    Contact,
    Event,
    EventRecord,
    EventStatus,
    MailStatus,
    OutgoingMail,
    end_of_day,
)
from questions.operations.dispatches import send_letters
from tests.factories import make_candidacy
from tests.mail_server import mail_server
from tests.operations.letters_out import make_issued, make_ready, make_ready_event, mission_of

pytestmark = pytest.mark.django_db

LINK = re.compile(r"^https?://[^/\s]+(/reply/open/[\w-]{43})$", re.MULTILINE)


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


def run(command, *args, **options):
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue().splitlines()


def make_event_to_come(**fields):
    """An event whose answers are due in twenty days."""
    due_on = timezone.localdate() + timedelta(days=20)
    while due_on.weekday() > 4:
        due_on += timedelta(days=1)
    defaults = {"answers_due_on": due_on, "election_date": due_on + timedelta(days=10)}
    return make_ready_event(**defaults | fields)


def make_letter_to_send(**fields):
    return make_issued(event=make_event_to_come(**fields), at=timezone.now())


def test_the_real_letter_of_the_demo_goes_to_both_missions_with_working_links(
    server, settings, client
):
    settings.PORTAL_ENV = "demo"
    call_command("prepare_demo", base_url="http://127.0.0.1:8000", stdout=StringIO())

    lines = run("send_letters", "PE2021")
    again = run("send_letters", "PE2021")

    assert lines[-2:] == [
        "2 messages were queued.",
        "2 sent, 0 put off, 0 refused, 0 possibly sent",
    ]
    assert again[-1] == "No message is left to send."
    assert sorted(taken.recipients for taken in server.taken) == [
        ("geneva.kaz@localhost",),
        ("newyork.kaz@localhost",),
    ]
    letter = Event.objects.get(code="PE2021").candidacies.get(state__iso3="KAZ").letters.get()
    opened = set()
    for taken in server.taken:
        (attached,) = taken.message.iter_attachments()
        assert attached.get_filename() == "letter_kazakhstan_2021.txt"
        assert attached.get_content().split() == bytes(letter.file).decode().split()
        (path,) = LINK.findall(taken.text)
        page = client.get(path)
        assert page.status_code == 303
        assert page.headers["Location"].endswith("/reply/pe2021-kaz/")
        opened.add(path)
    assert len(opened) == 2


def test_the_pre_flight_names_a_contact_that_was_removed(server):
    letter = make_letter_to_send()
    geneva = Contact.objects.get(mission=mission_of(letter.candidacy, "geneva"))
    geneva.is_active = False
    geneva.save()

    lines = run("send_letters", letter.candidacy.event.code)

    state = letter.candidacy.state.name
    assert lines[0] == f"Warning: {state}: No address at the Permanent Mission in Geneva."
    assert [taken.recipients for taken in server.taken] == [(Contact.objects.active().get().email,)]


def test_errors_are_printed_and_nothing_is_sent(server):
    event = make_event_to_come()
    make_issued(event=event, at=timezone.now())
    unissued = make_ready(event=event)
    out = StringIO()

    with pytest.raises(CommandError, match=r"^Nothing was sent: mend the errors above\.$"):
        call_command("send_letters", event.code, stdout=out)

    assert f"Error: {unissued.state}: No letter was composed." in out.getvalue()
    assert server.taken == []
    assert not OutgoingMail.objects.exists()


def test_only_the_states_that_are_named_are_sent_to(server):
    event = make_event_to_come()
    chosen = make_issued(event=event, at=timezone.now()).candidacy
    make_issued(event=event, at=timezone.now())
    make_ready(event=event)  # its error is not theirs

    run("send_letters", event.code, state=[chosen.state.iso3.lower()])

    assert {mail.candidacy for mail in OutgoingMail.objects.all()} == {chosen}
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("args", "options", "message"),
    [
        (["PE1066"], {}, "There is no event PE1066."),
        (["PE2999"], {"state": ["XXX"]}, "Not at PE2999: XXX."),
        (["PE2999"], {"to_self": "nobody"}, "nobody is no e-mail address."),
        (
            ["PE2999"],
            {"closes_on": date(2021, 1, 1)},
            "Nothing was sent: the form cannot close before the deadline or in the past.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(server, args, options, message):
    make_letter_to_send(year=2999)

    with pytest.raises(CommandError) as refusal:
        run("send_letters", *args, **options)

    assert str(refusal.value) == message
    assert server.taken == []


def test_a_dry_run_prints_to_whom_and_sends_nothing(server):
    letter = make_letter_to_send()

    lines = run("send_letters", letter.candidacy.event.code, dry_run=True)

    assert [line.split(", ")[-1] for line in lines[1:]] == [
        contact.email for contact in Contact.objects.order_by("-mission__city")
    ]
    assert not OutgoingMail.objects.exists()


def test_what_is_only_queued_waits_for_send_mail(server):
    letter = make_letter_to_send()

    lines = run("send_letters", letter.candidacy.event.code, queue_only=True)

    assert lines[-1] == "2 messages were queued."
    assert server.taken == []
    assert OutgoingMail.objects.filter(status=MailStatus.QUEUED).count() == 2


def test_a_copy_to_oneself_holds_the_letter_and_no_link_and_sends_nothing_else(server):
    letter = make_letter_to_send()

    run("send_letters", letter.candidacy.event.code, to_self="me@portal.example")

    (taken,) = server.taken
    assert taken.recipients == ("me@portal.example",)
    assert LINK.findall(taken.text) == []
    assert [part.get_content_type() for part in taken.message.iter_attachments()] == [
        "application/pdf"
    ]
    assert not AccessLink.objects.exists()


@pytest.mark.parametrize(("typed", "sent"), [("y", 2), ("YES", 2), ("", 0), ("n", 0)])
def test_on_a_terminal_it_asks_before_it_sends(server, monkeypatch, typed, sent):
    letter = make_letter_to_send()
    asked = []
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or typed)

    run("send_letters", letter.candidacy.event.code)

    assert asked == ["Send 2 messages? [y/N] "]
    assert len(server.taken) == sent == OutgoingMail.objects.count()


def test_yes_answers_for_whoever_is_not_asked(server, monkeypatch):
    letter = make_letter_to_send()
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())

    run("send_letters", letter.candidacy.event.code, yes=True)

    assert len(server.taken) == 2


def test_the_closing_day_is_proposed_and_set_when_given(server):
    letter = make_letter_to_send()
    event = letter.candidacy.event
    proposed = event.election_date - timedelta(days=1)

    lines = run("send_letters", event.code, dry_run=True)
    run("send_letters", event.code, closes_on=proposed)

    event.refresh_from_db()
    assert lines[0] == f"No closing day is set; --closes-on {proposed} is proposed."
    assert event.closes_on == proposed


def make_due_tomorrow(**fields):
    """A State whose letter was sent a month ago and whose deadline is less than a day away."""
    now = timezone.now()
    candidacy = make_issued(event=make_event_to_come(), at=now).candidacy
    event = candidacy.event
    send_letters(event, by=None, at=now - timedelta(days=30))
    OutgoingMail.objects.update(status=MailStatus.SENT, sent_at=now)
    type(candidacy).objects.filter(pk=candidacy.pk).update(due_at=now + timedelta(hours=20))
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()
    return candidacy


def test_reminders_go_out_once_and_are_printed(server):
    candidacy = make_due_tomorrow()
    make_due_tomorrow(status=EventStatus.CLOSED)
    make_due_tomorrow(record=EventRecord.RECONSTRUCTED)
    new_york, geneva = Contact.objects.filter(mission__state=candidacy.state).order_by("pk")

    dry = run("send_reminders", dry_run=True)
    sent = run("send_reminders")
    again = run("send_reminders")

    line = (
        f"{candidacy.symbol}: Reminder, last day, open questions: 1, "
        f"to {new_york.email}, {geneva.email}"
    )
    assert dry == [line]
    assert sent == [
        line,
        "2 messages were queued.",
        "2 sent, 0 put off, 0 refused, 0 possibly sent",
    ]
    assert again[0] == "0 messages were queued."
    assert len(server.taken) == 2


def test_reminders_of_one_event_may_be_queued_alone(server):
    candidacy = make_due_tomorrow()
    make_due_tomorrow()

    lines = run("send_reminders", candidacy.event.code.lower(), queue_only=True)

    assert lines[-1] == "2 messages were queued."
    assert server.taken == []
    waiting = OutgoingMail.objects.filter(status=MailStatus.QUEUED)
    assert {mail.candidacy for mail in waiting} == {candidacy}


def test_reminders_of_an_event_that_does_not_exist_are_refused():
    make_candidacy(due_at=end_of_day(timezone.localdate()))

    with pytest.raises(CommandError, match=r"There is no event PE1066\."):
        run("send_reminders", "PE1066")
