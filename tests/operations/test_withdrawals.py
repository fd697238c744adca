"""Taking from the public what was public: the register says so by itself (security.md 50)."""

from datetime import timedelta

import pytest

from questions.models import (
    AuditEntry,
    Correction,
    Edition,
    Ground,
    Question,
    Response,
    ResponseStatus,
    SearchEntry,
)
from questions.operations.publication import (
    NotPublic,
    open_event,
    publish_responses,
    restore_question,
    withdraw_question,
    withhold_responses,
)
from questions.operations.search_index import refresh_questions
from tests.factories import (
    BEFORE,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db

LATER = BEFORE + timedelta(days=1)


@pytest.fixture
def by():
    return make_user()


def withhold(response, by, *, at=LATER, ground=Ground.STATE, reason="Sent in error."):
    return withhold_responses(
        Response.objects.filter(pk=response.pk), reason=reason, ground=ground, by=by, at=at
    )


def register():
    notes = Correction.objects.shown()
    return [(note.get_kind_display(), note.cited, note.ground, note.reason) for note in notes]


def test_a_published_text_that_is_withheld_enters_the_register(by):
    response = make_response(published=True)

    withhold(response, by)

    note = Correction.objects.get()
    symbol = response.slot.symbol
    assert register() == [("Withdrawal", symbol, "state", "Sent in error.")]
    assert (note.published_at, note.published_by, note.response) == (LATER, by, response)


def test_the_register_names_the_version_that_was_withdrawn(by):
    slot = make_slot()
    make_response(slot=slot, published=True, status=ResponseStatus.SUPERSEDED)
    second = make_response(slot=slot, published=True)

    withhold(second, by)

    assert register() == [("Withdrawal", f"{slot.symbol}.v2", "state", "Sent in error.")]


def test_what_was_never_public_enters_no_register(by):
    waiting = make_response()
    unsent = make_response(slot=make_slot(sent=False), published=True)
    draft = make_slot(question=make_question(event=make_event(status="draft")))
    of_draft = make_response(slot=draft, published=True)

    for response in [waiting, unsent, of_draft]:
        assert withhold(response, by) == 1
    open_event(draft.candidacy.event, by=by, at=LATER)

    assert not Correction.objects.exists()


def test_an_earlier_wording_is_withdrawn_alone(by):
    slot = make_slot()
    first = make_response(slot=slot, published=True, status=ResponseStatus.SUPERSEDED)
    second = make_response(slot=slot, published=True)

    withhold(first, by)

    assert list(Response.objects.publicly_visible()) == [second]
    assert register() == [("Withdrawal", slot.symbol, "state", "Sent in error.")]


def test_superseded_before_it_was_public_it_stays_as_it_is(by):
    response = make_response(status=ResponseStatus.SUPERSEDED)

    assert withhold(response, by) == 0
    assert not AuditEntry.objects.exists()


def test_what_is_published_again_enters_the_register_too(by):
    response = make_response(published=True)
    withhold(response, by)

    publish_responses(Response.objects.all(), by=by, at=LATER + timedelta(days=1))

    symbol = response.slot.symbol
    assert register() == [
        ("Published again", symbol, "", ""),
        ("Withdrawal", symbol, "state", "Sent in error."),
    ]


def test_what_was_withheld_unpublished_is_published_without_a_note(by):
    response = make_response()
    withhold(response, by)

    publish_responses(Response.objects.all(), by=by, at=LATER)

    assert not Correction.objects.exists()


# --- A whole question ---------------------------------------------------------------------------


@pytest.fixture
def question():
    response = make_response(published=True)
    refresh_questions(Question.objects.all())
    assert SearchEntry.objects.count() == 2
    return response.slot.question


def withdraw(question, by, at=LATER):
    withdraw_question(question, reason="Put by mistake.", ground=Ground.MISTAKE, by=by, at=at)


def test_a_question_is_withdrawn_with_every_reply_and_leaves_a_note(question, by):
    edition = Edition.objects.first()

    withdraw(question, by)

    assert not Question.objects.publicly_visible().exists()
    assert not Response.objects.publicly_visible().exists()
    assert not SearchEntry.objects.exists()
    assert register() == [("Withdrawal", question.symbol, "mistake", "Put by mistake.")]
    assert [entry.action for entry in AuditEntry.objects.all()] == ["question.withdrawn"]
    assert Edition.objects.get().number > (edition.number if edition else 0)


def test_other_notes_about_a_withdrawn_question_are_gone_with_it(question, by):
    slot = question.slots.get()
    withhold(slot.responses.get(), by)

    withdraw(question, by)

    assert register() == [("Withdrawal", question.symbol, "mistake", "Put by mistake.")]


def test_a_withdrawn_question_is_restored(question, by):
    withdraw(question, by)

    restore_question(question, by=by, at=LATER + timedelta(days=1))

    assert Response.objects.publicly_visible().count() == 1
    assert SearchEntry.objects.count() == 2
    assert [kind for kind, *_rest in register()] == ["Published again", "Withdrawal"]
    assert [entry.action for entry in AuditEntry.objects.order_by("number")] == [
        "question.withdrawn",
        "question.restored",
    ]


def test_only_what_is_public_is_withdrawn_and_only_what_is_withdrawn_restored(question, by):
    unsent = make_slot(sent=False).question
    for act in [
        lambda: withdraw(unsent, by),
        lambda: restore_question(question, by=by, at=LATER),
    ]:
        with pytest.raises(NotPublic):
            act()
    withdraw(question, by)
    with pytest.raises(NotPublic):
        withdraw(question, by)

    assert Correction.objects.count() == 1
