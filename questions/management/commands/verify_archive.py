"""Check an archive of an event."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from questions.operations.archives import faults_in


class Command(BaseCommand):
    help = "Checks every checksum and link of an archive that export_archive wrote."

    def add_arguments(self, parser):
        parser.add_argument("directory", metavar="DIR", type=Path)

    def handle(self, *args, directory, **options):
        if faults := faults_in(directory):
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{directory}: every checksum and link verifies.")
