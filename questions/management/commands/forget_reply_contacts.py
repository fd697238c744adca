"""Delete whom missions named for their replies, six months after the election."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.operations.reply_contacts import forget_reply_contacts


class Command(BaseCommand):
    help = (
        "Deletes the names and addresses that missions gave for ISHR's messages about their reply, "
        "once the election was six months ago. Run it daily."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"{forget_reply_contacts(at=timezone.now())} contacts were forgotten.")
