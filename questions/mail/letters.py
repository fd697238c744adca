"""The letter's message and what follows it: reminders, notices, the link sent again.

A text is rendered once, from named values of one line each; nothing in it is looked at again but
the lines that are exactly a mark, where the sender writes link and code (security.md 66).
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from questions.models import (
    CODE_MARK,
    LINK_MARK,
    REMINDERS,
    AccessLink,
    AddressedQuestion,
    Candidacy,
    City,
    Contact,
    DocumentKind,
    DraftAnswer,
    Letter,
    LetterStatus,
    MailKind,
    OutgoingMail,
    ReplyContact,
)

from .rows import all_about, contacts_by_address, locked, make_mail, thread_of
from .words import (
    BETWEEN_LANGUAGES,
    IN_CITIES,
    day_in,
    deadline_in,
    flat,
    in_words,
    rendered,
    write_over_marks,
)


class LetterNotIssued(Exception):
    """A draft goes to nobody."""


@transaction.atomic
def queue_invitations(letter: Letter, *, at: datetime) -> int:
    """The letter with a link of its own (E1) to each address on file at both missions.

    Never twice for a letter and address; returns how many were queued now.
    """
    if letter.status != LetterStatus.ISSUED:
        raise LetterNotIssued
    candidacy = locked(letter.candidacy)
    has_it = {mail.to.lower() for mail in letter.mails.filter(kind=MailKind.INVITATION)}
    contacts = [
        contact
        for address, contact in contacts_by_address(candidacy.state).items()
        if address not in has_it
    ]
    OutgoingMail.objects.bulk_create(
        make_mail(
            MailKind.INVITATION,
            contact,
            _invitation(letter, contact),
            candidacy=candidacy,
            letter=letter,
            in_reply_to=thread_of(candidacy, contact),  # an earlier letter's
            at=at,
        )
        for contact in contacts
    )
    return len(contacts)


def preview_invitation(letter: Letter, contact: Contact) -> tuple[str, str]:
    """Subject and body of a contact's invitation, without link and code."""
    subject, body = _invitation(letter, contact)
    placeholders = {
        LINK_MARK: gettext("(The link of this contact stands here. It is made when it is sent.)"),
        CODE_MARK: gettext("(The code of this contact stands here. It is made when it is sent.)"),
    }
    return subject, write_over_marks(body, placeholders)


@transaction.atomic
def queue_reminder(candidacy: Candidacy, contact: Contact, kind: str, *, at: datetime) -> bool:
    """E2, E3 or E4 with link and code; False where the address had this one before."""
    if kind not in REMINDERS:
        raise ValueError(kind)
    candidacy = locked(candidacy)
    earlier = candidacy.mails.filter(kind=kind)
    if any(mail.to.lower() == contact.email.lower() for mail in earlier):
        return False
    text = _text(kind, contact, candidacy, **_progress(candidacy))
    thread = thread_of(candidacy, contact)
    make_mail(kind, contact, text, candidacy=candidacy, in_reply_to=thread, at=at).save()
    return True


@transaction.atomic
def queue_extension_notice(candidacy: Candidacy, previous_due_at: datetime, *, at: datetime) -> int:
    """To each address on file, and to whom the missions named: as it was, and as it is now."""
    contacts = all_about(candidacy)
    for contact in contacts:
        text = _text(MailKind.EXTENSION, contact, candidacy, previous_due_at=previous_due_at)
        thread = thread_of(candidacy, contact)
        mail = make_mail(
            MailKind.EXTENSION, contact, text, candidacy=candidacy, in_reply_to=thread, at=at
        )
        mail.save()
    return len(contacts)


def queue_preview(letter: Letter, contact: Contact, to: str, *, at: datetime) -> OutgoingMail:
    """The contact's invitation to staff at `to`, with the letter and without a link."""
    subject, body = preview_invitation(letter, contact)
    text = (f"[Preview] {subject}", body)
    preview = make_mail(
        MailKind.PREVIEW, None, text, candidacy=letter.candidacy, letter=letter, to=to, at=at
    )
    preview.save()
    return preview


