"""Reading the drafts in the capital: a link of its own, which opens nothing else (ux.md M3)."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from questions.models import ReadingLink, Reply
from questions.operations.reading_links import make_reading_link, switch_off_reading_links
from questions.operations.refusals import LinkRevoked

from .capital import capital_page
from .entry import link_revoked, missed, reply_grant_required, told_nobody

READING_GRANTS = "reading_grants"  # in the session: reference → primary key of the reading link


@require_safe
def open_reading(request: HttpRequest, token: str) -> HttpResponse:
    """On to the drafts, in the reader's language: who reads in the capital is not on file."""
    link = ReadingLink.objects.with_names().for_token(token).first()
    if link is None:
        return told_nobody(missed(request))
    with override(get_language_from_request(request)):
        if not is_live(request, link):
            return told_nobody(ended(request, status=410))
        reference = link.candidacy.reference
        grants = request.session.get(READING_GRANTS, {})
        if grants.get(reference) != link.pk:
            request.session.cycle_key()
            request.session[READING_GRANTS] = grants | {reference: link.pk}
        target = reverse("reply:reading", args=[reference])
    return told_nobody(HttpResponseRedirect(target, status=303))


@never_cache
@require_safe
def reading(request: HttpRequest, reference: str) -> HttpResponse:
    """All questions with drafts and what was sent; the link is asked about every time."""
    pk = request.session.get(READING_GRANTS, {}).get(reference)
    link = ReadingLink.objects.with_names().filter(pk=pk).first() if pk else None
    if link is None or link.candidacy.reference != reference:
        page = ended(request, status=403)
    elif not is_live(request, link):
        page = ended(request, status=410)
    else:
        # What the link that made it shows, and none of what it may do.
        reply = Reply(link.made_by, link.candidacy)
        context = {
            "link": link,
            "candidacy": link.candidacy,
            "items": reply.items,
            "letter": reply.letter,
            "draft": reply.draft,
            "deadline": reply.deadline(at=request.received_at),
        }
        page = render(request, "reply/reading.html", context)
    page["X-Robots-Tag"] = "noindex, nofollow"
    return page


def is_live(request: HttpRequest, link: ReadingLink) -> bool:
    return ReadingLink.objects.live(at=request.received_at).filter(pk=link.pk).exists()


def ended(request: HttpRequest, *, status: int) -> HttpResponse:
    return render(request, "reply/reading_ended.html", {"had_ended": status == 410}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def reading_link(request: HttpRequest, reply: Reply) -> HttpResponse:
    """Makes one, whose address is shown once, or switches all off."""
    if request.method != "POST":
        return redirect("reply:capital", reply.reference)
    at = request.received_at
    try:
        if "make" in request.POST:
            made, token = make_reading_link(reply.candidacy, link=reply.link, at=at)
            return capital_page(request, reply, made=made, token=token)
        if "switch_off" not in request.POST:
            raise Http404
        if "sure" not in request.POST:
            return capital_page(request, reply, is_sure=False)
        switch_off_reading_links(reply.candidacy, link=reply.link, at=at)
    except LinkRevoked:
        return link_revoked(request)
    return redirect(f"{reverse('reply:capital', args=[reply.reference])}#reading")
