"""Many readers meet a deadline that has passed; PostgreSQL starts anew."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from questions import editions, models
from questions.models import Edition, EditionQuerySet
from tests.concurrency.racing import at_once, meet_before
from tests.factories import make_candidacy

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2021, 10, 1, 9, 0, tzinfo=UTC)
READERS = 6


def read_after_the_deadline(monkeypatch):
    """The editions that the readers saw, as numbers after the one before the deadline."""
    make_candidacy(due_at=NOW + timedelta(hours=1))
    Edition.objects.bump(at=NOW)
    before = Edition.objects.get().number
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(hours=1))
    meet_before(monkeypatch, models.publication, "next_change_after", parties=READERS)
    return [number - before for number in at_once(*[editions.current_edition] * READERS)]


def test_a_deadline_that_passes_makes_one_edition_for_all_readers(monkeypatch):
    assert read_after_the_deadline(monkeypatch) == [1] * READERS


def test_control_without_compare_and_set_it_makes_several(monkeypatch):
    monkeypatch.setattr(EditionQuerySet, "bump_from", lambda self, number, *, at: self.bump(at=at))

    assert max(read_after_the_deadline(monkeypatch)) == READERS


def test_the_first_edition_is_made_once():
    outcomes = at_once(*[editions.current_edition] * READERS)

    assert all(isinstance(number, int) for number in outcomes)
    assert Edition.objects.count() == 1


def end_connection_of_the_server():
    """What a restart of PostgreSQL does to a connection that is kept."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters.get(name) for name in ("host", "port", "user", "password", "dbname")}
    with psycopg.connect(**wanted, autocommit=True) as other:
        pid = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_restart_of_the_server_costs_no_reader_an_error():
    number = editions.current_edition()
    end_connection_of_the_server()

    assert editions.current_edition() == number
    assert connection.is_usable()


def test_control_a_cut_connection_is_an_error_to_a_plain_query():
    editions.current_edition()
    end_connection_of_the_server()

    with pytest.raises(editions.OperationalError):
        editions.select_edition()
    connection.close()
