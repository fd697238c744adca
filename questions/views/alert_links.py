"""The link in a message of an alert: confirms it, and ends it.

Whoever has the token may do both, so no cookie is set or asked for. The mail program that ends an
alert for its reader (RFC 8058) has none, and a form on a page that sends no referrer has no origin
that could be checked: this is the one view without Django's protection against forged requests,
and what would have to be forged is the token itself.
"""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from questions.models import MOST_FOR_AN_ADDRESS, Alert, AlertLink, Attempt, AttemptKind
from questions.operations.alerts import confirm_alerts, end_alerts
from questions.views.reply.entry import told_nobody
from questions.views.throttling import too_many_attempts

KEY = re.compile(r"[0-9]{1,18}")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, token: str) -> HttpResponse:
    """A page with buttons; only pressing one changes anything, for mail scanners follow links."""
    link = AlertLink.objects.for_token(token).first()
    if link is None:
        return told_nobody(_missed(request))
    with override(link.alert.language):
        return told_nobody(_answer(request, link))


def _answer(request: HttpRequest, link: AlertLink) -> HttpResponse:
    at = request.received_at
    alerts = Alert.objects.to_address(link.alert.email)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        end_alerts(alerts.filter(pk=link.alert_id), why="by its link", at=at)
        return render(None, "public/alert_ended.html")
    if request.POST.get("end") == "all":
        end_alerts(alerts, why="by a link", at=at)
        return render(None, "public/alert_ended.html")
    if request.POST.get("confirm") == "yes":
        confirm_alerts(alerts.filter(pk__in=_chosen(request)), at=at)
        return HttpResponseRedirect(request.path, status=303)
    every = list(alerts.with_names().order_by("pk"))
    context = {
        "link": link,
        "waiting": [one for one in every if not one.is_confirmed],
        "confirmed": [one for one in every if one.is_confirmed],
        "most": MOST_FOR_AN_ADDRESS,
    }
    return render(None, "public/alert.html", context)


def _chosen(request: HttpRequest) -> set[int]:
    """The keys of the alerts that are to begin; what was asked for since is not among them."""
    return {int(key) for key in request.POST.getlist("alert") if KEY.fullmatch(key)}


def _missed(request: HttpRequest) -> HttpResponse:
    """404, or 429 for an address that guesses; a link that exists is never locked."""
    address, at = request.client_address, request.received_at
    if Attempt.objects.too_many(address, AttemptKind.LINK, at=at):
        return too_many_attempts(request, AttemptKind.LINK)
    Attempt.objects.count_one(address, AttemptKind.LINK, at=at)
    return render(None, "public/alert_unknown.html", status=404)
