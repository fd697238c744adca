"""The number of the current state of everything public."""

from django.contrib import admin

from questions.models import Edition

from .base import ReadOnlyAdmin
from .site import staff_site


@admin.register(Edition, site=staff_site)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["number", "fresh_until"]
