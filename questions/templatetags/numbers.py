"""Numbers within sentences: words up to ten in English, figures in the other languages.

The other languages bend a number's word to the noun beside it, which a catalogue cannot say.
"""

from django import template
from django.utils.translation import get_language

register = template.Library()

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@register.filter
def spelled(number: int) -> str:
    """nine; 11; in another language than English, 9."""
    if get_language() == "en" and 0 < number <= len(WORDS):
        return WORDS[number - 1]
    return str(number)


@register.filter
def spelled_first(number: int) -> str:
    """As `spelled`, where a sentence begins with it: Nine."""
    return spelled(number).capitalize()
