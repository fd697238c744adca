"""Writing the answer to one question (ux.md M5, M9, M14)."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from questions.forms.attachments import TOO_MANY, UNSAFE
from questions.forms.reply import MINE, NO, SAVED, YES, AnswerForm, KeepForm, revision
from questions.models import ConflictCopy, DraftAnswer, Reply, ReplyItem, load_translations
from questions.operations.attachments import FileUnsafe, TooManyFiles
from questions.operations.draft_files import attach_to_answer, remove_from_answer
from questions.operations.drafts import Saved, save_draft_answer
from questions.operations.submissions import Answer, LinkRevoked, ReplyClosed

from .entry import link_revoked, reply_closed, reply_grant_required


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def answer(request: HttpRequest, reply: Reply, question: str) -> HttpResponse:
    item = reply.items.called(question)
    if item is None:
        raise Http404
    if request.method != "POST":
        form = AnswerForm(initial=shown_first(reply, item), has_files=bool(item.files))
        return answer_page(request, reply, item, form)
    if not reply.candidacy.takes_answers(at=request.received_at):
        return reply_closed(request, reply)
    try:
        if "remove" in request.POST:
            return remove(request, reply, item)
        return (keep if "keep_of" in request.POST else save)(request, reply, item)
    except ReplyClosed:
        return reply_closed(request, reply)
    except LinkRevoked:
        return link_revoked(request)


def shown_first(reply: Reply, item: ReplyItem) -> dict[str, str]:
    """A new answer is in the language used last, and whether it is ready has to be said."""
    first = {"text": item.text, "language": item.language or reply.items.last_language}
    if item.is_drafted:
        first["ready"] = YES if item.draft.is_ready else NO
        first["amendment_reason"] = item.draft.amendment_reason
    return first


def answer_page(
    request: HttpRequest,
    reply: Reply,
    item: ReplyItem,
    form: AnswerForm,
    *,
    revision: int | None = None,
) -> HttpResponse:
    if revision is None:
        revision = form.based_on if form.is_bound else item.revision
    load_translations(questions=[item.slot.question])
    context = {
        "reply": reply,
        "item": item,
        "form": form,
        "revision": revision,
        "deadline": reply.deadline(at=request.received_at),
        "saved": reply.items.called(request.GET.get("saved", "")),
        "kept": item.slot.conflict_copies.recent(at=request.received_at),
    }
    return render(request, "reply/answer.html", context)


def save(request: HttpRequest, reply: Reply, item: ReplyItem) -> HttpResponse:
    """A file that is in order is kept whatever else is wrong, and a text whatever the file is."""
    form = AnswerForm(request.POST, request.FILES, has_files=bool(item.files))
    form.is_valid()
    based_on = attached(request, reply, item, form)
    if set(form.errors) - {"file"}:
        return answer_page(request, reply, refreshed(reply, item), form, revision=based_on)
    saved = save_typed(reply, item, form, based_on, at=request.received_at)
    if saved.conflict:
        chosen = {
            "text": saved.conflict.text,
            "language": saved.conflict.language,
            "ready": form.cleaned_data["ready"],
        }
        fresh = refreshed(reply, item)
        return conflict_page(request, reply, fresh, saved, KeepForm(initial=chosen))
    if form.errors:
        fresh = refreshed(reply, item)
        return answer_page(request, reply, fresh, form, revision=saved.answer.revision)
    return saved_page(request, reply, item)


def refreshed(reply: Reply, item: ReplyItem) -> ReplyItem:
    """As it stands now: the reply keeps the items it has read."""
    return Reply(reply.link, reply.candidacy).items.called(item.slot.question.slug)


def save_typed(
    reply: Reply, item: ReplyItem, form: AnswerForm, based_on: int, *, at: datetime
) -> Saved:
    """Not ready where its file could not be attached: it was cleared with it."""
    is_amendment = item.sent is not None
    return save_draft_answer(
        item.slot,
        text=form.cleaned_data["text"],
        text_as_typed=form.data.get("text", ""),
        language=form.cleaned_data["language"],
        is_ready=form.is_ready and not form.errors,
        based_on=based_on,
        link=reply.link,
        at=at,
        amendment_reason=form.cleaned_data["amendment_reason"] if is_amendment else None,
        copy=form.copy,
    )


def attached(request: HttpRequest, reply: Reply, item: ReplyItem, form: AnswerForm) -> int:
    """Keep the file that was chosen, and return the revision to go on from."""
    upload = form.cleaned_data.get("file")
    if upload is None:
        return form.based_on
    try:
        return attach_to_answer(
            item.slot,
            upload.content,
            name=upload.name,
            examined=upload.examined,
            shown=Answer(text=item.text, language=item.language, revision=form.based_on),
            link=reply.link,
            at=request.received_at,
        )
    except TooManyFiles:
        form.add_error("file", TOO_MANY)
    except FileUnsafe:
        form.add_error("file", UNSAFE)
    return form.based_on


def remove(request: HttpRequest, reply: Reply, item: ReplyItem) -> HttpResponse:
    """Take a file away, and keep what was typed meanwhile as a draft."""
    pk = revision(request.POST["remove"])
    chosen = next((file for file in item.files if file.pk == pk), None)
    if chosen is None:
        raise Http404
    typed = request.POST.copy()
    typed["ready"] = NO
    form = AnswerForm(typed, has_files=True)
    if not form.is_valid():
        return answer_page(request, reply, item, form)
    saved = save_typed(reply, item, form, form.based_on, at=request.received_at)
    if saved.conflict:
        chosen_text = {"text": saved.conflict.text, "language": saved.conflict.language}
        return conflict_page(request, reply, item, saved, KeepForm(initial=chosen_text))
    remove_from_answer(chosen, item.slot, link=reply.link, at=request.received_at)
    return redirect("reply:answer", reply.reference, item.slot.question.slug)


def saved_page(request: HttpRequest, reply: Reply, item: ReplyItem) -> HttpResponse:
    """On to the next question, or back to all; the page there says what was saved."""
    following = reply.items.after(item)
    if following and request.POST.get("then") != "list":
        target = reverse("reply:answer", args=[reply.reference, following.slot.question.slug])
    else:
        target = reverse("reply:question_list", args=[reply.reference])
    return redirect(f"{target}?saved={item.slot.question.slug}")


def conflict_page(
    request: HttpRequest, reply: Reply, item: ReplyItem, saved: Saved, form: KeepForm
) -> HttpResponse:
    context = {
        "reply": reply,
        "item": item,
        "copy": saved.conflict,
        "saved": saved.answer,
        "revision": saved.answer.revision,
        "form": form,
    }
    return render(request, "reply/conflict.html", context, status=409)


def keep(request: HttpRequest, reply: Reply, item: ReplyItem) -> HttpResponse:
    """Save the text that was chosen of two, on top of the one that was shown as saved."""
    copy = get_object_or_404(
        item.slot.conflict_copies.all(), pk=revision(request.POST.get("keep_of", ""))
    )
    form = KeepForm(request.POST, has_files=bool(item.files))
    if not form.is_valid():
        standing = item.draft or DraftAnswer(slot=item.slot, revision=0)
        return conflict_page(request, reply, item, Saved(standing, copy), form)
    if form.cleaned_data["keep"] == SAVED:
        return saved_page(request, reply, item)
    saved = save_chosen(request, reply, item, copy, form)
    if saved.conflict:
        chosen = form.cleaned_data | {"keep": ""}
        return conflict_page(request, reply, item, saved, KeepForm(initial=chosen))
    return saved_page(request, reply, item)


def save_chosen(
    request: HttpRequest, reply: Reply, item: ReplyItem, copy: ConflictCopy, form: KeepForm
) -> Saved:
    mine = form.cleaned_data["keep"] == MINE
    text = copy.text if mine else form.cleaned_data["text"]
    language = copy.language if mine else form.cleaned_data["language"]
    return save_draft_answer(
        item.slot,
        text=text,
        text_as_typed=copy.text if mine else form.data.get("text", ""),
        language=language,
        is_ready=form.is_ready and bool((text or item.files) and language),
        based_on=form.based_on,
        link=reply.link,
        at=request.received_at,
        keeps_earlier=True,
    )
