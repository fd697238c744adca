"""Files and the letter for several questions, from two missions at once (security.md 20, 56)."""

import pytest

from questions.models import Attachment, ConflictCopy, DraftLetter
from questions.operations import attachments, draft_letters
from questions.operations.attachments import TooManyFiles, attach_file
from questions.operations.draft_letters import LetterText, save_draft_letter
from questions.parsing.attachments import examine_pdf
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import BEFORE, make_link, make_slot
from tests.parsing.pdf_documents import make_pdf

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = make_pdf()
EXAMINED = examine_pdf(CONTENT)


@pytest.fixture
def slot():
    return make_slot()


@pytest.fixture
def links(slot):
    return [make_link(candidacy=slot.candidacy, city=city)[0] for city in ("geneva", "new_york")]


def attach(slot, link, number, *, kind="answer"):
    return attach_file(
        slot.candidacy,
        CONTENT + b"%%%d" % number,
        name="Reply.pdf",
        examined=EXAMINED,
        kind=kind,
        slots={slot: None} if kind == "answer" else {},
        link=link,
        at=BEFORE,
    )


def attach_the_last_file_twice(monkeypatch, slot, links):
    for number in range(4):
        attach(slot, links[0], number)
    meet_before(monkeypatch, attachments, "stored_file")
    return at_once(*[lambda i=i: attach(slot, links[i], 4 + i) for i in range(2)])


def test_req_056_two_missions_do_not_pass_the_quota_together(monkeypatch, slot, links):
    outcomes = attach_the_last_file_twice(monkeypatch, slot, links)

    assert errors_in(outcomes) == [TooManyFiles]
    assert Attachment.objects.count() == 5


def test_control_of_req_056_without_the_lock_they_do(monkeypatch, slot, links):
    without_row_locks(monkeypatch)

    outcomes = attach_the_last_file_twice(monkeypatch, slot, links)

    assert errors_in(outcomes) == []
    assert Attachment.objects.count() == 6


def save_the_letter_twice(monkeypatch, slot, links):
    """Both missions change the letter that both were shown."""
    letter = attach(slot, links[0], 0, kind="letter")
    first = save(letter, slot, "Shown.", 0, links[0]).letter
    meet_before(monkeypatch, draft_letters, "put_to")
    texts = ["From Geneva.", "From New York."]
    return at_once(
        *[
            lambda i=i: save(letter, slot, texts[i], first.revision, links[i]).is_conflict
            for i in range(2)
        ]
    )


def save(letter, slot, text, based_on, link):
    words = LetterText(text=text, text_as_typed=text, language="en", is_ready=False)
    return save_draft_letter(letter, {slot: None}, words, based_on=based_on, link=link, at=BEFORE)


def test_req_020_of_two_letters_saved_at_once_one_is_a_conflict(monkeypatch, slot, links):
    outcomes = save_the_letter_twice(monkeypatch, slot, links)

    assert sorted(outcomes) == [False, True]
    texts = {copy.text for copy in ConflictCopy.objects.all()}
    assert {"From Geneva.", "From New York."} <= texts | {DraftLetter.objects.get().text}


def test_control_of_req_020_without_the_lock_words_vanish(monkeypatch, slot, links):
    without_row_locks(monkeypatch)

    save_the_letter_twice(monkeypatch, slot, links)

    texts = {copy.text for copy in ConflictCopy.objects.all()}
    assert not {"From Geneva.", "From New York."} <= texts | {DraftLetter.objects.get().text}
