"""The commands that send links again and print where each State stands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from questions.models import AuditEntry, Contact, MailKind, OutgoingMail
from questions.operations.dispatches import send_letters
from questions.operations.outbox import send_due_mail
from tests.factories import make_user
from tests.operations.letters_out import AT, draft, make_issued, make_ready, make_ready_event

pytestmark = pytest.mark.django_db


def run(command, *args, **options):
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def candidacy():
    """A State whose letter is issued, with an address in both cities."""
    return make_issued().candidacy


@pytest.mark.parametrize(
    ("city", "missions"), [(None, ["newyork", "geneva"]), ("geneva", ["geneva"])]
)
def test_a_link_goes_again_to_the_addresses_on_file(candidacy, mailoutbox, city, missions):
    boss = make_user()
    options = ["--state", candidacy.state.iso3.lower(), "--by", boss.username]

    lines = run("send_links", candidacy.event.code, *options, *(["--city", city] if city else []))

    to = [f"{mission}@{candidacy.state.iso3.lower()}.example" for mission in missions]
    assert lines == [
        f"{candidacy.symbol}: to {', '.join(to)}",
        f"{len(to)} links were queued.",
        f"{len(to)} sent, 0 put off, 0 refused, 0 possibly sent",
    ]
    assert [message.to for message in mailoutbox] == [[address] for address in to]
    assert all("/reply/open/" in message.body for message in mailoutbox)
    assert "/reply/open/" not in "".join(lines)
    entry = AuditEntry.objects.filter(action="link.sent_again").get()
    assert entry.user == boss


def test_links_can_be_left_to_the_loop_that_sends(candidacy, mailoutbox):
    options = ["--state", candidacy.state.iso3, "--by", make_user().username, "--queue-only"]

    assert run("send_links", candidacy.event.code, *options)[-1] == "2 links were queued."

    assert mailoutbox == []
    assert OutgoingMail.objects.filter(kind=MailKind.LINK_AGAIN).count() == 2


def test_where_one_state_has_no_address_no_link_is_sent_to_any(candidacy, mailoutbox):
    other = make_issued(event=candidacy.event).candidacy
    Contact.objects.filter(mission__state=other.state).update(is_active=False)
    options = ["--by", make_user().username]
    for one in [candidacy, other]:
        options += ["--state", one.state.iso3]

    with pytest.raises(CommandError, match=f"no address of {other.state} is on file"):
        run("send_links", candidacy.event.code, *options)

    assert not OutgoingMail.objects.exists()


def test_where_one_state_was_written_no_letter_no_link_is_sent_to_any(candidacy):
    other = make_ready(event=candidacy.event)
    options = ["--by", make_user().username]
    for one in [candidacy, other]:
        options += ["--state", one.state.iso3]

    with pytest.raises(CommandError, match=f"no letter to {other.state} is issued"):
        run("send_links", candidacy.event.code, *options)

    assert not OutgoingMail.objects.exists()


def test_every_state_has_its_line(mailoutbox):
    event = make_ready_event()
    sent, drafted = make_issued(event=event), draft(make_ready(event=event))
    send_letters(event, by=None, at=AT, only=[sent.candidacy])
    send_due_mail(at=AT)

    lines = run("show_standings", event.code.lower())

    assert len(lines) == 2
    (line,) = [line for line in lines if line.startswith(f"{sent.candidacy.state};")]
    assert "letter 1, Issued; New York: Sent; Geneva: Sent; answered 0 of 1" in line
    (line,) = [line for line in lines if line.startswith(f"{drafted.candidacy.state};")]
    assert "letter 1, Draft; New York: Not sent; Geneva: Not sent" in line
    assert line.endswith("Issue letter 1")
