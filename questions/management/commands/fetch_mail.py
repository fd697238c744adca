"""Read what mail servers report of our messages."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.operations.deliveries import (
    MailboxAddressRefused,
    fetch_reports,
    read_reports_in,
)


class Command(BaseCommand):
    help = "Reads delivery reports from the bounce mailbox. Safe to run twice."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from",
            dest="path",
            type=Path,
            help="A message, or a directory of .eml files, instead of the mailbox.",
        )

    def handle(self, *args, path, **options):
        counts = self.read(path, at=timezone.now())
        found = ", ".join(f"{number} {result}" for result, number in sorted(counts.items()))
        self.stdout.write(found or "nothing new")

    def read(self, path, *, at):
        if path and path.exists():
            return read_reports_in(path, at=at)
        if path:
            raise CommandError(f"There is no file or directory {path}.")
        if not settings.BOUNCE_MAILBOX_URL:
            raise CommandError("Set BOUNCE_MAILBOX_URL, or name a file with --from.")
        try:
            return fetch_reports(settings.BOUNCE_MAILBOX_URL, at=at)
        except MailboxAddressRefused as refused:
            raise CommandError(
                "BOUNCE_MAILBOX_URL must be imap+ssl://user:password@host/folder or imap+tls://…"
            ) from refused
