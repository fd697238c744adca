import hashlib
import re

import pytest

from questions.tokens import (
    CROCKFORD,
    digest,
    keyed_digest,
    make_code,
    make_token,
    quoted_secret,
    read_code,
    written_code,
)


def test_req_001_ten_thousand_tokens_differ_and_are_long_enough():
    tokens = {make_token() for _ in range(10_000)}

    assert len(tokens) == 10_000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_codes_differ_and_can_be_read_aloud():
    codes = {make_code() for _ in range(1_000)}

    assert len(codes) == 1_000
    assert set("".join(codes)) == set(CROCKFORD)
    assert {len(code) for code in codes} == {12}
    assert not set("ILOU") & set(CROCKFORD)


def test_a_written_code_is_read_back():
    for code in ("7F3MQ2XD9TKP", make_code(), make_code()):
        assert read_code(written_code("KAZ", code)) == ("KAZ", code)

    assert written_code("KAZ", "7F3MQ2XD9TKP") == "KAZ 7F3M Q2XD 9TKP"


@pytest.mark.parametrize(
    "typed",
    [
        "KAZ 7F3M Q2XD 9TKP",
        "kaz 7f3m q2xd 9tkp",
        "  KAZ-7F3M-Q2XD-9TKP\n",
        "KAZ7F3MQ2XD9TKP",
        "KAZ – 7F3M – Q2XD – 9TKP.",
        "\u2066KAZ\u00a07F3M\u00a0Q2XD\u00a09TKP\u2069",
        "\uff2b\uff21\uff3a 7F3M Q2XD 9TKP",
    ],
)
def test_a_code_is_read_in_any_case_and_with_any_separators(typed):
    assert read_code(typed) == ("KAZ", "7F3MQ2XD9TKP")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7F3M Q2XD 9TKP", ("", "7F3MQ2XD9TKP")),
        ("OMN O0IL 1ABC DEFG", ("OMN", "00111ABCDEFG")),
        ("isl 7f3m q2xd oilo", ("ISL", "7F3MQ2XD0110")),
    ],
)
def test_letters_that_look_like_digits_are_read_as_such_but_not_in_the_states_code(typed, read):
    assert read_code(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "KAZ",
        "7F3M Q2XD 9TK",
        "7F3M Q2XD 9TKPP",
        "KAZ 7F3M Q2XD 9TKU",
        "K4Z 7F3M Q2XD 9TKP",
        "KAZ KAZ 7F3M Q2XD 9TKP",
        "7F3M Q2XD 9TK\u00c9",
        "\x00" * 12,
        "\ud800" * 12,
        "\u0667" * 12,
    ],
)
def test_what_is_no_code_is_not_read_as_one(typed):
    assert read_code(typed) == ("", "")


def test_digest_is_sha256_in_hexadecimal():
    assert digest("é") == hashlib.sha256("é".encode()).hexdigest()


def test_keyed_digest_depends_on_key_and_value():
    digests = {keyed_digest(key, value) for key in ("a", "b") for value in ("c", "d")}

    assert len(digests) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in digests)


@pytest.mark.parametrize("around", ["{}", "see https://a.example/reply/open/{}, please", "({})"])
def test_req_052_a_quoted_token_or_code_is_found_wherever_it_stands(around):
    for _ in range(50):
        token, code = f"{make_token()[1:]}7", written_code("XOC", "7F3MQ2XD9TKP")

        assert quoted_secret(around.format(token)) == token
        assert quoted_secret(around.format(code)) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Will you guarantee that States have CALM TALK WHEN THEY MEET?",
        "USA HAVE SEEN THAT 2006",
        "a" * 43,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "https://www.example.org/2021/a-very-long-address-of-a-report-on-the-Council-12",
        "Resolution 60/251 of 2006, paragraphs 8 and 9 (A/RES/60/251)",
    ],
)
def test_words_hashes_and_addresses_are_no_secrets(text):
    assert quoted_secret(text) == ""


def test_req_052_a_token_without_a_digit_is_found_in_its_address():
    token = "aB" * 21 + "c"

    assert quoted_secret(f"https://a.example/reply/open/{token}.") == token
    assert quoted_secret(token) == ""
