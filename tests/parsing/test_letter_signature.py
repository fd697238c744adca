import pytest

from questions.parsing.letters import LetterRefused, parse_letter_text

from .letter_texts import letter_text


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (
            "Robin Vale\nProgramme Director\nInternational Service for Human "
            "Rightsr.vale@example.org",
            (
                "Robin Vale",
                "Programme Director",
                "International Service for Human Rights",
                "r.vale@example.org",
            ),
        ),
        (
            "Yours sincerely,\n\nRobin Vale\n\nDirector\n\nOctava Forumrobin.vale@example.org",
            ("Robin Vale", "Director", "Octava Forum", "robin.vale@example.org"),
        ),
        (
            "Robin Vale, Director\nInternational Service for Human Rights r.vale@example.org",
            (
                "Robin Vale",
                "Director",
                "International Service for Human Rights",
                "r.vale@example.org",
            ),
        ),
        (
            "Robin Vale\nDirector, International Service for Human Rights",
            ("Robin Vale", "Director", "International Service for Human Rights", ""),
        ),
        (
            "Robin Vale\nDirector of the Programme on States, International Service for "
            "Human Rights",
            (
                "Robin Vale",
                "Director of the Programme on States",
                "International Service for Human Rights",
                "",
            ),
        ),
        (
            "(signed)\nRobin Vale\nDirector, ISHR\n\nAda Lund\nDirector, Amnesty International",
            ("Robin Vale", "Director", "ISHR", ""),
        ),
        (
            "On behalf of Amnesty International and the International Service for Human Rights,"
            "\n\nDr. Robin Vale Jr.\nDirector\nAmnesty International\n"
            "Tel: +41 22 000 00 00\nr.v@example.org",
            ("Dr. Robin Vale Jr.", "Director", "Amnesty International", "r.v@example.org"),
        ),
        (
            "Robin Vale | Director | ISHR | r.vale@example.org",
            ("Robin Vale", "Director", "ISHR", "r.vale@example.org"),
        ),
        (
            "Looking forward to your answers,\n\nRobin Vale\nDirector\nAmnesty International",
            ("Robin Vale", "Director", "Amnesty International", ""),
        ),
        (
            "Robin Vale\nDirector\nE-mail: r.vale@example.org\ncc: all",
            ("Robin Vale", "Director", "", "r.vale@example.org"),
        ),
    ],
)
def test_the_signature_in_other_forms(signature, expected):
    letter = parse_letter_text(letter_text(signature=signature))

    assert (
        letter.signatory_name,
        letter.signatory_title,
        letter.signatory_organisation,
        letter.signatory_email,
    ) == expected


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        ("Programme Director\nAmnesty International", "The name of who signed was expected before"),
        ("", "The letter is cut off: a signature was expected after"),
    ],
)
@pytest.mark.parametrize("closing", ["We look forward to hearing fr", "Looking forward,"])
def test_a_letter_that_nobody_signed_is_refused(signature, message, closing):
    with pytest.raises(LetterRefused) as refusal:
        parse_letter_text(letter_text(closing=closing, signature=signature))

    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize(
    "closing",
    [
        "I look forward to hearing from you.",
        "We await your replies with interest.",
        "We avail ourselves of this opportunity to renew the assurances of our consideration.",
        "In anticipation of your responses, we remain,\n\nYours faithfully,",
        "Your answers would be greatly appreciated.",
        "All of us would be glad of your reply.",
        "Please accept, Excellency, the assurances of our highest consideration.",
        "Best regards,",
        "Many thanks,",
        "Cordially,",
    ],
)
def test_closing_words_are_no_part_of_the_last_question(closing):
    letter = parse_letter_text(letter_text(closing=closing))

    assert letter.common_questions[-1].text == "What will you do for the climate?"
    assert letter.signatory_name == "Robin Vale"


@pytest.mark.parametrize(
    "last",
    [
        "Kindly explain how you will act.",
        "Please let us know how you will act.",
        "We ask why. However in many countries, it is not.",
        "We ask why.\nHowever in many countries,\nit is not.",
    ],
)
def test_a_question_may_end_with_a_request(last):
    letter = parse_letter_text(letter_text(common=f"1. *CIVICUS*: It is so.\n\n{last}"))

    text = last.replace("\n", " ")
    assert [q.text for q in letter.common_questions] == [f"It is so.\n\n{text}"]
