"""Print where each State of an event stands."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.management.chosen import event_called
from questions.operations.standings import standings


class Command(BaseCommand):
    help = (
        "Prints one line for each State of an event: letter, deliveries in New York and Geneva, "
        "questions answered, deadline, next step."
    )

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The event's code, such as PE2021.")

    def handle(self, *args, event, **options):
        for one in standings(event_called(event), at=timezone.now()):
            new_york, geneva = (delivery.label for delivery in one.deliveries)
            facts = [
                str(one.candidacy.state),
                f"letter {one.letter.number}, {one.letter.get_status_display()}"
                if one.letter
                else "no letter",
                f"New York: {new_york}",
                f"Geneva: {geneva}",
                f"answered {one.answered} of {one.asked}",
                f"due {one.candidacy.due_on or 'on no day'}",
                one.next_step,
            ]
            self.stdout.write("; ".join(filter(None, facts)))
