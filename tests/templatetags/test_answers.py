"""Texts and statuses as HTML."""

import pytest

from questions.models import AnswerStatus
from questions.templatetags.answers import key_label, paragraphs, status_tag, strip


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One,\nand on.", "<p>One,<br>and on.</p>"),
        ("• a\n• b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a\n2. b", '<ul class="numbered"><li>1. a</li><li>2. b</li></ul>'),
        ("Said:\n- a & b", "<p>Said:</p><ul><li>a &amp; b</li></ul>"),
        ("<b>x</b>\n<i>", "<p>&lt;b&gt;x&lt;/b&gt;<br>&lt;i&gt;</p>"),
        ("{braces} %s", "<p>{braces} %s</p>"),
        ("", ""),
    ],
)
def test_paragraphs_keep_the_shape_of_a_text_and_nothing_else(text, html):
    assert paragraphs(text) == html


def test_strip_draws_one_mark_for_each_status_in_order():
    marks = strip(["on", "on", "none"])

    assert marks.count('<i data-s="on">') == 2
    assert marks.count('<use href="#g-on"/>') == 2
    assert marks.rindex('data-s="on"') < marks.index('data-s="none"')
    assert marks.startswith('<span class="strip" aria-hidden="true"><i')


@pytest.mark.parametrize("status", AnswerStatus.values)
def test_every_status_has_a_glyph_with_words(status):
    tag = status_tag(status)

    assert f'<use href="#g-{status}"/>' in tag
    assert str(AnswerStatus(status).label) in tag
    assert key_label(status)


def test_every_status_has_its_glyph_in_the_sprite_and_a_colour(settings):
    sprite = (settings.BASE_DIR / "templates/includes/glyphs.html").read_text(encoding="utf-8")
    stylesheet = (settings.BASE_DIR / "static/css/site.css").read_text(encoding="utf-8")

    for status in AnswerStatus.values:
        assert f'<symbol id="g-{status}"' in sprite
        assert f'[data-s="{status}"] {{ --bg: var(--{status}-bg)' in stylesheet
