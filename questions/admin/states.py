"""States, their missions, and the people there."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questions.forms.staff import ContactForm, StateForm
from questions.models import Contact, Mission, State, StateAlias
from questions.operations.deliveries import trust_again
from questions.ordering import sort_key

from .base import PublicRecordAdmin, found, moment_field, page
from .site import staff_site

NAMES_OF_STATE = [
    "iso3",
    "name",
    "formal_name",
    "name_ar",
    "name_es",
    "name_fr",
    "name_ru",
    "name_zh_hans",
    "aliases__name",
]


def names_of_state(path):
    """What finds a State over a relation: its code, any of its names, its aliases."""
    return [f"{path}__{name}" for name in NAMES_OF_STATE]


class StateAliasInline(admin.TabularInline):
    model = StateAlias
    extra = 1


@admin.register(State, site=staff_site)
class StateAdmin(PublicRecordAdmin):
    form = StateForm
    list_display = ["name", "iso3", "formal_name", "group", "is_specimen"]
    list_filter = ["group", "is_specimen"]
    search_fields = NAMES_OF_STATE
    search_help_text = "Code, a name in any of six languages, or an alias."
    inlines = [StateAliasInline]
    part_of_record = ["aliases"]
    fieldsets = [
        (None, {"fields": [("name", "formal_name"), ("iso3", "m49"), ("group", "is_specimen")]}),
        (
            "In the other languages",
            {"fields": ["name_ar", "name_zh_hans", "name_fr", "name_ru", "name_es"]},
        ),
    ]

    def save_model(self, request, obj, form, change):
        obj.sort_key = sort_key(obj.name, "en")
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request, obj=None):
        """The code is part of symbols and addresses once the State stands at an event."""
        return ["iso3", "is_specimen"] if obj and obj.candidacies.exists() else []

    def audit_subject(self, obj):
        return obj.iso3

    def view_on_site(self, obj):
        return None if obj.is_specimen else obj.get_absolute_url()


@admin.register(Mission, site=staff_site)
class MissionAdmin(PublicRecordAdmin):
    list_display = ["state", "city"]
    list_filter = ["city"]
    list_select_related = ["state"]
    search_fields = names_of_state("state")
    autocomplete_fields = ["state"]
    ordering = ["state__sort_key", "city"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("state")

    def get_readonly_fields(self, request, obj=None):
        return ["state", "city"] if obj else []


@admin.register(Contact, site=staff_site)
class ContactAdmin(PublicRecordAdmin):
    """A changed address is another row: what was sent went to the old one."""

    form = ContactForm
    list_display = ["__str__", "role", "mission", "email", "language", "is_addressee", "is_active"]
    list_filter = [
        "is_active",
        "is_addressee",
        "mission__city",
        ("undelivered_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["mission__state"]
    search_fields = ["name", "email", *names_of_state("mission__state")]
    autocomplete_fields = ["mission"]
    ordering = ["mission__state__sort_key", "mission__city", "name"]
    fields = [
        "mission",
        ("honorific", "name"),
        "role",
        ("email", "language"),
        ("is_addressee", "is_active"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("mission__state")

    came_back = moment_field("undelivered_at", "last message that came back")
    change_form_template = "admin/contact.html"

    def get_fields(self, request, obj=None):
        if obj and obj.undelivered_at:
            return [*self.fields, "came_back", "undelivered_reason"]
        return self.fields

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/works-again/", view(self.works_again), name="questions_contact_works"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def works_again(self, request, pk):
        """What came back once may have been a full mailbox."""
        contact = found(self, request, pk, allowed=self.has_change_permission(request))
        back = reverse("admin:questions_contact_change", args=[contact.pk])
        if request.method == "POST":
            if trust_again(contact, by=request.user, at=request.received_at):
                messages.success(request, _("The address counts as working again."))
            else:
                messages.info(request, _("Nothing had come back from this address."))
            return redirect(back)
        sentences = [
            _("The check of an event's letters no longer warns of %(address)s.")
            % {"address": contact.email},
            _("If the address is wrong, add another contact and set this one inactive instead."),
        ]
        return page(
            self,
            request,
            "admin/confirm.html",
            _("Does this address work again?"),
            contact,
            sentences=sentences,
            button=_("It works"),
            back=back,
        )

    def get_readonly_fields(self, request, obj=None):
        failed = ["came_back", "undelivered_reason"] if obj and obj.undelivered_at else []
        return self._settled_fields(obj) + failed

    def _settled_fields(self, obj):
        if obj and obj.email and (obj.links.exists() or obj.mails.exists()):
            return ["mission", "email"]
        return ["mission"] if obj else []
