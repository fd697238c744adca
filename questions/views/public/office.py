"""What the office says of the portal: about, method, accessibility, privacy."""

from django.http import HttpRequest, HttpResponse

from questions.models import Event

from .pages import kept, public_page


@kept()
def about(request: HttpRequest) -> HttpResponse:
    context = {"specimen": Event.objects.publicly_visible().filter(is_specimen=True).first()}
    return public_page(request, "public/about.html", context, section="about")


@kept()
def method(request: HttpRequest) -> HttpResponse:
    return public_page(request, "public/method.html", {}, section="about")


@kept()
def accessibility(request: HttpRequest) -> HttpResponse:
    return public_page(request, "public/accessibility.html", {}, section="about")


@kept()
def privacy(request: HttpRequest) -> HttpResponse:
    return public_page(request, "public/privacy.html", {}, section="about")
