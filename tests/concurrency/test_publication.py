"""Two members of staff publish two texts of one slot."""

import pytest
from django.db import IntegrityError

from questions.models import Edition, Response, ResponseStatus
from questions.operations import publication
from questions.operations.audit import first_bad_entry
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import BEFORE, make_response, make_slot, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def publish_two_of_one_slot(monkeypatch):
    slot = make_slot()
    made = [make_response(slot=slot, text=text) for text in ("Yes.", "No.")]
    by = [make_user(), make_user()]
    meet_before(monkeypatch, publication, "text_digest")

    def publishing(response, user):
        chosen = Response.objects.filter(pk=response.pk)
        return lambda: publication.publish_responses(chosen, by=user, at=BEFORE)

    return at_once(*map(publishing, made, by))


def test_two_publishers_of_one_slot_take_turns_and_one_text_stands(monkeypatch):
    outcomes = publish_two_of_one_slot(monkeypatch)

    assert outcomes == [1, 1]
    assert sorted(Response.objects.values_list("version", "status")) == [
        (1, ResponseStatus.SUPERSEDED),
        (2, ResponseStatus.PUBLISHED),
    ]
    assert Edition.objects.get().number == 3
    assert first_bad_entry() is None


def test_control_without_the_lock_one_of_the_publishers_fails(monkeypatch):
    without_row_locks(monkeypatch)

    outcomes = publish_two_of_one_slot(monkeypatch)

    assert errors_in(outcomes) == [IntegrityError]


def publish_one_twice(monkeypatch):
    response = make_response(text="Yes.")
    by = make_user()
    meet_before(monkeypatch, publication, "text_digest")
    chosen = Response.objects.filter(pk=response.pk)
    return at_once(*[lambda: publication.publish_responses(chosen, by=by, at=BEFORE)] * 2)


def test_one_text_published_twice_at_once_is_published_once(monkeypatch):
    assert sorted(publish_one_twice(monkeypatch)) == [0, 1]


def test_control_without_the_lock_it_is_published_twice(monkeypatch):
    without_row_locks(monkeypatch)

    assert publish_one_twice(monkeypatch) == [1, 1]
