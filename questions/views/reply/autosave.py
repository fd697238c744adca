"""Saving what is typed while the page of an answer is open (ux.md §2.4): asked by its script."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from questions.forms.reply import AutosaveForm
from questions.models import GENEVA, Reply, ReplyItem
from questions.operations.drafts import Saved, save_draft_answer
from questions.operations.submissions import LinkRevoked, ReplyClosed

from .entry import reply_grant_required

ENDED, REVOKED = 403, 410


@require_POST
@never_cache
def autosave(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """A sentence for the page's status line, and what its next save goes on from.

    Whoever may not save has a page of its own, which the page's own button leads to; here its
    sentence is enough.
    """
    response = granted(request, reference=reference, question=question)
    if isinstance(response, JsonResponse):
        return response
    refusal = revoked() if response.status_code == REVOKED else ended()
    refusal["X-Robots-Tag"] = response["X-Robots-Tag"]
    return refusal


@reply_grant_required
def granted(request: HttpRequest, reply: Reply, question: str) -> JsonResponse:
    item = reply.items.called(question)
    if item is None:
        raise Http404
    form = AutosaveForm(request.POST)
    try:
        if not reply.candidacy.takes_answers(at=request.received_at):
            return closed()
        if not form.is_valid():
            first = next(iter(form.errors.values()))[0]
            return JsonResponse({"said": first}, status=400)
        return told(item, save_so_far(reply, item, form, at=request.received_at))
    except ReplyClosed:
        return closed()
    except LinkRevoked:
        return revoked()


def save_so_far(reply: Reply, item: ReplyItem, form: AutosaveForm, *, at: datetime) -> Saved:
    """A changed text is a draft again; the same one stays as ready as it was."""
    typed, draft = form.cleaned_data, item.draft
    text, language = typed["text"], typed["language"] or (draft.language if draft else "")
    reason = typed["amendment_reason"] if "amendment_reason" in form.data else None
    is_same = (
        draft is not None
        and (draft.text, draft.language) == (text, language)
        and reason in {None, draft.amendment_reason}
    )
    return save_draft_answer(
        item.slot,
        text=text,
        text_as_typed=form.data.get("text", ""),
        language=language,
        is_ready=is_same and draft.is_ready,
        based_on=form.based_on,
        link=reply.link,
        at=at,
        amendment_reason=reason,
        copy=form.copy,
    )


def told(item: ReplyItem, saved: Saved) -> JsonResponse:
    answer = saved.answer
    if saved.conflict is None:
        said = _("Draft saved %(time)s Geneva time") % {"time": in_geneva(answer.saved_at)}
        return JsonResponse({"said": said, "revision": answer.revision})
    if answer.revision:
        said = _(
            "Someone else saved this answer at %(time)s Geneva time, from the link sent to"
            " %(city)s. Nothing is lost. Press “Save and continue” to compare the two texts."
        ) % {
            "time": in_geneva(answer.saved_at),
            "city": answer.saved_by.contact.mission.get_city_display(),
        }
    else:
        said = _(
            "%(label)s was already sent. Nothing is lost."
            " Press “Save and continue” to compare the two texts."
        ) % {"label": item.slot.question.label}
    return JsonResponse({"said": said, "copy": saved.conflict.pk}, status=409)


def in_geneva(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(GENEVA)):%H:%M}"


def ended() -> JsonResponse:
    said = _(
        "The form is no longer open in this browser, and your text has not been saved."
        " Press “Save and continue”: the next page keeps your text and says how to go on."
    )
    return JsonResponse({"said": said, "stop": True}, status=ENDED)


def revoked() -> JsonResponse:
    said = _(
        "This link has been replaced, and your text has not been saved. Copy your text, open the"
        " link in the newest message from ISHR to your mission and paste it there."
    )
    return JsonResponse({"said": said, "stop": True}, status=REVOKED)


def closed() -> JsonResponse:
    said = _("This reply is closed, and your text has not been saved.")
    return JsonResponse({"said": said, "stop": True}, status=403)
