"""The record of who did what, when."""

from django.contrib import admin

from questions.models import AuditEntry

from .base import ReadOnlyAdmin, moment_column, moment_field
from .site import staff_site


@admin.register(AuditEntry, site=staff_site)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["number", "moment", "action", "subject", "actor", "address"]
    list_filter = ["action", "at"]
    search_fields = ["action", "subject", "actor"]
    fields = [
        "number",
        "whole_moment",
        ("action", "subject"),
        ("actor", "address"),
        "details",
        "previous_sha256",
        "sha256",
    ]
    moment = moment_column("at", "when")
    whole_moment = moment_field("at", "when")
