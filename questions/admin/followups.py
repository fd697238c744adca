"""Letters out, afterwards: where each State stands, links sent again, deadlines, reminders."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from questions.documents.calendars import deadline_calendar
from questions.forms.dispatches import ExtendForm, LinkAgainForm, RemindForm
from questions.models import AddressedQuestion, Candidacy, Contact, Event, end_of_day
from questions.operations.deadlines import EarlierDeadline, extend_deadline
from questions.operations.dispatches import NoLetterIssued, send_new_links
from questions.operations.reminders import reminders_due, send_reminders
from questions.operations.standings import standings as standings_of

from .base import fingerprint, page, wanted
from .site import staff_site


def event_pages():
    """The addresses below an event's page."""
    view = staff_site.admin_view
    return [
        path("<int:pk>/standings/", view(standings), name="questions_event_standings"),
        path("<int:pk>/deadlines.ics", view(calendar), name="questions_event_calendar"),
        path("<int:pk>/extend/", view(extend), name="questions_event_extend"),
        path("<int:pk>/reminders/", view(remind), name="questions_event_remind"),
    ]


def candidacy_pages():
    view = staff_site.admin_view
    return [
        path("<int:pk>/link-again/", view(link_again), name="questions_candidacy_link_again"),
    ]


@require_http_methods(["GET", "HEAD"])
def standings(request, pk):
    """Every State: its letter, both deliveries, last activity, deadline, next step."""
    event = wanted(request, Event, pk, "view_candidacy")
    may = request.user.has_perm
    return page(
        staff_site.get_model_admin(Event),
        request,
        "admin/standings.html",
        _("Where the States stand: %(event)s") % {"event": event.code},
        event,
        standings=standings_of(event, at=request.received_at),
        may_link=may("questions.mint_link"),
        may_extend=may("questions.extend_deadline"),
        may_remind=may("questions.add_outgoingmail"),
        back=reverse("admin:questions_event_change", args=[event.pk]),
    )


@require_http_methods(["GET", "HEAD"])
def calendar(request, pk):
    """The deadlines of those that still stand, for the office's own calendar."""
    event = wanted(request, Event, pk, "view_candidacy")
    candidacies = event.candidacies.still_standing().with_names().order_by("state__sort_key")
    response = HttpResponse(
        deadline_calendar(candidacies, at=request.received_at), content_type="text/calendar"
    )
    name = f"{event.code}-deadlines.ics"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


# --- Links ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def link_again(request, pk):
    """A new link by mail, to addresses on file only; staff never see it."""
    candidacy = wanted(request, Candidacy, pk, "mint_link")
    contacts = Contact.objects.reachable().filter(mission__state=candidacy.state_id)
    contacts = contacts.select_related("mission__state").order_by("-mission__city", "pk")
    form = LinkAgainForm(contacts, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            count = send_new_links(
                candidacy,
                list(form.cleaned_data["contacts"]),
                by=request.user,
                at=request.received_at,
            )
        except NoLetterIssued:
            form.add_error(
                "contacts", _("No letter to this State is issued: its link goes with it.")
            )
        else:
            messages.success(
                request,
                ngettext("%(n)d link is queued.", "%(n)d links are queued.", count) % {"n": count},
            )
            return redirect("admin:questions_event_standings", candidacy.event_id)
    return page(
        staff_site.get_model_admin(Candidacy),
        request,
        "admin/link_again.html",
        _("Send %(state)s its link again") % {"state": candidacy.state},
        candidacy,
        form=form,
        has_contacts=bool(contacts),
        takes_answers=candidacy.takes_answers(at=request.received_at),
        back=reverse("admin:questions_candidacy_change", args=[candidacy.pk]),
    )


# --- Deadlines ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request, pk):
    """For one State or all: first what it would do, with both dates, then the act."""
    event = wanted(request, Event, pk, "extend_deadline")
    with_deadline = event.candidacies.still_standing().with_names().filter(due_at__isnull=False)
    with_deadline = with_deadline.order_by("state__sort_key")
    form = ExtendForm(
        with_deadline,
        request.POST if request.method == "POST" else None,
        initial={"candidacies": _preselected(request, with_deadline)},
    )
    if form.is_valid() and "confirmed" in request.POST and _extend(request, form):
        return redirect("admin:questions_event_standings", event.pk)
    is_asking = form.is_bound and form.is_valid()
    return page(
        staff_site.get_model_admin(Event),
        request,
        "admin/extend_deadline_confirm.html" if is_asking else "admin/extend_deadline.html",
        _("Extend a deadline of %(event)s") % {"event": event.code},
        event,
        form=form,
        back=reverse("admin:questions_event_standings", args=[event.pk]),
        **(_what_it_does(event, form) if is_asking else {"has_deadlines": bool(with_deadline)}),
    )


def _extend(request, form):
    """Does it and says so; None where somebody else extended meanwhile, said at the day."""
    try:
        count = extend_deadline(
            form.cleaned_data["candidacies"],
            form.cleaned_data["due_on"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.received_at,
        )
    except EarlierDeadline as refusal:
        form.add_error(
            "due_on", _("Not later than the deadline of %(state)s.") % {"state": refusal}
        )
        return None
    done = ngettext(
        "The deadline of %(n)d State was extended.",
        "The deadlines of %(n)d States were extended.",
        count,
    )
    messages.success(request, done % {"n": count})
    return count


def _preselected(request, candidacies):
    """The State whose link led here, else all of them."""
    chosen = request.GET.get("candidacy", "")
    pks = [candidacy.pk for candidacy in candidacies]
    return [pk for pk in pks if str(pk) == chosen] or pks


def _what_it_does(event, form):
    """(candidacy, whom it tells) of each State, and the new deadline."""
    sent = AddressedQuestion.objects.sent().filter(candidacy=OuterRef("pk"))
    chosen = form.cleaned_data["candidacies"].annotate(was_asked=Exists(sent))
    contacts = Contact.objects.reachable().filter(mission__state__candidacies__in=chosen)
    told = {}
    for contact in contacts.select_related("mission").order_by("-mission__city", "pk"):
        told.setdefault(contact.mission.state_id, []).append(contact)
    return {
        "rows": [(one, told.get(one.state_id, []) if one.was_asked else []) for one in chosen],
        "due_at": end_of_day(form.cleaned_data["due_on"], event.zone),
        "closes_on": event.closes_on
        and event.closes_on < form.cleaned_data["due_on"]
        and event.closes_on,
    }


# --- Reminders ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def remind(request, pk):
    """The list of what is due now, then the word to send it; any State can be left out."""
    event = wanted(request, Event, pk, "add_outgoingmail")
    due = reminders_due(event, at=request.received_at)
    shown = fingerprint([(x.candidacy.pk, x.kind, [c.email for c in x.contacts]) for x in due])
    form = RemindForm(
        event.candidacies.filter(pk__in=[one.candidacy.pk for one in due]),
        shown,
        request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        count = send_reminders(
            event,
            by=request.user,
            at=request.received_at,
            only=form.cleaned_data["candidacies"],
        )
        messages.success(
            request,
            ngettext("%(n)d reminder is queued.", "%(n)d reminders are queued.", count)
            % {"n": count},
        )
        return redirect("admin:questions_event_standings", event.pk)
    return page(
        staff_site.get_model_admin(Event),
        request,
        "admin/reminders.html",
        _("Reminders of %(event)s") % {"event": event.code},
        event,
        form=form,
        due=due,
        back=reverse("admin:questions_event_standings", args=[event.pk]),
    )
