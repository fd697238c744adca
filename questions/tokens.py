"""Making and digesting the secrets in links and codes (security.md D1, 1, 2).

A secret is shown once and never stored: the database keeps its SHA-256 as 64 hexadecimal digits.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
READ_AS = str.maketrans("OIL", "011")  # Crockford's reading of the letters that look like digits
SEPARATORS = re.compile(r"[\W_]+")
# As a text quotes them. Words and addresses of that length have no capitals or no digits.
QUOTED_TOKEN = re.compile(
    r"(?<=/reply/(?:open|read)/)[\w-]{43}"
    r"|(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[A-Za-z0-9_-]{43}(?![\w-])"
)
QUOTED_CODE = re.compile(rf"\b[A-Z]{{3}}(?=[ \w]{{0,14}}\d)(?: [{CROCKFORD}]{{4}}){{3}}\b")
WRITTEN_CODE = re.compile(rf"(?P<state>[A-Z]{{3}})?(?P<code>[{CROCKFORD}OIL]{{{CODE_LENGTH}}})")


def make_token() -> str:
    """A link's secret: 32 random bytes as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def make_code() -> str:
    """A reply code: 12 characters of Crockford base 32, 60 bits, without separators."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))


def written_code(iso3: str, code: str) -> str:
    """A reply code as people read it, after its State's code: "KAZ 7F3M Q2XD 9TKP"."""
    return " ".join([iso3, code[:4], code[4:8], code[8:]])


def read_code(typed: str) -> tuple[str, str]:
    """The State's code, or nothing where it was left out, and the code's 12 characters.

    Any case and separators, full-width letters, O for 0, I and L for 1. Two empty strings where
    it is no code.
    """
    compact = SEPARATORS.sub("", unicodedata.normalize("NFKC", typed).upper())
    if not (match := WRITTEN_CODE.fullmatch(compact)):
        return "", ""
    return match["state"] or "", match["code"].translate(READ_AS)


def quoted_secret(text: str) -> str:
    """The first token or code that a text quotes; an empty string where it quotes none."""
    found = QUOTED_TOKEN.search(text) or QUOTED_CODE.search(text)
    return found[0] if found else ""


def digest(secret: str) -> str:
    """What we store of a token or a code: SHA-256 of its UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(key: str, value: str) -> str:
    """HMAC-SHA-256 in hexadecimal, for values too guessable to digest bare, such as addresses."""
    return hmac.new(key.encode(), value.encode(), hashlib.sha256).hexdigest()
