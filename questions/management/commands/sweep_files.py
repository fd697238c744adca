"""Delete what a crash left behind between a mission's file and its row."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.operations.attachments import orphans, sweep_files

OLD_ENOUGH = timedelta(days=1)  # no upload takes longer


class Command(BaseCommand):
    help = "Deletes stored files, older than a day, that no row names. Run it daily."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only list them.")

    def handle(self, *args, dry_run, **options):
        before = timezone.now() - OLD_ENOUGH
        if dry_run:
            for name in orphans(before=before):
                self.stdout.write(name)
            return
        self.stdout.write(f"{sweep_files(before=before)} files without a row were deleted.")
