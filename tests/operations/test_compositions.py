"""Composing letters: the real one again, the variants, and placeholders that are only text."""

from datetime import date

import pytest

from questions.models import (
    AskerKind,
    EventSession,
    LetterSection,
    Participation,
    QuestionStatus,
)
from questions.operations.compositions import (
    LetterIncomplete,
    LetterSignatory,
    compose,
    standard_template,
)
from questions.parsing.letters import parse_letter_text
from tests.factories import (
    make_asker,
    make_contact,
    make_question,
)
from tests.operations.standing_candidacies import composed, make_standing, put
from tests.operations.test_letter_import import put_in_real_letter
from tests.parsing.real_letter import real_text

pytestmark = pytest.mark.django_db


def test_composing_what_was_imported_gives_the_real_letter_back():
    result = put_in_real_letter()
    letter = result.letter

    content = compose(
        result.candidacy,
        standard_template(),
        letter_date=letter.date,
        signatory=LetterSignatory(
            letter.signatory_name,
            letter.signatory_title,
            letter.signatory_organisation,
            letter.signatory_email,
        ),
        reply_contact_name=letter.reply_contact_name,
        reply_contact_email=letter.reply_contact_email,
    )

    assert content.plain_text().split() == real_text().split()
    assert content.reference == "PE2021/KAZ"
    assert content.signatory[-1] == "m.sinclair@ishr.ch"
    assert content.plain_text().endswith("Human Rights\nm.sinclair@ishr.ch\n")


@pytest.mark.parametrize(
    ("participation", "sentence"),
    [
        (
            Participation.TOOK_PART,
            "We thank the representatives of Prima for participating in the event, in connection "
            "with which questions were raised regarding your candidature to the Council of Tests.",
        ),
        (
            Participation.DECLINED,
            "Despite representatives of Prima regrettably declining to participate in the event, "
            "questions were raised regarding your candidature to the Council of Tests.",
        ),
        (
            Participation.NO_REPLY,
            "While we received no reply from Prima to the invitation to participate in the event, "
            "questions were raised regarding your candidature to the Council of Tests.",
        ),
        (
            Participation.DID_NOT_ATTEND,
            "While representatives of Prima did not attend the event, questions were raised "
            "regarding your candidature to the Council of Tests.",
        ),
        (
            Participation.ABSENT,
            "In connection with the event, questions were raised regarding your candidature to "
            "the Council of Tests.",
        ),
        (
            Participation.UNKNOWN,
            "In connection with the event, questions were raised regarding your candidature to "
            "the Council of Tests.",
        ),
    ],
)
def test_letter_says_of_the_states_part_what_is_recorded_and_is_read_back_so(
    participation, sentence
):
    content = composed(make_standing(participation=participation))

    assert content.paragraphs[2].startswith(f"{sentence} With the goal of")
    is_stated = participation != Participation.ABSENT
    read_back = parse_letter_text(content.plain_text()).participation
    assert read_back == (participation if is_stated else Participation.UNKNOWN)


@pytest.mark.parametrize(
    ("own", "common", "purpose", "headings"),
    [
        (
            1,
            2,
            "the questions addressed specifically to Prima as well as questions for all candidate "
            "States.",
            [
                "Questions addressed specifically to Prima",
                "Questions posed to all candidate States:",
            ],
        ),
        (
            0,
            1,
            "the questions for all candidate States.",
            ["Questions posed to all candidate States:"],
        ),
        (
            2,
            0,
            "the questions addressed specifically to Prima.",
            ["Questions addressed specifically to Prima"],
        ),
    ],
)
def test_letter_has_the_sections_that_have_questions(own, common, purpose, headings):
    content = composed(make_standing(own=own, common=common))

    assert content.paragraphs[2].endswith(f"please find below {purpose}")
    assert [section.heading for section in content.sections] == headings
    numbers = [[question.number for question in one.questions] for one in content.sections]
    assert numbers == [list(range(1, count + 1)) for count in (own, common) if count]


@pytest.mark.parametrize(
    ("addressees", "salutation"), [(1, "Your Excellency,"), (2, "Your Excellencies,")]
)
def test_letter_greets_whom_it_is_addressed_to_new_york_first(addressees, salutation):
    candidacy = make_standing(addressees=addressees)
    make_contact(state=candidacy.state, name="Who left", is_addressee=True, is_active=False)
    make_contact(state=candidacy.state, name="A mailbox", email="box@example.org")

    content = composed(candidacy)

    assert content.salutation == salutation
    names = ["H.E. Mr. Cy Berg", "H.E. Mr. Bo Dahl"][-addressees:]
    assert [addressee.name for addressee in content.addressees] == names


def test_addressee_without_a_role_is_at_the_permanent_mission():
    candidacy = make_standing()
    candidacy.state.missions.get().contacts.update(role="")

    (addressee,) = composed(candidacy).addressees

    assert addressee.role == "Permanent Mission of Prima to the United Nations in Geneva"


def test_composed_letter_is_read_back_as_what_it_was_composed_from():
    candidacy = make_standing(own=1, common=2, addressees=2)

    content = composed(
        candidacy, reply_contact_name="Di Ek", reply_address="https://example.org/reply/"
    )
    read_back = parse_letter_text(content.plain_text())

    assert read_back.state == "Prima"
    assert [(one.name, one.city) for one in read_back.addressees] == [
        ("Cy Berg", "new_york"),
        ("Bo Dahl", "geneva"),
    ]
    assert read_back.organisers == ("Prima Rights", "World Service for Rights")
    assert (read_back.event_dates, read_back.venue) == ((date(2021, 9, 8),), "online")
    assert (read_back.answers_due_on, read_back.reply_contact_name) == (
        candidacy.due_on,
        "Di Ek",
    )
    texts = [slot.question.text for slot in candidacy.slots.in_letter_order()]
    questions = [*read_back.own_questions, *read_back.common_questions]
    assert [question.text for question in questions] == texts


