from datetime import date, timedelta

import pytest

from questions.models import (
    AskerKind,
    AuditEntry,
    Edition,
    Letter,
    LetterOrigin,
    LetterStatus,
    QuestionStatus,
    text_digest,
)
from questions.operations.letters import NothingToIssue, issue_letter
from tests.factories import (
    BEFORE,
    DUE_AT,
    DUE_ON,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
    make_state,
    make_user,
)

pytestmark = pytest.mark.django_db


def issue(candidacy, **fields):
    defaults = {
        "date": date(2021, 9, 29),
        "signatory_name": "A. Officer",
        "signatory_title": "Office Director",
        "reply_contact_email": "office@ngo.example",
        "by": make_user(),
        "at": BEFORE,
    }
    return issue_letter(candidacy, **defaults | fields)


def test_issue_letter_freezes_the_questions_that_were_put_and_not_sent():
    event = make_event(year=2031)
    octava = make_state(name="Octava", iso3="XOC")
    candidacy = make_candidacy(event=event, state=octava)
    own = make_question(
        event=event, state=octava, text="Will you?", askers=[make_asker(name="Watch")]
    )
    common = make_question(
        event=event,
        text="How will you?",
        askers=[
            make_asker(name="Union"),
            make_asker(name="P. Individual", kind=AskerKind.INDIVIDUAL),
        ],
    )
    slots = [make_slot(candidacy=candidacy, question=q, sent=False) for q in (common, own)]

    letter = issue(candidacy)

    assert letter.text == (
        "To the Permanent Missions of Octava to the United Nations\n\n"
        "29 September 2021\n\n"
        "Questions from Pledging event 2031\n\n"
        "Answers are due by 8 October 2021.\n\n"
        "Questions addressed specifically to Octava\n\n"
        "1. *Watch*: Will you?\n\n"
        "Questions posed to all candidate States\n\n"
        "1. *Union, Individual participant*: How will you?\n"
    )
    assert letter.text_sha256 == text_digest(letter.text)
    assert (letter.number, letter.origin, letter.status, letter.file) == (
        1,
        LetterOrigin.RECORDED,
        LetterStatus.ISSUED,
        None,
    )
    assert (letter.signatory_name, letter.signatory_title, letter.reply_contact_email) == (
        "A. Officer",
        "Office Director",
        "office@ngo.example",
    )
    assert set(candidacy.slots.values_list("pk", "letter")) == {(s.pk, letter.pk) for s in slots}
    assert AuditEntry.objects.get().action == "letter.issued"
    assert Edition.objects.get().number == 2


def test_issue_letter_again_sends_only_what_was_put_since():
    candidacy = make_candidacy()
    sent = make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
    late = make_slot(
        candidacy=candidacy,
        question=make_question(event=candidacy.event, text="And since?"),
        sent=False,
    )

    letter = issue(candidacy)

    sent.refresh_from_db()
    late.refresh_from_db()
    assert (sent.letter.number, late.letter, letter.number) == (1, letter, 2)
    assert "And since?" in letter.text
    assert sent.question.text not in letter.text


def test_issue_letter_leaves_out_a_question_that_was_declined():
    candidacy = make_candidacy()
    declined = make_slot(
        candidacy=candidacy,
        question=make_question(
            event=candidacy.event, status=QuestionStatus.DECLINED, status_reason="Abusive"
        ),
        sent=False,
    )

    with pytest.raises(NothingToIssue):
        issue(candidacy)

    declined.refresh_from_db()
    assert declined.letter is None


def test_issue_letter_sets_the_deadline_where_there_is_none():
    event = make_event(answers_due_on=DUE_ON)
    without, extended = (
        make_candidacy(event=event, due_at=due) for due in (None, DUE_AT + timedelta(days=5))
    )
    for candidacy in (without, extended):
        make_slot(candidacy=candidacy, question=make_question(event=event), sent=False)
        issue(candidacy)
        candidacy.refresh_from_db()

    assert (without.due_at, extended.due_at) == (DUE_AT, DUE_AT + timedelta(days=5))


def test_issue_letter_does_nothing_when_all_was_sent():
    slot = make_slot()

    with pytest.raises(NothingToIssue):
        issue(slot.candidacy)

    assert Letter.objects.get() == slot.letter
    assert not AuditEntry.objects.exists()
