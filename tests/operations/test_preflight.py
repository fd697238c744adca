from datetime import UTC, date, datetime

import pytest

from questions.models import (
    Asker,
    AskerKind,
    Contact,
    EventRecord,
    EventStatus,
    LetterOrigin,
    MailKind,
    Mission,
    OutgoingMail,
    QuestionStatus,
    Standing,
)
from questions.operations.issuing import issue_composed
from questions.operations.preflight import preflight
from questions.tokens import make_token, written_code
from tests.factories import (
    DUE_AT,
    make_asker,
    make_candidacy,
    make_letter,
    make_question,
    make_slot,
    make_user,
)
from tests.operations.letters_out import (
    AT,
    draft,
    make_issued,
    make_ready,
    make_ready_event,
    mission_of,
)

pytestmark = pytest.mark.django_db


def found(event, *, at=AT):
    """(level, code, State or None) of each."""
    return [
        (one.level, one.code, one.candidacy and one.candidacy.state.name)
        for one in preflight(event, at=at)
    ]


def only_finding(candidacy, *, at=AT):
    (finding,) = preflight(candidacy.event, at=at)
    return finding


def invite(letter, to="geneva@octava.example"):
    return OutgoingMail.objects.create(
        kind=MailKind.INVITATION,
        candidacy=letter.candidacy,
        letter=letter,
        to=to,
        subject="Questions",
        body="Excellency,",
        message_id=f"<{letter.pk}.{to}>",
        next_try_at=AT,
        queued_at=AT,
    )


def test_nothing_stands_in_the_way_of_a_letter_that_is_issued_and_well_addressed():
    letter = make_issued()

    assert preflight(letter.candidacy.event, at=AT) == []


def test_an_address_missing_at_one_mission_is_a_warning_with_the_contact_to_mend():
    letter = make_issued()
    contact = Contact.objects.get(mission=mission_of(letter.candidacy, "new_york"))
    Contact.objects.filter(pk=contact.pk).update(email="")

    finding = only_finding(letter.candidacy)

    assert (finding.level, finding.code, finding.subject) == ("warning", "no_address", contact)
    assert finding.text == "No address at the Permanent Mission in New York."
    assert finding.candidacy == letter.candidacy


def test_the_place_to_enter_an_address_is_the_mission_else_the_state():
    letter = make_issued()
    mission = mission_of(letter.candidacy, "geneva")
    Contact.objects.filter(mission=mission).update(is_active=False)

    assert only_finding(letter.candidacy).subject == mission

    Contact.objects.filter(mission=mission).delete()
    Mission.objects.filter(pk=mission.pk).delete()

    assert only_finding(letter.candidacy).subject == letter.candidacy.state


def test_no_address_at_both_missions_blocks():
    letter = make_issued()
    Contact.objects.update(email="")

    assert found(letter.candidacy.event) == [
        ("error", "no_address", letter.candidacy.state.name),
        ("error", "no_address", letter.candidacy.state.name),
    ]


def test_req_068_a_bounced_address_is_named_and_blocks_only_when_it_is_the_last():
    letter = make_issued()
    geneva = Contact.objects.get(mission=mission_of(letter.candidacy, "geneva"))
    Contact.objects.filter(pk=geneva.pk).update(undelivered_at=AT)

    finding = only_finding(letter.candidacy)

    assert (finding.level, finding.code, finding.subject) == ("warning", "address_bounced", geneva)
    assert finding.text == f"A message to {geneva.email} came back on 27 September 2021."

    Contact.objects.update(undelivered_at=AT)

    assert [level for level, _code, _state in found(letter.candidacy.event)] == ["error", "error"]


def test_a_missing_honorific_is_a_warning():
    letter = make_issued()
    contact = Contact.objects.filter(mission=mission_of(letter.candidacy, "geneva")).get()
    Contact.objects.filter(pk=contact.pk).update(honorific="")

    finding = only_finding(letter.candidacy)

    assert (finding.level, finding.code, finding.subject) == ("warning", "no_honorific", contact)
    assert finding.text == f"{contact.name} has no honorific."


def test_a_state_without_an_addressee_cannot_be_written_to():
    candidacy = make_ready()
    Contact.objects.update(is_addressee=False)

    assert found(candidacy.event) == [
        ("error", "letter_not_issued", candidacy.state.name),
        ("error", "no_addressee", candidacy.state.name),
    ]


