"""Letters: what was sent, and importing one in two steps, preview and confirmation."""

import base64
import hashlib

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from questions.documents.letters import LetterPaper, letter_docx, letter_pdf
from questions.forms.letters import ConfirmLetterForm, ImportLetterForm
from questions.models import (
    DocumentKind,
    Letter,
    LetterContent,
    LetterDocument,
    Letterhead,
    LetterOrigin,
    LetterStatus,
)
from questions.operations.letter_results import ImportRefused
from questions.operations.letters import import_letter, preview_letter

from . import issuing, sending
from .base import ReadOnlyAdmin, found, page
from .issuing import NOT_MADE
from .site import staff_site
from .states import names_of_state

MAKERS = {DocumentKind.PDF: letter_pdf, DocumentKind.DOCX: letter_docx}
AT_HAND = "letter_to_import"  # the session's key: name and content of the file that is previewed


@admin.register(Letter, site=staff_site)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ["symbol", "state", "number", "date", "title", "origin", "status"]
    list_display_links = ["symbol", "state"]
    list_filter = ["origin", "status", "candidacy__event"]
    list_select_related = ["candidacy__event", "candidacy__state"]
    search_fields = ["title", "text", *names_of_state("candidacy__state")]
    ordering = ["-date", "candidacy__state__sort_key", "number"]
    change_list_template = "admin/import_letter_list.html"
    change_form_template = "admin/letter.html"
    fields = [
        ("candidacy", "number", "date"),
        "title",
        ("signatory_name", "signatory_title"),
        ("signatory_organisation", "signatory_email"),
        ("reply_contact_name", "reply_contact_email"),
        ("origin", "status"),
        "text",
        "text_sha256",
        "original",
        "file_sha256",
    ]
    readonly_fields = ["original", "text_sha256", "file_sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("file")

    @admin.display(description="to", ordering="candidacy__event__code")
    def symbol(self, letter):
        return letter.candidacy.symbol

    @admin.display(description="State", ordering="candidacy__state__sort_key")
    def state(self, letter):
        return letter.candidacy.state

    @admin.display(description="imported file")
    def original(self, letter):
        if not letter.file_sha256:
            return "–"
        address = reverse("admin:questions_letter_file", args=[letter.pk])
        return format_html('<a href="{}">{}</a>', address, letter.file_name)

    def get_fields(self, request, obj=None):
        """The text of a letter composed here is printed below, as its files print it."""
        is_composed = obj and obj.content
        return [name for name in self.fields if not (is_composed and name == "text")]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        letter = self.get_object(request, unquote(object_id))
        context = {}
        if letter and letter.content:
            context = {
                "content": LetterContent.from_json(letter.content),
                "documents": DocumentKind.choices,
                "may_issue": letter.status == LetterStatus.DRAFT
                and letter.origin == LetterOrigin.COMPOSED
                and self.has_import_permission(request),
            }
        return super().change_view(request, object_id, form_url, context)

    def has_import_permission(self, request):
        return request.user.has_perm("questions.add_letter")

    def has_open_permission(self, request):
        return request.user.has_perm("questions.open_event")

    def changelist_view(self, request, extra_context=None):
        context = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_letter), name="import_letter"),
            path("import/confirm/", view(self.confirm), name="import_letter_confirm"),
            path("<int:pk>/file/", view(self.file), name="questions_letter_file"),
            path(
                "<int:pk>/document/<slug:kind>/",
                view(self.document),
                name="questions_letter_document",
            ),
            *issuing.letter_pages(),
            *sending.letter_pages(),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def import_letter(self, request):
        """Choose the letter; sending it shows what importing it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._choose(request, ImportLetterForm())
        form = ImportLetterForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._choose(request, form)
        request.session[AT_HAND] = {
            "name": form.name,
            "content": base64.b64encode(form.content).decode(),
        }
        return self._preview(request, form)

    @method_decorator(require_POST)
    def confirm(self, request):
        """Import what was previewed; where that would do something else by now, show it again."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        at_hand = request.session.get(AT_HAND)
        if at_hand is None:
            messages.error(request, _("Choose the letter again: it is no longer at hand."))
            return redirect("admin:import_letter")
        form = ConfirmLetterForm(
            base64.b64decode(at_hand["content"]), at_hand["name"], request.POST
        )
        if not form.is_valid():
            return self._choose(request, form)
        public = form.cleaned_data["make_public"] and self.has_open_permission(request)
        try:
            shown = preview_letter(form.letter, **self._source(request, form))
            if shown.fingerprint != form.cleaned_data["fingerprint"]:
                messages.warning(request, _("The record has changed since. Please look again."))
                return self._preview(request, form)
            if shown.event.is_public and not (public or shown.is_known):
                messages.warning(request, _("Nothing was imported: the event is public."))
                return self._preview(request, form)
            result = import_letter(form.letter, **self._source(request, form), open_event=public)
        except ImportRefused as refusal:
            form.add_error(None, str(refusal))
            return self._choose(request, form)
        del request.session[AT_HAND]
        self._say_what_was_done(request, result)
        return redirect("admin:questions_letter_change", result.letter.pk)

    @method_decorator(require_http_methods(["GET", "HEAD"]))
    def file(self, request, pk):
        """The imported file, only ever to be saved (security.md 58)."""
        letter = found(self, request, pk, allowed=self.has_view_permission(request))
        response = HttpResponse(letter.file or b"", content_type="application/octet-stream")
        name = letter.file_name or "letter"
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    @method_decorator(require_http_methods(["GET", "HEAD"]))
    def document(self, request, pk, kind):
        """A letter composed here: the frozen file, or how a draft would be frozen now."""
        letter = found(self, request, pk, allowed=self.has_view_permission(request))
        frozen = letter.documents.filter(kind=kind).first()
        if frozen is None and (letter.status != LetterStatus.DRAFT or not letter.content):
            raise Http404
        try:
            content = bytes(frozen.content) if frozen else self._as_of_now(request, letter, kind)
        except NOT_MADE as refusal:
            messages.error(request, _("The file could not be made: %(why)s") % {"why": refusal})
            return redirect("admin:questions_letter_change", letter.pk)
        response = HttpResponse(content, content_type="application/octet-stream")
        name = LetterDocument(letter=letter, kind=kind).file_name
        name = name if frozen else f"draft-{name}"
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    def _as_of_now(self, request, letter, kind):
        if kind not in MAKERS:
            raise Http404
        letterhead = Letterhead.objects.first()
        return MAKERS[kind](
            LetterContent.from_json(letter.content),
            letterhead=letterhead and LetterPaper.of(letterhead),
            at=request.received_at,
        )

    def _source(self, request, form):
        return {
            "content": form.content,
            "name": form.name,
            "by": request.user,
            "at": request.received_at,
        }

    def _choose(self, request, form):
        """The first page. Browsers do not send a file twice: it is chosen again."""
        title = _("Import a letter")
        fields = form if isinstance(form, ImportLetterForm) else ImportLetterForm()
        problems = [problem for several in form.errors.values() for problem in several]
        return page(
            self, request, "admin/import_letter.html", title, form=fields, problems=problems
        )

    def _preview(self, request, form):
        try:
            result = preview_letter(form.letter, **self._source(request, form))
        except ImportRefused as refusal:
            form.add_error(None, str(refusal))
            return self._choose(request, form)
        confirmation = ConfirmLetterForm(
            form.content,
            form.name,
            initial={
                "sha256": hashlib.sha256(form.content).hexdigest(),
                "fingerprint": result.fingerprint,
            },
        )
        return page(
            self,
            request,
            "admin/import_letter_preview.html",
            _("Import a letter to %(state)s") % {"state": result.state},
            form=confirmation,
            result=result,
            letter=result.parsed,
            may_open=self.has_open_permission(request),
        )

    def _say_what_was_done(self, request, result):
        event = reverse("admin:questions_event_change", args=[result.event.pk])
        candidacy = reverse("admin:questions_candidacy_change", args=[result.candidacy.pk])
        if result.is_known:
            messages.info(request, _("This letter was imported before. Nothing was changed."))
            return
        count = len(result.questions)
        messages.success(
            request,
            format_html(
                '{} <a href="{}">{}</a> · <a href="{}">{}</a>',
                ngettext(
                    "The letter with %(count)d question was imported.",
                    "The letter with %(count)d questions was imported.",
                    count,
                )
                % {"count": count},
                event,
                result.event,
                candidacy,
                result.candidacy,
            ),
        )
        for one in result.differences:
            messages.warning(
                request,
                _("%(what)s stays as it was: the letter differs.") % {"what": one.what},
            )
