from datetime import timedelta

import pytest

from questions.models import CONFLICTS_SHOWN_FOR, AccessLink, ConflictCopy, Draft, DraftAnswer
from questions.operations.drafts import save_draft_answer
from questions.operations.links import revoke_link
from questions.operations.submissions import LinkRevoked, ReplyClosed
from tests.factories import BEFORE, DUE_ON, answer, make_link, make_slot, make_user, send

pytestmark = pytest.mark.django_db

LATER = BEFORE + timedelta(hours=1)


def save(slot, text="Yes.", *, link, based_on=0, at=BEFORE, language="en", is_ready=False):
    return save_draft_answer(
        slot,
        text=text,
        text_as_typed=f"{text}\r\n",
        language=language,
        is_ready=is_ready,
        based_on=based_on,
        link=link,
        at=at,
    )


def test_saving_stores_the_text_as_kept_and_as_typed_with_who_and_when():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)

    saved = save(slot, link=link, is_ready=True)

    stored = DraftAnswer.objects.get()
    assert saved.answer == stored
    assert saved.conflict is None
    assert (stored.text, stored.text_as_typed, stored.language) == ("Yes.", "Yes.\r\n", "en")
    assert (stored.is_ready, stored.revision) == (True, 1)
    assert (stored.saved_at, stored.saved_by) == (BEFORE, link)
    assert Draft.objects.get().saved_by == link
    assert AccessLink.objects.get().last_used_at == BEFORE


def test_each_save_makes_the_next_revision():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save(slot, "One", link=link)
    save(slot, "Two", link=link, based_on=1)

    saved = save(slot, "Three", link=link, based_on=2, at=LATER)

    assert (saved.answer.text, saved.answer.revision) == ("Three", 3)
    assert DraftAnswer.objects.get().saved_at == LATER


def test_req_019_the_second_of_two_saves_is_kept_as_a_conflict_copy_and_changes_nothing():
    slot = make_slot()
    new_york, _token = make_link(candidacy=slot.candidacy, city="new_york")
    geneva, _token = make_link(candidacy=slot.candidacy, city="geneva")
    for revision in range(3):
        save(slot, f"Text {revision}", link=geneva, based_on=revision)
    first = save(slot, "New York's", link=new_york, based_on=3, at=LATER)

    second = save(slot, "Geneva's", link=geneva, based_on=3, at=LATER, language="fr")

    assert first.answer.revision == 4
    assert second.answer.text == "New York's"
    copy = ConflictCopy.objects.get()
    assert second.conflict == copy
    assert (copy.text, copy.language, copy.based_on_revision) == ("Geneva's", "fr", 3)
    assert (copy.saved_at, copy.saved_by) == (LATER, geneva)
    stored = DraftAnswer.objects.get()
    assert (stored.text, stored.revision, stored.saved_by) == ("New York's", 4, new_york)


def test_req_019_pressing_again_keeps_one_copy_of_the_same_words():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save(slot, "First", link=link)

    copies = [save(slot, "Stale", link=link, based_on=0).conflict for _ in range(3)]

    assert ConflictCopy.objects.get() in copies


def test_saving_what_is_there_changes_nothing_whatever_revision_was_shown():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save(slot, "Same", link=link)
    before = [*Draft.objects.values(), *DraftAnswer.objects.values(), *AccessLink.objects.values()]

    saved = save(slot, "Same", link=link, based_on=0, at=LATER)

    assert saved.conflict is None
    assert before == [
        *Draft.objects.values(),
        *DraftAnswer.objects.values(),
        *AccessLink.objects.values(),
    ]


def test_a_save_based_on_a_draft_that_was_sent_meanwhile_is_a_conflict():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save(slot, "Yes.", link=link, is_ready=True)
    send(slot.candidacy, {slot: answer("Yes.", revision=1)}, link=link)

    saved = save(slot, "Perhaps.", link=link, based_on=1)

    assert saved.conflict.text == "Perhaps."
    assert (saved.answer.pk, saved.answer.revision) == (None, 0)
    assert not DraftAnswer.objects.exists()


def test_an_answer_already_sent_takes_a_new_draft():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    send(slot.candidacy, {slot: answer("Yes.")})

    saved = save(slot, "Perhaps.", link=link)

    assert (saved.answer.text, saved.answer.revision) == ("Perhaps.", 10_001)


def test_nothing_is_saved_once_the_reply_is_closed():
    slot = make_slot(closes_on=DUE_ON)
    link, _token = make_link(candidacy=slot.candidacy)

    with pytest.raises(ReplyClosed):
        save(slot, link=link, at=slot.candidacy.event.closes_at)

    assert not Draft.objects.exists()


def test_nothing_is_saved_through_a_revoked_link():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    revoke_link(link, by=make_user(), at=BEFORE)

    with pytest.raises(LinkRevoked):
        save(slot, link=link)

    assert not Draft.objects.exists()


def test_conflict_copies_are_found_for_a_week():
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save(slot, "First", link=link)
    copy = save(slot, "Stale", link=link).conflict
    end = BEFORE + CONFLICTS_SHOWN_FOR

    assert list(ConflictCopy.objects.recent(at=end - timedelta(seconds=1))) == [copy]
    assert list(ConflictCopy.objects.recent(at=end)) == []
