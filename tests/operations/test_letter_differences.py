"""What letters of one event share, and what becomes of what differs."""

from datetime import date, timedelta

import pytest

from questions.models import (
    AddressedQuestion,
    Asker,
    AskerKind,
    Candidacy,
    Event,
    Letter,
    LetterSection,
    Participation,
    Question,
    QuestionAsker,
    QuestionScope,
    QuestionStatus,
    end_of_day,
)
from questions.operations.letter_results import Difference
from questions.operations.letters import import_letter
from tests.factories import (
    AFTER,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_state,
)
from tests.specimen_letters import letter_to, parsed

pytestmark = pytest.mark.django_db

CHILD_RIGHTS = "What are your plans to mainstream and advance child rights"
OTHER_WORDS = "How do you plan to mainstream and advance child rights"


def put_in(content):
    return import_letter(parsed(content), content=content, name="a.txt", by=None, at=AFTER)


def two_states():
    make_state(name="Octava", iso3="XOC")
    make_state(name="Nona", iso3="XNO")


def facts():
    """Every fact of questions and slots by name, whatever the keys of the rows."""
    return (
        set(Question.objects.values_list("event__code", "state__iso3", "number", "text")),
        set(
            QuestionAsker.objects.values_list("question__text", "asker__name", "position"),
        ),
        set(
            AddressedQuestion.objects.values_list(
                "question__text", "candidacy__state__iso3", "letter__date", "section", "position"
            )
        ),
        set(Candidacy.objects.values_list("state__iso3", "participation", "due_at")),
        set(Asker.objects.values_list("name", "kind")),
    )


def test_letters_of_one_event_share_event_askers_and_questions_to_all():
    two_states()
    put_in(letter_to("Octava"))

    second = put_in(letter_to("Nona", own=False))

    assert Event.objects.count() == 1
    assert Asker.objects.count() == 8
    assert sorted(Question.objects.values_list("scope", "number")) == [
        *(("all", number) for number in range(1, 10)),
        ("one", 1),
        ("one", 2),
    ]
    assert second.differences == []
    assert [row.is_new for row in second.questions] == [False] * 9
    assert {
        state: Letter.objects.get(candidacy__state__iso3=state).slots.count()
        for state in ("XOC", "XNO")
    } == {"XOC": 11, "XNO": 9}


def test_questions_to_all_keep_their_numbers_where_a_letter_counts_on_from_its_own():
    two_states()
    counted_on = tuple((f"\n{n}. *", f"\n{n + 2}. *") for n in range(9, 2, -1))

    put_in(letter_to("Octava", *counted_on, ("\n1. *Out", "\n3. *Out"), ("\n2. *CIV", "\n4. *CIV")))
    second = put_in(letter_to("Nona"))

    numbers = (
        Question.objects.filter(state=None).order_by("number").values_list("number", flat=True)
    )
    assert list(numbers) == list(range(1, 10))
    assert second.differences == []


def test_letters_of_one_event_give_the_same_rows_in_either_order():
    two_states()
    put_in(letter_to("Octava"))
    put_in(letter_to("Nona", own=False))
    one_way = facts()
    for model in (AddressedQuestion, Letter, QuestionAsker, Question, Asker, Candidacy, Event):
        model.objects.all().delete()

    put_in(letter_to("Nona", own=False))
    put_in(letter_to("Octava"))

    assert facts() == one_way


def test_questions_to_all_are_put_to_the_other_candidates_without_a_letter():
    two_states()
    event = make_event(year=2021)
    nona, late = (
        make_candidacy(event=event, state=state, at_event=at_event)
        for state, at_event in ((make_state(name="Decima"), True), (make_state(), False))
    )

    put_in(letter_to("Octava"))

    assert list(
        nona.slots.order_by("position").values_list("question__number", "letter", "section")
    ) == [(number, None, LetterSection.COMMON) for number in range(1, 10)]
    assert not late.slots.exists()
    assert not AddressedQuestion.objects.sent().filter(candidacy=nona).exists()


def test_a_letter_takes_over_the_slots_that_were_put_without_one():
    two_states()
    put_in(letter_to("Octava"))
    make_candidacy(event=Event.objects.get(), state=make_state(name="Decima", iso3="XDE"))
    question = Question.objects.get(number=4, state=None)
    decima = Candidacy.objects.get(state__name="Decima")
    AddressedQuestion.objects.create(question=question, candidacy=decima, position=77)

    second = put_in(letter_to("Decima", own=False))

    slot = decima.slots.get(question=question)
    assert (slot.letter, slot.section, slot.position) == (
        second.letter,
        LetterSection.COMMON,
        4,
    )


