"""Send what the outbox holds."""

import time

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.operations.outbox import send_due_mail


class Command(BaseCommand):
    help = "Sends the messages that are due. Safe to run twice and at once."

    def add_arguments(self, parser):
        parser.add_argument(
            "--watch", action="store_true", help="Stay, and look again every few seconds."
        )
        parser.add_argument("--every", type=float, default=5.0, help="Seconds between looks.")

    def handle(self, *args, watch, every, **options):
        while True:
            counts = send_due_mail(at=timezone.now())
            if any(counts.values()) or not watch:
                self.stdout.write(", ".join(f"{n} {what}" for what, n in counts.items()))
            if not watch:
                return
            time.sleep(every)
