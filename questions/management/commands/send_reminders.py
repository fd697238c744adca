"""Send the reminders that are due."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.management.chosen import event_called
from questions.models import Event, EventRecord, EventStatus
from questions.operations.outbox import send_due_mail
from questions.operations.reminders import reminders_due, send_reminders


class Command(BaseCommand):
    help = (
        "Sends the reminders that are due: seven days before a State's deadline, on its last day, "
        "and the day after. Run it daily or oftener; it is safe to run twice and at once."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "event", metavar="EVENT", nargs="?", help="The event's code; without it all open ones."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be sent, and send nothing."
        )
        parser.add_argument(
            "--queue-only", action="store_true", help="Leave the sending to send_mail."
        )

    def handle(self, *args, event, dry_run, queue_only, **options):
        now = timezone.now()
        queued = 0
        for one in events_to_follow(event):
            for due in reminders_due(one, at=now):
                to = ", ".join(contact.email for contact in due.contacts)
                self.stdout.write(
                    f"{due.candidacy.symbol}: {due.kind.label}, "
                    f"open questions: {due.unanswered}, to {to}"
                )
            if not dry_run:
                queued += send_reminders(one, by=None, at=now)
        if dry_run:
            return
        self.stdout.write(f"{queued} messages were queued.")
        if not queue_only:
            counts = send_due_mail(at=timezone.now())
            self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))


def events_to_follow(code):
    if code is None:
        return Event.objects.filter(status=EventStatus.OPEN, record=EventRecord.KEPT)
    return [event_called(code)]