def test_a_state_that_nothing_was_put_to_is_a_warning_and_no_more_is_asked_of_it():
    candidacy = make_ready(questions=0)
    Contact.objects.update(email="")

    finding = only_finding(candidacy)

    assert (finding.level, finding.code) == ("warning", "no_question")
    assert finding.subject == candidacy


def test_a_letter_that_is_not_issued_blocks_and_leads_to_its_draft():
    candidacy = make_ready()

    none = only_finding(candidacy)
    letter = draft(candidacy)
    drafted = only_finding(candidacy)

    assert (none.level, none.code, none.subject) == ("error", "letter_not_issued", candidacy)
    assert none.text == "No letter was composed."
    assert (drafted.level, drafted.code, drafted.subject) == ("error", "letter_not_issued", letter)
    assert drafted.text == "The letter is a draft."


@pytest.mark.parametrize("issue", [False, True])
def test_req_052_a_letter_that_quotes_a_link_or_a_code_blocks_and_is_named(issue):
    secrets = [make_token(), written_code("XOC", "7F3MQ2XD9TKP")]
    for secret in secrets:
        candidacy = make_ready(questions=0)
        question = make_question(event=candidacy.event, text=f"Why /reply/open/{secret}?")
        make_slot(candidacy=candidacy, question=question, sent=False)
        letter = draft(candidacy)
        if issue:
            issue_composed(letter, by=make_user(), at=AT)

        found_here = {f.code: f for f in preflight(candidacy.event, at=AT) if f.subject == letter}
        finding = found_here["secret_in_letter"]

        assert finding.level == "error"
        assert secret[:8] in finding.text and secret not in finding.text


def test_req_053_letters_that_name_who_took_the_consent_back_are_listed():
    asker = make_asker(
        name="Ada Lund",
        kind=AskerKind.INDIVIDUAL,
        state_consent_on=date(2021, 9, 1),
        state_consent_source="Form",
    )
    event = make_ready_event()
    make_question(event=event, number=1, askers=[asker])
    first = make_issued(event=event)
    invite(first)
    Asker.objects.update(state_consent_on=None, state_consent_source="")
    second = make_issued(event=event)
    invite(second, to="other@nona.example")

    listed = [f for f in preflight(event, at=AT) if f.code == "named_in_letter"]

    assert [(f.level, f.candidacy, f.subject) for f in listed] == [
        ("warning", first.candidacy, first)
    ]
    assert listed[0].text == "Letter 1 names Ada Lund: no consent to that is on record now."


def test_a_question_put_after_the_letter_is_a_warning():
    letter = make_issued()
    candidacy = letter.candidacy
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event), sent=False)

    finding = only_finding(candidacy)

    assert (finding.level, finding.code) == ("warning", "questions_unsent")
    assert finding.text == "1 question is in no issued letter."


def test_questions_not_moderated_are_named_with_the_state_they_are_for():
    letter = make_issued()
    candidacy = letter.candidacy
    common = make_question(event=candidacy.event, status=QuestionStatus.SUBMITTED)
    own = make_question(
        event=candidacy.event, state=candidacy.state, status=QuestionStatus.SUBMITTED
    )
    make_question(status=QuestionStatus.SUBMITTED)  # elsewhere

    findings = preflight(candidacy.event, at=AT)

    assert [(f.code, f.level, f.candidacy, f.subject) for f in findings] == [
        ("unmoderated", "warning", None, common),
        ("unmoderated", "warning", candidacy, own),
    ]
    assert findings[1].text == f"{candidacy.state.iso3}-1 is neither accepted nor declined."


def test_req_053_an_asker_whose_name_is_withheld_from_states_is_named_once_to_staff():
    asker = make_asker(name="Ada Lund", kind=AskerKind.INDIVIDUAL)
    consented = make_asker(
        name="Bo Dahl",
        kind=AskerKind.INDIVIDUAL,
        state_consent_on=date(2021, 9, 1),
        state_consent_source="Form",
    )
    event = make_ready_event()
    question = make_question(event=event, number=1, askers=[asker, consented])
    make_issued(event=event)
    make_issued(event=event)

    (finding,) = preflight(event, at=AT)

    assert question.slots.count() == 2
    assert (finding.level, finding.code, finding.candidacy, finding.subject) == (
        "warning",
        "asker_without_consent",
        None,
        asker,
    )
    assert finding.text == (
        'Ada Lund is shown as "Individual participant": no consent to be named to the State.'
    )


