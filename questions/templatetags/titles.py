"""Titles on pages in another language: marked, so that a screen reader changes its voice.

ISHR writes titles in English; a question without one begins with its own words.
"""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from questions.models import Event, Question

register = template.Library()
TITLES = "en"


def _marked(text: str, language: str = TITLES) -> SafeString:
    if language == get_language():
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def marked_title(titled: Event | Question) -> SafeString:
    if isinstance(titled, Question):
        return _marked(titled.heading, TITLES if titled.title else titled.language)
    return _marked(titled.title)


@register.filter
def marked_full_title(question: Question) -> SafeString:
    """Q5. Protection of human rights defenders"""
    return format_html("{}. {}", question.label, marked_title(question))


@register.filter
def marked_short_title(question: Question) -> SafeString:
    """At the head of a column of the matrix."""
    return _marked(question.short_title) if question.short_title else marked_title(question)