def test_same_number_with_other_words_is_shown_and_not_put():
    two_states()
    put_in(letter_to("Octava"))
    stored = Question.objects.get(number=4, state=None)

    result = put_in(letter_to("Nona", (CHILD_RIGHTS, OTHER_WORDS), own=False))

    [difference] = result.differences
    assert difference.what == "PE2021/Q4"
    assert difference.here.startswith(CHILD_RIGHTS)
    assert difference.letter.startswith(OTHER_WORDS)
    assert [row.number for row in result.questions if row.is_different] == [4]
    stored.refresh_from_db()
    assert stored.text == difference.here
    nona = Candidacy.objects.get(state__name="Nona")
    assert sorted(
        AddressedQuestion.objects.sent().filter(candidacy=nona).values_list("question__number")
    ) == [(number,) for number in (1, 2, 3, 5, 6, 7, 8, 9)]


def test_same_words_under_another_number_are_the_same_question():
    two_states()
    put_in(letter_to("Octava"))
    content = letter_to("Nona", own=False).decode()
    start, end = content.index("4. *Child Rights"), content.index("6. *Permanent Mission")
    fourth, fifth = content[start:end].split("\n")[:2]
    swapped = f"4.{fifth[2:]}\n5.{fourth[2:]}\n"

    result = put_in((content[:start] + swapped + content[end:]).encode())

    assert result.differences == [
        Difference("Number of PE2021/Q5", "5", "4"),
        Difference("Number of PE2021/Q4", "4", "5"),
    ]
    assert Question.objects.filter(state=None).count() == 9
    assert [slot.question.number for slot in result.letter.slots.order_by("position")] == [
        1,
        2,
        3,
        5,
        4,
        6,
        7,
        8,
        9,
    ]


def test_new_words_under_the_number_of_a_question_printed_elsewhere_are_a_new_question():
    two_states()
    put_in(letter_to("Octava"))
    content = letter_to("Nona", own=False).decode()
    start, end = content.index("9. *Genoveva"), content.index("We look forward")
    ninth = content[start:end].strip()
    added = f"9. *Union of Nona*: What will you do about water?\n10.{ninth[2:]}\n\n"

    result = put_in((content[:start] + added + content[end:]).encode())

    water = Question.objects.get(text="What will you do about water?")
    assert water.number == 11
    assert result.letter.slots.get(question=water).position == 9
    assert result.letter.slots.get(position=10).question.number == 9


def test_spaces_and_quotes_do_not_make_other_words():
    two_states()
    put_in(letter_to("Octava"))

    result = put_in(letter_to("Nona", ("isn't used", "isn’t  used"), own=False))

    assert result.differences == []
    assert Question.objects.filter(state=None).count() == 9


def test_two_questions_of_the_same_words_stay_two():
    two_states()
    eighth = "What are your plans in order to improve access to healthcare to low-income"
    fourth = "What are your plans to mainstream and advance child rights at the Human Rights"
    twice = [(eighth, fourth), ("individuals?", "Council?")]

    put_in(letter_to("Octava", *twice))
    second = put_in(letter_to("Nona", *twice, own=False))

    texts = [question.text for question in second.parsed.common_questions]
    assert texts[3] == texts[7]
    assert [slot.question.number for slot in second.letter.slots.order_by("position")] == [
        *range(1, 10)
    ]
    assert second.differences == []


def test_other_askers_of_a_question_are_shown_and_not_stored():
    two_states()
    put_in(letter_to("Octava"))

    result = put_in(letter_to("Nona", ("*CIVICUS*", "*Union of Nona*"), own=False))

    assert result.differences == [Difference("Askers of PE2021/Q2", "CIVICUS", "Union of Nona")]
    assert [
        asked.asker.name for asked in Question.objects.get(number=2, state=None).asked_by.all()
    ] == ["CIVICUS"]


