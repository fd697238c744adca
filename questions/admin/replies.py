"""What States sent, as they sent it. A mission's unsent text stays its own: no screen shows it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from questions.forms.entries import EntryForm
from questions.models import Candidacy, QuestionStatus, Response, Submission
from questions.operations.submissions import Answer, Entry, Signatory, enter_submission

from .base import ReadOnlyAdmin, by_number, moment_column, moment_field, page
from .site import staff_site
from .states import names_of_state


class StateAtEventForm(forms.Form):
    """Whose answer is recorded."""

    candidacy = forms.ModelChoiceField(
        Candidacy.objects.with_names(),
        label=gettext_lazy("State and event"),
        help_text=gettext_lazy("Type the State's name, code or alias, and the event: kaz 2021."),
        widget=AutocompleteSelect(
            Submission._meta.get_field("candidacy"),
            staff_site,
            attrs={"data-placeholder": gettext_lazy("State and event")},
        ),
    )


class ResponseInline(admin.TabularInline):
    model = Response
    fields = ["kind", "text", "language", "status"]
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name_plural = "what it says"

    def get_queryset(self, request):
        return super().get_queryset(request).with_names().in_letter_order()

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Submission, site=staff_site)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["symbol", "state", "channel", "received", "timing", "entered_by"]
    list_display_links = ["symbol", "state"]
    list_filter = ["channel", "candidacy__event"]
    list_select_related = ["candidacy__event", "candidacy__state", "entered_by"]
    search_fields = ["candidacy__event__code", *names_of_state("candidacy__state")]
    ordering = ["-received_at"]
    inlines = [ResponseInline]
    fieldsets = [
        (None, {"fields": ["symbol", "candidacy", ("channel", "mission"), "signed"]}),
        ("When", {"fields": ["received_at_both", "due_at_both", "timing"]}),
        (
            "If staff entered it",
            {"fields": ["entered_by", "entered_at_both", "entry_reason"]},
        ),
        ("Canonical text", {"fields": ["text_sha256", "canonical"], "classes": ["collapse"]}),
    ]
    received = moment_column("received_at", "received")
    received_at_both = moment_field("received_at", "received")
    due_at_both = moment_field("due_at", "deadline as it stood")
    entered_at_both = moment_field("entered_at", "entered")

    def get_queryset(self, request):
        return super().get_queryset(request).with_names().select_related("entered_by")

    def get_search_results(self, request, queryset, search_term):
        found, words = by_number(queryset, search_term, {"R": "number"})
        return super().get_search_results(request, found, words)

    @admin.display(description="State", ordering="candidacy__state__sort_key")
    def state(self, submission):
        return submission.candidacy.state

    @admin.display(description="on time or late")
    def timing(self, submission):
        return "Late" if submission.is_late else "On time"

    @admin.display(description="signed by")
    def signed(self, submission):
        parts = [submission.signatory_name, submission.signatory_title]
        return ", ".join(part for part in parts if part)

    @admin.display(description="text")
    def canonical(self, submission):
        return submission.canonical_text()

    # --- Record an answer ---------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("record/", view(self.record), name="record_answer"),
            path("record/<int:pk>/", view(self.record_for), name="record_answer_for"),
            *super().get_urls(),
        ]

    def has_enter_permission(self, request):
        return request.user.has_perm("questions.add_submission")

    @method_decorator(require_http_methods(["GET", "HEAD"]))
    def record(self, request):
        """Whose answer: typed, or one of an event's States."""
        if not self.has_enter_permission(request):
            raise PermissionDenied
        form = StateAtEventForm(request.GET if "candidacy" in request.GET else None)
        if form.is_valid():
            return redirect("admin:record_answer_for", form.cleaned_data["candidacy"].pk)
        form.data = {}  # what is no State at an event: the field would look it up to show it
        candidacies = []
        if request.GET.get("event", "").isdecimal():
            candidacies = Candidacy.objects.filter(event=request.GET["event"]).with_names()
            candidacies = candidacies.order_by("state__sort_key")
        return page(
            self,
            request,
            "admin/record_answer_whose.html",
            _("Record an answer"),
            form=form,
            media=self.media + form.media,
            candidacies=candidacies,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def record_for(self, request, pk):
        """Check shows on time or late; Save stores what was checked."""
        if not self.has_enter_permission(request):
            raise PermissionDenied
        candidacy = get_object_or_404(Candidacy.objects.with_names(), pk=pk)
        slots = candidacy.slots.filter(question__status=QuestionStatus.ACCEPTED).with_names()
        slots = slots.prefetch_related("question__asked_by__asker").in_letter_order()
        form = EntryForm(
            candidacy,
            list(slots),
            request.POST if request.method == "POST" else None,
            at=request.received_at,
        )
        received_at = form.cleaned_data["received_at"] if form.is_valid() else None
        is_checked = received_at and request.POST.get("checked") == received_at.isoformat()
        if is_checked and "save" in request.POST:
            return self._enter(request, candidacy, form)
        return page(
            self,
            request,
            "admin/record_answer.html",
            _("Record an answer of %(state)s") % {"state": candidacy.state},
            candidacy,
            candidacy=candidacy,
            back=reverse("admin:questions_candidacy_change", args=[candidacy.pk]),
            form=form,
            received_at=received_at,
            is_late=bool(received_at) and candidacy.is_late(received_at),
        )

    def _enter(self, request, candidacy, form):
        given = form.cleaned_data
        submission = enter_submission(
            candidacy,
            {
                slot: Answer(text=text, language=language, kind=kind, text_as_typed=typed)
                for slot, kind, text, typed, language in form.answers()
            },
            form_key=given["form_key"],
            channel=given["channel"],
            mission=given["mission"],
            signatory=Signatory(given["signatory_name"], given["signatory_title"]),
            received_at=given["received_at"],
            entry=Entry(by=request.user, at=request.received_at, reason=given["reason"]),
        )
        messages.success(
            request,
            _("Recorded as %(symbol)s, received %(timing)s. It waits to be published.")
            % {
                "symbol": submission.symbol,
                "timing": _("late") if submission.is_late else _("on time"),
            },
        )
        if not request.user.has_perm("questions.view_response"):
            return redirect("admin:index")
        responses = reverse("admin:questions_response_changelist")
        return redirect(f"{responses}?submission__id__exact={submission.pk}")
