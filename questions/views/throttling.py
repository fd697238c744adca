"""What someone is told who tries too often."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from questions.models import ALLOWANCES, AttemptKind


def to_wait(page: HttpResponse, kind: AttemptKind) -> HttpResponse:
    """The page that refuses, with how long: the period, and what is left of its first minute."""
    seconds = (ALLOWANCES[kind].period + timedelta(minutes=1)).total_seconds()
    page["Retry-After"] = str(int(seconds))
    return page


@never_cache
def too_many_attempts(request: HttpRequest, kind: AttemptKind) -> HttpResponse:
    return to_wait(render(None, "429.html", status=429), kind)
