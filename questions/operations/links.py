"""Making and revoking missions' links."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from questions.models import AccessLink, Candidacy, Contact
from questions.operations import audit
from questions.tokens import digest, make_code, make_token, written_code


class ContactElsewhere(Exception):
    """The contact is not at a mission of the candidacy's State."""


@transaction.atomic
def mint_link(
    contact: Contact, candidacy: Candidacy, *, by: AbstractBaseUser | None, at: datetime
) -> tuple[AccessLink, str]:
    """Make a link for the contact; the token is returned once and kept nowhere.

    Older links stay alive: a mission may hold one in its mailbox (security.md D1).
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
