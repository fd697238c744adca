"""All questions over the years, and those on one theme."""

import re
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from questions.models import (
    Question,
    Topic,
    askers_in_public,
    events_with_questions,
    theme_of,
    themes,
    topics_in_public,
    what_became_of,
)
from questions.views.site import redirect_within

from .filters import SLUG, STATUS, asker_choice, status_choice, topic_choice, year_choice
from .pages import kept, public_page

QUESTIONS = 50  # a page of the list
YEAR = re.compile(r"\d{4}(?:-[a-z]{1,20})?", re.A)
PAGE = re.compile(r"[1-9]\d{0,5}", re.A)


@kept(topic=SLUG, asker=SLUG, year=YEAR, status=STATUS, page=PAGE)
def question_list(request: HttpRequest, **chosen: str) -> HttpResponse:
    """Words are searched for where the words of answers are too."""
    if words := request.GET.get("q", "").strip():
        asked = {"kind": "questions", "q": words, "topic": chosen["topic"], "year": chosen["year"]}
        given = {name: value for name, value in asked.items() if value}
        return redirect_within(f"{reverse('public:search')}?{urlencode(given)}")
    number = chosen.pop("page")
    found = Question.objects.over_the_years().of(
        topic=chosen["topic"], asker=chosen["asker"], event=chosen["year"]
    )
    if chosen["status"]:
        found = found.with_reply(chosen["status"], at=request.received_at)
    page = Paginator(found.with_askers(), QUESTIONS).get_page(number or 1)
    context = {
        "page": page,
        "asked": what_became_of(page, at=request.received_at),
        "chosen": chosen,
        "filters": [
            year_choice(events_with_questions(), chosen["year"]),
            topic_choice(topics_in_public(), chosen["topic"]),
            status_choice(chosen["status"]),
            asker_choice(askers_in_public(), chosen["asker"]),
        ],
    }
    return public_page(request, "public/question_list.html", context, section="questions")


@kept()
def topic_list(request: HttpRequest) -> HttpResponse:
    context = {"themes": themes(at=request.received_at)}
    return public_page(request, "public/topic_list.html", context, section="questions")


@kept()
def topic_detail(request: HttpRequest, topic: str) -> HttpResponse:
    """Of a theme with a public question; others have no page."""
    found = get_object_or_404(Topic, slug=topic)
    questions = Question.objects.over_the_years().of(topic=topic).with_askers()
    asked = what_became_of(questions, at=request.received_at)
    if not asked:
        raise Http404
    context = {
        "topic": found,
        "feed": reverse("feed_of_topic", args=[found.slug]),
        "asked": asked,
        "theme": theme_of(found, asked),
    }
    return public_page(request, "public/topic_detail.html", context, section="questions")
