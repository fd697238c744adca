import importlib
import pkgutil
from datetime import timedelta

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.operations import AddField

import questions.migrations
from questions.models import AccessLink, AuditEntry, EventStatus, MailKind, OutgoingMail
from questions.operations.links import (
    ContactElsewhere,
    disown_link,
    mint_link,
    mint_link_with_code,
    revoke_link,
    send_link_again,
)
from questions.tokens import digest, read_code
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_ON,
    make_candidacy,
    make_contact,
    make_event,
    make_link,
    make_state,
    make_user,
)

pytestmark = pytest.mark.django_db


def everything_stored():
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        rows = []
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608
            rows.append(f"{name}: {cursor.fetchall()}")
    return "\n".join(rows)


def test_req_001_every_link_has_a_token_of_its_own():
    candidacy = make_candidacy()
    contact = make_contact(state=candidacy.state)

    tokens = [mint_link(contact, candidacy, by=None, at=BEFORE)[1] for _ in range(50)]

    assert len(set(tokens)) == 50
    assert {digest(token) for token in tokens} == set(
        AccessLink.objects.values_list("token_digest", flat=True)
    )


def test_req_001_two_links_cannot_share_a_digest():
    link, _token = make_link()

    with pytest.raises(IntegrityError), transaction.atomic():
        AccessLink.objects.create(
            contact=link.contact,
            candidacy=link.candidacy,
            token_digest=link.token_digest,
            minted_at=BEFORE,
        )


def test_req_001_no_migration_fills_a_digest_of_existing_rows_with_one_default():
    added = []
    for module in pkgutil.iter_modules(questions.migrations.__path__):
        migration = importlib.import_module(f"questions.migrations.{module.name}").Migration
        added += [
            operation.name
            for operation in migration.operations
            if isinstance(operation, AddField) and operation.name.endswith("_digest")
        ]
    call_command("migrate", "--check", verbosity=0)

    assert added == []


def test_req_002_the_token_is_stored_nowhere_through_its_whole_life(client):
    candidacy = make_candidacy()
    link, token = make_link(candidacy=candidacy)
    _again, second = make_link(candidacy=candidacy, contact=link.contact)
    client.get(f"/reply/open/{token}")
    revoke_link(link, by=make_user(), at=AFTER)

    stored = everything_stored() + serializers.serialize("json", AccessLink.objects.all())

    assert digest(token) in stored
    assert token not in stored
    assert second not in stored


def test_mint_link_leaves_older_links_alive_and_is_audited():
    candidacy = make_candidacy()
    user = make_user()
    first, _token = make_link(candidacy=candidacy)

    second, _token = mint_link(first.contact, candidacy, by=user, at=AFTER)

    assert list(AccessLink.objects.live().order_by("pk")) == [first, second]
    assert (second.minted_by, second.minted_at) == (user, AFTER)
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.user, entry.details["link"]) == ("link.minted", user, second.pk)


def test_mint_link_refuses_a_contact_of_another_state():
    candidacy = make_candidacy()

    with pytest.raises(ContactElsewhere):
        mint_link(make_contact(), candidacy, by=None, at=BEFORE)

    assert not AccessLink.objects.exists()


def test_revoke_link_ends_it_once_and_for_all():
    link, token = make_link()
    other, _token = make_link(candidacy=link.candidacy, contact=link.contact)
    first, second = make_user(), make_user()

    assert revoke_link(link, by=first, at=BEFORE) is True
    assert revoke_link(link, by=second, at=AFTER) is False

    link.refresh_from_db()
    assert (link.revoked_at, link.revoked_by) == (BEFORE, first)
    assert list(AccessLink.objects.live()) == [other]
    assert AccessLink.objects.for_token(token).get() == link
    assert [e.action for e in AuditEntry.objects.all()].count("link.revoked") == 1


def test_req_014_a_code_is_kept_as_a_digest_of_its_own_and_nowhere_else(client):
    candidacy = make_candidacy(state=make_state(iso3="XOC"))
    contact = make_contact(state=candidacy.state)

    minted = [mint_link_with_code(contact, candidacy, by=None, at=BEFORE) for _ in range(20)]
    client.post("/en/reply/", {"code": minted[0][2]})

    codes = [read_code(written) for _link, _token, written in minted]
    assert len(set(codes)) == 20
    assert {state for state, _code in codes} == {"XOC"}
    stored = everything_stored()
    for (link, _token, written), (_state, code) in zip(minted, codes, strict=True):
        assert link.code_digest == digest(code)
        assert code not in stored
        assert written not in stored


@pytest.mark.parametrize("typed", ["", "XOC", "XOC 0000 0000 0000", "XSE {}", "{}X", "X{}"])
def test_for_code_finds_nothing_for_what_is_not_the_code(typed):
    candidacy = make_candidacy(state=make_state(iso3="XOC"))
    make_link(candidacy=candidacy)  # without a code
    make_state(iso3="XSE")
    contact = make_contact(state=candidacy.state)
    link, _token, written = mint_link_with_code(contact, candidacy, by=None, at=BEFORE)

    found = AccessLink.objects.for_code(typed.format(written.removeprefix("XOC ")))

    assert list(found) == []
    assert AccessLink.objects.for_code(written).get() == link


# --- Sent again -------------------------------------------------------------------------------


def make_invited(*, email="geneva@octava.example", city="geneva", candidacy=None, **fields):
    """A contact that holds a link."""
    candidacy = candidacy or make_candidacy(**fields)
    contact = make_contact(state=candidacy.state, email=email, city=city)
    link, _token = make_link(candidacy=candidacy, contact=contact)
    return candidacy, contact, link


