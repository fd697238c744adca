"""Load the States."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.operations.states import load_reference


class Command(BaseCommand):
    help = "Loads the 193 member States and their other names. Running it again changes nothing."

    def handle(self, *args, **options):
        counts = load_reference(at=timezone.now())
        self.stdout.write(", ".join(f"{n} {what.replace('_', ' ')}" for what, n in counts.items()))
