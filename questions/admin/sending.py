"""Letters out: what stands in the way, what each mission gets, and sending."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from questions.forms.dispatches import SendForm
from questions.models import Candidacy, Contact, Event, Letter, LetterStatus, Mission
from questions.operations.dispatches import (
    Blocked,
    ClosesTooEarly,
    messages_to_send,
    preview_message,
    proposed_closing,
    send_letters,
    send_to_self,
)
from questions.operations.preflight import preflight

from .base import fingerprint, page, wanted
from .site import staff_site

LETTER_WANTED = {"letter_not_issued", "questions_unsent"}  # codes of findings


def event_pages():
    """The addresses below an event's page."""
    view = staff_site.admin_view
    return [
        path("<int:pk>/check/", view(check), name="questions_event_check"),
        path("<int:pk>/send/", view(send), name="questions_event_send"),
    ]


def letter_pages():
    view = staff_site.admin_view
    return [path("<int:pk>/message/<int:to>/", view(message), name="questions_letter_message")]


@require_http_methods(["GET", "HEAD"])
def check(request, pk):
    """The pre-flight: every finding with the place to mend it; errors block sending."""
    event = wanted(request, Event, pk, "view_letter")
    findings = preflight(event, at=request.received_at)
    errors = sum(finding.is_error for finding in findings)
    return page(
        staff_site.get_model_admin(Event),
        request,
        "admin/preflight.html",
        _("Check the letters of %(event)s") % {"event": event.code},
        event,
        rows=[(finding, *place_to_mend(finding)) for finding in findings],
        errors=errors,
        warnings=len(findings) - errors,
        may_send=may_send(request),
        back=reverse("admin:questions_event_change", args=[event.pk]),
    )


def may_send(request):
    return request.user.has_perm("questions.add_outgoingmail")


def place_to_mend(finding):
    """(address, words) of the page where a finding goes away."""
    subject = finding.subject
    if isinstance(subject, Mission):
        return f"{reverse('admin:questions_contact_add')}?mission={subject.pk}", _("Add a contact")
    if isinstance(subject, Candidacy) and finding.code in LETTER_WANTED:
        compose = reverse("admin:questions_candidacy_compose", args=[subject.pk])
        return compose, _("Compose the letter")
    name = f"admin:questions_{subject._meta.model_name}_change"
    words = _("Open the %(what)s") % {"what": subject._meta.verbose_name}
    return reverse(name, args=[subject.pk]), words


@require_http_methods(["GET", "HEAD", "POST"])
def send(request, pk):
    """The full list, and the word to send it."""
    event = wanted(request, Event, pk, "add_outgoingmail")
    to_send = messages_to_send(event)
    shown = fingerprint([(one.letter.pk, one.contact.pk, one.contact.email) for one in to_send])
    form = SendForm(
        shown,
        request.POST if request.method == "POST" else None,
        initial={"closes_on": event.closes_on or proposed_closing(event, at=request.received_at)},
    )
    if form.is_valid():
        closes_on = form.cleaned_data["closes_on"]
        try:
            count = send_letters(
                event, by=request.user, at=request.received_at, closes_on=closes_on
            )
        except ClosesTooEarly:
            form.add_error("closes_on", _("The form cannot close before the deadline or today."))
        except Blocked:
            messages.error(request, _("Nothing was sent. The errors below stand in the way."))
            return redirect("admin:questions_event_check", event.pk)
        else:
            messages.success(request, _what_was_queued(count))
            return redirect("admin:questions_event_standings", event.pk)
    findings = preflight(event, at=request.received_at)
    return page(
        staff_site.get_model_admin(Event),
        request,
        "admin/send_letters.html",
        _("Send the letters of %(event)s") % {"event": event.code},
        event,
        form=form,
        to_send=to_send,
        errors=sum(finding.is_error for finding in findings),
        warnings=sum(not finding.is_error for finding in findings),
        back=reverse("admin:questions_event_change", args=[event.pk]),
    )


def _what_was_queued(count):
    return ngettext(
        "%(n)d message is queued. It leaves with the sender's next run.",
        "%(n)d messages are queued. They leave with the sender's next run.",
        count,
    ) % {"n": count}


@require_http_methods(["GET", "HEAD", "POST"])
def message(request, pk, to):
    """What one mission gets, word for word; on request also sent to whoever looks at it."""
    letter = wanted(request, Letter, pk, "add_outgoingmail")
    contacts = Contact.objects.reachable().filter(mission__state=letter.candidacy.state_id)
    contact = get_object_or_404(contacts.select_related("mission__state"), pk=to)
    back = reverse("admin:questions_event_send", args=[letter.candidacy.event_id])
    if letter.status != LetterStatus.ISSUED:
        messages.error(request, _("Only an issued letter is sent."))
        return redirect(back)
    own = request.user.email
    if request.method == "POST" and own:
        send_to_self(letter, contact, own, by=request.user, at=request.received_at)
        messages.success(
            request,
            _("Queued for %(address)s. The link in it does not work.") % {"address": own},
        )
        return redirect("admin:questions_letter_message", letter.pk, contact.pk)
    subject, body = preview_message(letter, contact)
    return page(
        staff_site.get_model_admin(Letter),
        request,
        "admin/send_letters_message.html",
        _("What the mission gets"),
        letter,
        contact=contact,
        contacts=contacts.select_related("mission__state").order_by("-mission__city", "pk"),
        subject=subject,
        body=body,
        own=own,
        back=back,
    )
