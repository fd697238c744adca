"""Check the audit chain."""

from django.core.management.base import BaseCommand, CommandError

from questions.models import AuditEntry
from questions.operations.audit import first_bad_entry


class Command(BaseCommand):
    help = "Checks every audit entry against the chain and names the first bad one."

    def handle(self, *args, **options):
        if bad := first_bad_entry():
            raise CommandError(f"The chain breaks at entry {bad.number}: {bad.action}.")
        self.stdout.write(f"{AuditEntry.objects.count()} entries verify.")
