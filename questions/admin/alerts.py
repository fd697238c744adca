"""Alerts by mail, in figures; an address is found by who names it, to erase it for its owner."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from questions.models import Alert
from questions.operations.alerts import end_alerts

from .base import ReadOnlyAdmin, page
from .site import staff_site


@admin.register(Alert, site=staff_site)
class AlertAdmin(ReadOnlyAdmin):
    """One page: no list of addresses, no page of one."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        raise Http404

    def delete_view(self, request, object_id, extra_context=None):
        raise Http404

    def history_view(self, request, object_id, extra_context=None):
        raise Http404

    def has_erase_permission(self, request):
        return request.user.has_perm("questions.delete_alert")

    @method_decorator(sensitive_post_parameters("email"))
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def changelist_view(self, request, extra_context=None):
        may_erase = self.has_erase_permission(request)
        if not self.has_view_permission(request) or (request.method == "POST" and not may_erase):
            raise PermissionDenied
        email = request.POST.get("email", "").replace("\0", "")
        alerts = Alert.objects.to_address(email)
        if email and request.POST.get("erase") == "yes":
            ended = end_alerts(alerts, why="erased", at=request.received_at, by=request.user)
            messages.success(request, f"Erased, with the address: {ended}.")
            return redirect("admin:questions_alert_changelist")
        return page(
            self,
            request,
            "admin/alerts.html",
            "Alerts",
            counts=Alert.objects.counts(),
            may_erase=may_erase,
            email=email,
            found=alerts.with_names().order_by("pk") if email else None,
        )
