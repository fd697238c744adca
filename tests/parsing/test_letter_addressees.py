import pytest

from questions.parsing.letters import LetterRefused, ParsedAddressee, parse_letter_text

from .letter_texts import ADDRESSEES, letter_text


@pytest.mark.parametrize(
    ("addressees", "state", "expected"),
    [
        (
            "His Excellency Mr. Otto Prim\nPermanent Representative of the Republic of Prima to "
            "the "
            "United Nations Office and other international organisations in Geneva",
            "the Republic of Prima",
            [("His Excellency Mr.", "Otto Prim", "geneva")],
        ),
        (
            "S.E. M. Luc Tierce\nPermanent Representative of Quinta Islands to the United "
            "Nations at "
            "Geneva",
            "Quinta Islands",
            [("S.E. M.", "Luc Tierce", "geneva")],
        ),
        (
            "Ada Lund\n\nPermanent Representative of Octava to the United Nations in New York",
            "Octava",
            [("", "Ada Lund", "new_york")],
        ),
        (
            "H.E. Ambassador Dr. Ada Lund\nChargé d'affaires a.i. of the Permanent Mission of "
            "Octava "
            "to the United Nations in New York",
            "Octava",
            [("H.E. Ambassador Dr.", "Ada Lund", "new_york")],
        ),
        (
            "H.E. Dr. Ada Lund, Permanent Representative of Octava to the United Nations, New York",
            "Octava",
            [("H.E. Dr.", "Ada Lund", "new_york")],
        ),
        (
            "Her Excellency\nMs. Ada Lund\nAmbassador Extraordinary and Plenipotentiary\n"
            "Permanent Representative of the Democratic Republic of Quinta\nto the United Nations\n"
            "1 Invented Avenue\nNew York, NY 10017",
            "the Democratic Republic of Quinta",
            [("Her Excellency Ms.", "Ada Lund", "new_york")],
        ),
        (
            "H.E. Ms. Ada Lund\nPermanent Representative of Octava to the United Nations in New "
            "York\n"
            "H.E. Mr. Jan Berg\nPermanent Representative of Octava to the United Nations Office\n"
            "at Geneva",
            "Octava",
            [("H.E. Ms.", "Ada Lund", "new_york"), ("H.E. Mr.", "Jan Berg", "geneva")],
        ),
        (
            "Permanent Representative of Octava to the United Nations in New York\nH.E. Ms. Ada "
            "Lund\n\nPermanent Representative of Octava to the United Nations in Geneva\n"
            "H.E. Mr. Jan Berg",
            "Octava",
            [("H.E. Ms.", "Ada Lund", "new_york"), ("H.E. Mr.", "Jan Berg", "geneva")],
        ),
        (
            "H.E. Ms. Ada Lund\nPermanent Representative\nPermanent Mission of Octava to the "
            "United Nations\n1 Invented Avenue\nNew York, NY 10017",
            "Octava",
            [("H.E. Ms.", "Ada Lund", "new_york")],
        ),
        (
            "H.E. Major General (ret.) Jan Berg, Ambassador\nPermanent Representative of Octava to "
            "the United Nations in New York",
            "Octava",
            [("H.E. Major General (ret.)", "Jan Berg", "new_york")],
        ),
        (
            "Excmo. Sr. Juan Berg\nPermanent Representative of Octava to the United Nations in "
            "Geneva",
            "Octava",
            [("Excmo. Sr.", "Juan Berg", "geneva")],
        ),
    ],
)
def test_addressees_of_any_state_with_any_honorific(addressees, state, expected):
    letter = parse_letter_text(letter_text(addressees=addressees, own_heading="", own=""))

    assert letter.state == state
    assert [(a.honorific, a.name, a.city) for a in letter.addressees] == expected
    assert {a.state for a in letter.addressees} == {state}


def test_an_office_is_kept_as_printed():
    letter = parse_letter_text(letter_text())

    assert letter.addressees[0] == ParsedAddressee(
        honorific="H.E. Ms.",
        name="Ada Lund",
        role="Permanent Representative of Octava to the United Nations in New York",
        state="Octava",
        city="new_york",
    )


def test_a_letter_that_names_its_addressees_in_one_line_each():
    letter = parse_letter_text(
        letter_text(
            addressees="To: H.E. Ms. Ada Lund, Ambassador and Permanent Representative of Octava "
            "to the United Nations in New York\n\ncc: H.E. Mr. Jan Berg, Permanent "
            "Representative of "
            "Octava to the United Nations Office at Geneva"
        )
    )

    assert [(a.honorific, a.name, a.city) for a in letter.addressees] == [
        ("H.E. Ms.", "Ada Lund", "new_york"),
        ("H.E. Mr.", "Jan Berg", "geneva"),
    ]


@pytest.mark.parametrize(
    ("state", "named"),
    [
        ("the Republic of Prima", "Prima"),
        ("the Republic of Prima", "the Primans’ Republic"),
        ("the Republic of Príma", "Prima:"),
        ("the United Kingdom of Prima", "the UKP"),
        ("the Republic of Prima", "your Government"),
        ("the United Republic", "Prima"),
    ],
)
def test_the_heading_of_the_own_questions_may_name_the_state_in_short(state, named):
    addressee = f"Ada Lund\nPermanent Representative of {state} to the United Nations in New York"

    letter = parse_letter_text(
        letter_text(
            addressees=addressee, own_heading=f"Questions addressed specifically to {named}"
        )
    )

    assert letter.state == state
    assert len(letter.own_questions) == 1


def test_a_heading_left_over_from_another_letter_is_refused():
    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(letter_text(own_heading="Questions addressed specifically to Prima"))

    assert str(refusal.value) == (
        "The letter is to Octava, but its own questions are for another State on line 21 "
        "(“Questions addressed specifically to Prima”)."
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("H.E. Ms. Ada Lund", "A name was expected above the office on line 1"),
        ("H.E. Mr. Jan Berg", "A name was expected above the office on line 4"),
        (
            "Permanent Representative of Octava to the United Nations in New York",
            "An office such as “Permanent Representative of … to the United Nations in Geneva” was "
            "expected after line 1 (“H.E. Ms. Ada Lund”).",
        ),
        (
            "Permanent Representative of Octava to the United Nations in Geneva",
            "An office such as “Permanent Representative of … to the United Nations in Geneva” was "
            "expected after line 4 (“H.E. Mr. Jan Berg”).",
        ),
    ],
)
def test_a_name_without_its_office_and_an_office_without_its_name_are_refused(line, message):
    lines = ADDRESSEES.split("\n")
    lines.remove(line)

    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(letter_text(addressees="\n".join(lines)))

    assert str(refusal.value).startswith(message)


def test_addressees_may_be_named_by_their_offices_alone():
    addressees = "\n".join(
        f"The Permanent Representative of Octava to the United Nations in {city}"
        for city in ("New York", "Geneva")
    )

    letter = parse_letter_text(letter_text(addressees=addressees))

    assert [(a.name, a.city) for a in letter.addressees] == [("", "new_york"), ("", "geneva")]
