"""One letter that answers several questions (ux.md M6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from questions.forms.attachments import TOO_MANY, UNSAFE
from questions.forms.reply import NO, YES, revision
from questions.forms.whole_letter import WholeLetterForm
from questions.models import Attachment, AttachmentKind, Reply
from questions.operations.attachments import FileUnsafe, TooManyFiles, attach_file
from questions.operations.draft_letters import LetterText, remove_letter_file, save_draft_letter
from questions.operations.submissions import LinkRevoked, ReplyClosed

from .entry import link_revoked, reply_closed, reply_grant_required


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def whole_letter(request: HttpRequest, reply: Reply) -> HttpResponse:
    if not reply.candidacy.takes_answers(at=request.received_at):
        return reply_closed(request, reply)
    if request.method != "POST":
        form = WholeLetterForm(
            initial=shown_first(reply), items=reply.items.all, has_file=reply.letter is not None
        )
        return letter_page(request, reply, form)
    try:
        return (remove if "remove" in request.POST else save)(request, reply)
    except ReplyClosed:
        return reply_closed(request, reply)
    except LinkRevoked:
        return link_revoked(request)


def shown_first(reply: Reply) -> dict[str, object]:
    if reply.letter is None:
        return {"language": reply.items.last_language, "everything": False}
    letter = reply.letter
    covered = [item for item in reply.items.all if item.letter]
    pages = {f"page-{item.slot.question.slug}": item.page for item in covered if item.page}
    return pages | {
        "questions": [item.slot.question.slug for item in covered],
        "text": letter.text,
        "language": letter.language or reply.items.last_language,
        "ready": YES if letter.is_ready else NO,
    }


def letters_here(reply: Reply):
    """The unsent files that are such letters: the one that stands, and those that wait beside."""
    return reply.unsent_files.filter(kind=AttachmentKind.LETTER)


def chosen_file(request: HttpRequest, reply: Reply) -> Attachment | None:
    """The one that the form was shown with, or else the one that stands."""
    kept = letters_here(reply).filter(pk=revision(request.POST.get("attachment", ""))).first()
    return kept or (reply.letter.attachment if reply.letter else None)


def letter_page(
    request: HttpRequest,
    reply: Reply,
    form: WholeLetterForm,
    *,
    attachment: Attachment | None = None,
    is_conflict: bool = False,
) -> HttpResponse:
    letter = reply.letter
    attachment = attachment or (letter.attachment if letter else None)
    context = {
        "reply": reply,
        "form": form,
        "letter": letter,
        "attachment": attachment,
        "beside": letters_here(reply).exclude(pk=attachment.pk if attachment else None),
        "is_conflict": is_conflict,
        "revision": letter.revision if letter else 0,
        "deadline": reply.deadline(at=request.received_at),
    }
    if form.is_bound and not is_conflict:
        context["revision"] = form.based_on
    return render(request, "reply/whole_letter.html", context, status=409 if is_conflict else 200)


def save(request: HttpRequest, reply: Reply) -> HttpResponse:
    """The file is kept whatever else is wrong; a browser would not send it again by itself."""
    attachment = chosen_file(request, reply)
    form = WholeLetterForm(
        request.POST, request.FILES, items=reply.items.all, has_file=attachment is not None
    )
    form.is_valid()
    attachment = attached(request, reply, form) or attachment
    if form.errors:
        return letter_page(request, reply, form, attachment=attachment)
    saved = save_draft_letter(
        attachment,
        form.slots,
        LetterText(
            text=form.cleaned_data["text"],
            text_as_typed=form.data.get("text", ""),
            language=form.cleaned_data["language"],
            is_ready=form.is_ready,
        ),
        based_on=form.based_on,
        link=reply.link,
        at=request.received_at,
    )
    if saved.is_conflict:
        fresh = Reply(reply.link, reply.candidacy)  # this one keeps what it has read
        return letter_page(request, fresh, form, attachment=attachment, is_conflict=True)
    return redirect("reply:question_list", reply.reference)


def attached(request: HttpRequest, reply: Reply, form: WholeLetterForm) -> Attachment | None:
    """The file that was chosen, stored; an error at its field where it could not be."""
    upload = form.cleaned_data.get("file")
    if upload is None:
        return None
    try:
        return attach_file(
            reply.candidacy,
            upload.content,
            name=upload.name,
            examined=upload.examined,
            kind=AttachmentKind.LETTER,
            slots={},
            link=reply.link,
            at=request.received_at,
        )
    except TooManyFiles:
        form.add_error("file", TOO_MANY)
    except FileUnsafe:
        form.add_error("file", UNSAFE)
    return None


def remove(request: HttpRequest, reply: Reply) -> HttpResponse:
    """The words stay to be found beside the first question that the letter answers."""
    attachment = get_object_or_404(letters_here(reply), pk=revision(request.POST["remove"]))
    form = WholeLetterForm(request.POST, items=reply.items.all, has_file=True)
    form.is_valid()
    if "text" in form.errors:
        return letter_page(request, reply, form, attachment=attachment)
    covered = [item for item in reply.items.all if item.letter] or reply.items.all
    remove_letter_file(
        attachment,
        LetterText(
            text=form.cleaned_data["text"],
            text_as_typed=form.data.get("text", ""),
            language=form.cleaned_data.get("language", ""),
            is_ready=False,
        ),
        beside=covered[0].slot,
        link=reply.link,
        at=request.received_at,
    )
    return redirect("reply:whole_letter", reply.reference)
