"""References and quotations to copy, and what machines read of a page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from questions import citations
from questions.citations import Citation
from questions.models import Response

from .answers import paragraphs
from .portal import html_language

register = template.Library()

# JSON says the same with these written out, and no text can end the element that holds it.
NOT_IN_SCRIPTS = {sign: f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}
QUOTATION = (
    '<blockquote lang="{}" dir="{}" cite="{}">{}'
    '<footer><cite><a href="{}">{}, {}</a></cite>{}</footer></blockquote>'
)

FRAME = '<iframe src="{}{}" title="{}" width="100%" height="320" loading="lazy"></iframe>'


@register.filter
def version_suffix(text: Response) -> str:
    """Of the permanent link to one wording."""
    return citations.version_suffix(text)


@register.simple_tag
def wikipedia(citation: Citation, today: date) -> str:
    return citations.wikipedia(citation, today)


@register.simple_tag
def quotation(citation: Citation) -> SafeString:
    """HTML to be shown as text and copied: the words with their language, direction and source.

    Escaped twice: once for the page into which it is copied, once for ours.
    """
    return escape(
        format_html(
            QUOTATION,
            html_language(citation.language),
            citation.dir,
            citation.permalink,
            paragraphs(citation.text),
            citation.permalink,
            ", ".join(citation.by),
            citation.symbol,
            f". {citation.redaction}" if citation.is_redacted else "",
        )
    )


@register.simple_tag
def embed_code(address: str, title: str) -> SafeString:
    """The frame to be copied into another site, shown as text: escaped as a quotation is."""
    return escape(format_html(FRAME, settings.BASE_URL, address, title))


@dataclass(frozen=True)
class _Json:
    """Data as it may stand in a script element, where HTML's own escapes are not read."""

    data: Mapping[str, Any]

    def __html__(self) -> str:
        written = json.dumps(self.data, ensure_ascii=False)
        for sign, code in NOT_IN_SCRIPTS.items():  # str.translate takes ten times as long
            written = written.replace(sign, code)
        return written


@register.simple_tag
def linked_data(data: Mapping[str, Any]) -> SafeString:
    """A block of data, which no browser runs."""
    return format_html('<script type="application/ld+json">{}</script>', _Json(data))
