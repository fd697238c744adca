"""The links of our own pages: where they lead, and the same page with other links.

Our pages escape every text, put attributes in double quotes and nest no form in a form, so a tag
is what stands between `<` and `>`. What reads a page to check it uses a parser of HTML instead.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

FORM = re.compile(r"<form\b.*?</form>", re.S)
TAG = re.compile(r"<(?P<tag>a|link|script|img|source|object|embed|use)\b[^>]*>")
LINK = re.compile(r' (?P<name>href|src|data)="(?P<value>[^"]*)"')


def without_forms(page: str) -> str:
    return FORM.sub("", page)


def with_links(page: str, target: Callable[[str, str], str | None]) -> str:
    """The page where each link leads to `target(tag, address)`; None takes the link away."""

    def of_tag(found: re.Match) -> str:
        def of_link(link: re.Match) -> str:
            address = target(found["tag"], unescape(link["value"]))
            return "" if address is None else f' {link["name"]}="{escape(address)}"'

        return LINK.sub(of_link, found[0])

    return TAG.sub(of_tag, page)


@dataclass
class References:
    """What a page leads to, and the places in it that others can lead to."""

    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


def references(page: str) -> References:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = References()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.found.links += [known[name] for name in ("href", "src", "data") if name in known]
        if "id" in known:
            self.found.anchors.add(known["id"])