def test_the_first_letter_says_how_the_event_was():
    two_states()
    event = make_event(year=2021, organisers="Nobody", answers_due_on=date(2021, 10, 1))
    event.sessions.create(city="Geneva", audience="some")

    result = put_in(letter_to("Octava"))

    event.refresh_from_db()
    assert event.organiser_names == [
        "Amnesty International",
        "International Service for Human Rights",
    ]
    assert event.answers_due_on == date(2021, 10, 8)
    assert event.sessions.get().audience == "over 200 online attendees"
    assert result.changed == [
        Difference(
            "PE2021: organisers",
            "Nobody",
            "Amnesty International; International Service for Human Rights",
        ),
        Difference("PE2021: answers due on", "1 October 2021", "8 October 2021"),
        Difference("Session 1: audience", "some", "over 200 online attendees"),
        Difference("Session 1: online", "no", "yes"),
    ]


def test_a_later_letter_does_not_overwrite_the_event():
    two_states()
    put_in(letter_to("Octava"))

    result = put_in(
        letter_to("Nona", ("8th October 2021", "12th October 2021"), ("over 200", "over 300"))
    )

    event = Event.objects.get()
    assert event.answers_due_on == date(2021, 10, 8)
    assert event.sessions.get().audience == "over 200 online attendees"
    assert result.differences == [
        Difference("PE2021: answers due on", "8 October 2021", "12 October 2021"),
        Difference("Session 1: audience", "over 200 online attendees", "over 300 online attendees"),
    ]
    assert Candidacy.objects.get(state__name="Nona").due_at == end_of_day(date(2021, 10, 12))


def test_a_deadline_after_the_closing_day_is_shown_and_not_stored():
    two_states()
    make_event(year=2021, answers_due_on=date(2021, 10, 1), closes_on=date(2021, 10, 2))

    result = put_in(letter_to("Octava"))

    assert Event.objects.get().answers_due_on == date(2021, 10, 1)
    assert Difference("PE2021: answers due on", "1 October 2021", "8 October 2021") in (
        result.differences
    )


def test_the_letter_wins_on_participation_and_leaves_an_extended_deadline():
    two_states()
    event = make_event(year=2021)
    later = DUE_AT + timedelta(days=5)
    octava = make_candidacy(
        event=event,
        state=make_state(name="Sexta"),
        participation=Participation.ABSENT,
        due_at=later,
    )

    result = put_in(letter_to("Sexta"))

    octava.refresh_from_db()
    assert (octava.participation, octava.due_at) == (Participation.DECLINED, later)
    assert result.changed[-1] == Difference(
        "Sexta: participation",
        "Absent (reason not stated)",
        "Declined to take part in the event",
    )
    assert result.differences == [
        Difference("Sexta: answers due", "13 October 2021", "8 October 2021")
    ]


def test_another_letter_to_the_same_state_is_its_next_and_keeps_what_was_put_before():
    two_states()
    first = put_in(letter_to("Octava"))
    question = "What will you do about water?"
    content = letter_to("Octava", ("2. *Human", f"2. *Union*: {question}\n3. *Human"))

    second = put_in(content)

    assert (second.letter.number, second.is_known) == (2, False)
    assert first.letter.slots.count() == 11
    assert [slot.question.text for slot in second.letter.slots.all()] == [question]


def test_a_question_that_staff_declined_is_not_put():
    two_states()
    make_question(
        event=make_event(year=2021),
        number=4,
        text=f"{CHILD_RIGHTS} at the Human Rights Council?",
        status=QuestionStatus.DECLINED,
        status_reason="Twice",
        askers=[make_asker(name="Child Rights Connect")],
    )

    result = put_in(letter_to("Octava"))

    assert Difference("Status of PE2021/Q4", "Declined", "put to the State") in result.differences
    assert result.letter.slots.count() == 10


def test_title_topics_and_kind_that_staff_gave_stay():
    two_states()
    asker = make_asker(name="civicus", kind=AskerKind.OTHER)
    question = make_question(
        event=make_event(year=2021),
        number=4,
        text=f"{CHILD_RIGHTS} at the Human Rights Council?",
        title="Children",
        scope=QuestionScope.ALL,
        askers=[],
    )

    put_in(letter_to("Octava"))

    question.refresh_from_db()
    asker.refresh_from_db()
    assert question.title == "Children"
    assert [asked.asker.name for asked in question.asked_by.all()] == ["Child Rights Connect"]
    assert (asker.name, asker.kind) == ("civicus", AskerKind.OTHER)
    assert Question.objects.get(number=2, state=None).asked_by.get().asker == asker


def test_words_of_an_unknown_letter_get_no_title():
    two_states()

    put_in(letter_to("Octava", (CHILD_RIGHTS, OTHER_WORDS)))

    assert Question.objects.get(number=4, state=None).title == ""
    assert not Question.objects.get(number=4, state=None).topics.exists()
