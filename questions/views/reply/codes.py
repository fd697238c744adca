"""Getting in without the link at hand (ux.md §2.1), and saying that it is the wrong one (M15)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from questions.forms.codes import (
    NOT_RECOGNISED,
    TOO_MANY_CODES,
    CodeForm,
    LinkAgainForm,
    NotForUsForm,
)
from questions.models import AccessLink, Attempt, AttemptKind, Reply, State
from questions.operations.links import disown_link, send_link_again
from questions.views.throttling import to_wait

from .entry import let_in, reply_grant_required, take_grant_back


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The reply code opens what its link opens; an address that guesses waits (security.md 14)."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "reply/enter_code.html", {"form": form})
    address, at = request.client_address, request.received_at
    if Attempt.objects.too_many(address, AttemptKind.CODE, at=at):
        refused = code_refused(request, form, TOO_MANY_CODES, status=429)
        return to_wait(refused, AttemptKind.CODE)
    link = AccessLink.objects.with_names().for_code(form.cleaned_data["code"]).first()
    if link is None:
        Attempt.objects.count_one(address, AttemptKind.CODE, at=at)
        return code_refused(request, form, NOT_RECOGNISED)
    return let_in(request, link)


def code_refused(
    request: HttpRequest, form: CodeForm, why: str, *, status: int = 200
) -> HttpResponse:
    form.add_error("code", why)
    return render(request, "reply/enter_code.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_again(request: HttpRequest) -> HttpResponse:
    """Sends links to addresses on file only, and never says whether there are any."""
    form = LinkAgainForm(
        request.POST if request.method == "POST" else None,
        initial={"state": state_named(request.GET.get("state", ""))},
    )
    if not form.is_valid():
        states = State.objects.real().at_open_events()
        context = {"form": form, "states": sorted(states, key=lambda state: state.place)}
        return render(request, "reply/link_again.html", context)
    address, at = request.client_address, request.received_at
    if Attempt.objects.too_many(address, AttemptKind.LINK_AGAIN, at=at):
        refused = render(request, "reply/link_again_throttled.html", status=429)
        return to_wait(refused, AttemptKind.LINK_AGAIN)
    Attempt.objects.count_one(address, AttemptKind.LINK_AGAIN, at=at)
    send_link_again(form.cleaned_data["state"], form.cleaned_data["city"], at=at)
    return redirect("reply:link_asked")


def state_named(iso3: str) -> State | None:
    return State.objects.filter(iso3=iso3.upper()).first() if iso3.isalpha() else None


@never_cache
@require_safe
def link_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "reply/link_again_asked.html")


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def not_for_us(request: HttpRequest, reply: Reply) -> HttpResponse:
    """The link stays alive: whoever found it must not cut the mission off. Staff decide."""
    form = NotForUsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "reply/not_for_us.html", {"reply": reply, "form": form})
    disown_link(reply.link, at=request.received_at)
    take_grant_back(request, reply.reference)
    return redirect("reply:not_for_us_told")


@never_cache
@require_safe
def not_for_us_told(request: HttpRequest) -> HttpResponse:
    return render(request, "reply/not_for_us_told.html")
