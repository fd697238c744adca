"""Whom ISHR can contact about the reply (ux.md M4): asked once for each mission, not published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from questions.forms.contacts import ReplyContactForm
from questions.models import Reply, ReplyContact
from questions.operations.reply_contacts import Person, remove_reply_contact, save_reply_contact
from questions.operations.submissions import LinkRevoked, ReplyClosed

from .entry import link_revoked, reply_closed, reply_grant_required


@require_http_methods(["GET", "HEAD", "POST"])
@reply_grant_required
def contact(request: HttpRequest, reply: Reply) -> HttpResponse:
    if not reply.candidacy.takes_answers(at=request.received_at):
        return reply_closed(request, reply)
    named = reply.contacts.filter(mission=reply.mission).first()
    posted = request.POST if request.method == "POST" else None
    form = ReplyContactForm(posted, initial=shown_first(reply, named))
    try:
        if posted is not None and "remove" in posted:
            remove_reply_contact(reply.candidacy, link=reply.link, at=request.received_at)
            return redirect("reply:question_list", reply.reference)
        if form.is_valid():
            save(request, reply, form)
            return redirect("reply:question_list", reply.reference)
    except ReplyClosed:
        return reply_closed(request, reply)
    except LinkRevoked:
        return link_revoked(request)
    context = {"reply": reply, "form": form, "named": named}
    return render(request, "reply/contact.html", context)


def shown_first(reply: Reply, named: ReplyContact | None) -> dict[str, str]:
    """Who was named before; the language is the mission's until another is chosen."""
    if named is None:
        return {"contact_language": reply.link.contact.language}
    return {
        "contact_name": named.name,
        "contact_post": named.post,
        "contact_email": named.email,
        "contact_language": named.language,
    }


def save(request: HttpRequest, reply: Reply, form: ReplyContactForm) -> None:
    person = Person(
        name=form.cleaned_data["contact_name"],
        post=form.cleaned_data["contact_post"],
        email=form.cleaned_data["contact_email"],
        language=form.cleaned_data["contact_language"],
    )
    save_reply_contact(reply.candidacy, person, link=reply.link, at=request.received_at)
