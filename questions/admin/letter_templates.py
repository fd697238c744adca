"""What letters are written from: the wording, the office's paper, the days nobody is there."""

from django.contrib import admin
from django.db import models
from django.forms import Textarea
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questions.forms.dispatches import PARAGRAPHS, LetterheadForm, box_of, letter_template_form
from questions.models import Letterhead, LetterTemplate, OfficialHoliday
from questions.operations.compositions import (
    PLACEHOLDERS,
    standard_template,
    unknown_placeholders,
)

from .base import RecordedAdmin, found
from .site import staff_site

IMAGE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}  # by the first bytes


@admin.register(LetterTemplate, site=staff_site)
class LetterTemplateAdmin(RecordedAdmin):
    """A new one begins with the standard wording."""

    form = letter_template_form(standard_template(), unknown_placeholders)
    list_display = ["name", "is_default"]
    ordering = ["name"]
    change_form_template = "admin/letter_template.html"
    fieldsets = [
        (None, {"fields": ["name", "is_default"]}),
        *(
            (heading, {"fields": [box_of(name) for name in several]})
            for heading, several in PARAGRAPHS.items()
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """Who may only look sees the wording as it is stored."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": ["name", "is_default", "wording"]})]

    @admin.display(description="wording")
    def wording(self, template):
        return format_html_join("", "<p>{}</p>", ((text,) for text in template.texts.values()))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        known = {f"{{{name}}}": meaning for name, meaning in PLACEHOLDERS.items()}
        return super().changeform_view(request, object_id, form_url, {"placeholders": known})


@admin.register(Letterhead, site=staff_site)
class LetterheadAdmin(RecordedAdmin):
    """One row, for every letter."""

    form = LetterheadForm
    list_display = ["__str__", "signatory_name", "signatory_organisation", "reply_contact_email"]
    readonly_fields = ["logo_as_it_is", "signature_as_it_is"]
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 5, "cols": 60})}}
    fieldsets = [
        (None, {"fields": ["address"]}),
        (
            "Who signs",
            {
                "fields": [
                    ("signatory_name", "signatory_title"),
                    ("signatory_organisation", "signatory_email"),
                ]
            },
        ),
        ("To whom answers are sent", {"fields": [("reply_contact_name", "reply_contact_email")]}),
        ("Logo", {"fields": ["logo_as_it_is", "new_logo", "no_logo"]}),
        (
            "Image of the signature",
            {"fields": ["signature_as_it_is", "new_signature", "no_signature"]},
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """What there is not, is not removed; who may only look is offered no file."""
        fieldsets = super().get_fieldsets(request, obj)
        may_change = obj is None or self.has_change_permission(request, obj)
        hidden = set() if may_change else {"new_logo", "no_logo", "new_signature", "no_signature"}
        hidden |= {f"no_{name}" for name in ["logo", "signature"] if not getattr(obj, name, None)}
        return [
            (heading, parts | {"fields": [name for name in parts["fields"] if name not in hidden]})
            for heading, parts in fieldsets
        ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Letterhead.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)

    @admin.display(description="as it is")
    def logo_as_it_is(self, letterhead):
        return self._image(letterhead, "logo", _("The logo"))

    @admin.display(description="as it is")
    def signature_as_it_is(self, letterhead):
        return self._image(letterhead, "signature", _("The signature"))

    def _image(self, letterhead, name, text):
        if not getattr(letterhead, name):
            return _("None.")
        address = reverse("admin:questions_letterhead_image", args=[letterhead.pk, name])
        return format_html('<img class="letterhead-image" src="{}" alt="{}">', address, text)

    # --- The images ---------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/image/<slug:name>/", view(self.image), name="questions_letterhead_image"
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD"]))
    def image(self, request, pk, name):
        """As what its bytes are, and nothing that a browser could take for a page."""
        letterhead = found(self, request, pk, allowed=self.has_view_permission(request))
        content = bytes(getattr(letterhead, name) or b"") if name in {"logo", "signature"} else b""
        known = [kind for start, kind in IMAGE_TYPES.items() if content.startswith(start)]
        if not known:
            raise Http404
        response = HttpResponse(content, content_type=known[0])
        response.headers["Content-Disposition"] = "inline"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


@admin.register(OfficialHoliday, site=staff_site)
class OfficialHolidayAdmin(RecordedAdmin):
    list_display = ["date", "name", "city"]
    list_filter = ["city"]
    ordering = ["-date"]
