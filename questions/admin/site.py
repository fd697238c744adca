"""The staff's site and its start page: what is to do, then every list."""

from datetime import timedelta
from functools import wraps

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from questions.models import (
    AccessLink,
    Attachment,
    AttachmentStatus,
    Candidacy,
    Contact,
    Correction,
    Event,
    EventStatus,
    MailStatus,
    OutgoingMail,
    Response,
    ResponseStatus,
    Submission,
    Translation,
    TranslationStatus,
)
from questions.operations import audit

SOON = timedelta(days=14)
ROWS_SHOWN = 8


class StaffSite(AdminSite):
    """Django's own admin under the portal's name."""

    site_header = "ISHR · Questions to Candidates"
    site_title = "Questions to Candidates"
    index_title = "Staff"
    index_template = "admin/start.html"
    site_url = "/en/"
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        """Refuse in any filter the one character that PostgreSQL cannot hold (security.md 86)."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request, *args, **kwargs):
            if any("\0" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest("A NUL in the query string.")
            return inner(request, *args, **kwargs)

        return checked

    def index(self, request, extra_context=None):
        may = request.user.has_perm
        at = request.received_at
        context = {"at": at, "rows_shown": ROWS_SHOWN, "buttons": buttons(may)}
        if may("questions.view_response"):
            context["to_publish"] = to_publish()
        if may("questions.view_candidacy"):
            context["due"] = due_or_overdue(at)
        if may("questions.view_outgoingmail"):
            context["mail"] = mail_that_needs_a_person(at)
        if may("questions.view_contact"):
            context["came_back"] = addresses_that_fail()
        if may("questions.view_accesslink"):
            context["disowned"] = links_said_to_be_for_others()
        if may("questions.view_attachment"):
            context["files"] = files_not_looked_at()
        if may("questions.publish_translation"):
            context["translations"] = translations_to_publish()
        if may("questions.publish_correction"):
            context["corrections"] = Correction.objects.drafts().count()
        if may("questions.view_event"):
            context["events"] = current_events()
        return super().index(request, context | (extra_context or {}))

    @transaction.atomic
    def password_change(self, request, extra_context=None):
        page = super().password_change(request, extra_context)
        if request.method == "POST" and page.status_code == 302:
            user = request.user
            audit.record(
                "user.password_changed", f"user {user.pk}", by=user, at=request.received_at
            )
        return page


def buttons(may):
    """(label, address) of what staff start from here, as far as they may and it is built."""
    wanted = [
        (_("Record an answer"), "admin:record_answer", "questions.add_submission"),
        (_("Import a letter"), "admin:import_letter", "questions.add_letter"),
        (_("Add an event"), "admin:questions_event_add", "questions.add_event"),
    ]
    return [
        (label, address)
        for label, name, permission in wanted
        if may(permission) and (address := address_of(name))
    ]


def address_of(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def to_publish():
    """Sendings with texts that are received and not yet published, oldest first."""
    submissions = Submission.objects.with_names().annotate(
        waiting=Count("responses", filter=Q(responses__status=ResponseStatus.RECEIVED))
    )
    return {
        "count": Response.objects.filter(status=ResponseStatus.RECEIVED).count(),
        "submissions": submissions.filter(waiting__gt=0).order_by("received_at")[:ROWS_SHOWN],
    }


def due_or_overdue(at):
    """States of open events that have something left to answer, due soon or overdue."""
    awaited = Candidacy.objects.awaited().filter(due_at__lte=at + SOON)
    return {
        "count": awaited.count(),
        "candidacies": awaited.with_names()
        .select_related("draft")
        .annotate(is_overdue=Q(due_at__lte=at))[:ROWS_SHOWN],
    }


def mail_that_needs_a_person(at):
    return OutgoingMail.objects.of_the_office().aggregate(
        failed=Count("pk", filter=Q(status=MailStatus.FAILED)),
        unsure=Count("pk", filter=Q(status=MailStatus.UNSURE)),
    ) | {"overdue": OutgoingMail.objects.overdue(at=at).count()}


def addresses_that_fail():
    """Active contacts from whom a message came back, the last first."""
    contacts = Contact.objects.active().filter(undelivered_at__isnull=False)
    shown = contacts.select_related("mission__state").order_by("-undelivered_at")
    return {"count": contacts.count(), "contacts": shown[:ROWS_SHOWN]}


def links_said_to_be_for_others():
    """Those that still work, the last first."""
    links = AccessLink.objects.live().filter(disowned_at__isnull=False)
    shown = links.with_names().order_by("-disowned_at")
    return {"count": links.count(), "links": shown[:ROWS_SHOWN]}


def files_not_looked_at():
    """Sent by missions, and closed to readers until staff accept them."""
    return Attachment.objects.sent().filter(status=AttachmentStatus.QUARANTINED).count()


def translations_to_publish():
    """Drafts, which someone other than who entered them publishes."""
    return Translation.objects.filter(status=TranslationStatus.DRAFT).count()


def current_events():
    """Drafts and open events with how far each State is."""
    return Event.objects.exclude(status=EventStatus.CLOSED).annotate(
        candidacy_count=Count("candidacies", distinct=True),
        question_count=Count("questions", distinct=True),
    )


staff_site = StaffSite(name="admin")
staff_site.disable_action("delete_selected")
