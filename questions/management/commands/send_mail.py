"""Send what the outbox holds."""

from django.utils import timezone

from questions.management.watching import WatchingCommand
from questions.operations.outbox import send_due_mail


class Command(WatchingCommand):
    help = "Sends the messages that are due. Safe to run twice and at once."
    every = 5.0

    def look(self):
        counts = send_due_mail(at=timezone.now())
        return any(counts.values()), ", ".join(f"{n} {what}" for what, n in counts.items())
