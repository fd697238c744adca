"""A count in a sentence, in each language's own forms (ux.md §5.3)."""

import pytest
from django.template import Context, Template
from django.utils import translation

NUMBERS = [0, 1, 2, 3, 5, 11, 21, 100, 101, 1_000_000]
CANDIDATES = {
    "en": ["candidates", "candidate", *["candidates"] * 8],
    "fr": ["candidat", "candidat", *["candidats"] * 8],
    "es": ["candidatos", "candidato", *["candidatos"] * 8],
    "ru": [
        *("кандидатов", "кандидат", "кандидата", "кандидата", "кандидатов"),
        *("кандидатов", "кандидат", "кандидатов", "кандидат", "кандидатов"),
    ],
    "ar": [
        *("دولة مرشحة", "دولة مرشحة واحدة", "دولتان مرشحتان", "دول مرشحة", "دول مرشحة"),
        *("دولة مرشحة",) * 5,
    ],
    "zh-hans": ["个候选国"] * 10,
}
WITHOUT_A_FIGURE = {("ar", 1), ("ar", 2)}  # one and two are in the words


@pytest.mark.parametrize("language", CANDIDATES)
def test_a_count_takes_the_form_of_its_number(language):
    template = Template(
        "{% load i18n %}{% blocktranslate count number=n %}"
        "{{ number }} candidate{% plural %}{{ number }} candidates{% endblocktranslate %}"
    )

    with translation.override(language):
        said = [template.render(Context({"n": number})) for number in NUMBERS]

    space = "" if language == "zh-hans" else " "
    assert said == [
        words if (language, number) in WITHOUT_A_FIGURE else f"{number}{space}{words}"
        for number, words in zip(NUMBERS, CANDIDATES[language], strict=True)
    ]
