"""A site of small pages for the tests of kept ones: a urlconf, and what its views rendered."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie

from pledgeportal.urls import urlpatterns as portal
from questions.models import AddressedQuestion, Response
from questions.operations.publication import publish_responses
from tests.factories import BEFORE, make_response, make_user

rendered = []


def answers(request):
    rendered.append(request.get_full_path())
    texts = Response.objects.publicly_visible().order_by("pk").values_list("text", flat=True)
    return kept(HttpResponse("\n".join(texts)))


def statuses(request):
    slots = AddressedQuestion.objects.with_status(at=request.received_at).order_by("pk")
    return kept(HttpResponse(" ".join(slot.answer_status for slot in slots)))


def as_of(request):
    return kept(HttpResponse(f"as of {timezone.now():%d %B}"))


def slow(request):
    """Something is published while the page is rendered."""
    text = Response.objects.publicly_visible().count()
    publish()
    return kept(HttpResponse(f"{text} published"))


@ensure_csrf_cookie
def with_cookie(request):
    return kept(render(request, "404.html"))


def of_the_visitor(request):
    return kept(HttpResponse(f"for {request.user}"))


def not_marked(request):
    rendered.append(request.get_full_path())
    return HttpResponse("not marked")


def failing(request):
    rendered.append(request.get_full_path())
    return kept(HttpResponse("gone", status=410))


def kept(response):
    response.is_kept = True
    return response


urlpatterns = [
    path("answers/", answers),
    path("statuses/", statuses),
    path("as-of/", as_of),
    path("slow/", slow),
    path("with-cookie/", with_cookie),
    path("of-the-visitor/", of_the_visitor),
    path("not-marked/", not_marked),
    path("failing/", failing),
    *portal,
]


def publish(text="Yes."):
    response = make_response(text=text)
    publish_responses(Response.objects.filter(pk=response.pk), by=make_user(), at=BEFORE)
    return response
