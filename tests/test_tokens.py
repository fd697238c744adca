import hashlib
import re

from questions.tokens import CROCKFORD, digest, keyed_digest, make_code, make_token


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


def test_digest_is_sha256_in_hexadecimal():
    assert digest("é") == hashlib.sha256("é".encode()).hexdigest()


def test_keyed_digest_depends_on_key_and_value():
    digests = {keyed_digest(key, value) for key in ("a", "b") for value in ("c", "d")}

    assert len(digests) == 4
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in digests)
