"""Making and digesting the secrets in links and codes (security.md D1, 1, 2).

A secret is shown once and never stored: the database keeps its SHA-256 as 64 hexadecimal digits.
"""

import hashlib
import hmac
import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def make_token() -> str:
    """A link's secret: 32 random bytes as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def make_code() -> str:
    """A reply code: 12 characters of Crockford base 32, 60 bits, without separators."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(12))


def digest(secret: str) -> str:
    """What we store of a token or a code: SHA-256 of its UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(key: str, value: str) -> str:
    """HMAC-SHA-256 in hexadecimal, for values too guessable to digest bare, such as addresses."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
