"""Two missions save one answer (security.md 19)."""

import pytest

from questions.models import ConflictCopy, Draft, DraftAnswer
from questions.operations import drafts
from questions.operations.drafts import save_draft_answer
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import BEFORE, make_link, make_slot

pytestmark = pytest.mark.django_db(transaction=True)


def save(slot, text, link, *, based_on):
    return save_draft_answer(
        slot,
        text=text,
        text_as_typed=text,
        language="en",
        is_ready=True,
        based_on=based_on,
        link=link,
        at=BEFORE,
    )


def make_once(candidacy, link, at):
    Draft.objects.get_or_create(candidacy=candidacy, defaults={"saved_at": at, "saved_by": link})


def save_revision_three_twice(monkeypatch):
    slot = make_slot()
    links = [make_link(candidacy=slot.candidacy, city=city)[0] for city in ("geneva", "new_york")]
    for revision, text in enumerate(["One.", "Two.", "Three."]):
        save(slot, text, links[0], based_on=revision)
    meet_before(monkeypatch, DraftAnswer, "save")
    return at_once(
        lambda: save(slot, "From Geneva.", links[0], based_on=3),
        lambda: save(slot, "From New York.", links[1], based_on=3),
    )


def test_req_019_of_two_saves_of_one_revision_one_is_a_conflict_and_no_words_vanish(monkeypatch):
    outcomes = save_revision_three_twice(monkeypatch)

    assert errors_in(outcomes) == []
    assert sorted(saved.conflict is None for saved in outcomes) == [False, True]
    kept, copy = DraftAnswer.objects.get(), ConflictCopy.objects.get()
    assert (kept.revision, copy.based_on_revision) == (4, 3)
    assert {kept.text, copy.text} == {"From Geneva.", "From New York."}
    assert {saved.answer.text for saved in outcomes} == {kept.text}


def test_control_of_req_019_without_the_lock_words_vanish(monkeypatch):
    without_row_locks(monkeypatch)
    # Writing the draft's own row would be a lock as well.
    monkeypatch.setattr(drafts, "_mark_saved", make_once)

    outcomes = save_revision_three_twice(monkeypatch)

    assert [saved.conflict for saved in outcomes] == [None, None]
    assert DraftAnswer.objects.get().revision == 4
    assert not ConflictCopy.objects.exists()
