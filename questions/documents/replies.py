"""All questions of a reply with what is written so far, for the capital (ux.md M3).

Word, PDF and plain text print the same, in the language that is active. No file holds a link.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from questions import days
from questions.models import NEW_YORK, Reply, ReplyItem, text_digest, text_direction

from .printable import printable
from .typesetting import DocumentTooLarge, Printed, language_tag, set_pdf

MAX_CHARACTERS = 1_500_000  # of one reply; forty questions with answers of full length
DIGITS_OF_TEXT = 8  # of its SHA-256, in a bookmark's name of forty characters at most


@dataclass(frozen=True)
class PrintedItem:
    """One question and the place for its answer."""

    symbol: str
    title: str
    asked_by: str  # a line, or nothing
    question: str
    question_language: str
    note: str  # a line on what was sent before, or nothing
    line: str  # after it the answer is typed
    text: str
    language: str

    @property
    def made_from(self) -> str:
        """What tells later whether the text was changed since."""
        return text_digest(self.text)[:DIGITS_OF_TEXT] if self.text else ""


@dataclass(frozen=True)
class PrintedReply:
    """What each of the three files says, in one language."""

    reference: str
    title: str
    language: str
    dir: str
    language_of_answers: str
    how: list[str]
    sections: list[tuple[str, list[PrintedItem]]]

    @property
    def items(self) -> list[PrintedItem]:
        return [item for _heading, items in self.sections for item in items]


def text_so_far(item: ReplyItem) -> tuple[str, str]:
    """The text with which writing goes on, and its language: the draft, else what was sent."""
    if item.draft and item.draft.text and item.is_drafted:
        return item.draft.text, item.draft.language
    if item.sent and item.sent.text and not item.is_declined:
        return item.sent.text, item.sent.language
    return "", ""


def printed_reply(reply: Reply, *, returns: bool) -> PrintedReply:
    """What to print now; `returns`: the file can be uploaded again."""
    state, event = reply.candidacy.state, reply.candidacy.event
    sections = [
        (own_heading(), [_item(item) for item in reply.items.own]),
        (common_heading(), [_item(item) for item in reply.items.common]),
    ]
    return PrintedReply(
        reference=reply.candidacy.symbol,
        title=_title(event.slug, state),
        language=get_language(),
        dir="rtl" if get_language_bidi() else "ltr",
        language_of_answers=reply.items.last_language,
        how=_how(reply, returns=returns),
        sections=[(heading, items) for heading, items in sections if items],
    )


def own_lines(reply: Reply) -> set[str]:
    """What our Word document says itself, in each language: no part of an answer."""
    lines: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            printed = printed_reply(reply, returns=True)
            lines |= {printed.title, *printed.how, how_heading(), own_heading(), common_heading()}
            lines |= {sent_note(), declined_note()}
            lines |= {line for one in printed.items for line in (one.line, one.asked_by) if line}
    return lines


def reply_text(reply: Reply, *, at: datetime) -> bytes:
    """As plain text, in UTF-8 with a mark that says so and with Windows' line ends."""
    printed = printed_reply(reply, returns=False)
    parts = [printed.reference, printed.title, *printed.how]
    for heading, items in printed.sections:
        parts.append(f"{heading}\n{'=' * 40}")
        for one in items:
            about = [f"{one.symbol}: {one.title}", one.asked_by]
            parts += ["\n".join(filter(None, about)), one.question]
            parts += [*filter(None, [one.note]), f"{one.line}\n{'-' * 40}", one.text]
    return ("\n\n".join(parts).rstrip() + "\n").replace("\n", "\r\n").encode("utf-8-sig")


def reply_pdf(reply: Reply, *, at: datetime) -> bytes:
    """As tagged PDF, to be read; raises what `set_pdf` raises."""
    printed = printed_reply(reply, returns=False)
    if sum(len(one.text) + len(one.question) for one in printed.items) > MAX_CHARACTERS:
        raise DocumentTooLarge(printed.reference)
    data = {
        "lang": language_tag(printed.language),
        "dir": printed.dir,
        "reference": printed.reference,
        "title": printable(printed.title),
        "how": [printable(line) for line in printed.how],
        "sections": [
            {"heading": printable(heading), "items": [_as_data(one) for one in items]}
            for heading, items in printed.sections
        ],
        "nothing": printable(_("Nothing has been written yet.")),
    }
    return set_pdf("reply.typ", Printed(printed.reference, data), at=at)


def how_heading() -> str:
    return _("How to use this document")


def own_heading() -> str:
    return _("Questions to this State alone")


def common_heading() -> str:
    return _("Questions put to all candidates")


def sent_note() -> str:
    return _("This answer has been sent to ISHR. A changed text can be sent as an amendment.")


def declined_note() -> str:
    return _("ISHR was told that this question is declined. It can still be answered.")


def _title(event: str, state: object) -> str:
    names = {"event": event, "state": state}
    return _("Answers to questions from the %(event)s pledging event: %(state)s") % names


def _how(reply: Reply, *, returns: bool) -> list[str]:
    lines = _how_to_return() if returns else []
    lines.append(_("Drafts in this document have not been sent to ISHR. Keep it confidential."))
    if reply.candidacy.due_on and reply.candidacy.event.zone == NEW_YORK:
        day = days.written(reply.candidacy.due_on)
        lines.append(_("Answers are due by the end of %(day)s in New York.") % {"day": day})
    return lines


def _how_to_return() -> list[str]:
    return [
        _("Type each answer under the line that names its question, not in the question itself."),
        _("Headings can be translated, numbered anew or moved; each text still finds its place."),
        _("Lists and notes are kept as text, tables become lines of text, pictures are left out."),
        _("The mission uploads this document to the reply form and confirms each text there."),
        _("Tracked changes and comments are shown to the mission, which decides about them."),
    ]


def _item(item: ReplyItem) -> PrintedItem:
    question = item.slot.question
    askers = "; ".join(str(asker.name_for_state) for asker in question.askers_in_order)
    text, language = text_so_far(item)
    return PrintedItem(
        symbol=item.slot.symbol,
        title=question.heading,
        asked_by=_("Asked by: %(askers)s") % {"askers": askers} if askers else "",
        question=question.text,
        question_language=question.language,
        note=_note(item),
        line=_("Type the answer to %(symbol)s below this line.") % {"symbol": item.slot.symbol},
        text=text,
        language=language,
    )


def _note(item: ReplyItem) -> str:
    if item.sent is None:
        return ""
    return declined_note() if item.is_declined else sent_note()


def _as_data(one: PrintedItem) -> dict[str, Any]:
    return {
        "symbol": one.symbol,
        "title": printable(one.title),
        "asked_by": printable(one.asked_by),
        "question": _paragraphs(one.question, one.question_language),
        "note": printable(one.note),
        "answer": _paragraphs(one.text, one.language),
    }


def _paragraphs(text: str, language: str) -> list[dict[str, Any]]:
    return [
        {
            "lang": language_tag(language or "en"),
            "dir": text_direction(part, language),
            "lines": printable(part).strip("\n").split("\n"),
        }
        for part in text.split("\n\n")
        if part.strip()
    ]
