import pytest

from questions.forms.reply import LONGEST_ANSWER, AnswerForm, LineField, PlainTextField, revision
from questions.models import UN_LANGUAGES


def text_of(form):
    return form.cleaned_data["text"]


@pytest.mark.parametrize(
    "text", ["a" * LONGEST_ANSWER, "e\u0301" * LONGEST_ANSWER, "\r\n".join("ab")]
)
def test_an_answer_is_measured_as_it_is_kept(text):
    form = AnswerForm({"text": text, "language": "en", "ready": "yes"})

    assert form.is_valid()
    assert len(text_of(form)) <= LONGEST_ANSWER


@pytest.mark.parametrize("length", [LONGEST_ANSWER + 1, LONGEST_ANSWER * 5 + 1, 1_000_000])
def test_an_answer_too_long_says_how_long_it_is(length):
    form = AnswerForm({"text": "x" * length, "language": "en", "ready": "no"})

    assert form.errors["text"] == [
        f"This text must be 20,000 characters or fewer. Yours has {length:,}"
    ]


def test_a_draft_may_be_empty_and_without_a_language():
    form = AnswerForm({"text": "", "language": "", "ready": "no"})

    assert form.is_valid()
    assert form.is_ready is False


def test_every_language_of_the_united_nations_is_offered_and_no_other():
    codes = [code for code, _name in AnswerForm().fields["language"].choices]

    assert codes[0] == ""
    assert sorted(codes[1:]) == sorted(code for code, _name in UN_LANGUAGES)
    assert not AnswerForm({"text": "Ja.", "language": "de", "ready": "no"}).is_valid()


def test_a_line_is_one_line_without_what_cannot_be_seen():
    field = LineField(most=20)

    assert field.clean(" A.\t\u202eDip\u200blomat\r\nBcc: x ") == "A. Diplomat Bcc: x"


def test_a_text_keeps_its_indents_and_loses_its_blank_edges():
    assert PlainTextField(most=20).clean("\n\n  a\n\tb\n\n") == "  a\n\tb"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("0", 0), ("", 0), ("-1", 0), ("1.5", 0), ("٣", 0), ("²", 0), ("1" * 10, 0)],
)
def test_a_revision_is_a_small_number_or_none_yet(typed, number):
    assert revision(typed) == number
