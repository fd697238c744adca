"""A draft that no longer says what is on record is composed again, not issued."""

from datetime import date

import pytest

from questions.models import (
    Asker,
    AskerKind,
    Contact,
    Letter,
    LetterDocument,
    LetterStatus,
    LetterTemplate,
    Question,
    QuestionStatus,
    end_of_day,
)
from questions.operations import issuing
from questions.operations.issuing import LetterOutdated, issue_all, issue_composed
from tests.factories import make_asker, make_question, make_slot, make_user
from tests.operations.letters_out import AT, draft, make_ready, make_ready_event

pytestmark = pytest.mark.django_db


def change_question(candidacy):
    Question.objects.filter(slots__candidacy=candidacy).update(text="What now?")


def put_another(candidacy):
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event), sent=False)


def change_addressee(candidacy):
    Contact.objects.filter(mission__state=candidacy.state).update(name="Somebody Else")


def move_deadline(candidacy):
    type(candidacy).objects.filter(pk=candidacy.pk).update(due_at=end_of_day(date(2021, 10, 20)))


def change_template(candidacy):
    LetterTemplate.objects.update(texts=LetterTemplate.objects.get().texts | {"closing": "Bye."})


def decline_question(candidacy):
    Question.objects.filter(slots__candidacy=candidacy).update(
        status=QuestionStatus.DECLINED, status_reason="Rude"
    )


@pytest.mark.parametrize(
    "change",
    [
        change_question,
        put_another,
        change_addressee,
        move_deadline,
        change_template,
        decline_question,
    ],
)
def test_req_028_a_draft_that_is_no_longer_true_is_not_issued(change):
    candidacy = make_ready()
    letter = draft(candidacy)
    change(candidacy)

    with pytest.raises(LetterOutdated) as refusal:
        issue_composed(letter, by=make_user(), at=AT)

    assert refusal.value.letters == (letter,)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.DRAFT
    assert not LetterDocument.objects.exists()
    assert set(candidacy.slots.values_list("letter", flat=True)) == {None}


def test_req_053_a_consent_taken_back_after_composing_keeps_the_letter_from_being_issued():
    asker = make_asker(
        kind=AskerKind.INDIVIDUAL, state_consent_on=date(2021, 9, 1), state_consent_source="Form"
    )
    candidacy = make_ready(questions=0)
    make_slot(
        candidacy=candidacy,
        question=make_question(event=candidacy.event, askers=[asker]),
        sent=False,
    )
    letter = draft(candidacy)
    Asker.objects.update(state_consent_on=None, state_consent_source="")

    with pytest.raises(LetterOutdated):
        issue_composed(letter, by=make_user(), at=AT)

    letter = draft(candidacy)
    assert asker.name not in issue_composed(letter, by=make_user(), at=AT).text


def test_a_draft_composed_anew_while_its_files_are_made_is_not_issued(monkeypatch):
    letter = draft(make_ready())
    make_files = issuing._make_files

    def slowly(letters, *, at):
        files = make_files(letters, at=at)
        draft(letter.candidacy, letter_date=date(2021, 9, 30))
        return files

    monkeypatch.setattr(issuing, "_make_files", slowly)

    with pytest.raises(LetterOutdated):
        issue_composed(letter, by=make_user(), at=AT)

    assert not LetterDocument.objects.exists()


def test_issue_all_issues_none_where_one_is_outdated():
    event = make_ready_event()
    first, second = make_ready(event=event), make_ready(event=event)
    draft(first)
    draft(second)
    change_addressee(second)

    with pytest.raises(LetterOutdated) as refusal:
        issue_all(event, by=make_user(), at=AT)

    assert [letter.candidacy for letter in refusal.value.letters] == [second]
    assert not Letter.objects.issued().exists()
    assert not LetterDocument.objects.exists()
