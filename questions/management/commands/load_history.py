"""Load the elections of the past."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.operations.events import StatesMissing, load_history


class Command(BaseCommand):
    help = "Loads the 14 elections of 2012 to 2025. Running it again changes nothing."

    def handle(self, *args, **options):
        try:
            counts = load_history(at=timezone.now())
        except StatesMissing as missing:
            raise CommandError("The States are missing: run load_reference first.") from missing
        self.stdout.write(", ".join(f"{n} {what.replace('_', ' ')}" for what, n in counts.items()))
