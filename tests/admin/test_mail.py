"""What needs a person to decide it: messages possibly sent, refused, or come back."""

from uuid import uuid4

import pytest
from django.urls import reverse

from questions.models import AuditEntry, Contact, MailKind, MailStatus, OutgoingMail
from tests.admin.pages import change_page, messages_of
from tests.factories import AFTER, BEFORE, make_alert, make_candidacy, make_contact

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>{{7*7}}"
LIST = "/admin/questions/outgoingmail/"


def make_mail(*, status=MailStatus.UNSURE, subject="Questions to Octava", **fields):
    candidacy = make_candidacy()
    contact = make_contact(state=candidacy.state, email="geneva@octava.example")
    if status == MailStatus.SENT:
        fields.setdefault("sent_at", BEFORE)
    return OutgoingMail.objects.create(
        kind=MailKind.INVITATION,
        candidacy=candidacy,
        contact=contact,
        to=contact.email,
        subject=subject,
        body="…",
        message_id=str(uuid4()),
        status=status,
        next_try_at=BEFORE,
        queued_at=BEFORE,
        claimed_at=BEFORE,
        **fields,
    )


def again(mail):
    return reverse("admin:questions_outgoingmail_again", args=[mail.pk])


def sent(mail):
    return reverse("admin:questions_outgoingmail_sent", args=[mail.pk])


def test_a_message_possibly_sent_is_sent_again_after_asking(admin, boss):
    mail = make_mail()

    shown = admin.get(change_page(mail)).content.decode()
    asked = admin.get(again(mail)).content.decode()
    mail.refresh_from_db()
    after_asking = mail.status
    page = admin.post(again(mail), follow=True)

    mail.refresh_from_db()
    assert again(mail) in shown and sent(mail) in shown
    assert "the same message arrives twice" in asked and mail.to in asked
    assert (after_asking, mail.status) == (MailStatus.UNSURE, MailStatus.QUEUED)
    assert messages_of(page) == ["The message is queued again."]
    assert AuditEntry.objects.get().user == boss


def test_a_message_possibly_sent_is_marked_as_sent_after_asking(admin, boss):
    mail = make_mail()

    asked = admin.get(sent(mail)).content.decode()
    mail.refresh_from_db()
    after_asking = mail.status
    page = admin.post(sent(mail), follow=True)

    mail.refresh_from_db()
    assert "It counts as sent to geneva@octava.example" in asked
    assert (after_asking, mail.status, mail.sent_at) == (
        MailStatus.UNSURE,
        MailStatus.SENT,
        BEFORE,
    )
    assert messages_of(page) == ["The message counts as sent."]
    assert AuditEntry.objects.get().user == boss


@pytest.mark.parametrize(
    ("fields", "offers"),
    [
        ({"status": MailStatus.FAILED}, (True, False)),
        ({"status": MailStatus.SENT, "bounced_at": AFTER}, (True, False)),
        ({"status": MailStatus.SENT}, (False, False)),
        ({"status": MailStatus.QUEUED}, (False, False)),
        ({"status": MailStatus.SENDING}, (False, False)),
    ],
)
def test_only_what_can_be_decided_is_offered_and_done(admin, fields, offers):
    mail = make_mail(**fields)
    may_go_again, may_be_marked = offers

    html = admin.get(change_page(mail)).content.decode()
    marked = admin.post(sent(mail), follow=True)
    mail.refresh_from_db()
    after_marking = mail.status
    queued = admin.post(again(mail), follow=True)

    mail.refresh_from_db()
    nothing = "There is nothing to decide about this message."
    assert (again(mail) in html, sent(mail) in html) == offers
    assert (messages_of(marked) == [nothing], after_marking) == (
        not may_be_marked,
        fields["status"],
    )
    assert (messages_of(queued)[-1] == nothing) is not may_go_again
    assert mail.status == (MailStatus.QUEUED if may_go_again else fields["status"])


