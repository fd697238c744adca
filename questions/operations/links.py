"""Making and revoking missions' links."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from questions import mail
from questions.models import (
    AccessLink,
    Candidacy,
    Contact,
    EventStatus,
    MailKind,
    Mission,
    OutgoingMail,
    State,
)
from questions.operations import audit
from questions.tokens import digest, make_code, make_token, written_code

AGAIN_AFTER = timedelta(hours=1)  # at the earliest, for one mission


class ContactElsewhere(Exception):
    """The contact is not at a mission of the candidacy's State."""


@transaction.atomic
def mint_link(
    contact: Contact, candidacy: Candidacy, *, by: AbstractBaseUser | None, at: datetime
) -> tuple[AccessLink, str]:
    """Make a link for the contact; the token is returned once and kept nowhere.

    Older links stay alive: a mission may hold one in its mailbox (security.md D1). Raises
    ContactElsewhere.
    """
    token = make_token()
    return _mint(contact, candidacy, by=by, at=at, token_digest=digest(token)), token


@transaction.atomic
def mint_link_with_code(
    contact: Contact, candidacy: Candidacy, *, by: AbstractBaseUser | None, at: datetime
) -> tuple[AccessLink, str, str]:
    """`mint_link` for a message: also the reply code, as people read it."""
    token, code = make_token(), make_code()
    link = _mint(
        contact,
        candidacy,
        by=by,
        at=at,
        token_digest=digest(token),
        code_digest=digest(code),
    )
    return link, token, written_code(candidacy.state.iso3, code)


def _mint(
    contact: Contact,
    candidacy: Candidacy,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    **digests: str,
) -> AccessLink:
    if contact.mission.state_id != candidacy.state_id:
        raise ContactElsewhere
    link = AccessLink.objects.create(
        contact=contact, candidacy=candidacy, minted_at=at, minted_by=by, **digests
    )
    audit.record("link.minted", candidacy, by=by, at=at, link=link.pk, contact=contact.pk)
    return link


@transaction.atomic
def revoke_link(link: AccessLink, *, by: AbstractBaseUser, at: datetime) -> bool:
    """End a link at once, also for a form that is open; False when it was revoked before.

    The candidacy is locked as sending locks it, so that nothing is stored once this returns.
    """
    Candidacy.objects.select_for_update().get(pk=link.candidacy_id)
    revoked = AccessLink.objects.live().filter(pk=link.pk).update(revoked_at=at, revoked_by=by)
    if revoked:
        audit.record("link.revoked", link.candidacy, by=by, at=at, link=link.pk)
    return bool(revoked)


@transaction.atomic
def disown_link(link: AccessLink, *, at: datetime) -> bool:
    """Note once that whoever opened the link says it is not for them, and tell the office.

    The link stays alive: a stranger who found it must not cut the mission off.
    """
    Candidacy.objects.select_for_update().get(pk=link.candidacy_id)  # before its link, as sending
    links = AccessLink.objects.filter(pk=link.pk, disowned_at__isnull=True)
    told = links.update(disowned_at=at)
    if told:
        mail.queue_disowned_notice(link, at=at)
        audit.record("link.disowned", link.candidacy, by=link, at=at, link=link.pk)
    return bool(told)


@transaction.atomic
def send_link_again(state: State, city: str, *, at: datetime) -> int:
    """Queue new links to the addresses on file at a mission; how many, for nobody who asked.

    At most once an hour for a mission, for each open event whose form takes answers and has been
    opened to the State before. Whose links were all revoked gets none: staff cut them off.
    """
    missions = Mission.objects.select_for_update(no_key=True)
    mission = missions.filter(state=state, city=city).first()
    if mission is None or _was_sent_lately(mission, at=at):
        return 0
    sent = [
        mail.queue_link_again(contact, candidacy, at=at)
        for candidacy in _opened_to(state)
        if candidacy.takes_answers(at=at)
        for contact in _on_file(mission, candidacy)
    ]
    for message in sent:
        contact = message.contact_id
        audit.record("link.asked_again", message.candidacy, by=None, at=at, contact=contact)
    return len(sent)


def _opened_to(state: State) -> QuerySet[Candidacy]:
    links = AccessLink.objects.filter(candidacy=OuterRef("pk"))
    standing = state.candidacies.filter(Exists(links), event__status=EventStatus.OPEN)
    return standing.with_names().order_by("pk")


def _was_sent_lately(mission: Mission, *, at: datetime) -> bool:
    mails = OutgoingMail.objects.filter(kind=MailKind.LINK_AGAIN, contact__mission=mission)
    return mails.filter(queued_at__gt=at - AGAIN_AFTER).exists()


def _on_file(mission: Mission, candidacy: Candidacy) -> list[Contact]:
    """One contact for each address at the mission."""
    links = AccessLink.objects.filter(candidacy=candidacy, contact=OuterRef("pk"))
    contacts = Contact.objects.reachable().filter(mission=mission).select_related("mission")
    let_in = contacts.exclude(Exists(links), ~Exists(links.live()))
    return list({contact.email.lower(): contact for contact in let_in.order_by("-pk")}.values())
