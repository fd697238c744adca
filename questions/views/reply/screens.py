"""What a mission reads: the start, its questions, the letter, the receipts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from questions.documents import receipts
from questions.documents.typesetting import DocumentNotSet, DocumentTooLarge
from questions.models import MailKind, Reply

from .entry import reply_grant_required


@require_safe
@reply_grant_required
def start(request: HttpRequest, reply: Reply) -> HttpResponse:
    with_pdf = reply.candidacy.letters.issued().with_pdf()
    context = {
        "reply": reply,
        "deadline": reply.deadline(at=request.received_at),
        "submissions": reply.submissions,
        "pdf_number": with_pdf.values_list("number", flat=True).last(),
    }
    return render(request, "reply/start.html", context)


@require_safe
@reply_grant_required
def question_list(request: HttpRequest, reply: Reply) -> HttpResponse:
    context = {
        "reply": reply,
        "deadline": reply.deadline(at=request.received_at),
        "submissions": reply.submissions,
        "saved": reply.items.called(request.GET.get("saved", "")),
    }
    return render(request, "reply/question_list.html", context)


@require_safe
@reply_grant_required
def letter(request: HttpRequest, reply: Reply) -> HttpResponse:
    letters = reply.candidacy.letters.issued().defer("file", "content")
    if not letters:
        raise Http404
    with_pdf = reply.candidacy.letters.issued().with_pdf().values_list("number", flat=True)
    context = {"reply": reply, "letters": letters, "as_pdf": set(with_pdf)}
    return render(request, "reply/letter.html", context)


@require_safe
@reply_grant_required
def letter_pdf(request: HttpRequest, reply: Reply, number: int) -> HttpResponse:
    """The PDF as it was sent, as a file that no browser runs anything of (security.md D7)."""
    letter = get_object_or_404(reply.candidacy.letters.issued().with_pdf(), number=number)
    return HttpResponse(
        letter.pdf(),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{letter.pdf_name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


@require_safe
@reply_grant_required
def receipt(request: HttpRequest, reply: Reply, number: int) -> HttpResponse:
    submission = get_object_or_404(reply.submissions, number=number)
    context = {
        "reply": reply,
        "submission": submission,
        "responses": submission.responses.as_sent().with_names().in_letter_order(),
        "deadline": reply.deadline(at=request.received_at),
        "files": submission.attachments.all(),
        "addresses": submission.mails.filter(kind=MailKind.RECEIPT).count(),
    }
    return render(request, "reply/receipt.html", context)


@require_safe
@reply_grant_required
def receipt_text(request: HttpRequest, reply: Reply, number: int) -> HttpResponse:
    """The canonical text as a file: `sha256sum` of it is the receipt's."""
    submission = get_object_or_404(reply.submissions, number=number)
    return HttpResponse(
        submission.canonical_text().encode(),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{submission.file_name}"'},
    )


@require_safe
@reply_grant_required
def receipt_pdf(request: HttpRequest, reply: Reply, number: int) -> HttpResponse:
    """As PDF; as the receipt's page, which says the same, where the text is too large for one."""
    submission = get_object_or_404(reply.submissions, number=number)
    try:
        content = receipts.receipt_pdf(submission, at=submission.received_at)
    except (DocumentTooLarge, DocumentNotSet):
        return redirect("reply:receipt", reply.reference, submission.number)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{submission.file_name[:-3]}pdf"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
