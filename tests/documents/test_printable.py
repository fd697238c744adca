"""What no page can show is left out, and nothing else."""

import pytest

from questions.documents.printable import printable

ORDINARY = "mañana\u200d\u200f — права 人权 حقوق 😀\u00a0!"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a b\nc"),
        ("a\x00\x07\x1b\x85\u2028b", "a\u2028b"),
        ("a\ue000\U000f0000b", "ab"),
        ("a\ufffe\uffff\ufdd0b", "ab"),
        ("a\u202eb\u202c", "ab"),
        (
            "mañana\u200d\u200f — права 人权 حقوق 😀\u00a0!",
            "mañana\u200d\u200f — права 人权 حقوق 😀\u00a0!",
        ),
    ],
)
def test_printable_leaves_out_controls_private_use_and_what_is_no_character(text, shown):
    assert printable(text) == shown
