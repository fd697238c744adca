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


RUSSIAN = "This text looks like Russian, but the language chosen is English."
LATIN = "This text looks like English, French or Spanish, but the language chosen is Arabic."


@pytest.mark.parametrize(
    ("text", "language", "doubt"),
    [
        ("Да, ратифицируем (OPCAT).", "en", RUSSIAN),
        ("Yes, we will (Да).", "ar", LATIN),
        ("我们将批准 (OPCAT)。 批准。", "zh-hans", None),
        ("نعم، سنصدّق على OPCAT", "ar", None),
        ("Oui.", "es", None),
        ("42.", "ru", None),
        ("Да нет yes no", "ru", None),
    ],
)
def test_a_text_in_other_letters_than_its_language_is_asked_about(text, language, doubt):
    posted = {"text": text, "language": language, "ready": "yes"}

    form = AnswerForm(posted)
    draft, confirmed = (
        AnswerForm(posted | {"ready": "no"}),
        AnswerForm(posted | {"as_it_is": "yes"}),
    )

    found = "".join(form.errors.get("language", []))
    assert found.startswith(doubt) if doubt else form.is_valid()
    assert form.has_doubts is bool(doubt)
    assert draft.is_valid()
    assert confirmed.is_valid()


@pytest.mark.parametrize(
    "trace", ["[AB1]", "{ PAGEREF _Toc1234", "Error! Reference source not found"]
)
def test_what_word_leaves_behind_is_asked_about(trace):
    posted = {"text": f"We will. {trace} Soon.", "language": "en", "ready": "yes"}

    form = AnswerForm(posted)

    (error,) = form.errors["text"]
    assert f"field codes from Word: “{trace}" in error
    assert AnswerForm(posted | {"ready": "no"}).is_valid()
    assert AnswerForm(posted | {"as_it_is": "yes"}).is_valid()


@pytest.mark.parametrize("text", ["See [1] and A/HRC/RES/48/13 {sic}.", "[…] [sic]", "{" * 20_000])
def test_honest_brackets_are_not_doubted(text):
    assert AnswerForm({"text": text, "language": "en", "ready": "yes"}).is_valid()
