"""Bring the catalogues up to what visitors can read; staff's screens stay English."""

from typing import Any

from django.core.management.commands import makemessages

# Read by staff alone: the admin, its forms and commands, and what operations tell staff.
STAFF_ONLY = [
    *("questions/admin/*", "questions/management/*", "templates/admin/*", "templates/letter/*"),
    *("questions/forms/dispatches.py", "questions/forms/entries.py", "questions/forms/letters.py"),
    *("questions/forms/staff.py", "questions/operations/*", "questions/parsing/*"),
    *("questions/models/attempts.py", "questions/models/letter_templates.py"),
    *("questions/models/letters.py", "questions/models/mail.py"),
]
NOT_OURS = ["tests/*", "bench/*", "docs/*", "var/*", ".venv/*", "static/*", "templates/mail/*"]
LANGUAGES = ["ar", "es", "fr", "ru", "zh_Hans"]


class Command(makemessages.Command):
    help = "Updates locale/, without line numbers and without what only staff read."

    def handle(self, *args: Any, **options: Any) -> None:
        options["locale"] = options["locale"] or LANGUAGES
        options["ignore_patterns"] += STAFF_ONLY + NOT_OURS
        options |= {"add_location": "file", "no_wrap": True, "no_obsolete": True}
        super().handle(*args, **options)
