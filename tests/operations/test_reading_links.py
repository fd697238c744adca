"""Reading links: made and switched off by a mission."""

from datetime import timedelta

import pytest

from questions.models import AuditEntry, ReadingLink
from questions.operations.links import revoke_link
from questions.operations.reading_links import make_reading_link, switch_off_reading_links
from questions.operations.refusals import LinkRevoked
from questions.tokens import digest
from tests import factories
from tests.factories import BEFORE, make_candidacy, make_link, make_user

pytestmark = pytest.mark.django_db


def live(candidacy, at=BEFORE):
    return list(candidacy.reading_links.live(at=at))


def acts(candidacy):
    return [
        entry.action
        for entry in AuditEntry.objects.order_by("number")
        if entry.action.startswith("reading")
    ]


def test_make_reading_link_keeps_a_digest_and_works_for_14_days():
    link, _token = make_link()
    candidacy = link.candidacy

    made, token = make_reading_link(candidacy, link=link, at=BEFORE)

    assert made.token_digest == digest(token)
    assert made.made_by == link
    assert live(candidacy, BEFORE + timedelta(days=14, seconds=-1)) == [made]
    assert live(candidacy, BEFORE + timedelta(days=14)) == []
    assert acts(candidacy) == ["reading_link.made"]


def test_switch_off_ends_all_of_the_reply_and_no_other():
    candidacy = make_candidacy()
    geneva, new_york = (
        make_link(candidacy=candidacy, city=city)[0] for city in ("geneva", "new_york")
    )
    make_reading_link(candidacy, link=geneva, at=BEFORE)
    make_reading_link(candidacy, link=new_york, at=BEFORE)
    other = factories.make_reading_link()

    assert switch_off_reading_links(candidacy, link=geneva, at=BEFORE) == 2
    assert switch_off_reading_links(candidacy, link=geneva, at=BEFORE) == 0

    assert live(candidacy) == []
    assert live(other.candidacy) == [other]
    ended = ReadingLink.objects.filter(candidacy=candidacy)
    assert {(one.switched_off_at, one.switched_off_by) for one in ended} == {(BEFORE, geneva)}
    assert acts(candidacy)[-1] == "reading_links.switched_off"


def test_reading_link_ends_with_the_link_that_made_it():
    candidacy = make_candidacy()
    geneva, new_york = (
        make_link(candidacy=candidacy, city=city)[0] for city in ("geneva", "new_york")
    )
    make_reading_link(candidacy, link=geneva, at=BEFORE)
    stays, _token = make_reading_link(candidacy, link=new_york, at=BEFORE)

    revoke_link(geneva, by=make_user(), at=BEFORE)

    assert live(candidacy) == [stays]


@pytest.mark.parametrize("act", [make_reading_link, switch_off_reading_links])
def test_req_010_a_revoked_link_makes_and_ends_nothing(act):
    link, _token = make_link()
    revoke_link(link, by=make_user(), at=BEFORE)

    with pytest.raises(LinkRevoked):
        act(link.candidacy, link=link, at=BEFORE)

    assert not ReadingLink.objects.exists()
    assert acts(link.candidacy) == []


@pytest.mark.parametrize("act", [make_reading_link, switch_off_reading_links])
def test_req_013_a_link_of_another_reply_makes_and_ends_nothing(act):
    link, _token = make_link()

    with pytest.raises(LinkRevoked):
        act(make_candidacy(), link=link, at=BEFORE)

    assert not ReadingLink.objects.exists()
