"""Write an event as static pages and data."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.management.chosen import event_called
from questions.operations import archives


class Command(BaseCommand):
    help = (
        "Writes a public event as pages, data and files that need no portal: for a plain web "
        "server or a disk. A manifest lists the SHA-256 of every file; all is checked once written."
    )

    def add_arguments(self, parser):
        codes = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("event", metavar="EVENT", help="The event's code, such as PE2021.")
        parser.add_argument("directory", metavar="DIR", type=Path, help="It may not exist yet.")
        parser.add_argument(
            "--language", choices=codes, nargs="+", default=codes, help="All six if none is named."
        )

    def handle(self, *args, event, directory, language, **options):
        try:
            made = archives.export_archive(
                event_called(event), directory, languages=language, at=timezone.now()
            )
        except archives.NotPublic:
            raise CommandError(f"{event} is not public.") from None
        except archives.DirectoryInUse:
            raise CommandError(f"{directory} exists. Name a directory that does not.") from None
        except archives.RecordChanged:
            raise CommandError("The record changed meanwhile. Run it again.") from None
        except (archives.PageMissing, archives.ArchiveFaulty) as fault:
            raise CommandError(f"Nothing was written. {fault}") from None
        self.stdout.write(
            f"{made.directory}: {made.pages} pages, {made.files} files, "
            f"{made.size / 1e6:.1f} MB; every checksum and link verifies."
        )
