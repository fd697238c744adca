import pytest

from questions.models import (
    AddressedQuestion,
    AuditEntry,
    Edition,
    LetterSection,
    QuestionScope,
    QuestionStatus,
)
from questions.operations.questions import WrongScope, put_question
from tests.factories import BEFORE, make_candidacy, make_event, make_question, make_user

pytestmark = pytest.mark.django_db


def put(question, *candidacies):
    return put_question(question, candidacies, by=make_user(), at=BEFORE)


def test_putting_a_question_makes_a_slot_for_each_candidacy_last_in_its_section():
    event = make_event()
    one, other = make_candidacy(event=event), make_candidacy(event=event)
    first, second = make_question(event=event), make_question(event=event)
    put(first, one)

    count = put(second, one, other)

    slots = AddressedQuestion.objects.order_by("pk")
    assert count == 2
    assert [(s.question, s.candidacy, s.section, s.position) for s in slots] == [
        (first, one, LetterSection.COMMON, 1),
        (second, one, LetterSection.COMMON, 2),
        (second, other, LetterSection.COMMON, 1),
    ]
    assert [slot.letter for slot in slots] == [None, None, None]


def test_a_states_own_question_opens_its_own_section():
    event = make_event()
    candidacy = make_candidacy(event=event)
    put(make_question(event=event), candidacy)

    put(make_question(event=event, state=candidacy.state), candidacy)

    slot = AddressedQuestion.objects.latest("pk")
    assert (slot.section, slot.position) == (LetterSection.OWN, 1)


def test_putting_it_again_changes_nothing():
    event = make_event()
    candidacy, question = make_candidacy(event=event), make_question(event=event)
    put(question, candidacy)
    edition = Edition.objects.get().number

    count = put(question, candidacy)

    assert count == 0
    assert AddressedQuestion.objects.count() == 1
    assert AuditEntry.objects.count() == 1
    assert Edition.objects.get().number == edition


def test_putting_it_to_those_who_lack_it_counts_only_them():
    event = make_event()
    question = make_question(event=event)
    one, other = make_candidacy(event=event), make_candidacy(event=event)
    put(question, one)

    count = put(question, one, other)

    assert count == 1
    assert AuditEntry.objects.latest("number").details == {"slots": 1}


def test_req_043_putting_a_question_is_on_record():
    question = make_question()

    put(question, make_candidacy(event=question.event))

    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.subject, entry.details) == (
        "question.put",
        question.symbol,
        {"slots": 1},
    )


@pytest.mark.parametrize("status", [QuestionStatus.SUBMITTED, QuestionStatus.DECLINED])
def test_a_question_that_was_not_accepted_is_put_to_nobody(status):
    question = make_question(status=status, status_reason="Not about the Council.")

    with pytest.raises(WrongScope):
        put(question, make_candidacy(event=question.event))

    assert not AddressedQuestion.objects.exists()


def test_a_question_is_put_to_no_candidacy_of_another_event():
    question = make_question()

    with pytest.raises(WrongScope):
        put(question, make_candidacy(event=question.event), make_candidacy())

    assert not AddressedQuestion.objects.exists()
    assert not AuditEntry.objects.exists()


def test_another_states_own_question_is_put_to_nobody_else():
    event = make_event()
    candidacy, other = make_candidacy(event=event), make_candidacy(event=event)
    question = make_question(event=event, state=other.state)

    with pytest.raises(WrongScope):
        put(question, candidacy)

    assert question.scope == QuestionScope.ONE
    assert not AddressedQuestion.objects.exists()
