"""The register of corrections: entered by one, published by another (security.md 44, 49)."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from questions.forms.corrections import CorrectionForm, NoteRedactionForm
from questions.models import Correction
from questions.operations.corrections import (
    AlreadyPublished,
    CorrectionChanged,
    NotPublic,
    discard_correction,
    enter_correction,
    publish_correction,
)
from questions.operations.redacted_notes import NoteNotShown, redact_note
from questions.operations.redactions import MARK, NothingTakenOut, WordsAdded
from questions.operations.two_people import NotTheirs, SamePerson, is_another

from .base import AuditedHistory, excerpt_of, found, moment_column, moment_field, page
from .site import staff_site

WHY_NOT = {
    AlreadyPublished: "It is published already.",
    CorrectionChanged: "It was changed after you opened this page. Read it again.",
    SamePerson: "You entered it: someone else publishes it.",
    NotPublic: "What it is about is not public.",
    WordsAdded: f"Only take words out, and write {MARK} where they stood.",
    NothingTakenOut: "Take at least one word out, and leave something in each field.",
    NoteNotShown: "Readers do not see this note: it is a draft, or another has taken its place.",
    NotTheirs: "Somebody else took words out of it: publish what is left first.",
}


@admin.register(Correction, site=staff_site)
class CorrectionAdmin(AuditedHistory, admin.ModelAdmin):
    form = CorrectionForm
    list_display = ["symbol", "kind", "excerpt", "corrected_on", "entered", "published"]
    list_filter = [("published_at", admin.EmptyFieldListFilter), "kind", "event"]
    search_fields = ["what_was_wrong", "what_changed", "reason", "event__code"]
    ordering = ["-entered_at"]
    actions = None
    change_form_template = "admin/correction.html"
    entered = moment_column("entered_at", "entered")
    published = moment_column("published_at", "published")
    entered_moment = moment_field("entered_at", "entered")
    published_moment = moment_field("published_at", "published")

    def get_queryset(self, request):
        return super().get_queryset(request).with_names()

    def get_fields(self, request, obj=None):
        words = ["about", "corrected_on", "what_was_wrong", "what_changed", "reason"]
        if obj is None:
            return words
        if not self.has_change_permission(request, obj):
            words = ["symbol", "kind", *words[1:]]
        people = [("entered_moment", "entered_by"), ("published_moment", "published_by")]
        return [*words, *people]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return [
            "symbol",
            "kind",
            "entered_moment",
            "entered_by",
            "published_moment",
            "published_by",
        ]

    def has_change_permission(self, request, obj=None):
        """Of a draft, who entered it; of what is published or was written anew, nobody."""
        if obj and not (obj.is_draft and obj.entered_by_id == request.user.pk):
            return False
        if obj and obj.replaces_id:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        if obj and (not obj.is_draft or obj.replaces_id):
            return False
        return super().has_delete_permission(request, obj)

    def has_publish_permission(self, request):
        return request.user.has_perm("questions.publish_correction")

    @admin.display(description="what was wrong")
    def excerpt(self, correction):
        return excerpt_of(correction.what_was_wrong or correction.reason)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.last_day = localdate(request.received_at)
        return form

    def change_view(self, request, object_id, form_url="", extra_context=None):
        correction = self.get_object(request, unquote(object_id))
        may = correction and self.has_publish_permission(request)
        context = {
            "may_publish": may
            and correction.is_draft
            and is_another(correction.entered_by, by=request.user),
            "may_redact": may and correction.published_at and correction.words,
            "replacement": Correction.objects.filter(replaces=correction).first(),
        }
        if context["replacement"]:
            context["may_redact"] = may and not context["replacement"].published_at
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        enter_correction(obj, by=request.user, at=request.received_at)

    def delete_model(self, request, obj):
        discard_correction(obj, by=request.user, at=request.received_at)

    def get_urls(self):
        ours = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(getattr(self, name)),
                name=f"questions_correction_{name}",
            )
            for name in ("publish", "redact")
        ]
        return [*ours, *super().get_urls()]

    @method_decorator(require_http_methods(["POST"]))
    def publish(self, request, pk):
        correction = found(self, request, pk, allowed=self.has_publish_permission(request))
        sha256 = request.POST.get("sha256", "")
        try:
            publish_correction(correction, sha256=sha256, by=request.user, at=request.received_at)
        except tuple(WHY_NOT) as refusal:
            messages.error(request, WHY_NOT[type(refusal)])
        else:
            messages.success(request, "The correction is in the register.")
        return redirect("admin:questions_correction_change", correction.pk)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def redact(self, request, pk):
        note = found(self, request, pk, allowed=self.has_publish_permission(request))
        form = NoteRedactionForm(note, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                left = redact_note(note, form.cleaned_data, by=request.user, at=request.received_at)
            except (WordsAdded, NothingTakenOut, NoteNotShown, NotTheirs) as refusal:
                form.add_error(None, WHY_NOT[type(refusal)])
            else:
                messages.success(request, "Hidden. Someone else publishes the note below.")
                return redirect("admin:questions_correction_change", left.pk)
        sentences = [
            "The note is hidden from readers at once and stays sealed.",
            "Someone else than you publishes what is left.",
        ]
        back = reverse("admin:questions_correction_change", args=[note.pk])
        context = {"form": form, "sentences": sentences, "button": "Take out", "back": back}
        title = f"Take words out of the note on {note.symbol}?"
        return page(self, request, "admin/confirm.html", title, note, **context)
