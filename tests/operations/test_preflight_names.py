"""Letters that name who has no consent on record to be named to the State."""

from datetime import date

import pytest

from questions.models import Asker, AskerKind
from questions.operations.dispatches import Blocked, send_letters
from questions.operations.issuing import issue_composed
from questions.operations.preflight import preflight
from tests.factories import make_asker, make_question, make_user
from tests.operations.letters_out import AT, draft, make_issued, make_ready_event

pytestmark = pytest.mark.django_db


def test_req_053_a_letter_not_yet_sent_that_names_who_took_the_consent_back_blocks():
    asker = make_asker(
        name="Ada Lund",
        kind=AskerKind.INDIVIDUAL,
        state_consent_on=date(2021, 9, 1),
        state_consent_source="Form",
    )
    event = make_ready_event()
    make_question(event=event, number=1, askers=[asker])
    letter = make_issued(event=event)
    Asker.objects.update(state_consent_on=None, state_consent_source="")

    before = [f for f in preflight(event, at=AT) if f.code == "named_in_letter"]
    with pytest.raises(Blocked):
        send_letters(event, by=None, at=AT)
    issue_composed(draft(letter.candidacy), by=make_user(), at=AT)
    corrected = [f for f in preflight(event, at=AT) if f.code == "named_in_letter"]

    assert [(f.level, f.subject) for f in before] == [("error", letter)]
    assert before[0].text.endswith("Compose and issue a corrected letter.")
    assert [(f.level, f.subject) for f in corrected] == [("warning", letter)]
    assert send_letters(event, by=None, at=AT) == 2


def test_a_name_that_is_but_a_word_of_a_question_blocks_nothing():
    asker = make_asker(name="matter", kind=AskerKind.INDIVIDUAL)
    event = make_ready_event()
    make_question(event=event, number=1, text="What is the matter?", askers=[asker])
    make_issued(event=event)

    levels = [f.level for f in preflight(event, at=AT) if f.code == "named_in_letter"]

    assert levels == ["warning"]
