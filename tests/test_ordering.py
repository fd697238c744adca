"""Names in the alphabetical order of each language."""

import pytest

from questions.operations.states import member_states
from questions.ordering import sort_key


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Costa Rica", "Côte d'Ivoire", "Croatia", "Tunisia", "Türkiye", "Turkmenistan"]),
        ("fr", ["Égypte", "El Salvador", "Espagne", "États-Unis d'Amérique", "Éthiopie", "Fidji"]),
        ("es", ["Afganistán", "Arabia Saudita", "España", "Estonia", "Perú", "Polonia"]),
        ("ru", ["Израиль", "Индия", "Йемен", "Кабо-Верде", "Япония"]),
        ("ar", ["إثيوبيا", "الأرجنتين", "إسبانيا", "ألمانيا", "الهند", "هولندا", "اليابان"]),
        (
            "zh-hans",
            ["阿富汗", "贝宁", "秘鲁", "法国", "菲律宾", "斐济", "芬兰", "瑙鲁", "尼泊尔", "中国"],
        ),
    ],
)
def test_names_stand_in_the_order_of_their_language(language, names):
    other_way_round = list(reversed(names))

    assert sorted(other_way_round, key=lambda name: sort_key(name, language)) == names


def test_every_character_of_a_chinese_name_has_a_place_in_the_order_of_pinyin():
    names = [facts["name_zh_hans"] for facts in member_states().values()]

    keys = [bytes.fromhex(sort_key(name, "zh-hans")) for name in names]

    first_bytes = {byte for key in keys for byte in key[::2]}
    assert min(first_bytes) >= 0xB0
    assert max(first_bytes) <= 0xD7
