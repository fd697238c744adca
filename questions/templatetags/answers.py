"""What States and askers wrote, and the status of an answer, as HTML."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from questions.models import UN_LANGUAGES, AnswerStatus
from questions.plaintext import Paragraph
from questions.plaintext import paragraphs as split_paragraphs
from questions.plaintext import word_count as count_words

register = template.Library()

LABELS = dict(AnswerStatus.choices)
LANGUAGES = dict(UN_LANGUAGES)
KEY_LABELS = {
    AnswerStatus.ON: _("answered on time"),
    AnswerStatus.LATE: _("answered late"),
    AnswerStatus.DEC: _("declined to answer"),
    AnswerStatus.NONE: _("no answer by the deadline"),
    AnswerStatus.WAIT: _("awaiting, deadline not passed"),
    AnswerStatus.REC: _("received, being prepared"),
    AnswerStatus.UNK: _("not on record"),
}
MARK = (
    '<i data-s="{0}"><svg class="g" aria-hidden="true" focusable="false">'
    '<use href="#g-{0}"/></svg></i>'
)
MARKS = {status: format_html(MARK, status) for status in AnswerStatus.values}


@register.filter
def paragraphs(text: str) -> SafeString:
    """The text as paragraphs and lists; nothing else in it is interpreted (security.md 25)."""
    return format_html_join("", "{}", ((_paragraph(part),) for part in split_paragraphs(text)))


def _paragraph(part: Paragraph) -> SafeString:
    if part.kind == "list":
        items = format_html_join("", "<li>{}</li>", ((line,) for line in part.lines))
        return format_html("<ul>{}</ul>", items)
    first, *others = part.lines
    return format_html(
        "<p>{}{}</p>", first, format_html_join("", "<br>{}", ((line,) for line in others))
    )


@register.filter
def status_label(status: str) -> str:
    """late → Answered late."""
    return LABELS[status]


@register.filter
def key_label(status: str) -> str:
    """What a total counts: no answer by the deadline."""
    return KEY_LABELS[status]


@register.filter
def strip(statuses: Iterable[str]) -> SafeString:
    """One mark for each status, in the order given; its words stand beside it."""
    return format_html(
        '<span class="strip" aria-hidden="true">{}</span>',
        format_html_join("", "{}", ((MARKS[status],) for status in statuses)),
    )


@register.filter
def language_name(code: str) -> str:
    """fr → French."""
    return LANGUAGES[code]


@register.filter
def words(text: str, language: str) -> int:
    """How many words; for Chinese, characters."""
    return count_words(text, language)


@register.filter
def html_lang(code: str) -> str:
    """The language as HTML writes it: zh-Hans."""
    return "zh-Hans" if code == "zh-hans" else code
