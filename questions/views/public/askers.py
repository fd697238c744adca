"""Who asked, and what one asker asked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from questions.models import Asker, askers_in_public, questions_asked

from .pages import kept, public_page


@kept()
def asker_list(request: HttpRequest) -> HttpResponse:
    context = {"askers": askers_in_public()}
    return public_page(request, "public/asker_list.html", context, section="questions")


@kept()
def asker_detail(request: HttpRequest, asker: str) -> HttpResponse:
    """Of those named in public, with a public question; of anyone else nothing is said."""
    found = get_object_or_404(Asker.objects.named_in_public(), slug=asker)
    asked = questions_asked(found, at=request.received_at)
    if not asked:
        raise Http404
    context = {"asker": found, "feed": reverse("feed_of_asker", args=[found.slug]), "asked": asked}
    return public_page(request, "public/asker_detail.html", context, section="questions")
