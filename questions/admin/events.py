"""Pledging events: all of one on one page, opened and closed by their own buttons."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import models
from django.db.models import Count, Max
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questions.forms.staff import EventForm, NewCandidaciesFormSet
from questions.models import (
    Candidacy,
    Event,
    EventSession,
    EventStatus,
    Letter,
    RegionalGroup,
    Response,
    ResponseStatus,
)
from questions.operations.publication import close_event, open_event

from . import followups, issuing, sending
from .base import PublicRecordAdmin, deadline, found, page
from .site import staff_site

SHORT_TEXTS = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 3, "cols": 60})}}
MOST_ROWS = 100
SEATS = [f"seats_{group}" for group in RegionalGroup.values]


class EventSessionInline(admin.StackedInline):
    model = EventSession
    extra = 0
    formfield_overrides = SHORT_TEXTS
    fields = [
        ("date", "local_time"),
        ("is_online", "city", "venue"),
        ("moderator", "audience"),
        "co_sponsors",
        "staff_note",
    ]


class CandidacyInline(admin.TabularInline):
    """The States that stand. Each is chosen once; its page has the rest."""

    model = Candidacy
    fields = ["state", "participation", "standing", "at_event", "result", "votes", "due"]
    readonly_fields = ["state", "due"]
    show_change_link = True
    max_num = 0
    can_delete = False
    view_on_site = False
    verbose_name_plural = "States that stand"

    def get_queryset(self, request):
        return super().get_queryset(request).with_names().order_by("state__sort_key")

    def has_add_permission(self, request, obj):
        return False

    def get_readonly_fields(self, request, obj=None):
        """A form takes 1,000 fields at most; of more States each has its own page."""
        if obj and obj.candidacies.count() > MOST_ROWS:
            return self.fields
        return self.readonly_fields

    @admin.display(description="answers due")
    def due(self, candidacy):
        return date_format(candidacy.due_on) if candidacy.due_on else "–"


class NewCandidacyInline(admin.TabularInline):
    model = Candidacy
    fields = ["state", "participation", "standing", "at_event", "result", "votes"]
    autocomplete_fields = ["state"]
    extra = 1
    formset = NewCandidaciesFormSet
    verbose_name = "State that stands"
    verbose_name_plural = "add States that stand"

    def get_queryset(self, request):
        return super().get_queryset(request).none()

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return False


@admin.register(Event, site=staff_site)
class EventAdmin(PublicRecordAdmin):
    form = EventForm
    list_display = ["code", "title", "status", "term", "answers_due_on", "states", "questions"]
    list_filter = ["status", "record"]
    search_fields = ["code", "title"]
    ordering = ["-term_start", "code"]
    formfield_overrides = SHORT_TEXTS
    inlines = [EventSessionInline, CandidacyInline, NewCandidacyInline]
    part_of_record = ["sessions", "candidacies"]
    change_form_template = "admin/event.html"
    readonly_fields = ["status", "deadline_in_cities"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("title", "status"),
                    ("code", "slug"),
                    ("term_start", "term_end", "election_date"),
                    "organisers",
                ]
            },
        ),
        (
            "Deadline",
            {
                "fields": [("letter_date", "answers_due_on", "closes_on"), "deadline_in_cities"],
                "description": "States without a deadline get this one when the event is saved. "
                "A deadline that a State has already is not moved here.",
            },
        ),
        ("Seats per regional group", {"fields": [tuple(SEATS)], "classes": ["collapse"]}),
        (
            "More",
            {
                "fields": [
                    ("body", "record"),
                    "zone",
                    "hashtag",
                    "question_channels",
                    "sources",
                    "staff_notes",
                ],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                candidacy_count=Count("candidacies", distinct=True),
                question_count=Count("questions", distinct=True),
            )
        )

    def get_readonly_fields(self, request, obj=None):
        """What addresses and deadlines are made of stands once it is in use."""
        fields = list(self.readonly_fields)
        if obj and (obj.is_public or Letter.objects.filter(candidacy__event=obj).exists()):
            fields += ["code", "slug"]
        if obj and obj.candidacies.filter(due_at__isnull=False).exists():
            fields.append("zone")
        return fields

    def get_fieldsets(self, request, obj=None):
        """Who may only look sees the seats as they are stored."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) or obj is None:
            return fieldsets
        return [part for part in fieldsets if part[1]["fields"] != [tuple(SEATS)]] + [
            (None, {"fields": ["seats"]})
        ]

    @admin.display(description="States", ordering="candidacy_count")
    def states(self, event):
        return event.candidacy_count

    @admin.display(description="questions", ordering="question_count")
    def questions(self, event):
        return event.question_count

    @admin.display(description="answers are due by")
    def deadline_in_cities(self, event):
        """As stored: what was typed may be no day and no zone."""
        stored = Event.objects.filter(pk=event.pk).first()
        return deadline(stored.due_at, stored.zone) if stored else "–"

    def view_on_site(self, event):
        return event.get_absolute_url() if event.is_public else None

    def save_formset(self, request, form, formset, change):
        """A sitting takes the place after the last."""
        if formset.model is EventSession:
            last = form.instance.sessions.aggregate(last=Max("position"))["last"] or 0
            new = [f.instance for f in formset.extra_forms if f.has_changed()]
            for position, session in enumerate(new, start=last + 1):
                session.position = position
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        event = form.instance
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)
        if event.due_at:
            event.candidacies.propose_deadline(event.due_at)
        super().save_related(request, form, [], change)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        event = self.get_object(request, unquote(object_id))
        context = {}
        if event:
            questions = event.questions.select_related("event", "state").with_askers()
            context = {
                "questions": questions.annotate(slot_count=Count("slots")).in_symbol_order(),
                "may_open": self.has_open_permission(request) and event.status != EventStatus.OPEN,
                "may_close": self.has_open_permission(request) and event.status == EventStatus.OPEN,
            }
        return super().change_view(request, object_id, form_url, context)

    # --- Opening and closing ------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/open/", view(self.open), name="questions_event_open"),
            path("<int:pk>/close/", view(self.close), name="questions_event_close"),
            *issuing.event_pages(),
            *sending.event_pages(),
            *followups.event_pages(),
            *super().get_urls(),
        ]

    def has_open_permission(self, request):
        return request.user.has_perm("questions.open_event")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def open(self, request, pk):
        event = found(self, request, pk, allowed=self.has_open_permission(request))
        if request.method == "POST":
            open_event(event, by=request.user, at=request.received_at)
            messages.success(request, _("The event is open and public."))
            return redirect("admin:questions_event_change", event.pk)
        sentences = [
            _("Its page becomes public: %(states)s States and the questions sent to them.")
            % {"states": event.candidacy_count},
            _("Missions can answer through their links."),
        ]
        return self._ask(request, event, _("Open the event?"), sentences, _("Open the event"))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def close(self, request, pk):
        event = found(self, request, pk, allowed=self.has_open_permission(request))
        if event.status != EventStatus.OPEN:
            messages.error(request, _("Only an open event can be closed."))
            return redirect("admin:questions_event_change", event.pk)
        if request.method == "POST":
            close_event(event, by=request.user, at=request.received_at)
            messages.success(request, _("The event is closed. It stays public."))
            return redirect("admin:questions_event_change", event.pk)
        sentences = [
            _("The form takes no more answers, from any State. Drafts stay where they are."),
            _("The event stays public. It can be opened again."),
        ]
        waiting = Response.objects.filter(
            slot__candidacy__event=event, status=ResponseStatus.RECEIVED
        ).count()
        if waiting:
            sentences.insert(0, f"Received and not yet published: {waiting}. Publish them first.")
        return self._ask(request, event, _("Close the event?"), sentences, _("Close the event"))

    def _ask(self, request, event, title, sentences, button):
        return page(
            self,
            request,
            "admin/confirm.html",
            title,
            event,
            sentences=sentences,
            button=button,
            back=reverse("admin:questions_event_change", args=[event.pk]),
        )
