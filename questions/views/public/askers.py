"""What one asker asked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from questions.models import Asker, questions_asked

from .pages import kept, public_page


@kept()
def asker_detail(request: HttpRequest, asker: str) -> HttpResponse:
    """Of those named in public, with a public question; of anyone else nothing is said."""
    found = get_object_or_404(Asker.objects.named_in_public(), slug=asker)
    asked = questions_asked(found, at=request.received_at)
    if not asked:
        raise Http404
    context = {"asker": found, "asked": asked}
    return public_page(request, "public/asker_detail.html", context, section="events")
