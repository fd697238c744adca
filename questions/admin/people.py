"""Staff accounts: deactivated, never deleted, since acts name them (security.md 43)."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db import transaction

from .base import RecordedAdmin
from .site import staff_site

RIGHTS = ["is_superuser", "groups", "user_permissions"]


@admin.register(get_user_model(), site=staff_site)
class StaffUserAdmin(RecordedAdmin, UserAdmin):
    list_filter = ["is_active", "is_superuser", "groups"]

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser gives rights, so that nobody gives them to themselves."""
        times = ["last_login", "date_joined"]
        return times if request.user.is_superuser else times + RIGHTS

    def has_change_permission(self, request, obj=None):
        if obj and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        page = super().user_change_password(request, id, form_url)
        if request.method == "POST" and page.status_code == 302:
            self.record(request, self.get_object(request, id), "password_changed")
        return page


@admin.register(Group, site=staff_site)
class StaffGroupAdmin(RecordedAdmin, GroupAdmin):
    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser
