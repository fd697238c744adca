"""Facts about a text that its language decides."""

from django import template

from questions.plaintext import word_count

register = template.Library()


@register.filter
def direction(language: str) -> str:
    """Which way it runs, from the declared language; `auto` where none is declared."""
    if not language:
        return "auto"
    return "rtl" if language == "ar" else "ltr"


@register.filter
def words(text: str, language: str) -> int:
    """How many words; for Chinese, characters."""
    return word_count(text, language)
