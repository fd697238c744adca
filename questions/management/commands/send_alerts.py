"""Tell those who asked for alerts what became public."""

from django.utils import timezone

from questions.management.watching import WatchingCommand
from questions.operations.alerts import queue_alerts


class Command(WatchingCommand):
    help = "Queues the alerts that are due; send_mail sends them. Safe to run twice and at once."
    every = 60.0

    def look(self):
        queued = queue_alerts(at=timezone.now())
        return bool(queued), f"{queued} queued"
