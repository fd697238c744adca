"""A letter that answers several questions is read only while all of its answers are public.

Its pages have the words of each (security.md 48, 50).
"""

import pytest

from questions.models import (
    AttachedQuestion,
    Attachment,
    Ground,
    QuestionStatus,
    Response,
    ResponseStatus,
)
from questions.operations.publication import (
    publish_responses,
    restore_question,
    withdraw_question,
    withhold_responses,
)
from questions.operations.redactions import redact_response
from tests.factories import (
    BEFORE,
    make_attachment,
    make_candidacy,
    make_question,
    make_response,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter():
    """Accepted; its first answer is published, the second waits."""
    candidacy = make_candidacy()
    event = candidacy.event
    first, second = (
        make_slot(candidacy=candidacy, question=make_question(event=event)) for _number in range(2)
    )
    submission = make_response(slot=first, text="One.", published=True).submission
    Response.objects.create(slot=second, submission=submission, text="Name two.", language="en")
    file = make_attachment(
        slot=first,
        submission=submission,
        kind="letter",
        number=1,
        status="accepted",
        decided_at=BEFORE,
        decided_by=make_user(),
        public_as="copy.pdf",
        public_sha256="0" * 64,
        public_size=1,
    )
    AttachedQuestion.objects.create(attachment=file, slot=second)
    return file


def is_public():
    return Attachment.objects.publicly_visible().exists()


def second():
    return Response.objects.order_by("pk").filter(redacts=None)[1]


def publish(response):
    publish_responses(Response.objects.filter(pk=response.pk), by=make_user(), at=BEFORE)


def test_req_048_a_letter_waits_for_the_last_of_its_answers(letter):
    before = is_public()

    publish(second())

    assert (before, is_public()) == (False, True)


def test_req_050_a_letter_goes_with_the_first_answer_that_is_withdrawn(letter):
    publish(second())

    withhold_responses(
        Response.objects.filter(pk=second().pk),
        reason="It names a person.",
        ground=Ground.PERSON,
        by=make_user(),
        at=BEFORE,
    )

    assert not is_public()
    publish(second())
    assert is_public()


def test_req_050_a_letter_goes_with_a_question_that_is_withdrawn(letter):
    publish(second())
    question = second().slot.question
    about = {"by": make_user(), "at": BEFORE}

    withdraw_question(question, reason="Put by mistake.", ground=Ground.MISTAKE, **about)

    assert question.status != QuestionStatus.WITHDRAWN  # the row in hand is the one from before
    assert not is_public()
    restore_question(question, **about)
    assert is_public()


def test_req_048_a_letter_with_words_that_never_became_public_stays_closed(letter):
    Response.objects.filter(pk=second().pk).update(status=ResponseStatus.SUPERSEDED)
    make_response(slot=second().slot, text="Two.", published=True)

    assert not is_public()


def test_a_letter_that_is_kept_comes_back_with_the_text_from_which_words_were_taken(letter):
    publish(second())

    redacted = redact_response(
        second(),
        "[…] two.",
        reason="A person asked for it.",
        ground=Ground.PERSON,
        keeps_files=True,
        by=make_user(),
        at=BEFORE,
    )

    assert not is_public()
    publish(redacted)
    assert is_public()
