from datetime import date

import pytest

from questions.parsing.letters import LetterRefused, parse_letter_text

from . import letter_texts
from .letter_texts import letter_text


@pytest.mark.parametrize(
    "written",
    [
        "29th September, 2022",
        "29 September 2022",
        "September 29, 2022",
        "Thursday, 29 September 2022",
        "2022-09-29",
        "29/09/2022",
        "29.9.2022",
        "29 Sept. 2022",
        "Geneva, 29th of September 2022",
        "Date: 29 Sep 2022",
        "29 th September 2022",
        "29-09-2022",
        "29-Sep-2022",
        "29. September 2022",
    ],
)
def test_the_date_of_the_letter_in_many_forms(written):
    letter = parse_letter_text(letter_text(letter_date=written))

    assert letter.letter_date == date(2022, 9, 29)
    assert letter.title == "Questions from Human Rights Council Elections Pledging Event 2022"


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("by 8th October", date(2022, 10, 8)),
        ("by 14 January", date(2023, 1, 14)),
        ("no later than Friday, 14 October 2022", date(2022, 10, 14)),
        ("by close of business on October 14", date(2022, 10, 14)),
        ("before 2022-10-14", date(2022, 10, 14)),
        ("by 03/11/2022", date(2022, 11, 3)),
    ],
)
def test_the_deadline_without_a_year_is_the_next_such_day(written, due):
    deadline = (
        f"We request that you send your answers to Ms. Noor Haddad (n.h@example.org) {written}."
    )

    letter = parse_letter_text(letter_text(deadline=deadline))

    assert letter.answers_due_on == due
    assert letter.reply_contact_name == "Ms. Noor Haddad"
    assert letter.reply_contact_email == "n.h@example.org"


def test_the_deadline_may_stand_in_the_closing():
    closing = (
        "Your responses should reach us by 14 October 2022, sent to Noor Haddad at n.h@example.org."
    )

    letter = parse_letter_text(letter_text(deadline="", closing=closing))

    assert letter.answers_due_on == date(2022, 10, 14)
    assert letter.reply_contact_email == "n.h@example.org"
    assert letter.signatory_name == "Robin Vale"


@pytest.mark.parametrize(
    ("event", "days", "organisers", "venue", "term"),
    [
        (
            "On 8 and 10 September 2022, Amnesty International, the International Service for "
            "Human "
            "Rights and CIVICUS jointly hosted two pledging events in Geneva for candidates to "
            "the UN "
            "Human Rights Council for the term 2023 to 2025.",
            [8, 10],
            ["Amnesty International", "International Service for Human Rights", "CIVICUS"],
            "Geneva",
            (2023, 2025),
        ),
        (
            "The International Service for Human Rights and Amnesty International organised a "
            "pledging "
            "event in New York on 8th September 2022 for candidate States to the Human Rights "
            "Council, "
            "for the 2023–2025 term.",
            [8],
            ["International Service for Human Rights", "Amnesty International"],
            "New York",
            (2023, 2025),
        ),
        (
            "A virtual pledging event for candidate States to the Human Rights Council (term "
            "2023-25) "
            "was held on 8 September by Amnesty International and the Octava Forum.",
            [8],
            ["Amnesty International", "Octava Forum"],
            "online",
            (2023, 2025),
        ),
        (
            "On September 8, 2022, the Octava Forum, together with Amnesty International, held a "
            "pledging event at the Palais des Nations in Geneva for candidate States to the Human "
            "Rights Council for the membership term of 2023 - 2025.",
            [8],
            ["Octava Forum", "Amnesty International"],
            "Geneva",
            (2023, 2025),
        ),
        (
            "On 7 September 2022 in New York and on 9 September in Geneva, Amnesty International "
            "and the Octava Forum hosted pledging events for candidate States to the Human Rights "
            "Council for the term 2023-2025.",
            [7, 9],
            ["Amnesty International", "Octava Forum"],
            "New York and Geneva",
            (2023, 2025),
        ),
        (
            "Amnesty International and the Octava Forum held their annual event. It took place "
            "online on 7 September 2022 for candidates for the Human Rights Council for the "
            "term 2023-2025.",
            [7],
            ["Amnesty International", "Octava Forum"],
            "online",
            (2023, 2025),
        ),
        (
            "On 7 September 2022, Amnesty International, in cooperation with the Octava "
            "Forum, held the "
            "annual event in Geneva and online for candidates for election to the Human "
            "Rights Council "
            "(2023-2025).",
            [7],
            ["Amnesty International", "Octava Forum"],
            "Geneva and online",
            (2023, 2025),
        ),
        (
            "On 7 to 9 September 2022 Amnesty International & the Octava Forum convened an event "
            "for "
            "candidate States to the Human Rights Council for the membership term 2023-2025.",
            [7, 8, 9],
            ["Amnesty International", "Octava Forum"],
            "",
            (2023, 2025),
        ),
        (
            "Amnesty International and the Octava Forum held a pledging event on 7 September 2022 "
            "in Geneva and on 9 September 2022 in New York for candidate States to the Human "
            "Rights Council for the term from 1 January 2023 to 31 December 2025.",
            [7, 9],
            ["Amnesty International", "Octava Forum"],
            "Geneva and New York",
            (2023, 2025),
        ),
        (
            "On 7 September 2022, the Octava Forum, the Permanent Missions of Quarta and Quinta "
            "Islands, and Amnesty International held an online pledging event for candidate "
            "States to the Human Rights Council for the term 2023-2025, which begins on 1 January "
            "2023.",
            [7],
            [
                "Octava Forum",
                "Permanent Missions of Quarta and Quinta Islands",
                "Amnesty International",
            ],
            "online",
            (2023, 2025),
        ),
    ],
)
def test_the_event_in_other_words(event, days, organisers, venue, term):
    letter = parse_letter_text(letter_text(event=event))

    assert letter.event_dates == tuple(date(2022, 9, day) for day in days)
    assert letter.organisers == tuple(organisers)
    assert letter.venue == venue
    assert (letter.term_start, letter.term_end) == term
    assert letter.body == "Human Rights Council"


