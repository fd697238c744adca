"""A State at an event: what was put to it, sent to it, and came back."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questions.forms.staff import CandidacyForm, IssueLetterForm, LinkForm
from questions.models import AnswerStatus, Candidacy, DraftAnswer
from questions.operations.letters import NothingToIssue, issue_letter
from questions.operations.links import mint_link_with_code

from . import followups, issuing
from .base import PublicRecordAdmin, deadline, found, page
from .site import SOON, address_of, staff_site
from .states import names_of_state


def link_address(token):
    return f"{settings.BASE_URL}{reverse('open_link', args=[token])}"


class DueFilter(admin.SimpleListFilter):
    """Those at open events that have something left to answer."""

    title = "answers"
    parameter_name = "answers"

    def lookups(self, request, model_admin):
        return [
            ("overdue", _("Overdue")),
            ("soon", _("Due within %d days") % (SOON / timedelta(days=1))),
            ("awaited", _("Overdue or due soon")),
        ]

    def queryset(self, request, queryset):
        at = request.received_at
        limits = {
            "overdue": {"due_at__lte": at},
            "soon": {"due_at__gt": at, "due_at__lte": at + SOON},
            "awaited": {"due_at__lte": at + SOON},
        }
        if self.value() in limits:
            return queryset.awaited().filter(**limits[self.value()])
        return queryset


@admin.register(Candidacy, site=staff_site)
class CandidacyAdmin(PublicRecordAdmin):
    form = CandidacyForm
    list_display = ["symbol", "state", "event", "due", "unanswered", "participation", "result"]
    list_display_links = ["symbol", "state"]
    list_filter = [DueFilter, "event", "participation", "standing", "result"]
    list_select_related = ["event", "state"]
    search_fields = ["event__code", *names_of_state("state")]
    autocomplete_fields = ["state"]
    ordering = ["-event__term_start", "state__sort_key"]
    change_form_template = "admin/candidacy.html"
    fieldsets = [
        (None, {"fields": ["event", "state", "deadline_in_cities"]}),
        (
            "Participation and result",
            {"fields": [("participation", "standing", "at_event"), ("result", "votes")]},
        ),
        ("Notes and sources", {"fields": ["staff_note", "sources"], "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_names().with_unanswered()

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("/", " "))

    @admin.display(description="due", ordering="due_at")
    def due(self, candidacy):
        return candidacy.due_on

    @admin.display(description="unanswered", ordering="unanswered")
    def unanswered(self, candidacy):
        return candidacy.unanswered

    @admin.display(description="answers are due by")
    def deadline_in_cities(self, candidacy):
        return deadline(candidacy.due_at, candidacy.event.zone)

    def get_readonly_fields(self, request, obj=None):
        return ["event", "state", "deadline_in_cities"] if obj else []

    def get_fieldsets(self, request, obj=None):
        if obj:
            return self.fieldsets
        return [(None, {"fields": ["event", "state"]}), *self.fieldsets[1:]]

    def view_on_site(self, candidacy):
        return candidacy.get_absolute_url() if candidacy.event.is_public else None

    def save_related(self, request, form, formsets, change):
        candidacy = form.instance
        if candidacy.event.due_at:
            Candidacy.objects.filter(pk=candidacy.pk).propose_deadline(candidacy.event.due_at)
        super().save_related(request, form, formsets, change)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        candidacy = self.get_object(request, unquote(object_id))
        context = self._what_there_is(request, candidacy) if candidacy else {}
        return super().change_view(request, object_id, form_url, context)

    def _what_there_is(self, request, candidacy):
        slots = candidacy.slots.with_names().select_related("letter").in_letter_order()
        slots = slots.with_status(at=request.received_at).defer("letter__file", "letter__text")
        responses = Count("responses")
        submissions = candidacy.submissions.with_names().annotate(response_count=responses)
        links = candidacy.links.select_related("contact__mission", "minted_by").order_by("-pk")
        return {
            "slots": [(slot, AnswerStatus(slot.answer_status).label) for slot in slots],
            "unsent": candidacy.slots.filter(letter=None).count(),
            "submissions": submissions,
            "letters": candidacy.letters.defer("text", "file"),
            "links": links,
            "draft": getattr(candidacy, "draft", None),
            "draft_count": DraftAnswer.objects.filter(slot__candidacy=candidacy).count(),
            "may_record": request.user.has_perm("questions.add_submission")
            and address_of("admin:record_answer"),
            "may_issue": self.has_issue_permission(request),
            "may_mint": self.has_mint_permission(request),
            "may_extend": request.user.has_perm("questions.extend_deadline"),
        }

    # --- Letters and links --------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/letter/", view(self.letter), name="questions_candidacy_letter"),
            path("<int:pk>/link/", view(self.link), name="questions_candidacy_link"),
            *issuing.candidacy_pages(),
            *followups.candidacy_pages(),
            *super().get_urls(),
        ]

    def has_issue_permission(self, request):
        return request.user.has_perm("questions.add_letter")

    def has_mint_permission(self, request):
        return request.user.has_perm("questions.mint_link")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def letter(self, request, pk):
        candidacy = found(self, request, pk, allowed=self.has_issue_permission(request))
        back = reverse("admin:questions_candidacy_change", args=[candidacy.pk])
        form = IssueLetterForm(
            request.POST if request.method == "POST" else None,
            initial={"date": candidacy.event.letter_date},
            last_day=request.received_at.date(),
        )
        if form.is_valid():
            try:
                issue_letter(
                    candidacy, **form.cleaned_data, by=request.user, at=request.received_at
                )
            except NothingToIssue:
                messages.error(request, _("There is no question that was put and not yet sent."))
            else:
                messages.success(
                    request, _("Recorded. The missions now see the questions in the form.")
                )
            return redirect(back)
        return page(
            self,
            request,
            "admin/issue_letter.html",
            _("Record that the letter to %(state)s was sent") % {"state": candidacy.state},
            candidacy,
            form=form,
            slots=candidacy.slots.filter(letter=None).with_names().in_letter_order(),
            back=back,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def link(self, request, pk):
        """Address and code are on the page that answers the request, once, and nowhere else."""
        candidacy = found(self, request, pk, allowed=self.has_mint_permission(request))
        form = LinkForm(candidacy.state, request.POST if request.method == "POST" else None)
        context = {
            "form": form,
            "back": reverse("admin:questions_candidacy_change", args=[candidacy.pk]),
        }
        if form.is_valid():
            contact = form.cleaned_data["contact"]
            _link, token, code = mint_link_with_code(
                contact, candidacy, by=request.user, at=request.received_at
            )
            context |= {"contact": contact, "address": link_address(token), "code": code}
            context["code_page"] = f"{settings.BASE_URL}/reply"
        return page(
            self,
            request,
            "admin/link_made.html" if "address" in context else "admin/make_link.html",
            _("A link for %(state)s") % {"state": candidacy.state},
            candidacy,
            **context,
        )