def test_askers_are_named_as_the_state_may_know_them():
    candidacy = make_standing(common=0)
    named = make_asker(
        name="Ada Vale",
        kind=AskerKind.SOCIAL_MEDIA_USER,
        label="Twitter user",
        state_consent_on=date(2021, 9, 1),
        state_consent_source="mail",
    )
    withheld = [
        make_asker(name="Bo Secret", kind=AskerKind.SOCIAL_MEDIA_USER, label="Twitter user"),
        make_asker(name="Cy Secret", kind=AskerKind.INDIVIDUAL),
        make_asker(name="Di Secret", kind=AskerKind.UNKNOWN),
    ]
    question = make_question(event=candidacy.event, askers=[named, *withheld])
    put(candidacy, question, LetterSection.COMMON, 1)

    content = composed(candidacy)

    ((printed,),) = [section.questions for section in content.sections]
    assert [str(asker) for asker in printed.askers] == [
        "Ada Vale (Twitter user)",
        "Individual, via Twitter",
        "Individual participant",
        "Name withheld",
    ]
    assert "Secret" not in content.plain_text()


def test_only_accepted_questions_are_printed_and_of_those_the_ones_asked_for():
    candidacy = make_standing(common=3)
    first, second, third = candidacy.slots.in_letter_order()
    first.question.status = QuestionStatus.SUBMITTED
    first.question.save()

    everything = composed(candidacy)
    chosen = composed(candidacy, slots=candidacy.slots.filter(pk=third.pk))

    def texts(content):
        return [question.text for question in content.sections[0].questions]

    assert texts(everything) == [second.question.text, third.question.text]
    assert texts(chosen) == [third.question.text]
    assert chosen.sections[0].questions[0].number == 1


def test_letter_is_incomplete_without_what_it_states():
    candidacy = make_standing(common=0, addressees=0)
    candidacy.event.sessions.all().delete()
    candidacy.event.organisers = ""
    candidacy.due_at = candidacy.event.answers_due_on = None

    with pytest.raises(LetterIncomplete) as refused:
        composed(candidacy, reply_contact_email="", signatory=LetterSignatory(""))

    assert refused.value.missing == (
        "the day of the event",
        "the organisers of the event",
        "to whom answers are sent",
        "the day by which answers are due",
        "an addressee",
        "a question",
        "who signs",
    )


@pytest.mark.parametrize(
    ("sessions", "sentence"),
    [
        (
            [{"date": date(2021, 9, 8), "city": "Geneva"}],
            "On 8th September 2021, Prima Rights and the World Service for Rights held a pledging "
            "event in Geneva for candidate States",
        ),
        (
            [
                {"date": date(2021, 9, 1), "city": "New York"},
                {"date": date(2021, 9, 3), "city": "Geneva", "is_online": True},
            ],
            "On 1st and 3rd September 2021, Prima Rights and the World Service for Rights held a "
            "pledging event in New York, Geneva and online for candidate States",
        ),
        (
            [{"date": date(2021, 8, 31)}, {"date": date(2021, 9, 2)}],
            "On 31st August and 2nd September 2021, Prima Rights and the World Service for Rights "
            "held a pledging event for candidate States",
        ),
    ],
)
def test_letter_says_when_and_where_the_event_was(sessions, sentence):
    candidacy = make_standing()
    candidacy.event.sessions.all().delete()
    for position, session in enumerate(sessions, start=1):
        EventSession.objects.create(event=candidacy.event, position=position, **session)

    assert composed(candidacy).paragraphs[0].startswith(sentence)


@pytest.mark.parametrize(
    ("audience", "sentence"),
    [
        ("over 200 online attendees", "This year's event had over 200 online attendees and an"),
        ("", "This year's event provided an opportunity for candidates"),
    ],
)
def test_letter_says_how_many_attended_where_it_is_known(audience, sentence):
    candidacy = make_standing()
    candidacy.event.sessions.update(audience=audience)

    assert composed(candidacy).paragraphs[1].startswith(sentence)


def test_letter_names_the_form_where_its_address_is_given():
    candidacy = make_standing()

    without = composed(candidacy).plain_text()
    with_form = composed(candidacy, reply_address="https://example.org/reply/")

    assert "the form" not in without
    assert with_form.paragraphs[-1] == (
        "You may also enter your responses in the form at https://example.org/reply/ with the link "
        "sent to the mailbox of your Permanent Mission."
    )


@pytest.mark.parametrize(
    ("name", "formal_name", "printed"),
    [
        ("Prima", "the Republic of Prima", "Prima"),
        ("Quinta Islands", "the Republic of the Quinta Islands", "the Quinta Islands"),
        ("Republic of Prima", "the Republic of Prima", "the Republic of Prima"),
        ("Prima (Federation of)", "the Federation of Prima", "the Federation of Prima"),
        ("Prima (no formal name)", "", "Prima (no formal name)"),
    ],
)
def test_state_has_the_article_that_running_text_gives_it(name, formal_name, printed):
    candidacy = make_standing(own=1, name=name, formal_name=formal_name)

    heading = composed(candidacy).sections[0].heading

    assert heading == f"Questions addressed specifically to {printed}"


def test_composing_takes_the_same_queries_for_any_number_of_questions(django_assert_num_queries):
    candidacy = make_standing(own=1, common=1, addressees=2)

    with django_assert_num_queries(5):
        composed(candidacy)
    for number in range(2, 9):
        question = make_question(event=candidacy.event, number=number)
        put(candidacy, question, LetterSection.COMMON, number)
    with django_assert_num_queries(5):
        composed(candidacy)
