from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import ProtectedError

from questions.models import FIRST_PREVIOUS, AuditEntry, acting_from
from questions.operations import audit
from questions.operations.links import mint_link, revoke_link
from questions.operations.publication import publish_responses
from questions.operations.questions import put_question
from tests.factories import (
    AFTER,
    BEFORE,
    answer,
    make_candidacy,
    make_contact,
    make_event,
    make_link,
    make_question,
    make_slot,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db


def record(number=1, by=None, **details):
    return audit.record("test.done", f"PE2021/Q{number}", by=by, at=BEFORE, **details)


def chain(length):
    return [record(number) for number in range(1, length + 1)]


def test_entries_are_numbered_and_each_holds_the_hash_of_the_one_before():
    first, second, third = chain(3)

    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert first.previous_sha256 == FIRST_PREVIOUS
    assert (second.previous_sha256, third.previous_sha256) == (first.sha256, second.sha256)
    assert audit.first_bad_entry() is None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "test.undone"},
        {"subject": "PE2021/Q9"},
        {"at": AFTER},
        {"details": {"forged": True}},
        {"actor": "user 1 someone"},
        {"address": "192.0.2.1"},
        {"salt": "0" * 32},
        {"commitment": "0" * 64},
        {"sha256": "0" * 64},
        {"previous_sha256": "1" * 64},
        {"number": 9},
    ],
)
def test_a_changed_entry_is_found(change):
    chain(3)
    AuditEntry.objects.filter(number=2).update(**change)

    bad = audit.first_bad_entry()

    assert bad.number == (3 if "number" in change else 2)


def test_a_deleted_entry_is_found_at_the_one_after_it():
    chain(3)
    AuditEntry.objects.filter(number=2).delete()

    assert audit.first_bad_entry().number == 3


def test_who_and_from_where_can_be_erased_and_the_hashes_still_follow():
    """The chain holds a commitment only (security.md D5)."""
    acting_from.set("192.0.2.1")
    entry = record(by=make_user())
    acting_from.set("")
    expected = entry.sha256

    entry.actor = entry.address = entry.salt = ""

    assert entry.expected_sha256() == expected


def test_the_chain_holds_no_name_and_no_address():
    user = make_user(username="a.person")
    token = acting_from.set("192.0.2.1")

    entry = record(by=user)

    acting_from.reset(token)
    assert (entry.actor, entry.address) == (f"user {user.pk} a.person", "192.0.2.1")
    hashed = str([entry.details, entry.action, entry.subject, entry.commitment])
    assert "a.person" not in hashed
    assert "192.0.2.1" not in hashed


@pytest.mark.django_db(transaction=True)
def test_an_act_is_recorded_in_its_own_transaction_or_not_at_all():
    with pytest.raises(transaction.TransactionManagementError):
        record()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record()
        _ = 1 / 0

    assert not AuditEntry.objects.exists()


def test_a_member_of_staff_on_record_cannot_be_deleted():
    user = make_user()
    record(by=user)

    with pytest.raises(ProtectedError):
        user.delete()

    assert get_user_model().objects.get() == user


def test_verify_audit_counts_what_verifies_and_names_what_does_not():
    chain(3)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    AuditEntry.objects.filter(number=2).update(action="test.undone")

    with pytest.raises(CommandError, match=r"^The chain breaks at entry 2: test\.undone\.$"):
        call_command("verify_audit")

    assert out.getvalue() == "3 entries verify.\n"


def test_a_date_in_the_details_survives_the_database():
    record(day="2021-10-08", n=1, nested={"b": [1, 2], "a": "é"})

    assert audit.first_bad_entry() is None


def test_req_043_each_act_of_the_main_job_is_on_record_once_with_who_did_it():
    user = make_user(username="office")
    event = make_event()
    candidacy = make_candidacy(event=event)
    question = make_question(event=event)
    put_question(question, [candidacy], by=user, at=BEFORE)
    contact = make_contact(state=candidacy.state)
    link, _token = mint_link(contact, candidacy, by=user, at=BEFORE)
    slot = make_slot(candidacy=candidacy, question=make_question(event=event))
    submission = send(candidacy, {slot: answer("Yes.")}, link=link)
    publish_responses(submission.responses.all(), by=user, at=AFTER)
    revoke_link(link, by=user, at=AFTER)

    entries = AuditEntry.objects.order_by("number")
    who = f"user {user.pk} office"
    assert [(e.action, e.subject, e.actor, e.at) for e in entries] == [
        ("question.put", question.symbol, who, BEFORE),
        ("link.minted", candidacy.symbol, who, BEFORE),
        ("submission.received", submission.symbol, f"link {link.pk}", BEFORE),
        ("response.published", slot.symbol, who, AFTER),
        ("link.revoked", candidacy.symbol, who, AFTER),
    ]
    assert audit.first_bad_entry() is None


def test_req_043_what_changes_nothing_is_not_on_record():
    link, _token = make_link()
    revoke_link(link, by=make_user(), at=BEFORE)
    count = AuditEntry.objects.count()

    assert revoke_link(link, by=make_user(), at=AFTER) is False
    assert AuditEntry.objects.count() == count


@pytest.mark.postgres
def test_req_096_the_chain_is_locked_until_the_transaction_ends():
    record()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
        )
        assert cursor.fetchone() == (1,)