@pytest.mark.parametrize(
    ("needs", "found"),
    [("decision", ["failed", "unsure"]), ("back", ["back"]), ("late", ["queued"])],
)
def test_the_list_shows_what_needs_a_person(admin, needs, found):
    make_mail(subject="unsure")
    make_mail(subject="failed", status=MailStatus.FAILED)
    make_mail(subject="back", status=MailStatus.SENT, bounced_at=AFTER)
    make_mail(subject="sent", status=MailStatus.SENT)
    make_mail(subject="queued", status=MailStatus.QUEUED)

    page = admin.get(LIST, {"needs": needs})

    assert sorted(mail.subject for mail in page.context["cl"].queryset) == found


def test_req_040_who_may_only_look_decides_nothing(staff_with, client):
    mail = make_mail()
    readers = staff_with("view_outgoingmail", "add_outgoingmail")

    pages = [again(mail), sent(mail)]
    refused = [getattr(readers, how)(page).status_code for page in pages for how in ["get", "post"]]
    html = readers.get(change_page(mail)).content.decode()

    mail.refresh_from_db()
    assert refused == [403] * 4
    assert [client.get(page).status_code for page in pages] == [302, 302]
    assert again(mail) not in html and sent(mail) not in html
    assert mail.status == MailStatus.UNSURE


def test_req_025_subjects_are_shown_as_typed(admin):
    mail = make_mail(subject=HOSTILE)
    OutgoingMail.objects.update(bounce_reason=HOSTILE, error=HOSTILE)

    for page in [again(mail), sent(mail), change_page(mail), LIST]:
        html = admin.get(page).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in html


# --- Addresses that failed ------------------------------------------------------------------------


def works(contact):
    return reverse("admin:questions_contact_works", args=[contact.pk])


def test_an_address_that_works_again_is_trusted_after_asking(admin, boss):
    contact = make_contact(
        email="g@octava.example", undelivered_at=AFTER, undelivered_reason="Mailbox full"
    )

    shown = admin.get(change_page(contact)).content.decode()
    asked = admin.get(works(contact)).content.decode()
    after_asking = Contact.objects.get().undelivered_at
    page = admin.post(works(contact), follow=True)
    second = admin.post(works(contact), follow=True)

    contact.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert "Mailbox full" in shown and works(contact) in shown
    assert "g@octava.example" in asked and after_asking == AFTER
    assert (contact.undelivered_at, contact.undelivered_reason) == (None, "")
    assert messages_of(page) == ["The address counts as working again."]
    assert messages_of(second) == ["Nothing had come back from this address."]
    assert (entry.action, entry.subject, entry.user) == (
        "contact.trusted_again",
        f"contact {contact.pk}",
        boss,
    )


def test_an_address_without_trouble_offers_nothing(admin):
    contact = make_contact(email="g@octava.example")

    html = admin.get(change_page(contact)).content.decode()

    assert works(contact) not in html and "last message that came back" not in html


def test_req_040_who_may_not_change_contacts_trusts_none(staff_with):
    contact = make_contact(email="g@octava.example", undelivered_at=AFTER)
    readers = staff_with("view_contact")

    assert [readers.get(works(contact)).status_code, readers.post(works(contact)).status_code] == [
        403,
        403,
    ]
    contact.refresh_from_db()
    assert contact.undelivered_at == AFTER


def test_messages_of_alerts_and_their_addresses_are_not_shown(admin):
    mail = make_mail(subject="Questions to Octava")
    alert = make_alert(email="reader@example.org")
    of_alert = make_mail(subject="Please confirm")
    OutgoingMail.objects.filter(pk=of_alert.pk).update(
        kind=MailKind.ALERT_CONFIRMATION,
        alert=alert,
        to=alert.email,
        candidacy=None,
        contact=None,
    )

    listed = admin.get(LIST).content.decode()
    start = admin.get("/admin/").content.decode()

    assert mail.subject in listed
    assert "Please confirm" not in listed
    assert "reader@example.org" not in listed + start
    assert admin.get(f"{LIST}{of_alert.pk}/change/").status_code == 302
