"""Rows of the outbox: to whom, in which thread, with which Message-ID."""

from datetime import datetime
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from questions.models import Candidacy, Contact, MailKind, OutgoingMail, ReplyContact, State

from .words import flat, subject_line


def make_mail(
    kind: str,
    contact: Contact | ReplyContact | None,
    text: tuple[str, str],
    *,
    at: datetime,
    to: str = "",
    **fields: Any,
) -> OutgoingMail:
    subject, body = text
    return OutgoingMail(
        kind=kind,
        contact=contact if isinstance(contact, Contact) else None,
        to=flat(contact.email if contact else to),
        subject=subject_line(subject),
        body=body,
        message_id=make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
        next_try_at=at,
        queued_at=at,
        **fields,
    )


def contacts_by_address(state: State) -> dict[str, Contact]:
    """Whom messages reach at both missions of a State, one for each address in lower case."""
    contacts = Contact.objects.reachable().filter(mission__state=state).select_related("mission")
    return {contact.email.lower(): contact for contact in contacts.order_by("-pk")}


def all_about(candidacy: Candidacy) -> list[Contact | ReplyContact]:
    """Those on file at both missions, and whom the missions named for this reply (ux.md M4)."""
    on_file = contacts_by_address(candidacy.state)
    named = candidacy.reply_contacts.select_related("mission").order_by("pk")
    others = {one.email.lower(): one for one in named if one.email.lower() not in on_file}
    return [*on_file.values(), *others.values()]


def locked(candidacy: Candidacy) -> Candidacy:
    """Two that queue for one State do so one after the other."""
    Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    return candidacy


def thread_of(candidacy: Candidacy, contact: Contact | ReplyContact) -> str:
    """The Message-ID of the last letter that went to this address."""
    letters = candidacy.mails.filter(kind=MailKind.INVITATION, to__iexact=flat(contact.email))
    return letters.order_by("-pk").values_list("message_id", flat=True).first() or ""
