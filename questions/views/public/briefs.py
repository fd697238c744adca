"""The voting brief of a State at an event, as a file."""

from threading import Semaphore

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from questions.documents.briefs import brief_pdf
from questions.documents.typesetting import DocumentNotSet, DocumentTooLarge
from questions.models import AddressedQuestion, Candidacy, entries_of_candidacy, start_of_day

from .pages import is_plain, today

# A brief takes a second of a processor, and its address is open to all: two at a time in a
# process, and nobody waits, so that the other threads still answer.
setting = Semaphore(2)
MOST_QUESTIONS = 200


@require_safe
def brief(request: HttpRequest, event: str, state: str) -> HttpResponse:
    """Set once in an edition, for GET alone."""
    candidacy = get_object_or_404(
        Candidacy.objects.publicly_visible().with_names(),
        event__slug=event,
        state__iso3=state.upper(),
    )
    asked = AddressedQuestion.objects.publicly_visible().filter(candidacy=candidacy).count()
    if not may_be_brief(asked):
        raise Http404
    if request.method == "HEAD":
        return as_file(candidacy, b"")
    if not setting.acquire(blocking=False):
        return not_now()
    try:
        content = made(request, candidacy)
    except (DocumentTooLarge, DocumentNotSet):
        return not_now()
    finally:
        setting.release()
    response = as_file(candidacy, content)
    response.is_kept = is_plain(request, {})
    return response


def may_be_brief(questions: int) -> bool:
    """Where something was asked, and not more than a few pages hold."""
    return 0 < questions <= MOST_QUESTIONS


def made(request: HttpRequest, candidacy: Candidacy) -> bytes:
    """Dated by the day that it names, so that its bytes tell of nothing that is not public."""
    entries = entries_of_candidacy(candidacy, at=request.received_at)
    day = today(request)
    return brief_pdf(candidacy, entries, today=day, at=start_of_day(day))


def as_file(candidacy: Candidacy, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    if not content:
        del response.headers["Content-Length"]  # not known before it is set
    name = f"{candidacy.symbol.replace('/', '-')}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def not_now() -> HttpResponse:
    response = render(None, "500.html", status=503)
    response.headers["Retry-After"] = "10"
    return response
