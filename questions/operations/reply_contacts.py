"""Whom ISHR may write to about a reply: named by a mission, forgotten after the election."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from questions.models import AccessLink, Candidacy, MailStatus, OutgoingMail, ReplyContact
from questions.operations import audit
from questions.operations.submissions import LinkRevoked, ReplyClosed

FORGOTTEN_ADDRESS = "forgotten@portal.invalid"


@dataclass(frozen=True)
class Person:
    """Who it is, as the mission writes it."""

    name: str
    post: str
    email: str
    language: str


@transaction.atomic
def save_reply_contact(
    candidacy: Candidacy, person: Person, *, link: AccessLink, at: datetime
) -> ReplyContact:
    """Keep whom the link's mission names, in place of whom it named before.

    Saving what is there already changes nothing. The chain learns that a contact was named, not
    who. Raises ReplyClosed and LinkRevoked.
    """
    _lock(candidacy, link=link, at=at)
    mission = link.contact.mission
    contact = ReplyContact.objects.filter(candidacy=candidacy, mission=mission).first()
    if contact and Person(contact.name, contact.post, contact.email, contact.language) == person:
        return contact
    contact = contact or ReplyContact(candidacy=candidacy, mission=mission)
    contact.name, contact.post = person.name, person.post
    contact.email, contact.language = person.email, person.language
    contact.saved_at, contact.saved_by = at, link
    contact.save()
    AccessLink.objects.filter(pk=link.pk).update(last_used_at=at)
    audit.record("reply_contact.saved", candidacy, by=link, at=at, city=mission.city)
    return contact


@transaction.atomic
def remove_reply_contact(candidacy: Candidacy, *, link: AccessLink, at: datetime) -> bool:
    """Take back whom the link's mission named; False where it named nobody."""
    _lock(candidacy, link=link, at=at)
    mission = link.contact.mission
    contact = ReplyContact.objects.filter(candidacy=candidacy, mission=mission).first()
    if contact is None:
        return False
    mails = OutgoingMail.objects.to_reply_contacts(candidacy)
    _forget(contact, mails.filter(to__iexact=contact.email))
    audit.record("reply_contact.removed", candidacy, by=link, at=at, city=mission.city)
    return True


@transaction.atomic
def forget_reply_contacts(*, at: datetime) -> int:
    """Delete the contacts of elections more than six months ago, also from the outbox."""
    candidacies = Candidacy.objects.filter(reply_contacts__isnull=False).distinct().with_names()
    forgotten = 0
    for candidacy in candidacies.order_by("pk"):
        if not candidacy.event.forgets_contacts(at=at):
            continue
        Candidacy.objects.select_for_update().get(pk=candidacy.pk)
        contacts = list(candidacy.reply_contacts.all())
        for contact in contacts:
            _forget(contact, OutgoingMail.objects.to_reply_contacts(candidacy))
        audit.record("reply_contact.forgotten", candidacy, by=None, at=at, contacts=len(contacts))
        forgotten += len(contacts)
    return forgotten


def _lock(candidacy: Candidacy, *, link: AccessLink, at: datetime) -> None:
    locked = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if not locked.takes_answers(at=at):
        raise ReplyClosed
    if not AccessLink.objects.live().filter(pk=link.pk).exists():
        raise LinkRevoked


def _forget(contact: ReplyContact, mails: QuerySet[OutgoingMail]) -> None:
    """The row, and its address in the messages that went to it; what waits goes to nobody."""
    mails.filter(status=MailStatus.QUEUED).delete()
    for mail in mails:
        mail.to = f"{mail.pk}.{FORGOTTEN_ADDRESS}"
        mail.save(update_fields=["to"])
    contact.delete()
