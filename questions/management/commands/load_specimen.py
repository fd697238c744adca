"""Load the specimen event."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.operations.specimen import load_specimen


class Command(BaseCommand):
    help = "Loads the specimen event with its invented States. Production refuses it."

    def handle(self, *args, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("The specimen event is invented: production does not load it.")
        made = load_specimen(at=timezone.now())
        self.stdout.write("The specimen event was made." if made else "The specimen event is here.")
