"""Send States of an event their links again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.management.chosen import event_called, staff_called, states_called
from questions.models import City, Contact
from questions.operations.dispatches import send_new_links
from questions.operations.outbox import send_due_mail


class Command(BaseCommand):
    help = (
        "Sends a new link to the addresses on file at a State's missions, or at one of them; "
        "links sent earlier still work."
    )

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The event's code, such as PE2021.")
        parser.add_argument(
            "--state", action="append", metavar="ISO3", required=True, help="May be repeated."
        )
        parser.add_argument("--city", choices=City.values, help="Only to the mission there.")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="The member of staff who decides it."
        )
        parser.add_argument(
            "--queue-only", action="store_true", help="Leave the sending to send_mail."
        )

    def handle(self, *args, event, state, city, by, queue_only, **options):
        by = staff_called(by)
        to_send = {
            candidacy: addresses_of(candidacy, city)
            for candidacy in states_called(event_called(event), state)
        }
        for candidacy, contacts in to_send.items():
            if not candidacy.letters.issued().exists():
                raise CommandError(f"Nothing was sent: no letter to {candidacy.state} is issued.")
            if not contacts:
                raise CommandError(f"Nothing was sent: no address of {candidacy.state} is on file.")
        for candidacy, contacts in to_send.items():
            send_new_links(candidacy, contacts, by=by, at=timezone.now())
            to = ", ".join(contact.email for contact in contacts)
            self.stdout.write(f"{candidacy.symbol}: to {to}")
        self.stdout.write(f"{sum(map(len, to_send.values()))} links were queued.")
        if not queue_only:
            counts = send_due_mail(at=timezone.now())
            self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()))


def addresses_of(candidacy, city):
    contacts = Contact.objects.reachable().filter(mission__state=candidacy.state)
    if city:
        contacts = contacts.filter(mission__city=city)
    return list(contacts.order_by("-mission__city", "pk"))
