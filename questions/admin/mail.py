"""What was sent and what is waiting to be."""

from django.contrib import admin

from questions.models import OutgoingMail

from .base import ReadOnlyAdmin, moment_column, moment_field
from .site import staff_site


@admin.register(OutgoingMail, site=staff_site)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "kind", "status", "queued", "sent", "tries"]
    list_filter = ["status", "kind"]
    list_select_related = True
    search_fields = ["subject", "to"]
    fields = [
        "subject",
        "to",
        "kind",
        ("status", "tries"),
        "queued_moment",
        "sent_moment",
        "error",
        "message_id",
        "body",
    ]
    queued = moment_column("queued_at", "queued")
    sent = moment_column("sent_at", "sent")
    queued_moment = moment_field("queued_at", "queued")
    sent_moment = moment_field("sent_at", "sent")
