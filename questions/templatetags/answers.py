"""What States and askers wrote, and the status of an answer, as HTML."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from questions.models import UN_LANGUAGES, AnswerStatus, Entry, Matrix, Row
from questions.plaintext import Paragraph
from questions.plaintext import paragraphs as split_paragraphs

from .portal import html_language

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
    AnswerStatus.UNDEL: _("letter not delivered"),
    AnswerStatus.UNK: _("not on record"),
}
GLYPH = '<svg class="g" aria-hidden="true"><use href="#g-{}"/></svg>'
GLYPHS = {status: format_html(GLYPH, status) for status in AnswerStatus.values}
MARK = '<i data-s="{0}"><svg class="g"><use href="#g-{0}"/></svg></i>'
TAG = '<span class="st" data-s="{}">{}{}</span>'
REPLY_HEADER = (
    '<header><h3 id="h-{}"><a href="{}"><bdi>{}</bdi></a></h3>{}'
    '<a class="sym" href="{}" title="{}">{}</a></header>'
)
REPLY_LINK = '<li><a href="{}#{}">{}<span class="vh"> {}</span></a></li>'
INDEX_LINE = (
    '<li data-s="{}"><a href="#{}"><span class="sw">{}</span>'
    '<span><bdi>{}</bdi><span class="vh">: {}</span></span></a></li>'
)
CELL = (
    '<td role="cell" data-s="{status}"><a href="{address}{{slug}}/" data-q="{question}">{glyph}'
    '<span class="vh">{{state}}, {question}: {label}</span></a></td>'
)
EMPTY_CELL = (
    '<td role="cell" class="na"><span class="vh">{{state}}, {question}: {label}</span></td>'
)

MARKED = {False: "{}", True: "<mark>{}</mark>"}
LISTS = {"list": "<ul>{}</ul>", "numbered": '<ul class="numbered">{}</ul>'}


@register.filter
def paragraphs(text: str) -> SafeString:
    """The text as paragraphs and lists; nothing else in it is interpreted (security.md 25)."""
    return format_html_join("", "{}", ((_paragraph(part),) for part in split_paragraphs(text)))


@register.filter
def with_marks(parts: Iterable) -> SafeString:
    """A passage of search with its words marked; here and not in a template for speed."""
    return SafeString("".join(MARKED[part.is_marked].format(escape(part.text)) for part in parts))


def _paragraph(part: Paragraph) -> SafeString:
    if part.kind != "text":
        items = format_html_join("", "<li>{}</li>", ((line,) for line in part.lines))
        return format_html(LISTS[part.kind], items)
    first, *others = part.lines
    if not others:
        return format_html("<p>{}</p>", first)
    return format_html(
        "<p>{}{}</p>", first, format_html_join("", "<br>{}", ((line,) for line in others))
    )


@register.filter
def status_label(status: str) -> str:
    """late → Answered late."""
    return LABELS[status]


@register.filter
def status_tag(status: str) -> SafeString:
    """The glyph with its words."""
    return _tag(status, get_language())


@lru_cache
def _tag(status: str, language: str) -> SafeString:
    return format_html(TAG, status, GLYPHS[status], LABELS[status])


@register.simple_tag
def reply_header(entry: Entry, heading: str, anchor: str) -> SafeString:
    """Whose reply or to what, its status and its symbol; not a template, for speed."""
    slot = entry.slot
    return format_html(
        REPLY_HEADER,
        anchor,
        entry.href,
        heading,
        _tag(entry.status, get_language()),
        slot.permalink,
        gettext("Permanent link"),
        slot.symbol,
    )


@register.simple_tag
def reply_links(entry: Entry) -> SafeString:
    """What can be done with an answer; the symbol tells one link from the next when read aloud."""
    symbol = entry.slot.symbol
    links = format_html(REPLY_LINK, entry.href, "cite", gettext("Cite this answer"), symbol)
    if entry.is_amended:
        amended = gettext("See what was amended")
        links += format_html(REPLY_LINK, entry.href, "versions", amended, symbol)
    return links


@register.filter
def state_index(entries: Iterable[Entry]) -> SafeString:
    """The States of a question page with their marks, each leading to its place."""
    labels = {status: str(label) for status, label in LABELS.items()}
    return format_html_join(
        "",
        INDEX_LINE,
        (
            (
                e.status,
                e.slot.anchor,
                GLYPHS[e.status],
                e.slot.candidacy.state,
                labels[e.status],
            )
            for e in entries
        ),
    )


@register.filter
def key_label(status: str) -> str:
    """What a total counts: no answer by the deadline."""
    return KEY_LABELS[status]


@register.filter
def strip(statuses: Iterable[str]) -> SafeString:
    """One mark for each status, in the order given; its words stand beside it."""
    runs = ((_run(status, sum(1 for _mark in marks)),) for status, marks in groupby(statuses))
    return format_html(
        '<span class="strip" aria-hidden="true">{}</span>', format_html_join("", "{}", runs)
    )


@lru_cache
def _run(status: str, length: int) -> SafeString:
    """The same mark several times."""
    return format_html_join("", MARK, ((status,) for _mark in range(length)))


@register.filter
def cells(row: Row, matrix: Matrix) -> SafeString:
    """A State's line in the matrix; here and not in a template for speed (ux.md §5.2)."""
    where = (matrix.address, get_language())
    line = "".join(
        _cell(status, question, *where)
        for status, question in zip(row.statuses, matrix.labels, strict=True)
    )
    return format_html(line, slug=row.slug, state=row.name)


@lru_cache(maxsize=4096)
def _cell(status: str, question: str, address: str, language: str) -> str:
    """The format string of a cell, in which only the State is left open."""
    if not status:
        return EMPTY_CELL.format(question=question, label=escape(_("Not asked")))
    return CELL.format(
        status=status,
        address=f"{address}{question.lower()}/",
        question=question,
        glyph=GLYPHS[status],
        label=escape(LABELS[status]),
    )


@register.filter
def language_name(code: str) -> str:
    """fr → French."""
    return LANGUAGES[code]


@register.filter
def html_lang(code: str) -> str:
    """The language as HTML writes it: zh-Hans."""
    return html_language(code)
