"""References to the record as files for reference managers; they are in English."""

from django.http import Http404, HttpRequest, HttpResponse

from questions.citations import (
    Citation,
    bibtex,
    cite_candidacy,
    cite_event,
    cite_question,
    cite_reply,
    ris,
)
from questions.models import AddressedQuestion, Candidacy, Question, entries_of

from .public.pages import kept, today
from .public.questions import gone_with, refuse_version
from .site import named_by, withdrawn_question

WRITERS = {
    "ris": (ris, "application/x-research-info-systems"),
    "bib": (bibtex, "application/x-bibtex"),
}


@kept()
def reference(request: HttpRequest, symbol: str, ending: str) -> HttpResponse:
    write, media_type = WRITERS[ending]
    citation = citation_of(request, symbol)
    response = HttpResponse(
        write(citation, today(request)), content_type=f"{media_type}; charset=utf-8"
    )
    file_name = f"{citation.reference}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def citation_of(request: HttpRequest, symbol: str) -> Citation:
    """Of what a symbol names. Raises Gone for what was public once, else Http404."""
    try:
        found, version = named_by(symbol)
    except Http404:
        raise gone_with(withdrawn_question(symbol)) from None
    if isinstance(found, Candidacy):
        return cite_candidacy(found)
    if isinstance(found, Question):
        found.load_askers()
        return cite_question(found)
    if not isinstance(found, AddressedQuestion):
        return cite_event(found)
    readable = AddressedQuestion.objects.publicly_visible().readable(at=request.received_at)
    entry = entries_of(readable.with_names().filter(pk=found.pk))[0]
    if version is None:
        return cite_reply(entry, today(request), text=entry.response)
    text = next((text for text in entry.versions if text.version == version), None)
    if text is None:
        refuse_version(entry, version)
    return cite_reply(entry, today(request), text=text)