def test_an_event_after_its_letter_is_refused():
    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(letter_text(letter_date="1 September 2022"))

    assert str(refusal.value) == (
        "An event was expected that was held before the letter was written."
    )


@pytest.mark.parametrize(
    ("deadline", "name"),
    [
        ("Answers should reach Noor Haddad <n.h@example.org> by 14 October 2022.", "Noor Haddad"),
        (
            "Please send answers by 14 October 2022 to both Noor Haddad (n.h@example.org) and "
            "Jan Berg (j.b@example.org).",
            "Noor Haddad",
        ),
        (
            "Please send answers to Noor Haddad, Head of Programmes, at n.h@example.org by 14 "
            "October 2022.",
            "Noor Haddad",
        ),
    ],
)
def test_the_name_of_the_reply_contact(deadline, name):
    letter = parse_letter_text(letter_text(deadline=deadline))

    assert (letter.reply_contact_name, letter.reply_contact_email) == (name, "n.h@example.org")


def test_another_body():
    event = letter_texts.EVENT.replace("Human Rights Council", "Security Council")

    assert parse_letter_text(letter_text(event=event)).body == "Security Council"


@pytest.mark.parametrize(
    ("sentence", "participation"),
    [
        ("We thank Octava for participating in the event.", "took_part"),
        ("Thank you for your participation. Some candidates declined to take part.", "took_part"),
        ("Octava took part in the event, for which we are grateful.", "took_part"),
        ("Despite representatives of Octava declining to participate, questions came.", "declined"),
        ("We regret that Octava chose not to attend.", "declined"),
        ("Octava did not reply to our invitation; questions came all the same.", "no_reply"),
        ("As we received no response from you to our invitation, we write.", "no_reply"),
        ("Although Octava did not attend the event, questions were raised.", "did_not_attend"),
        ("We regret that you were unable to participate.", "did_not_attend"),
        ("Other candidates declined to participate.", "unknown"),
        ("We thank you for attending, although not all questions could be answered.", "took_part"),
        ("As Octava could not respond to all of the questions, we write.", "unknown"),
        ("As Octava never answered our invitation, we write.", "no_reply"),
        ("Thank you for considering participating, which you declined.", "unknown"),
        ("We would appreciate your participation next time; Octava declined.", "declined"),
        ("Octava took part last year and did not attend this year.", "did_not_attend"),
        ("Octava was invited, and sent no representative.", "did_not_attend"),
        ("While Octava accepted, no representative of it attended the event.", "did_not_attend"),
        ("", "unknown"),
    ],
)
def test_what_the_letter_says_of_the_states_part(sentence, participation):
    assert parse_letter_text(letter_text(participation=sentence)).participation == participation


@pytest.mark.parametrize(
    ("sentence", "audience"),
    [
        ("This year's event had over 200 online attendees and more.", "over 200 online attendees"),
        ("It was attended by more than 90 people in the room.", "more than 90 people"),
        ("It drew around three hundred participants.", "around three hundred participants"),
        ("Some 1,300 viewers followed.", "Some 1,300 viewers"),
        ("It had the most engaged participants so far.", ""),
        ("", ""),
    ],
)
def test_the_audience_as_written(sentence, audience):
    assert parse_letter_text(letter_text(audience=sentence)).audience == audience