def sent_again():
    mails = OutgoingMail.objects.filter(kind=MailKind.LINK_AGAIN).order_by("pk")
    return [(mail.candidacy, mail.to) for mail in mails]


def test_send_link_again_writes_to_every_address_on_file_at_that_mission_once():
    candidacy, first, _link = make_invited(email="one@octava.example")
    state = candidacy.state
    second = make_contact(state=state, email="two@octava.example")
    twice = make_contact(state=state, email="TWO@octava.example")
    make_contact(state=state, email="")
    make_contact(state=state, email="old@octava.example", is_active=False)
    make_contact(state=state, email="new-york@octava.example", city="new_york")
    make_contact(email="elsewhere@prima.example")

    count = send_link_again(state, "geneva", at=BEFORE)

    assert count == 2
    assert {mail.to.lower() for mail in OutgoingMail.objects.all()} == {
        "one@octava.example",
        "two@octava.example",
    }
    assert AccessLink.objects.count() == 1  # the sender mints
    entries = AuditEntry.objects.filter(action="link.asked_again")
    assert {(entry.subject, entry.actor) for entry in entries} == {(candidacy.symbol, "system")}
    told = {entry.details["contact"] for entry in entries}
    assert told in ({first.pk, second.pk}, {first.pk, twice.pk})


def test_send_link_again_leaves_older_links_alive():
    candidacy, _contact, link = make_invited()

    send_link_again(candidacy.state, "geneva", at=BEFORE)

    assert list(AccessLink.objects.live()) == [link]


def test_send_link_again_sends_once_an_hour_for_each_mission():
    candidacy, contact, _link = make_invited()
    make_invited(candidacy=candidacy, email="new-york@octava.example", city="new_york")
    state = candidacy.state

    counts = [
        send_link_again(state, "geneva", at=BEFORE),
        send_link_again(state, "geneva", at=BEFORE + timedelta(minutes=59, seconds=59)),
        send_link_again(state, "new_york", at=BEFORE + timedelta(minutes=59, seconds=59)),
        send_link_again(state, "geneva", at=BEFORE + timedelta(hours=1)),
    ]

    assert counts == [1, 0, 1, 1]
    assert AuditEntry.objects.filter(action="link.asked_again").count() == 3
    assert [to for _candidacy, to in sent_again()].count(contact.email) == 2


def test_send_link_again_sends_nothing_where_there_is_nothing_to_send_again():
    closed, _contact, _link = make_invited(event=make_event(status=EventStatus.CLOSED))
    draft, _contact, _link = make_invited(event=make_event(status=EventStatus.DRAFT))
    over, _contact, _link = make_invited(event=make_event(closes_on=DUE_ON))
    never_invited = make_candidacy()
    make_contact(state=never_invited.state, email="never@octava.example")
    nobody = make_candidacy()
    before = AuditEntry.objects.count()

    counts = [
        send_link_again(candidacy.state, "geneva", at=AFTER)
        for candidacy in (closed, draft, over, never_invited, nobody)
    ]

    assert counts == [0] * 5
    assert not OutgoingMail.objects.exists()
    assert AuditEntry.objects.count() == before


def test_send_link_again_lets_nobody_back_in_whose_links_staff_revoked():
    candidacy, _contact, link = make_invited(email="cut-off@octava.example")
    make_invited(candidacy=candidacy, email="still@octava.example")
    _candidacy, _kept, replaced = make_invited(candidacy=candidacy, email="replaced@octava.example")
    make_link(candidacy=candidacy, contact=replaced.contact)
    for revoked in (link, replaced):
        revoke_link(revoked, by=make_user(), at=BEFORE)

    send_link_again(candidacy.state, "geneva", at=AFTER)

    assert {to for _candidacy, to in sent_again()} == {
        "still@octava.example",
        "replaced@octava.example",
    }


def test_send_link_again_sends_one_for_each_event_that_is_open():
    state = make_state()
    first, contact, _link = make_invited(candidacy=make_candidacy(state=state))
    second = make_candidacy(state=state)
    make_link(candidacy=second, contact=contact)
    make_candidacy(state=state)

    assert send_link_again(state, "geneva", at=BEFORE) == 2
    assert sent_again() == [(first, contact.email), (second, contact.email)]


def test_send_link_again_still_writes_to_whom_a_stranger_called_the_wrong_one():
    candidacy, _contact, link = make_invited()
    disown_link(link, at=BEFORE)

    assert send_link_again(candidacy.state, "geneva", at=BEFORE) == 1


# --- Not for us -------------------------------------------------------------------------------


def test_disown_link_is_noted_once_with_one_notice_and_ends_nothing(settings):
    settings.OFFICE_EMAIL = "office@ngo.example"
    candidacy, _contact, link = make_invited()

    assert disown_link(link, at=BEFORE) is True
    assert disown_link(link, at=AFTER) is False

    link.refresh_from_db()
    assert (link.disowned_at, link.is_live) == (BEFORE, True)
    (notice,) = OutgoingMail.objects.all()
    assert (notice.kind, notice.to) == (MailKind.DISOWNED, "office@ngo.example")
    assert notice.candidacy == candidacy
    (entry,) = AuditEntry.objects.filter(action="link.disowned")
    assert (entry.subject, entry.actor) == (candidacy.symbol, f"link {link.pk}")
    assert entry.details == {"link": link.pk}
