"""What changed from one published wording of a reply to the next."""

from itertools import pairwise
from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponse

from questions.differences import difference
from questions.models import Entry

from .pages import kept, public_page
from .questions import find_entry, find_question, refuse_version


@kept()
def answer_changes(
    request: HttpRequest, event: str, question: str, state: str, version: int | None = None
) -> HttpResponse:
    """From the wording before to `version`, or to the newest; withdrawn ones are skipped."""
    if version is not None and not request.path.endswith(f"/v{version}/changes/"):
        raise Http404  # v02: one page, one address
    found = find_question(event, question)
    entry = find_entry(request, found, state)
    history = list(entry.slot.responses.history())
    pairs = list(pairwise(reversed(entry.versions)))[::-1]
    pair = next((pair for pair in pairs if version in {None, pair[1].version}), None)
    if version is not None and pair is None:
        refuse_changes(entry, version)
    if not history:
        raise Http404
    before, after = pair or (None, None)
    is_compared = before is not None and before.language == after.language
    context = {
        "entry": entry,
        "slot": entry.slot,
        "history": history,
        "comparable": [later.version for _earlier, later in pairs],
        "before": before,
        "after": after,
        "pieces": difference(before.text, after.text) if is_compared else [],
        "question": found,
        "event": found.event,
        "state": entry.slot.candidacy.state,
        "is_specimen": found.event.is_specimen,
    }
    return public_page(
        request, "public/answer_changes.html", context, section="events", symbol=entry.slot.symbol
    )


def refuse_changes(entry: Entry, version: int) -> NoReturn:
    """Gone, with the reason, where one of the two wordings is withdrawn; else 404."""
    try:
        refuse_version(entry, version)
    except Http404:
        refuse_version(entry, version - 1)
