import pytest
from django.template import Context, Template
from django.utils import translation

from tests.factories import make_event, make_question

pytestmark = pytest.mark.django_db


def shown(filter_name, thing, language):
    template = Template("{% load titles %}{{ thing|" + filter_name + " }}")
    with translation.override(language):
        return template.render(Context({"thing": thing}))


def test_titles_are_plain_in_english_and_marked_elsewhere():
    question = make_question(title="Rights & <duties>", short_title="Rights")
    event = make_event(title="Pledging event")

    assert shown("marked_title", question, "en") == "Rights &amp; &lt;duties&gt;"
    assert shown("marked_title", question, "ar") == (
        '<span lang="en">Rights &amp; &lt;duties&gt;</span>'
    )
    assert shown("marked_full_title", question, "fr") == (
        f'{question.label}. <span lang="en">Rights &amp; &lt;duties&gt;</span>'
    )
    assert shown("marked_short_title", question, "ru") == '<span lang="en">Rights</span>'
    assert shown("marked_title", event, "zh-hans") == '<span lang="en">Pledging event</span>'


def test_a_question_without_a_title_begins_in_its_own_language():
    question = make_question(title="", text="Que ferez-vous ?", language="fr")

    assert shown("marked_title", question, "fr") == "Que ferez-vous ?"
    assert shown("marked_title", question, "en") == '<span lang="fr">Que ferez-vous ?</span>'
