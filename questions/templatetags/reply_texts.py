"""Which way a text runs."""

from django import template

register = template.Library()


@register.filter
def direction(language: str) -> str:
    """From the declared language; `auto` where none is declared."""
    if not language:
        return "auto"
    return "rtl" if language == "ar" else "ltr"