def test_an_asker_of_a_states_own_question_is_named_with_that_state():
    candidacy = make_ready()
    asker = make_asker(kind=AskerKind.SOCIAL_MEDIA_USER, label="Twitter user")
    question = make_question(event=candidacy.event, state=candidacy.state, askers=[asker])
    make_slot(candidacy=candidacy, question=question, sent=False)

    found_here = [f for f in preflight(candidacy.event, at=AT) if f.subject == asker]

    assert [f.candidacy for f in found_here] == [candidacy]
    assert 'is shown as "Individual, via Twitter"' in found_here[0].text


def test_a_closed_event_and_a_closed_form_block_and_a_draft_warns():
    letter = make_issued(event=make_ready_event(closes_on=date(2021, 10, 13)))
    event = letter.candidacy.event
    states = []
    for status in [EventStatus.OPEN, EventStatus.DRAFT, EventStatus.CLOSED]:
        event.status = status
        event.save()
        states.append(found(event))
    event.status = EventStatus.OPEN
    event.save()

    assert states == [
        [],
        [("warning", "event_not_public", None)],
        [("error", "event_closed", None)],
    ]
    assert ("error", "form_closed", None) in found(event, at=datetime(2021, 10, 15, tzinfo=UTC))


def test_what_was_sent_before_is_said_and_is_no_longer_an_error():
    letter = make_issued()
    invite(letter)
    Contact.objects.update(email="")

    findings = preflight(letter.candidacy.event, at=DUE_AT)

    assert [(f.level, f.code) for f in findings] == [
        ("warning", "already_sent"),
        ("warning", "no_address"),
        ("warning", "no_address"),
    ]
    assert findings[0].text == "Letter 1 went to 1 address with a link before."
    assert findings[0].subject == letter


def test_a_letter_that_went_out_by_other_means_is_said():
    candidacy = make_ready(questions=0)
    letter = make_letter(candidacy=candidacy, origin=LetterOrigin.RECORDED)
    make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))

    finding = only_finding(candidacy)

    assert (finding.level, finding.subject) == ("warning", letter)
    assert finding.text == "Letter 1 went out by other means."


def test_nobody_asks_for_letters_to_those_that_no_longer_stand():
    candidacy = make_ready()
    candidacy.standing = Standing.WITHDREW
    candidacy.save()

    assert preflight(candidacy.event, at=AT) == []


def test_of_a_reconstructed_event_only_the_letters_we_have_are_to_be_sent():
    event = make_ready_event(record=EventRecord.RECONSTRUCTED)
    make_issued(event=event)
    without = make_ready(event=event)
    Contact.objects.filter(mission__state=without.state).update(email="")

    assert found(event, at=DUE_AT) == [
        ("warning", "deadline_past", None),
        ("warning", "letter_not_issued", without.state.name),
    ]


def test_findings_come_event_first_then_by_the_name_of_the_state():
    event = make_ready_event()
    names = []
    for name in ["Tertia", "Prima", "Secunda"]:
        candidacy = make_ready(event=event)
        type(candidacy.state).objects.filter(pk=candidacy.state.pk).update(
            name=name, sort_key=name.lower()
        )
    make_question(event=event, status=QuestionStatus.SUBMITTED)

    names = [finding[2] for finding in found(event)]

    assert names == [None, "Prima", "Secunda", "Tertia"]


@pytest.mark.parametrize("states", [3, 60])
def test_the_number_of_queries_does_not_grow_with_the_states(django_assert_num_queries, states):
    event = make_ready_event()
    make_question(event=event, number=1, askers=[make_asker(kind=AskerKind.INDIVIDUAL)])
    for _ in range(states):
        candidacy = make_ready(event=event)
        invite(make_letter(candidacy=candidacy), to=f"{candidacy.pk}@octava.example")
    make_candidacy(event=event)
    make_question(event=event, status=QuestionStatus.SUBMITTED)

    with django_assert_num_queries(9):
        assert len(preflight(event, at=AT)) > states
