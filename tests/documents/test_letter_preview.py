"""The letter as part of a page."""

import re

from django.template.loader import render_to_string

from tests.documents.letter_contents import asked, content_asking, real_content


def preview(content):
    return render_to_string("letter/letter.html", {"letter": content})


def test_preview_has_the_words_of_the_letter_in_order():
    content = real_content()

    text = re.sub(r"<[^>]+>", " ", preview(content)).replace("&amp;", "&").replace("&#x27;", "'")

    printed = re.sub(r"\s+:", ":", text).split()
    assert printed == re.sub(r"(?m)^\d+\. ", "", content.plain_text()).replace("*", "").split()


def test_preview_numbers_questions_and_says_language_and_direction():
    page = preview(content_asking(asked("ما هي الخطوات؟", "A", "منظمة", number=4, language="ar")))

    assert '<li value="4">' in page
    assert '<div lang="ar" dir="rtl"><p dir="auto">ما هي الخطوات؟</p></div>' in page
    assert '<em><bdi dir="ltr">A</bdi></em> and <em><bdi dir="rtl">منظمة</bdi></em>:' in page


def test_preview_shows_hostile_text_as_text():
    page = preview(content_asking(asked("<img src=x> {{ y }}", "<script>")))

    assert "&lt;img src=x&gt; {{ y }}" in page
    assert "&lt;script&gt;" in page
    assert "<img" not in page
