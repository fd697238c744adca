from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from questions.models import (
    AccessLink,
    AuditEntry,
    MailKind,
    MailStatus,
    OutgoingMail,
    ReplyContact,
)
from questions.operations.deadlines import extend_deadline
from questions.operations.links import revoke_link
from questions.operations.reply_contacts import (
    Person,
    forget_reply_contacts,
    remove_reply_contact,
    save_reply_contact,
)
from questions.operations.submissions import LinkRevoked, ReplyClosed
from tests.factories import (
    BEFORE,
    DUE_ON,
    answer,
    make_candidacy,
    make_event,
    make_link,
    make_reply_contact,
    make_slot,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

PERSON = Person("A. Second", "Second Secretary", "desk@specimen.example", "fr")
ELECTED_ON = date(2021, 10, 14)
FORGOTTEN_FROM = datetime(2022, 4, 15, 4, 0, tzinfo=UTC)  # the end of 14 April in New York


def test_saving_keeps_one_contact_a_mission_and_the_chain_learns_no_name():
    candidacy = make_candidacy()
    geneva, _token = make_link(candidacy=candidacy)
    new_york, _token = make_link(candidacy=candidacy, city="new_york")
    save_reply_contact(candidacy, PERSON, link=geneva, at=BEFORE)
    save_reply_contact(candidacy, PERSON, link=new_york, at=BEFORE)

    other = Person("B. First", "", "first@specimen.example", "en")
    save_reply_contact(candidacy, other, link=geneva, at=BEFORE)

    stored = candidacy.reply_contacts.order_by("mission__city")
    assert [(one.mission.city, one.name, one.post, one.email, one.language) for one in stored] == [
        ("geneva", "B. First", "", "first@specimen.example", "en"),
        ("new_york", "A. Second", "Second Secretary", "desk@specimen.example", "fr"),
    ]
    assert [one.saved_by for one in stored] == [geneva, new_york]
    entries = AuditEntry.objects.filter(action="reply_contact.saved")
    assert [entry.details["city"] for entry in entries.order_by("number")] == [
        "geneva",
        "new_york",
        "geneva",
    ]
    assert not any("specimen" in str(entry.details) for entry in entries)
    assert AccessLink.objects.get(pk=geneva.pk).last_used_at == BEFORE


def test_saving_what_is_there_changes_nothing():
    candidacy = make_candidacy()
    link, _token = make_link(candidacy=candidacy)
    save_reply_contact(candidacy, PERSON, link=link, at=BEFORE)

    save_reply_contact(candidacy, PERSON, link=link, at=BEFORE + timedelta(days=1))

    assert ReplyContact.objects.get().saved_at == BEFORE
    assert AuditEntry.objects.filter(action="reply_contact.saved").count() == 1


def test_nothing_is_saved_through_a_revoked_link_or_once_closed():
    candidacy = make_candidacy(event=make_event(closes_on=DUE_ON))
    link, _token = make_link(candidacy=candidacy)
    with pytest.raises(ReplyClosed):
        save_reply_contact(candidacy, PERSON, link=link, at=candidacy.closes_at)
    revoke_link(link, by=make_user(), at=BEFORE)

    with pytest.raises(LinkRevoked):
        save_reply_contact(candidacy, PERSON, link=link, at=BEFORE)

    assert not ReplyContact.objects.exists()


def test_receipts_and_extensions_go_to_it_in_its_language_and_hold_no_link():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save_reply_contact(slot.candidacy, PERSON, link=link, at=BEFORE)

    send(slot.candidacy, {slot: answer("Yes.")}, link=link)
    extend_deadline(
        [slot.candidacy],
        DUE_ON + timedelta(days=9),
        reason="Asked for.",
        by=make_user(),
        at=BEFORE,
    )

    mails = OutgoingMail.objects.filter(to="desk@specimen.example").order_by("pk")
    assert [mail.kind for mail in mails] == [MailKind.RECEIPT, MailKind.EXTENSION]
    assert "votre réponse a été reçue" in mails[0].subject
    assert "délai prolongé" in mails[1].subject
    assert not any("[link]" in mail.body or "/reply/open/" in mail.body for mail in mails)


def test_an_address_that_is_on_file_anyway_gets_one_message():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    link.contact.email = "Desk@specimen.example"
    link.contact.save()
    save_reply_contact(slot.candidacy, PERSON, link=link, at=BEFORE)

    send(slot.candidacy, {slot: answer("Yes.")}, link=link)

    assert OutgoingMail.objects.get(kind=MailKind.RECEIPT).contact == link.contact


def test_removing_deletes_it_and_what_waits_to_go_to_it():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save_reply_contact(slot.candidacy, PERSON, link=link, at=BEFORE)
    send(slot.candidacy, {slot: answer("Yes.")}, link=link)

    assert remove_reply_contact(slot.candidacy, link=link, at=BEFORE) is True
    assert remove_reply_contact(slot.candidacy, link=link, at=BEFORE) is False

    assert not ReplyContact.objects.exists()
    assert not OutgoingMail.objects.filter(kind=MailKind.RECEIPT).exists()
    assert AuditEntry.objects.filter(action="reply_contact.removed").count() == 1


def test_six_months_after_the_election_the_contact_and_its_address_are_forgotten():
    slot = make_slot(candidacy=make_candidacy(event=make_event(election_date=ELECTED_ON)))
    link, _token = make_link(candidacy=slot.candidacy)
    make_reply_contact(link=link)
    submission = send(slot.candidacy, {slot: answer("Yes.")}, link=link)
    OutgoingMail.objects.filter(kind=MailKind.RECEIPT).update(
        status=MailStatus.SENT, sent_at=BEFORE
    )
    later = make_reply_contact(
        link=make_link(candidacy=make_candidacy(event=make_event(year=2100)))[0]
    )

    assert forget_reply_contacts(at=FORGOTTEN_FROM - timedelta(seconds=1)) == 0
    assert forget_reply_contacts(at=FORGOTTEN_FROM) == 1

    assert ReplyContact.objects.get() == later
    assert submission.mails.get(kind=MailKind.RECEIPT).to.endswith("forgotten@portal.invalid")
    entry = AuditEntry.objects.get(action="reply_contact.forgotten")
    assert (entry.subject, entry.details) == (slot.candidacy.symbol, {"contacts": 1})


def test_the_command_forgets(capsys):
    make_reply_contact(
        link=make_link(candidacy=make_candidacy(event=make_event(election_date=ELECTED_ON)))[0]
    )

    call_command("forget_reply_contacts")

    assert capsys.readouterr().out == "1 contacts were forgotten.\n"
    assert not ReplyContact.objects.exists()
