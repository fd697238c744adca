"""Missions' links: made and revoked, never shown again."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questions.models import AccessLink
from questions.operations.links import revoke_link

from .base import ReadOnlyAdmin, found, moment_column, moment_field, page
from .site import staff_site


class StillWorks(admin.SimpleListFilter):
    title = "works"
    parameter_name = "works"

    def lookups(self, request, model_admin):
        return [("yes", _("Works")), ("no", _("Revoked"))]

    def queryset(self, request, queryset):
        if self.value() in {"yes", "no"}:
            return queryset.filter(revoked_at__isnull=self.value() == "yes")
        return queryset


@admin.register(AccessLink, site=staff_site)
class AccessLinkAdmin(ReadOnlyAdmin):
    list_display = ["contact", "candidacy", "made", "minted_by", "used", "disowned", "ended"]
    list_filter = [StillWorks, ("disowned_at", admin.EmptyFieldListFilter), "candidacy__event"]
    list_select_related = ["contact", "candidacy__state", "candidacy__event", "minted_by"]
    search_fields = ["contact__name", "candidacy__state__name", "candidacy__event__code"]
    ordering = ["-pk"]
    fields = [
        "contact",
        "candidacy",
        ("made_at", "minted_by"),
        ("used_at", "told_at"),
        ("ended_at", "revoked_by"),
    ]
    made = moment_column("minted_at", "made")
    used = moment_column("last_used_at", "last saved or sent")
    disowned = moment_column("disowned_at", "not for them")
    ended = moment_column("revoked_at", "revoked")
    made_at = moment_field("minted_at", "made")
    used_at = moment_field("last_used_at", "last saved or sent")
    told_at = moment_field("disowned_at", "said to be not for them")
    ended_at = moment_field("revoked_at", "revoked")
    change_form_template = "admin/link.html"

    def lookup_allowed(self, lookup, value, request=None):
        return "digest" not in lookup and super().lookup_allowed(lookup, value, request)

    def has_mint_permission(self, request):
        return request.user.has_perm("questions.mint_link")

    def get_urls(self):
        return [
            path(
                "<int:pk>/revoke/",
                self.admin_site.admin_view(self.revoke),
                name="questions_accesslink_revoke",
            ),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"may_revoke": self.has_mint_permission(request)}
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def revoke(self, request, pk):
        link = found(self, request, pk, allowed=self.has_mint_permission(request))
        if request.method != "POST":
            return page(
                self,
                request,
                "admin/confirm.html",
                _("Revoke this link?"),
                link,
                sentences=[
                    _(
                        "The link of %(contact)s for %(candidacy)s and its reply code end at once, "
                        "also where the form is open. What was saved or sent stays."
                    )
                    % {"contact": link.contact, "candidacy": link.candidacy.symbol}
                ],
                button=_("Revoke"),
                back=reverse("admin:questions_candidacy_change", args=[link.candidacy_id]),
            )
        if revoke_link(link, by=request.user, at=request.received_at):
            messages.success(request, _("The link was revoked."))
        else:
            messages.info(request, _("The link had been revoked before."))
        return redirect("admin:questions_candidacy_change", link.candidacy_id)
