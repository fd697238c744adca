"""Taking words out of a published note of the register (security.md 49, 51)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from questions.models import AuditEntry, Correction, Ground, Question, Response, news_between
from questions.operations.corrections import (
    AlreadyPublished,
    discard_correction,
    enter_correction,
    publish_correction,
)
from questions.operations.publication import (
    publish_responses,
    withdraw_question,
    withhold_responses,
)
from questions.operations.redacted_notes import NoteNotShown, redact_note
from questions.operations.redactions import (
    NothingTakenOut,
    WordsAdded,
    redact_response,
)
from questions.operations.two_people import NotTheirs, SamePerson
from tests.factories import BEFORE, make_correction, make_response, make_slot, make_user
from tests.views.public_pages import read

pytestmark = pytest.mark.django_db

LATER = BEFORE + timedelta(days=1)
REASON = "Aziza Canary asked for it."
LEFT = "[…] asked for it."


@pytest.fixture
def by():
    return make_user()


@pytest.fixture
def note(by):
    """Of the withdrawal of an answer, with a name in its reason."""
    response = make_response(published=True)
    withhold_responses(
        Response.objects.filter(pk=response.pk),
        reason=REASON,
        ground=Ground.PERSON,
        by=by,
        at=BEFORE,
    )
    return Correction.objects.get()


def redact(note, by, **words):
    return redact_note(note, words or {"reason": LEFT}, by=by, at=LATER)


def register():
    return [one.reason for one in Correction.objects.shown()]


def test_req_051_it_is_hidden_at_once_and_someone_else_publishes_what_is_left(note, by):
    left = redact(note, by)
    assert register() == []
    with pytest.raises(SamePerson):
        publish_correction(left, sha256=left.sha256, by=by, at=LATER)

    publish_correction(left, sha256=left.sha256, by=make_user(), at=LATER)

    left.refresh_from_db()
    assert register() == [LEFT]
    assert (left.kind, left.ground, left.symbol) == (note.kind, note.ground, note.symbol)
    assert left.corrected_on == note.corrected_on
    note.refresh_from_db()
    assert note.reason == REASON


def test_req_051_its_words_are_on_no_page_from_then_on(note, by):
    page = note.slot.get_absolute_url()
    event = note.event.slug
    addresses = [
        *(page, f"{page}v1/", "/en/corrections/", f"/en/corrections/{event}/"),
        *("/corrections/feed.atom", "/api/v1/corrections", f"/data/{event}/event.json"),
    ]

    def telling():
        return {one for one in addresses if "Canary" in Client().get(one).text}

    assert telling() >= {page, f"{page}v1/", "/en/corrections/", "/api/v1/corrections"}

    left = redact(note, by)

    assert telling() == set()
    assert Client().get(f"{page}v1/").status_code == 410
    publish_correction(left, sha256=left.sha256, by=make_user(), at=LATER)
    assert telling() == set()
    for address in [page, "/en/corrections/", "/corrections/feed.atom"]:
        text = read(address).text
        assert LEFT in text
        assert "ISHR took words out of this text" in text


def test_req_051_the_audit_has_fingerprints_and_no_word(note, by):
    left = redact(note, by)

    details = AuditEntry.objects.get(action="correction.redacted").details
    assert details == {"original_sha256": note.sha256, "sha256": left.sha256}


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"reason": "[…] asked us for it."}, WordsAdded),
        ({"reason": "It was asked for."}, WordsAdded),
        ({"reason": REASON}, NothingTakenOut),
        ({"reason": ""}, NothingTakenOut),
        ({"reason": LEFT, "what_changed": "Yes."}, NothingTakenOut),
    ],
)
def test_req_049_words_only_go(note, by, words, refusal):
    with pytest.raises(refusal):
        redact(note, by, **words)

    assert register() == [REASON]


def test_req_049_what_hides_a_note_is_neither_discarded_nor_written_by_hand(note, by):
    left = redact(note, by)

    with pytest.raises(AlreadyPublished):
        discard_correction(left, by=by, at=LATER)
    left.reason = "Another."
    with pytest.raises(AlreadyPublished):
        enter_correction(left, by=by, at=LATER)
    with pytest.raises(IntegrityError, match="correction_kept"), transaction.atomic():
        left.delete()
    with pytest.raises(IntegrityError, match="correction_sealed"), transaction.atomic():
        Correction.objects.filter(pk=left.pk).update(replaces=None)

    assert register() == []


def test_who_took_words_out_may_take_out_others_until_it_is_published(note, by):
    first = redact(note, by, reason="[…] Canary asked for it.")
    with pytest.raises(NotTheirs):
        redact(note, make_user())

    second = redact(note, by)

    assert (second.pk, second.reason) == (first.pk, LEFT)
    publish_correction(second, sha256=second.sha256, by=make_user(), at=LATER)
    with pytest.raises(NoteNotShown):
        redact(note, by)
    third = redact(second, by, reason="[…] for it.")
    publish_correction(third, sha256=third.sha256, by=make_user(), at=LATER)
    assert register() == ["[…] for it."]


def test_a_draft_is_changed_and_not_redacted(by):
    draft = make_correction()

    with pytest.raises(NoteNotShown):
        redact_note(draft, draft.words, by=by, at=LATER)


def test_it_is_no_news(note, by):
    left = redact(note, by)
    published = LATER + timedelta(hours=1)
    publish_correction(left, sha256=left.sha256, by=make_user(), at=published)

    assert news_between(LATER, published) == []


def test_a_question_whose_note_waits_keeps_its_tombstone(by):
    question = make_slot().question
    withdraw_question(question, reason=REASON, ground=Ground.PERSON, by=by, at=BEFORE)
    redact(Correction.objects.get(), by)

    page = Client().get(f"/en/{question.event.slug}/{question.slug}/")

    assert (page.status_code, "Canary" in page.text) == (410, False)
    assert Question.objects.withdrawn().count() == 1


def test_publishing_a_text_again_does_not_publish_what_is_left_of_a_note(by):
    response = make_response(text="Aziza Canary came.", published=True)
    redacted = redact_response(
        response,
        "[…] came.",
        reason="It named one.",
        ground=Ground.PERSON,
        keeps_files=True,
        by=by,
        at=BEFORE,
    )
    publish_from = Response.objects.filter(pk=redacted.pk)
    publish_responses(publish_from, by=make_user(), at=BEFORE)
    note = Correction.objects.get(kind="redaction")
    left = redact(note, by, reason="It named […].")
    withhold_responses(publish_from, reason="Again.", by=by, at=LATER)

    publish_responses(publish_from, by=make_user(), at=LATER)

    left.refresh_from_db()
    assert left.published_at is None
