"""The receipt of a reply as a tagged PDF, in the language that is active (ux.md M8)."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from questions.models import Response, ResponseKind, Submission, text_direction

from .printable import printable
from .typesetting import Printed, language_tag, set_pdf


def receipt_pdf(submission: Submission, *, at: datetime) -> bytes:
    """What was received, when, from whom, with each file's and the text's SHA-256, and the text.

    Raises what `set_pdf` raises.
    """
    responses = submission.responses.as_sent().with_names().in_letter_order()
    data = {
        "lang": language_tag(get_language()),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "reference": submission.symbol,
        "title": printable(_("Receipt %(symbol)s") % {"symbol": submission.symbol}),
        "facts": _facts(submission),
        "answers": [_answer(response) for response in responses],
    }
    return set_pdf("receipt.typ", Printed(submission.symbol, data), at=at)


def _facts(submission: Submission) -> list[dict]:
    signatory = ", ".join(filter(None, [submission.signatory_name, submission.signatory_title]))
    mission = submission.mission and str(submission.mission)
    facts = [
        (_("Received"), _as_lines("received", submission)),
        (_("State"), [str(submission.candidacy.state)]),
        (_("Sent by"), [*filter(None, [mission]), signatory]),
        (_("Deadline"), _as_lines("deadline", submission) if submission.due_at else []),
        (_("Fingerprint of the text received (SHA-256):"), [submission.text_sha256]),
    ]
    for file in submission.attachments.all():
        facts.append((_("File"), [file.name, f"{file.size} B", f"SHA-256 {file.sha256}"]))
    return [
        {"label": label, "lines": [printable(line) for line in lines]}
        for label, lines in facts
        if lines
    ]


def _as_lines(what: str, submission: Submission) -> list[str]:
    """Moments as the receipt's page writes them: the words are those of a template."""
    text = render_to_string(f"receipt/{what}.txt", {"submission": submission}, using="mail")
    return text.strip("\n").split("\n")


def _answer(response: Response) -> dict:
    is_declined = response.kind == ResponseKind.DECLINED
    note = _("Declined to answer") if is_declined else response.get_language_display()
    if not is_declined and not response.text:
        note = _("ISHR will type the text from the file and mark it as transcribed.")
    question = response.slot.question
    return {
        "heading": printable(f"{response.slot.symbol} · {question.heading}"),
        "note": str(note),
        "lang": language_tag(response.language or "en"),
        "dir": text_direction(response.text, response.language),
        "lines": printable(response.text).split("\n") if response.text else [],
        "reason": printable(response.amendment_reason),
    }
