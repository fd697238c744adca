"""Asking to be told by mail of what is published; no account, no script (security.md 88)."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from questions.forms.alerts import AlertForm, chosen_in
from questions.models import (
    Alert,
    Attempt,
    AttemptKind,
    Event,
    State,
    followed,
    topics_in_public,
)
from questions.operations.confirmations import ask_for_alert
from questions.views.throttling import too_many_attempts

from .pages import kept, public_page


@never_cache
@sensitive_post_parameters("email")
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not the address is known, or a message goes to it."""
    address, at = request.client_address, request.received_at
    form = AlertForm(request.POST if request.method == "POST" else None, at=at)
    if not form.is_valid():
        return _form_page(request, form)
    if form.is_of_a_machine:
        return redirect("public:alert_asked")
    if Attempt.objects.too_many(address, AttemptKind.ALERT, at=at):
        return too_many_attempts(request, AttemptKind.ALERT)
    Attempt.objects.count_one(address, AttemptKind.ALERT, at=at)
    ask_for_alert(
        email=form.cleaned_data["email"],
        language=get_language(),
        frequency=form.cleaned_data["frequency"],
        turn=Attempt.objects.turn_of(address, at=at),
        at=at,
        **form.cleaned_data["about"],
    )
    return redirect("public:alert_asked")


def _form_page(request: HttpRequest, form: AlertForm) -> HttpResponse:
    chosen = form["about"].value() or chosen_in(request.GET)
    kind, _colon, value = chosen.partition(":")
    about = followed(kind, value)
    context = {
        "form": form,
        "chosen": chosen,
        "named": Alert(**about) if about else None,
        "events": Event.objects.publicly_visible().real(),
        "states": sorted(State.objects.who_stood(), key=lambda state: state.place),
        "topics": topics_in_public(),
        "csrf_token": get_token(request),
    }
    return public_page(request, "public/alerts.html", context, section="alerts")


@kept()
def alert_asked(request: HttpRequest) -> HttpResponse:
    return public_page(request, "public/alert_asked.html", {}, section="alerts")
