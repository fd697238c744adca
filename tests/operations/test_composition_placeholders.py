"""Templates of letters: placeholders of a fixed list, filled once."""

import pytest

from questions.models import LetterSection
from questions.operations.compositions import (
    PLACEHOLDERS,
    LetterSignatory,
    TemplateRefused,
    missing_paragraphs,
    standard_template,
    unknown_placeholders,
)
from tests.factories import make_asker, make_question
from tests.operations.standing_candidacies import composed, make_standing, put

pytestmark = pytest.mark.django_db


def test_req_066_placeholders_in_names_and_texts_stay_as_they_are():
    candidacy = make_standing(common=0, name="Prima {body}")
    hostile = "{event.__init__} {{ settings.SECRET_KEY }} %(x)s {deadline}"
    asker = make_asker(name="{state} <b>x</b> [link](http://x.example)")
    question = make_question(event=candidacy.event, text=hostile, askers=[asker])
    put(candidacy, question, LetterSection.COMMON, 1)
    candidacy.event.organisers = "Rights {term}"
    candidacy.event.save()

    content = composed(
        candidacy, signatory=LetterSignatory("{title_year}"), reply_contact_name="{deadline}"
    )

    ((printed,),) = [section.questions for section in content.sections]
    assert printed.text == hostile
    assert str(printed.askers[0]) == "{state} <b>x</b> [link](http://x.example)"
    assert content.paragraphs[0].startswith("On 8th September 2021, Rights {term} held an online")
    assert "questions were raised regarding your candidature" in content.paragraphs[2]
    assert "send your responses to {deadline} at reply@example.org by" in content.paragraphs[3]
    assert content.signatory == ("{title_year}",)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Dear {state}", []),
        ("{State}", ["{State}"]),
        ("{ state }", ["{ state }"]),
        ("{event.__init__} {event.__init__}", ["{event.__init__}"]),
        ("{}", ["{}"]),
        ("{state", ["{"]),
        ("{{state}}", ["{", "}"]),
        ("%(state)s ${state}", []),
    ],
)
def test_unknown_placeholders_are_named_as_typed(text, unknown):
    assert unknown_placeholders({"closing": text}) == unknown


def test_standard_template_has_known_placeholders_only_and_uses_all():
    template = standard_template()

    assert unknown_placeholders(template) == []
    assert missing_paragraphs(template) == []
    assert [name for name in PLACEHOLDERS if f"{{{name}}}" not in str(template)] == []


@pytest.mark.parametrize("change", [{"closing": "{x}"}, {"closing": " "}, {"event_held": "}"}])
def test_template_with_unknown_placeholders_or_without_a_paragraph_is_refused(change):
    candidacy = make_standing()

    with pytest.raises(TemplateRefused):
        composed(candidacy, template=standard_template() | change)


def test_missing_paragraphs_are_named():
    template = standard_template()
    del template["title"]

    assert missing_paragraphs(template | {"unknown": "\n"}) == ["title", "unknown"]


def test_paragraph_of_staff_may_be_several():
    template = standard_template() | {"closing": "First {state}.\n\nSecond."}

    assert composed(make_standing(), template=template).closing == ("First Prima.", "Second.")
