import pytest

from questions.parsing.letters import parse_letter_text

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
