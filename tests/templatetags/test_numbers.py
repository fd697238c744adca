from django.utils.translation import override

from questions.templatetags.numbers import spelled, spelled_first


def test_a_number_up_to_ten_is_a_word_in_english():
    assert [spelled(number) for number in (0, 1, 10, 11)] == ["0", "one", "ten", "11"]
    assert [spelled_first(number) for number in (1, 10, 11)] == ["One", "Ten", "11"]


def test_a_number_is_a_figure_in_the_other_languages():
    for language in ("ar", "es", "fr", "ru", "zh-hans"):
        with override(language):
            assert [spelled(9), spelled_first(9)] == ["9", "9"], language
