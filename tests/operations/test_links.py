import importlib
import pkgutil

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.operations import AddField

import questions.migrations
from questions.models import AccessLink, AuditEntry
from questions.operations.links import ContactElsewhere, mint_link, revoke_link
from questions.tokens import digest
from tests.factories import (
    AFTER,
    BEFORE,
    make_candidacy,
    make_contact,
    make_link,
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
