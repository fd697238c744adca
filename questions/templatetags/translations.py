"""How a translation is labelled."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from questions.days import written
from questions.models import UN_LANGUAGES, Translation, TranslationKind

register = template.Library()

LANGUAGES = dict(UN_LANGUAGES)


@register.filter
def translation_label(translation: Translation) -> SafeString:
    """Translation into English by ISHR, 5 October 2021."""
    return format_html(
        _words_for(translation),
        language=LANGUAGES[translation.language],
        maker=format_html("<bdi>{}</bdi>", translation.made_by),
        day=written(translation.made_on),
    )


@register.filter
def translation_in_words(translation: Translation) -> str:
    """The label where there is no markup: characters isolate the name from the day after it."""
    return _words_for(translation).format(
        language=LANGUAGES[translation.language],
        maker=f"\u2068{translation.made_by}\u2069",
        day=written(translation.made_on),
    )


def _words_for(translation: Translation) -> str:
    if translation.kind == TranslationKind.OFFICIAL:
        return _("Official translation into {language} by {maker}, {day}")
    if translation.kind == TranslationKind.MACHINE:
        return _("Machine translation into {language} by {maker}, {day}")
    return _("Translation into {language} by {maker}, {day}")
