"""The capital's round trip (ux.md M3): files to download, the Word document back, reading links."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from questions.documents.replies import (
    own_lines,
    printed_reply,
    reply_pdf,
    reply_text,
    text_so_far,
)
from questions.documents.typesetting import DocumentNotSet, DocumentTooLarge
from questions.documents.word_replies import reply_docx
from questions.forms.capital import ReturnedForm, Standing, Wanted, WordFileForm
from questions.models import ReadingLink, Reply
from questions.operations.refusals import LinkRevoked, ReplyClosed
from questions.operations.returned import ReturnedAnswer, save_returned_answers

from .entry import link_revoked, reply_closed, reply_grant_required

FILES = {
    "docx": (
        reply_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": (reply_pdf, "application/pdf"),
    "txt": (reply_text, "text/plain; charset=utf-8"),
}


@require_safe
@reply_grant_required
def capital(request: HttpRequest, reply: Reply) -> HttpResponse:
    return capital_page(request, reply)


def capital_page(
    request: HttpRequest,
    reply: Reply,
    *,
    form: WordFileForm | None = None,
    made: ReadingLink | None = None,
    token: str = "",
    is_sure: bool = True,
    why: str = "",
) -> HttpResponse:
    """`made` and `token`: a reading link made just now, whose address is shown this once."""
    address = settings.BASE_URL + reverse("open_reading", args=[token]) if token else ""
    saved = request.GET.get("saved", "").split(" ")
    context = {
        "reply": reply,
        "deadline": reply.deadline(at=request.received_at),
        "form": form or file_form(reply, None),
        "saved": [item for item in reply.items.all if item.slot.question.slug in saved],
        "links": reply.candidacy.reading_links.live(at=request.received_at).with_names(),
        "made": made,
        "address": address,
        "is_sure": is_sure,
        "why": why,
    }
    return render(request, "reply/capital.html", context)


@require_safe
@reply_grant_required
def capital_file(request: HttpRequest, reply: Reply, kind: str) -> HttpResponse:
    """In the language of the page it was asked for on; no browser runs anything of it."""
    make, content_type = FILES[kind]
    try:
        content = make(reply, at=request.received_at)
    except (DocumentTooLarge, DocumentNotSet):
        return capital_page(request, reply, why="pdf")
    name = f"{reply.candidacy.symbol.replace('/', '-')}-answers.{kind}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def returned(request: HttpRequest, reply: Reply) -> HttpResponse:
    """The Word document that came back: looked at, then saved as drafts. The file is not kept."""
    if request.method != "POST":
        return redirect("reply:capital", reply.reference)
    if not reply.candidacy.takes_answers(at=request.received_at):
        return reply_closed(request, reply)
    standings, last = standings_of(reply), reply.items.last_language
    if "confirm" in request.POST:
        return confirm(request, reply, ReturnedForm.posted(request.POST, standings, last))
    form = file_form(reply, request)
    if not form.is_valid():
        return capital_page(request, reply, form=form)
    parsed = form.cleaned_data["document"]
    return returned_page(request, reply, ReturnedForm.of(parsed, standings, last))


def file_form(reply: Reply, request: HttpRequest | None) -> WordFileForm:
    if request is None:
        return WordFileForm(wanted=[], own_lines=set())
    items = printed_reply(reply, returns=True).items
    wanted = [Wanted(one.symbol, one.title, one.question) for one in items]
    return WordFileForm(request.POST, request.FILES, wanted=wanted, own_lines=own_lines(reply))


def standings_of(reply: Reply) -> list[Standing]:
    return [Standing(item, *text_so_far(item)) for item in reply.items.all]


def returned_page(request: HttpRequest, reply: Reply, form: ReturnedForm) -> HttpResponse:
    context = {
        "reply": reply,
        "form": form,
        "counted": sorted({row[0] for row in form.named} - {"inserted", "deleted", "moved"}),
    }
    return render(request, "reply/returned.html", context)


def confirm(request: HttpRequest, reply: Reply, form: ReturnedForm) -> HttpResponse:
    if not form.is_valid():
        return returned_page(request, reply, form)
    answers = {
        slot: ReturnedAnswer(chosen.text, chosen.language, chosen.based_on)
        for slot, chosen in form.chosen().items()
    }
    try:
        saved = save_returned_answers(answers, link=reply.link, at=request.received_at)
    except ReplyClosed:
        return reply_closed(request, reply)
    except LinkRevoked:
        return link_revoked(request)
    conflicts = [slot for slot, one in saved.items() if one.conflict]
    if conflicts:
        fine = [slot for slot in saved if slot not in conflicts]
        context = {"reply": reply, "conflicts": conflicts, "saved": fine}
        return render(request, "reply/returned_conflict.html", context, status=409)
    slugs = "+".join(slot.question.slug for slot in saved)
    return redirect(f"{reverse('reply:capital', args=[reply.reference])}?saved={slugs}")
