from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.differences import difference, tokens_of, without
from tests.stopwatch import within

SECONDS = 1


def marked(before, after):
    """gone in [], new in {}."""
    marks = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Yes.", "Yes.", "Yes."),
        (
            "We will ratify it in 2022.",
            "We will sign and ratify it in 2023.",
            "We will {sign and }ratify it in [2022]{2023}.",
        ),
        ("我们将批准该公约。", "我们将于明年批准公约。", "我们将{于明年}批准[该]公约。"),
        ("سنصادق على الاتفاقية.", "سنصادق على الاتفاقية قريبا.", "سنصادق على الاتفاقية {قريبا}."),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "One.\n\n{New.\n\n}Two."),
        ("We agree  now", "We agree\nnow", "We agree\nnow"),  # blanks are no difference
        ("We agree in full", "We agree", "We agree[ in full]"),
        ("", "Yes.", "{Yes.}"),
        ("No, never.", "", "[No, never.]"),
        ("One two three four five six.", "Seven eight nine ten eleven twelve.", None),
    ],
)
def test_difference_shows_what_was_taken_out_and_put_in(before, after, shown):
    assert marked(before, after) == (shown or f"[{before}]{{{after}}}")


WORDS = st.lists(
    st.sampled_from(["a", "b", "c.", "de,", "\n", "我", "们", " ", "x-y"]), max_size=60
)


@given(WORDS, WORDS)
def test_nothing_of_either_wording_is_lost(before, after):
    before, after = " ".join(before), " ".join(after)
    pieces = difference(before, after)

    later = "".join(piece.text for piece in pieces if piece.kind != "gone")
    gone = "".join(piece.text for piece in pieces if piece.kind == "gone")
    assert later == after
    assert "".join(tokens_of(before)) == before
    earlier = " ".join(piece.text for piece in pieces if piece.kind != "new")
    assert "".join(earlier.split()) == "".join(before.split())
    assert len(gone.split()) <= len(tokens_of(before))


def hostile():
    random = Random(1)  # noqa: S311 (no secret)
    ideographs = [chr(0x4E00 + number) for number in range(20_000)]
    yield "one word", "a " * 10_000, "b " + "a " * 9_999
    yield "two words", "a b " * 5_000, "b a a " * 3_300
    for size in [2, 10, 100]:
        letters = ideographs[:size]
        yield (
            f"{size} in any order",
            "".join(random.choices(letters, k=20_000)),
            "".join(random.choices(letters, k=20_000)),
        )
    yield "backwards", "".join(ideographs), "".join(reversed(ideographs))
    pairs = zip(ideographs[:10_000], ideographs[10_000:], strict=True)
    yield "every second", "".join(map("".join, pairs)), "a".join(ideographs[:10_000])
    yield "no blank", "a" * 20_000, "b" * 20_000
    yield "blanks", " " * 20_000, "\n" * 20_000
    yield "marks", "?" * 20_000, "!?" * 10_000


@pytest.mark.parametrize(
    ("name", "before", "after"), [pytest.param(*h, id=h[0]) for h in hostile()]
)
def test_req_100_no_two_texts_take_longer_than_a_second(name, before, after):
    with within(SECONDS):
        pieces = difference(before, after)

    assert len(pieces) < 4_000
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("Aziza Canary asked.", {"aziza", "canary"}, "[…] asked."),
        ("CANARY, then Canary.", {"canary"}, "[…], then […]."),
        ("Nothing of the kind.", {"canary"}, "Nothing of the kind."),
        ("王小明来了。", {"王", "小", "明"}, "[…]来了。"),
        ("", {"canary"}, ""),
    ],
)
def test_words_give_way_to_one_mark_where_they_stood_together(text, words, left):
    assert without(text, words, "[…]") == left
