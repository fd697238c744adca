"""The index is made anew while something is taken back: what is no longer public is not found."""

from threading import Event, current_thread

import pytest
from django.db import transaction

from questions.models import EntryKind, Question, Response, SearchEntry
from questions.operations import search_index
from questions.operations.publication import withhold_responses
from tests.concurrency.racing import IN_VAIN, at_once, errors_in, without_row_locks
from tests.factories import BEFORE, make_asker, make_question, make_response, make_slot, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def rebuild_beside(monkeypatch, taking_back):
    """The index is written from what was read before; the other is done by then, if it may be."""
    was_read, is_done, write = Event(), Event(), search_index._replace
    rebuilding = []

    def write_late(stored, entries):
        if current_thread() in rebuilding and entries:
            was_read.set()
            is_done.wait(IN_VAIN)
        write(stored, entries)

    def rebuild():
        rebuilding.append(current_thread())
        search_index.rebuild_search_index()

    def take_back():
        was_read.wait(20)
        taking_back()
        is_done.set()

    monkeypatch.setattr(search_index, "_replace", write_late)
    outcomes = at_once(rebuild, take_back)
    assert errors_in(outcomes) == []


def withhold_while_the_index_is_made(monkeypatch):
    slot = make_slot(question=make_question(askers=[]))
    make_response(slot=slot, text="Zymurgy.", published=True)
    by = make_user()
    monkeypatch.setattr(search_index, "_question_entries", lambda pks: [])

    def withhold():
        withhold_responses(Response.objects.all(), reason="It names a person.", by=by, at=BEFORE)

    rebuild_beside(monkeypatch, withhold)
    return SearchEntry.objects.filter(kind=EntryKind.ANSWER).count()


def test_an_answer_withheld_while_the_index_is_made_is_not_found(monkeypatch):
    assert withhold_while_the_index_is_made(monkeypatch) == 0


def test_control_without_the_lock_the_withheld_answer_stays_in_the_index(monkeypatch):
    without_row_locks(monkeypatch)

    assert withhold_while_the_index_is_made(monkeypatch) == 1


def take_a_name_back_while_the_index_is_made(monkeypatch):
    """The name of a person who takes back the consent to be named."""
    asker = make_asker(
        name="Zymurgy",
        kind="individual",
        public_consent_on=BEFORE.date(),
        public_consent_source="E-mail",
    )
    make_slot(question=make_question(askers=[asker], text="Why?"))

    @transaction.atomic
    def take_back():
        asker.public_consent_on, asker.public_consent_source = None, ""
        asker.save()
        search_index.refresh_what_shows(asker)

    rebuild_beside(monkeypatch, take_back)
    [entry] = SearchEntry.objects.filter(kind=EntryKind.QUESTION)
    assert Question.objects.get(pk=entry.source).text == "Why?"
    return "zymurg" in entry.tokens


def test_a_name_taken_back_while_the_index_is_made_is_not_found(monkeypatch):
    assert not take_a_name_back_while_the_index_is_made(monkeypatch)


def test_control_without_the_lock_the_name_stays_in_the_index(monkeypatch):
    without_row_locks(monkeypatch)

    assert take_a_name_back_while_the_index_is_made(monkeypatch)
