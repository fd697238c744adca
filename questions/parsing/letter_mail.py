"""Mail addresses in a letter, and the names that belong to them."""

import re
from dataclasses import dataclass

_LOCAL = re.compile(r"[\w.+'-]{1,64}$")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}")
_NAME_BEFORE = re.compile(
    r"(?:\bto|\bcontact|\battention of|\bwith|\be-?mail|\bvia|\bfrom|\breach|\bboth|\bcopy|:)\s"
    r"(?P<name>[A-ZÀ-Þ][\w.'’-]*(?:\s[A-ZÀ-Þ][\w.'’-]*){0,5}),?"
    r"(?:\s[A-ZÀ-Þ][\w'’-]*(?:\s(?:of|and|for|&|the|[A-ZÀ-Þ][\w'’-]*)){0,7},)?"  # an office
    r"\s?(?:at|via|on|–|-|by e-?mail (?:at|to))?\s?[(<]?(?:mailto:)?$"
)
_MOST = 20  # addresses looked at; a letter has two


@dataclass(frozen=True)
class Address:
    """A mail address and the name given with it; "" when none is."""

    name: str
    email: str
    start: int = 0  # where in its text the address begins


def find_addresses(text: str) -> list[Address]:
    """The addresses of a text in order, looked for around each at sign."""
    found: list[Address] = []
    position = -1
    for _ in range(_MOST):
        position = text.find("@", position + 1)
        if position < 0:
            break
        local = _LOCAL.search(text[max(0, position - 64) : position])
        domain = _DOMAIN.match(text, position + 1)
        if local and domain:
            start = position - len(local[0])
            name = _NAME_BEFORE.search(text[max(0, start - 120) : start])
            email = f"{local[0].lstrip('.')}@{domain[0]}"
            found.append(Address(name["name"].strip(" ,") if name else "", email, start))
    return found
