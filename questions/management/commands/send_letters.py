"""Send an event's issued letters."""

import sys
from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from questions.management.chosen import event_called, states_called
from questions.operations.dispatches import (
    Blocked,
    ClosesTooEarly,
    messages_to_send,
    proposed_closing,
    send_letters,
    send_to_self,
)
from questions.operations.outbox import send_due_mail
from questions.operations.preflight import preflight


class Command(BaseCommand):
    help = (
        "Checks an event's letters, prints what is to be sent and to whom, and sends it: one "
        "message with its own link to each address. Running it again sends only what was not sent."
    )

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The event's code, such as PE2021.")
        parser.add_argument(
            "--state", action="append", metavar="ISO3", help="Only to this State; may be repeated."
        )
        parser.add_argument(
            "--closes-on",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="Set the last day on which the form takes answers.",
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask before sending.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be sent, and send nothing."
        )
        parser.add_argument(
            "--self",
            dest="to_self",
            metavar="ADDRESS",
            help="Send a copy of the first message to this address, without a link, and no other.",
        )
        parser.add_argument(
            "--queue-only", action="store_true", help="Leave the sending to send_mail."
        )

    def handle(self, *args, event, **options):
        event = event_called(event)
        only = states_called(event, options["state"])
        has_errors = self.print_findings(event, only)
        messages = messages_to_send(event, only=only)
        for message in messages:
            contact = message.contact
            self.stdout.write(f"{message.letter}: {contact}, {contact.mission}, {contact.email}")
        if not messages:
            self.stdout.write("No message is left to send.")
        if options["dry_run"]:
            return
        if options["to_self"]:
            self.send_copy(messages[:1], options)
        elif has_errors:
            raise CommandError("Nothing was sent: mend the errors above.")
        elif messages and self.is_confirmed(len(messages), options):
            self.send(event, only, options)

    def print_findings(self, event, only):
        """Whether there are errors among them."""
        now = timezone.now()
        findings = [
            finding
            for finding in preflight(event, at=now)
            if only is None or finding.candidacy is None or finding.candidacy in only
        ]
        for finding in findings:
            where = finding.candidacy.state if finding.candidacy else event.code
            self.stdout.write(f"{finding.level.capitalize()}: {where}: {finding.text}")
        if closing := proposed_closing(event, at=now):
            self.stdout.write(f"No closing day is set; --closes-on {closing} is proposed.")
        return any(finding.is_error for finding in findings)

    def is_confirmed(self, count, options):
        """Asked on a terminal only: a job has nobody to ask."""
        if options["yes"] or not sys.stdin.isatty():
            return True
        return input(f"Send {count} messages? [y/N] ").strip().lower() in {"y", "yes"}

    def send(self, event, only, options):
        try:
            queued = send_letters(
                event, by=None, at=timezone.now(), closes_on=options["closes_on"], only=only
            )
        except Blocked as blocked:  # by what was changed since it was printed
            raise CommandError(f"Nothing was sent: {blocked}") from blocked
        except ClosesTooEarly as early:
            raise CommandError(
                "Nothing was sent: the form cannot close before the deadline or in the past."
            ) from early
        self.stdout.write(f"{queued} messages were queued.")
        self.deliver(options)

    def send_copy(self, messages, options):
        address = options["to_self"]
        try:
            validate_email(address)
        except ValidationError as invalid:
            raise CommandError(f"{address} is no e-mail address.") from invalid
        for message in messages:
            send_to_self(message.letter, message.contact, address, by=None, at=timezone.now())
            self.stdout.write(f"A copy was queued to {address}.")
        self.deliver(options)

    def deliver(self, options):
        if not options["queue_only"]:
            counts = send_due_mail(at=timezone.now())
            self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))