def queue_link_again(contact: Contact, candidacy: Candidacy, *, at: datetime) -> OutgoingMail:
    """A new link and code (E7) to an address on file; earlier links stay alive."""
    text = _text(MailKind.LINK_AGAIN, contact, candidacy)
    thread = thread_of(candidacy, contact)
    mail = make_mail(
        MailKind.LINK_AGAIN, contact, text, candidacy=candidacy, in_reply_to=thread, at=at
    )
    mail.save()
    return mail


def queue_disowned_notice(link: AccessLink, *, at: datetime) -> OutgoingMail:
    """To the office: whoever opened the link said that it is not for them."""
    values = _values("en", link.candidacy, link.contact) | {
        "contact": flat(str(link.contact)),
        "address": flat(link.contact.email),
    }
    text = rendered(MailKind.DISOWNED, "en", values)
    mail = make_mail(
        MailKind.DISOWNED, None, text, candidacy=link.candidacy, to=settings.OFFICE_EMAIL, at=at
    )
    mail.save()
    return mail


def _invitation(letter: Letter, contact: Contact) -> tuple[str, str]:
    attached = letter.file is not None or letter.documents.filter(kind=DocumentKind.PDF).exists()
    return _text(
        MailKind.INVITATION,
        contact,
        letter.candidacy,
        letter_date=letter.date,
        attached=attached,
        asked=letter.slots.count(),
    )


def _progress(candidacy: Candidacy) -> dict[str, int]:
    """How many questions wait for an answer, and how many of those are ready or begun."""
    waiting = AddressedQuestion.objects.sent().filter(candidacy=candidacy, responses__isnull=True)
    drafts = DraftAnswer.objects.filter(slot__in=waiting).exclude(text="")
    ready = drafts.filter(is_ready=True).count()
    return {"asked": waiting.count(), "ready": ready, "drafts": drafts.count() - ready}


def _text(
    kind: str, contact: Contact | ReplyContact, candidacy: Candidacy, **facts: Any
) -> tuple[str, str]:
    """Subject and body in the contact's language, with the English below what is not English."""
    texts = [
        rendered(kind, language, _values(language, candidacy, contact, **facts))
        for language in dict.fromkeys([contact.language, "en"])
    ]
    return texts[0][0], BETWEEN_LANGUAGES.join(body for _subject, body in texts) + "\n"


def _values(
    language: str, candidacy: Candidacy, contact: Contact | ReplyContact, **facts: Any
) -> dict[str, Any]:
    """What a template may name: texts of one line, numbers, and moments as people read them."""
    event, here = candidacy.event, contact.mission.city
    there = City.GENEVA if here == City.NEW_YORK else City.NEW_YORK
    values = {
        "reference": candidacy.symbol,
        "state": flat(candidacy.state.name_in(language)),
        "body": flat(event.body_in(language)),
        "term": event.term,
        "due": deadline_in(candidacy.due_at, event.zone, language),
        "closes": deadline_in(candidacy.closes_at, event.zone, language),
        "here": IN_CITIES[language][here],
        "there": IN_CITIES[language][there],
        "page": event.is_public and f"{settings.BASE_URL}/{language}/{event.slug}/",
        "reply_address": f"{settings.BASE_URL}/reply/",
        "office_email": settings.OFFICE_EMAIL,
        "link_mark": LINK_MARK,
        "code_mark": CODE_MARK,
    }
    if "letter_date" in facts:
        facts["letter_date"] = day_in(facts["letter_date"], language)
    if "previous_due_at" in facts:
        facts["previous"] = deadline_in(facts.pop("previous_due_at"), event.zone, language)
    if "asked" in facts:
        facts["asked_count"] = facts["asked"]
        facts["asked"] = in_words(facts["asked"], language)
    return values | facts
