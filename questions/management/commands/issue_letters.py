"""Compose an event's letters, and issue them."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from questions.management.chosen import event_called
from questions.models import Letterhead, LetterTemplate
from questions.operations.compositions import TemplateRefused
from questions.operations.issuing import LetterOutdated, draft_letters, issue_all


class Command(BaseCommand):
    help = (
        "Composes a letter to every State with questions not yet sent, and issues all drafts: "
        "from then on nothing in them changes. Nothing is sent; see send_letters."
    )

    def add_arguments(self, parser):
        parser.add_argument("event", metavar="EVENT", help="The event's code, such as PE2021.")
        parser.add_argument(
            "--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="Of the letters."
        )
        parser.add_argument("--template", metavar="NAME", help="Else the one that is proposed.")
        parser.add_argument(
            "--drafts-only", action="store_true", help="Compose, and issue nothing."
        )

    def handle(self, *args, event, drafts_only, **options):
        event = event_called(event)
        now = timezone.now()
        letter_date = options["date"] or event.letter_date
        if letter_date is None:
            raise CommandError("Of which day are the letters? Give --date.")
        try:
            drafted = draft_letters(
                event,
                template_called(options["template"]),
                letter_date=letter_date,
                letterhead=Letterhead.objects.first(),
                by=None,
                at=now,
            )
            self.stdout.write(f"{drafted} letters were composed.")
            if not drafts_only:
                self.stdout.write(f"{issue_all(event, by=None, at=now)} letters were issued.")
        except TemplateRefused as refused:
            raise CommandError("The template lacks a paragraph or has a lone brace.") from refused
        except LetterOutdated as outdated:
            raise CommandError(f"None was issued. Compose again: {outdated}") from outdated


def template_called(name):
    templates = LetterTemplate.objects.filter(**{"name": name} if name else {"is_default": True})
    template = templates.first()
    if template is None:
        raise CommandError(
            f"There is no template {name}." if name else "No template is proposed: give --template."
        )
    return template
