"""Links by which a capital reads the drafts: made and switched off by the missions (ux.md M3)."""

from datetime import datetime

from django.db import transaction

from questions.models import READING_LINK_WORKS_FOR, AccessLink, Candidacy, ReadingLink
from questions.operations import audit
from questions.operations.refusals import LinkRevoked
from questions.tokens import digest, make_token


@transaction.atomic
def make_reading_link(
    candidacy: Candidacy, *, link: AccessLink, at: datetime
) -> tuple[ReadingLink, str]:
    """A link that opens the drafts for reading, for 14 days; its token is returned once.

    It ends earlier with `link`, by which it was made. Raises LinkRevoked.
    """
    _lock(candidacy, link)
    token = make_token()
    reading = ReadingLink.objects.create(
        candidacy=candidacy,
        token_digest=digest(token),
        made_at=at,
        made_by=link,
        ends_at=at + READING_LINK_WORKS_FOR,
    )
    audit.record("reading_link.made", candidacy, by=link, at=at, reading_link=reading.pk)
    return reading, token


@transaction.atomic
def switch_off_reading_links(candidacy: Candidacy, *, link: AccessLink, at: datetime) -> int:
    """End all that work, whichever mission made them; how many. Raises LinkRevoked."""
    _lock(candidacy, link)
    ended = candidacy.reading_links.live(at=at)
    keys = list(ended.values_list("pk", flat=True))
    ReadingLink.objects.filter(pk__in=keys).update(switched_off_at=at, switched_off_by=link)
    if keys:
        audit.record("reading_links.switched_off", candidacy, by=link, at=at, reading_links=keys)
    return len(keys)


def _lock(candidacy: Candidacy, link: AccessLink) -> None:
    """The candidacy, as sending and revoking lock it, so that nothing follows a revocation."""
    Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    if not AccessLink.objects.live().filter(pk=link.pk, candidacy=candidacy).exists():
        raise LinkRevoked
