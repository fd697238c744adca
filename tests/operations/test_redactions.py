"""Taking words out of what the public reads (security.md 51)."""

from datetime import timedelta

import pytest

from questions.models import (
    AuditEntry,
    Correction,
    Ground,
    Response,
    ResponseStatus,
    SearchEntry,
    Translation,
    text_digest,
)
from questions.operations.publication import publish_responses
from questions.operations.redactions import (
    NothingTakenOut,
    WordsAdded,
    WordsRepeated,
    redact_response,
)
from questions.operations.taken_out import WordsStand
from questions.operations.two_people import SamePerson
from tests.factories import (
    BEFORE,
    answer,
    make_response,
    make_slot,
    make_translation,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

LATER = BEFORE + timedelta(days=1)
TEXT = "We met Aziza Canary in May. We will protect her."
LEFT = "We met […] in May. We will protect her."


@pytest.fixture
def by():
    return make_user()


def redact(response, by, text=LEFT, **fields):
    defaults = {
        "reason": "It named a person at risk.",
        "ground": Ground.PERSON,
        "keeps_files": True,
        "at": LATER,
    }
    return redact_response(response, text, by=by, **defaults | fields)


def publish(response, by, at=LATER):
    return publish_responses(Response.objects.filter(pk=response.pk), by=by, at=at)


def public_texts():
    return set(Response.objects.publicly_visible().values_list("text", flat=True))


def test_req_051_the_text_is_withheld_at_once_and_what_is_left_is_a_new_one(by):
    response = make_response(text=TEXT, published=True)

    redacted = redact(response, by)

    response.refresh_from_db()
    assert (response.status, response.text) == (ResponseStatus.WITHHELD, TEXT)
    assert (redacted.redacts, redacted.submission) == (response, response.submission)
    assert public_texts() == set()
    assert not Correction.objects.publicly_visible().exclude(kind="withdrawal").exists()


def test_req_051_someone_else_publishes_it_with_a_note(by):
    response = make_response(text=TEXT, published=True)
    redacted = redact(response, by)
    with pytest.raises(SamePerson):
        publish(redacted, by)
    assert public_texts() == set()

    other = make_user()
    assert publish(redacted, other) == 1

    redacted.refresh_from_db()
    assert public_texts() == {LEFT}
    assert redacted.version == 2
    note = Correction.objects.shown().get(kind="redaction")
    assert (note.entered_by, note.published_by, note.cited) == (by, other, redacted.symbol)
    found = set(SearchEntry.objects.filter(kind="answer").values_list("response", flat=True))
    assert found == {redacted.pk}


def test_req_051_what_is_left_of_an_earlier_text_stays_behind_the_one_in_force(by):
    slot = make_slot()
    first = make_response(slot=slot, text=TEXT, published=True, status="superseded")
    later = make_response(slot=slot, text="We amend what we said.", published=True)

    redacted = redact(first, by)
    publish(redacted, make_user())

    redacted.refresh_from_db()
    assert Response.objects.publicly_visible().in_force().get() == later
    assert (redacted.status, redacted.version) == (ResponseStatus.SUPERSEDED, 3)
    assert public_texts() == {later.text, LEFT}


def test_req_051_the_audit_has_both_fingerprints_and_no_word(by):
    response = make_response(text=TEXT, published=True)

    redact(response, by)

    details = AuditEntry.objects.get(action="response.redacted").details
    assert details["original_sha256"] == text_digest(TEXT)
    assert details["sha256"] == text_digest(LEFT)
    assert "Canary" not in str(list(AuditEntry.objects.values_list("details", "subject")))


def test_req_051_other_wordings_with_the_words_are_withheld_too(by):
    slot = make_slot()
    texts = ["CANARY came, in capitals.", "Nothing of the kind.", TEXT]
    for text in texts:
        last = make_response(
            slot=slot,
            text=text,
            published=True,
            status="published" if text == TEXT else "superseded",
        )

    redact(last, by)

    assert public_texts() == {"Nothing of the kind."}
    assert Correction.objects.publicly_visible().withdrawals().count() == 2


def test_req_051_translations_with_the_words_are_withdrawn_too(by):
    slot = make_slot()
    earlier = make_response(slot=slot, text="عزيزة", language="ar", published=True)
    Response.objects.filter(pk=earlier.pk).update(status=ResponseStatus.SUPERSEDED)
    response = make_response(slot=slot, text=TEXT, published=True)
    make_translation(of=earlier, text="Aziza CANARY.", language="en")
    make_translation(of=earlier, text="Canary.", language="es", published=False)
    kept = make_translation(of=earlier, text="Elle.", language="fr")
    make_translation(of=response, text="Nous avons rencontré Aziza.")
    elsewhere = make_translation(text="Canary.")

    redact(response, by)

    standing = Translation.objects.exclude(status="withdrawn")
    assert set(Translation.objects.publicly_visible()) == {kept, elsewhere} == set(standing)


@pytest.fixture
def earlier(by):
    """A wording that was withheld because it had words which were taken out of the later one."""
    slot = make_slot()
    earlier = make_response(slot=slot, text="Canary came.", published=True, status="superseded")
    redact(make_response(slot=slot, text=TEXT, published=True), by)
    earlier.refresh_from_db()
    assert earlier.status == ResponseStatus.WITHHELD
    return earlier


def again(response, by, **fields):
    chosen = Response.objects.filter(pk=response.pk)
    return publish_responses(chosen, by=by, at=LATER, **fields)


def test_req_051_another_wording_with_the_words_takes_another_person_and_a_yes(earlier, by):
    with pytest.raises(SamePerson):
        again(earlier, by, words_may_stand=True)
    other = make_user()
    with pytest.raises(WordsStand):
        again(earlier, other)
    assert public_texts() == set()

    assert again(earlier, other, words_may_stand=True) == 1

    assert public_texts() == {"Canary came."}
    assert AuditEntry.objects.latest("number").details["words_may_stand"] is True


def test_req_051_so_does_what_the_state_sends_afterwards(earlier, by):
    sent = make_response(slot=earlier.slot, text="Once more: CANARY.")
    with_the_reason = make_response(slot=earlier.slot, text="Yes.", amendment_reason="Of Canary.")
    without = make_response(slot=earlier.slot, text="Nothing.")
    elsewhere = make_response(text="Canary.")

    for response in [sent, with_the_reason]:
        with pytest.raises(WordsStand):
            again(response, make_user())
        with pytest.raises(SamePerson):
            again(response, by, words_may_stand=True)
    for response in [without, elsewhere]:
        assert again(response, by) == 1
    assert "words_may_stand" not in AuditEntry.objects.latest("number").details


def test_several_at_once_are_published_all_or_none(earlier):
    other = make_response(text="Yes.")

    with pytest.raises(WordsStand):
        publish_responses(
            Response.objects.filter(pk__in=[earlier.pk, other.pk]), by=make_user(), at=LATER
        )

    assert public_texts() == set()


def test_words_of_an_attempt_that_was_given_up_stand_where_they_are(by):
    response = make_response(text=TEXT, published=True)
    redact(response, by, text="We met […]. We will protect her.")
    redact(response, by)

    assert again(make_response(slot=response.slot, text="In May."), by) == 1


def test_what_was_redacted_is_never_published_again(by):
    response = make_response(text=TEXT, published=True)
    redact(response, by)

    assert publish(response, make_user()) == 0
    assert public_texts() == set()


@pytest.mark.parametrize(
    "text",
    [
        "We met […] in June. We will protect her.",
        "We met […] in May. We will protect her and him.",
        "In May we met […]. We will protect her.",
        "We met [name removed] in May. We will protect her.",
    ],
)
def test_req_049_nothing_is_put_into_a_states_words(by, text):
    response = make_response(text=TEXT, published=True)

    with pytest.raises(WordsAdded):
        redact(response, by, text=text)

    assert public_texts() == {TEXT}


@pytest.mark.parametrize("text", [TEXT, "", TEXT.replace(".", "")])
def test_something_is_taken_out_and_something_left(by, text):
    response = make_response(text=TEXT, published=True)

    with pytest.raises(NothingTakenOut):
        redact(response, by, text=text)

    assert public_texts() == {TEXT}


def test_a_word_that_still_stands_elsewhere_was_not_taken_out(by):
    response = make_response(text="Canary here, Canary there.", published=True)

    with pytest.raises(NothingTakenOut):
        redact(response, by, text="[…] here, Canary there.")


def test_the_reason_does_not_repeat_it(by):
    response = make_response(text=TEXT, published=True)

    with pytest.raises(WordsRepeated):
        redact(response, by, reason="It named Ms. Canary.")

    assert public_texts() == {TEXT}


def test_a_reason_for_an_amendment_with_the_words_goes_too(by):
    response = make_response(text=TEXT, published=True, amendment_reason="Canary asked us.")

    assert redact(response, by).amendment_reason == ""


def test_a_second_attempt_takes_the_place_of_the_first(by):
    response = make_response(text=TEXT, published=True)
    first = redact(response, by, text="We met […]. We will protect her.")

    second = redact(response, by)

    first.refresh_from_db()
    assert first.status == ResponseStatus.SUPERSEDED
    assert Correction.objects.get(kind="redaction").response == second


def test_chinese_words_are_taken_out_by_character(by):
    response = make_response(text="我们见到了王小明。", language="zh-hans", published=True)

    redacted = redact(response, by, text="我们见到了[…]。", reason="一个人的安全。")

    assert redacted.text == "我们见到了[…]。"


def test_what_the_state_sent_is_shown_and_proved_to_it_as_before(by):
    slot = make_slot()
    submission = send(slot.candidacy, {slot: answer(TEXT)})
    publish_responses(Response.objects.all(), by=by, at=LATER)
    redacted = redact(submission.responses.get(), by)
    publish(redacted, make_user())

    assert submission.answer_count == 1
    assert text_digest(submission.canonical_text()) == submission.text_sha256
