"""Files from missions: looked at, then accepted for the public or refused (security.md 61)."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from questions.documents.downloads import copy_download, original_download
from questions.documents.public_copies import CopyNotMade
from questions.forms.corrections import ReplacementForm
from questions.forms.staff import RefuseFileForm, WithholdForm
from questions.models import Attachment
from questions.operations.attachments import (
    CopyUnsafe,
    FileNotScanned,
    FileUnsafe,
    accept_file,
    original_of,
    public_copy_of,
    refuse_file,
    replacement_of,
    withdraw_file,
)
from questions.operations.redactions import replace_file
from questions.operations.two_people import SamePerson

from .base import ReadOnlyAdmin, by_number, found, moment_column, moment_field, page
from .site import staff_site
from .states import names_of_state

NO_COPY = _("A copy without hidden content could not be made. Refuse the file, or ask for another.")
WHY_NOT = {
    FileUnsafe: _("The virus scanner found something in this file. Refuse it."),
    FileNotScanned: _("The virus scanner did not answer. What is not scanned stays closed."),
    CopyUnsafe: NO_COPY,
    CopyNotMade: NO_COPY,
    SamePerson: "You took words out of it: someone else accepts it.",
}


@admin.register(Attachment, site=staff_site)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "name", "candidacy", "kind", "status", "scan", "pages", "came"]
    list_filter = ["status", "kind", "scan", "candidacy__event"]
    list_select_related = [
        "candidacy__event",
        "candidacy__state",
        "submission__candidacy__event",
        "submission__candidacy__state",
    ]
    search_fields = [
        "name",
        "sha256",
        "candidacy__event__code",
        *names_of_state("candidacy__state"),
    ]
    ordering = ["-uploaded_at"]
    fields = [
        "candidacy",
        "submission",
        ("name", "kind"),
        ("pages", "size", "has_text"),
        "sha256",
        "findings_in_words",
        "scan",
        ("came_at", "uploaded_by"),
        "status",
        ("decided_moment", "decided_by"),
        "refusal_reason",
        "public_sha256",
        ("replaced_sha256", "replaced_by"),
    ]
    change_form_template = "admin/attachment.html"
    came = moment_column("uploaded_at", "came")
    came_at = moment_field("uploaded_at", "came")
    decided_moment = moment_field("decided_at", "decided")

    def get_queryset(self, request):
        """What lies beside a draft is the mission's own until it is sent."""
        return super().get_queryset(request).sent()

    def get_search_results(self, request, queryset, search_term):
        columns = {"R": "submission__number", "F": "number"}
        found, words = by_number(queryset, search_term, columns)
        return super().get_search_results(request, found, words)

    def view_on_site(self, file):
        is_public = Attachment.objects.publicly_visible().filter(pk=file.pk).exists()
        return file.get_absolute_url() if is_public else None

    @admin.display(description="found in the original")
    def findings_in_words(self, file):
        return ", ".join(file.findings) or "–"

    def has_accept_permission(self, request):
        return request.user.has_perm("questions.accept_attachment")

    def get_urls(self):
        view = self.admin_site.admin_view
        acts = [self.original, self.copy, self.replacement, self.accept, self.refuse, self.replace]
        own = [
            path(
                f"<int:pk>/{act.__name__}/",
                view(act),
                name=f"questions_attachment_{act.__name__}",
            )
            for act in acts
        ]
        return [*own, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def replace(self, request, pk):
        file = found(self, request, pk, allowed=self.has_accept_permission(request))
        back = reverse("admin:questions_attachment_change", args=[file.pk])
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ReplacementForm(*given)
        if form.is_valid():
            words = {name: form.cleaned_data[name] for name in ("reason", "ground")}
            try:
                content = form.cleaned_data["file"].content
                replace_file(file, content, **words, by=request.user, at=request.received_at)
            except CopyNotMade as problem:
                form.add_error("file", str(problem))
            except tuple(WHY_NOT) as problem:
                form.add_error("file", WHY_NOT[type(problem)])
            else:
                messages.success(request, "Readers have no copy now. Another accepts this one.")
                return redirect(back)
        sentences = [
            "Print every page to a new picture, with the words painted over, and make one PDF of "
            "these pictures. A box that is drawn over words in a PDF hides nothing.",
            "The copy that readers have is gone at once. Someone else than you accepts this one.",
        ]
        context = {"form": form, "sentences": sentences, "button": "Replace", "back": back}
        title = f"Take words out of {file.symbol}?"
        return page(self, request, "admin/confirm.html", title, file, **context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"may_decide": self.has_accept_permission(request)}
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_safe)
    def original(self, request, pk):
        file = found(self, request, pk, allowed=self.has_view_permission(request))
        return original_download(file, original_of(file))

    @method_decorator(require_safe)
    def copy(self, request, pk):
        file = found(self, request, pk, allowed=self.has_view_permission(request))
        if not file.public_as:
            raise Http404
        return copy_download(file, public_copy_of(file))

    @method_decorator(require_safe)
    def replacement(self, request, pk):
        file = found(self, request, pk, allowed=self.has_view_permission(request))
        if not file.replaced_as:
            raise Http404
        return original_download(file, replacement_of(file))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def accept(self, request, pk):
        file = found(self, request, pk, allowed=self.has_accept_permission(request))
        back = reverse("admin:questions_attachment_change", args=[file.pk])
        if request.method != "POST":
            return page(
                self,
                request,
                "admin/confirm.html",
                _("Accept this file?"),
                file,
                sentences=[
                    _(
                        "Once every answer that came with it is published, readers get a copy of "
                        "its pages, without author, comments and active content. Look at the "
                        "original first."
                    )
                ],
                button=_("Accept"),
                back=back,
            )
        try:
            accept_file(file, by=request.user, at=request.received_at)
        except tuple(WHY_NOT) as problem:
            messages.error(request, WHY_NOT[type(problem)])
        else:
            messages.success(request, _("The file was accepted."))
        return redirect(back)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def refuse(self, request, pk):
        file = found(self, request, pk, allowed=self.has_accept_permission(request))
        is_public = Attachment.objects.publicly_visible().filter(pk=file.pk).exists()
        form_of = WithholdForm if is_public else RefuseFileForm
        form = form_of(request.POST if request.method == "POST" else None)
        back = reverse("admin:questions_attachment_change", args=[file.pk])
        if form.is_valid():
            act = withdraw_file if is_public else refuse_file
            act(file, **form.cleaned_data, by=request.user, at=request.received_at)
            messages.success(request, _("The file was refused and stays closed."))
            return redirect(back)
        return page(
            self,
            request,
            "admin/confirm.html",
            _("Refuse this file?"),
            file,
            form=form,
            sentences=[_("No reader gets it. The original stays sealed with its fingerprint.")],
            button=_("Refuse"),
            back=back,
        )
