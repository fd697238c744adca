"""Move deadlines to a later day."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.management.chosen import event_called, staff_called, states_called
from questions.operations.deadlines import (
    EarlierDeadline,
    NoDeadline,
    ReasonMissing,
    extend_deadline,
)


class Command(BaseCommand):
    help = (
        "Gives States of an event until the end of a later day, with a reason; both missions of "
        "each are told by mail. Without --state it is all States of the event that have a deadline."
    )

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The event's code, such as PE2021.")
        parser.add_argument("due_on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="The member of staff who decides it."
        )
        parser.add_argument(
            "--state", action="append", metavar="ISO3", help="Only this State; may be repeated."
        )

    def handle(self, *args, event, due_on, reason, by, state, **options):
        event = event_called(event)
        standing = event.candidacies.still_standing().filter(due_at__isnull=False)
        candidacies = states_called(event, state) or standing
        try:
            extended = extend_deadline(
                candidacies, due_on, reason=reason, by=staff_called(by), at=timezone.now()
            )
        except EarlierDeadline as earlier:
            raise CommandError(f"Not later than the deadline of {earlier}.") from earlier
        except NoDeadline as none:
            raise CommandError("A State without a deadline has none to extend.") from none
        except ReasonMissing as missing:
            raise CommandError("An extension needs a reason.") from missing
        self.stdout.write(f"{extended} deadlines were extended to {due_on}.")
