"""Who may see the form: a link's grant lives in the session, and its row is asked every time."""

import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from questions.models import AccessLink, Attempt, AttemptKind, Reply
from questions.views.errors import give_back, typed_into
from questions.views.throttling import to_wait

logger = logging.getLogger(__name__)

GRANTS = "reply_grants"  # in the session: reference → primary key of the link


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mission's mailbox. It grants and forwards; it is never used up (D1)."""
    link = AccessLink.objects.with_names().for_token(token).first()
    if link:
        with override(link.contact.language):
            response = let_in(request, link)
    else:
        response = missed(request)
    return told_nobody(response)


def told_nobody(response: HttpResponse) -> HttpResponse:
    """The answer at an address that holds a token, which goes no further (security.md 6)."""
    response["Referrer-Policy"] = "no-referrer"  # here only: see security.md 0.2
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def let_in(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """On to the start page, with the link's grant in a session of a new id; 410 once revoked."""
    if not link.is_live:
        return render(request, "reply/link_switched_off.html", status=410)
    grants = request.session.get(GRANTS, {})
    reference = link.candidacy.reference
    if grants.get(reference) != link.pk:
        request.session.cycle_key()
        request.session[GRANTS] = grants | {reference: link.pk}
    return HttpResponseRedirect(reverse("reply:start", args=[reference]), status=303)


def take_grant_back(request: HttpRequest, reference: str) -> None:
    """What was open in this browser is no longer; the link itself stays alive."""
    grants = request.session.get(GRANTS, {})
    request.session[GRANTS] = {name: pk for name, pk in grants.items() if name != reference}
    request.session.cycle_key()


def missed(request: HttpRequest) -> HttpResponse:
    """404, or 429 for an address that guesses; a link that exists is never locked."""
    address = request.client_address
    if Attempt.objects.too_many(address, AttemptKind.LINK, at=request.received_at):
        return to_wait(render(request, "reply/link_throttled.html", status=429), AttemptKind.LINK)
    Attempt.objects.count_one(address, AttemptKind.LINK, at=request.received_at)
    return render(request, "reply/link_unknown.html", status=404)


def reply_grant_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the Reply that the session's link opens, or answer why there is none."""

    @never_cache
    @wraps(view)
    def granted(request: HttpRequest, reference: str, **arguments: object) -> HttpResponse:
        link = _granted_link(request, reference)
        if link is None:
            response = _without_grant(request, reference)
        elif not link.is_live:
            response = give_back(request, "reply/link_switched_off.html", status=410)
        else:
            response = view(request, Reply(link, link.candidacy), **arguments)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return granted


def _granted_link(request: HttpRequest, reference: str) -> AccessLink | None:
    pk = request.session.get(GRANTS, {}).get(reference)
    link = AccessLink.objects.with_names().filter(pk=pk).first() if pk else None
    return link if link and link.candidacy.reference == reference else None


def _without_grant(request: HttpRequest, reference: str) -> HttpResponse:
    """The same for a reply that exists and for one that does not."""
    if request.method == "POST":
        logger.warning("Posted to %s without a grant", reference)
    typed = typed_into(request)
    shown = {name for name, _label, _text in typed} | {"csrfmiddlewaretoken"}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in shown
        for value in values
    ]
    context = {"typed": typed, "carried": carried}
    return render(request, "reply/session_ended.html", context, status=403)


def reply_closed(request: HttpRequest, reply: Reply) -> HttpResponse:
    """M12, with the typed text; nothing was stored (security.md 31)."""
    if request.method == "POST":
        logger.warning("Posted to %s, which is closed", reply.reference)
    deadline = reply.deadline(at=request.received_at)
    return give_back(request, "reply/closed.html", status=403, reply=reply, deadline=deadline)


def link_revoked(request: HttpRequest) -> HttpResponse:
    return give_back(request, "reply/link_switched_off.html", status=410)
