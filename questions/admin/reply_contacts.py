"""Whom missions named for messages about their replies. Never public; read here, not changed."""

from django.contrib import admin

from questions.models import ReplyContact

from .base import ReadOnlyAdmin, moment_column, moment_field
from .site import staff_site
from .states import names_of_state


@admin.register(ReplyContact, site=staff_site)
class ReplyContactAdmin(ReadOnlyAdmin):
    list_display = ["name", "post", "mission", "candidacy", "email", "language", "saved"]
    list_filter = ["candidacy__event", "mission__city"]
    list_select_related = ["mission__state", "candidacy__event", "candidacy__state"]
    search_fields = ["name", "email", *names_of_state("candidacy__state")]
    fields = ["candidacy", "mission", "name", "post", "email", "language", "saved_moment"]
    saved = moment_column("saved_at", "saved")
    saved_moment = moment_field("saved_at", "saved")
