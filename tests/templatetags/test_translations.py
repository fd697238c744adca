"""How a translation is labelled."""

from datetime import date

from django.utils import translation

from questions.models import Translation, TranslationKind
from questions.templatetags.translations import translation_in_words, translation_label


def test_maker_is_kept_apart_from_the_day_after_it_with_and_without_markup():
    made = Translation(
        language="fr", kind=TranslationKind.MACHINE, made_by="A <b>", made_on=date(2021, 10, 5)
    )

    with translation.override("en"):
        assert translation_label(made) == (
            "Machine translation into French by <bdi>A &lt;b&gt;</bdi>, 5 October 2021"
        )
        assert translation_in_words(made) == (
            "Machine translation into French by \u2068A <b>\u2069, 5 October 2021"
        )
