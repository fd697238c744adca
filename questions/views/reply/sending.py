"""Checking and sending (ux.md M7), and declining to answer (M10)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from questions.forms.reply import DeclineForm, SendForm, SignedForm
from questions.models import AddressedQuestion, Reply, ResponseKind, Submission
from questions.operations.submissions import (
    Answer,
    DraftChanged,
    LinkRevoked,
    ReplyClosed,
    Signatory,
    record_submission,
)

from .entry import link_revoked, reply_closed, reply_grant_required


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def check_and_send(request: HttpRequest, reply: Reply) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = SendForm(posted, state=reply.candidacy.state)
    if earlier := sent_before(reply, form):
        return receipt_of(reply, earlier)
    if not reply.candidacy.takes_answers(at=request.received_at):
        return reply_closed(request, reply)
    shown = form.shown(reply.items.all)
    by_letter = form.shown_by_letter(reply.items.all)
    if not (shown or by_letter) or not form.is_valid():
        return check_page(request, reply, form)
    if form.was_on_time and reply.candidacy.is_late(request.received_at):
        return check_page(request, reply, again(form), why="late")
    try:
        answers = previewed(reply, shown) | previewed_in_letter(reply, by_letter)
        letter_revision = form.letter_revision
        submission = send(request, reply, form, answers, letter_revision=letter_revision)
    except DraftChanged:
        if earlier := sent_before(reply, form):  # this very form, sent twice at once
            return receipt_of(reply, earlier)
        fresh = Reply(reply.link, reply.candidacy)  # this one keeps the items it has read
        return check_page(request, fresh, again(form), why="changed")
    except ReplyClosed:
        return reply_closed(request, reply)
    except LinkRevoked:
        return link_revoked(request)
    return receipt_of(reply, submission)


def previewed(reply: Reply, shown: dict[AddressedQuestion, int]) -> dict[AddressedQuestion, Answer]:
    """What is ready of what was previewed, with the revisions shown; raises DraftChanged.

    That each draft is still of its revision is checked under the lock, by record_submission.
    """
    ready = {item.slot: item.draft for item in reply.items.ready if item.is_own_ready}
    if not shown.keys() <= ready.keys():
        raise DraftChanged
    return {
        slot: Answer(
            text=ready[slot].text,
            language=ready[slot].language,
            text_as_typed=ready[slot].text_as_typed,
            revision=shown[slot],
            amendment_reason=ready[slot].amendment_reason,
        )
        for slot in shown
    }


def previewed_in_letter(
    reply: Reply, slots: list[AddressedQuestion]
) -> dict[AddressedQuestion, Answer]:
    """The letter's words for each question that it answers; empty where ISHR types them."""
    by_letter = [item.slot for item in reply.items.ready if item.is_by_letter]
    if slots != by_letter:
        raise DraftChanged
    if not slots:
        return {}
    answer = Answer(
        text=reply.letter.text,
        language=reply.letter.language,
        kind=ResponseKind.GENERAL,
        text_as_typed=reply.letter.text_as_typed,
    )
    return dict.fromkeys(slots, answer)


def again(form: SendForm) -> SendForm:
    """The form to be confirmed anew, with the name and title that were typed."""
    kept = ["signatory_name", "signatory_title"]
    return SendForm(state=form.state, initial={name: form.cleaned_data[name] for name in kept})


def check_page(
    request: HttpRequest, reply: Reply, form: SendForm, *, why: str = ""
) -> HttpResponse:
    context = {
        "reply": reply,
        "form": form,
        "deadline": reply.deadline(at=request.received_at),
        "why": why,
    }
    return render(request, "reply/check_and_send.html", context, status=409 if why else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def decline(request: HttpRequest, reply: Reply) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = DeclineForm(
        posted,
        state=reply.candidacy.state,
        items=reply.items.unanswered,
        initial={"questions": [request.GET.get("question", "")]},
    )
    if earlier := sent_before(reply, form):
        return receipt_of(reply, earlier)
    if not reply.candidacy.takes_answers(at=request.received_at):
        return reply_closed(request, reply)
    if not form.is_valid():
        if earlier := sent_before(reply, form):  # this very form, sent twice at once
            return receipt_of(reply, earlier)
        context = {"reply": reply, "form": form, "today": request.received_at}
        return render(request, "reply/decline.html", context)
    try:
        submission = send(request, reply, form, refusals(form))
    except ReplyClosed:
        return reply_closed(request, reply)
    except LinkRevoked:
        return link_revoked(request)
    return receipt_of(reply, submission)


def refusals(form: DeclineForm) -> dict[AddressedQuestion, Answer]:
    reason, language = form.cleaned_data["reason"], form.cleaned_data["language"]
    refusal = Answer(
        text=reason,
        language=language if reason else "",
        kind=ResponseKind.DECLINED,
        text_as_typed=form.data.get("reason", ""),
    )
    return dict.fromkeys(form.slots, refusal)


def sent_before(reply: Reply, form: SignedForm) -> Submission | None:
    """The submission that this very form made before: pressing twice sends once."""
    if not form.is_bound:
        return None
    return reply.submissions.filter(form_key=form.form_key).first()


def send(
    request: HttpRequest,
    reply: Reply,
    form: SignedForm,
    answers: dict[AddressedQuestion, Answer],
    *,
    letter_revision: int | None = None,
) -> Submission:
    return record_submission(
        reply.candidacy,
        answers,
        form_key=form.form_key,
        signatory=Signatory(
            form.cleaned_data["signatory_name"], form.cleaned_data["signatory_title"]
        ),
        link=reply.link,
        received_at=request.received_at,
        letter_revision=letter_revision,
    )


def receipt_of(reply: Reply, submission: Submission) -> HttpResponse:
    return redirect("reply:receipt", reply.reference, submission.number)
