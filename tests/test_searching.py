"""Reading texts and queries: what is shared with the database is tested where the index is."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from questions.searching import LONGEST_QUERY, fold, names_of, parse, stem, token_of, tokens_of
from tests.stopwatch import within

NAMES = names_of(
    [
        ("CIV", "Côte d'Ivoire", "Ivory Coast", "the Republic of Côte d'Ivoire", "科特迪瓦"),
        ("USA", "the United States of America", "US"),
        ("AND", "Andorra"),
        ("NER", "the Niger"),
        ("KAZ", "Казахстан", "كازاخستان"),
    ]
)


def test_threads_that_read_at_once_find_the_same_stems():
    words = ["nationalizations", "responsiveness", "relational", "go", "hopefulness", "a"] * 100
    one_after_the_other = [stem(word, "en") for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    try:
        with ThreadPoolExecutor(4) as threads:
            at_once = list(threads.map(lambda word: stem(word, "en"), words))
    finally:
        sys.setswitchinterval(interval)

    assert at_once == one_after_the_other


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["right", "Rights", "RIGHTS"]),
        ("fr", ["protégé", "protégées", "protegees", "PROTÉGÉ"]),
        ("es", ["educación", "educaciones", "Educacion"]),
        ("es", ["mujer", "mujeres"]),
        ("ru", ["российский", "российские", "РОССИЙСКИХ"]),
        ("ru", ["ёлка", "елки"]),
        ("ar", ["الإنسان", "إنسان", "انسان", "الانسان", "إنســان"]),
        ("ar", ["مدرسة", "مدرسه", "مَدْرَسَة"]),
    ],
)
def test_forms_of_a_word_share_their_token(language, words):
    assert len({token_of(word, language) for word in words}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("en", "right", "write"), ("ru", "война", "воина"), ("ar", "حقوق", "حقل")],
)
def test_different_words_do_not(language, one, other):
    assert token_of(one, language) != token_of(other, language)


def test_chinese_becomes_pairs_and_then_characters():
    assert tokens_of("保护人权, art. 7 权", "zh-hans") == [
        *["保护", "护人", "人权", "cart", "n7", "权", "0"],
        *["保", "护", "人", "权"],
    ]


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("Ivory Coast torture", ["CIV"]),
        ("torture COTE D’IVOIRE", ["CIV"]),
        ("the republic of cote d'ivoire", ["CIV"]),
        ("科特迪瓦", ["CIV"]),
        ("niger", ["NER"]),
        ("казахстан", ["KAZ"]),
        ("كازاخستان", ["KAZ"]),
        ("Andorra -US", ["AND"]),
        ("AND", ["AND"]),
        ("kaz", ["KAZ"]),
        ("rights and KAZ", ["KAZ"]),
        ("tell us", []),
        ("Ivory -Coast", []),
    ],
)
def test_states_are_known_by_their_names(query, states):
    assert list(parse(query, NAMES).states) == states


@pytest.mark.parametrize(
    ("query", "symbol"),
    [
        ("PE2021/Q5/KAZ", "PE2021-Q5-KAZ"),
        (" pe2021-q5-kaz.V2 ", "PE2021-Q5-KAZ.v2"),
        ("pe2021/kaz-1", "PE2021-KAZ-1"),
        ("PE2021", "PE2021"),
        ("PE2021/Q5 torture", ""),
        ("pe21", ""),
    ],
)
def test_a_symbol_is_known_in_any_case(query, symbol):
    assert parse(query, NAMES).symbol == symbol


def test_exclusions_and_phrases_are_read_and_marks_are_only_of_what_is_wanted():
    query = parse('"human rights" -torture - -"a b"', {})

    assert [clause.is_excluded for clause in query.clauses] == [False, True, True]
    assert {"ehuman", "eright"} <= query.stems
    assert not {"etortur", "ea"} & query.stems


HOSTILE = [
    *["a", "人", "\u0301", "a\u0301\u0316", '"', "- ", '-"a ', "a-", "\0", "«»", "1", "\ud83d"],
    *["ﷺ", "\u0640", "a\u200d", "'a ", "(((", " OR NOT ", "الال"],
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_req_086_hostile_texts_take_no_longer_than_others(piece):
    text = piece * (100_000 // len(piece))

    with within(1):
        query = parse(text, NAMES)
        tokens_of(text, "ar")

    assert len(query.text) <= LONGEST_QUERY
    assert query.is_cut


@given(st.text(), st.sampled_from(["ar", "en", "es", "fr", "ru", "zh-hans"]))
@example(text="\U0002a6e0", language="zh-hans")  # of no character in Python's table
def test_every_token_is_plain_letters_and_digits(text, language):
    query = parse(text, NAMES)
    tokens = tokens_of(text, language)
    tokens += [t for c in query.clauses for way in c.any_of for phrase in way for t in phrase]

    assert all(token and token.isalnum() for token in tokens)


@given(st.text())
def test_folding_twice_changes_nothing(word):
    folded = fold(word)

    assert fold(folded, most=len(folded)) == folded
