"""Import letters that were sent."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from questions.operations.letter_results import ImportRefused, ImportResult
from questions.operations.letters import import_letter, preview_letter
from questions.parsing.letters import LetterRefused, parse_letter


class Command(BaseCommand):
    help = (
        "Imports letters with questions from .txt, .docx or .pdf files. Importing a letter again "
        "changes nothing. A file that is refused does not keep the others from being imported."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="Print what would be done, and do nothing."
        )
        parser.add_argument(
            "--open", action="store_true", help="Make the event public if it is a draft."
        )

    def handle(self, *args, files, dry_run, **options):
        act = preview_letter if dry_run else import_letter
        refused = []
        for file in files:
            try:
                content = file.read_bytes()
                result = act(
                    parse_letter(content, file.name),
                    content=content,
                    name=file.name,
                    by=None,
                    at=timezone.now(),
                    open_event=options["open"],
                )
            except (LetterRefused, ImportRefused, OSError) as refusal:
                self.stderr.write(f"{file}: {refusal}")
                refused.append(str(file))
            else:
                self.stdout.write("\n".join([str(file), *lines_on(result, dry_run)]))
        if refused:
            raise CommandError(
                f"Refused {len(refused)} of {len(files)}: {', '.join(refused)}. "
                "Nothing was stored of what was refused."
            )


def lines_on(result: ImportResult, dry_run: bool) -> list[str]:
    if result.is_known:
        return [f"  {result.letter} was imported before. Nothing was changed."]
    letter, event = result.parsed, result.event
    lines = [
        f"  Event: {event}, {event.term}, {event.get_status_display().lower()}",
        f"  Held: {', '.join(map(day, letter.event_dates))} {letter.venue}".rstrip(),
        f"  Organisers: {'; '.join(letter.organisers)}",
        f"  State: {result.state.name} ({result.candidacy.get_participation_display()})",
        *(f"  To: {one.honorific} {one.name}, {one.role}" for one in letter.addressees),
        f"  Letter of {day(letter.letter_date)}, answers due by {day(letter.answers_due_on)}",
    ]
    for row in result.questions:
        askers = ", ".join(
            f"{asker.name} ({asker.kind})" if asker.kind else asker.name for asker in row.askers
        )
        lines.append(f"  {row.symbol} {askers}: {row.excerpt}")
    lines += [f"  {'Would make' if dry_run else 'Made'}: {what}" for what in result.created]
    lines += [
        f"  {'Would change' if dry_run else 'Changed'}: {change.what}: "
        f"{change.here} → {change.letter}"
        for change in result.changed
    ]
    lines += [
        f"  Differs, and stays: {one.what}: here {one.here}; in the letter {one.letter}"
        for one in result.differences
    ]
    return lines


def day(date) -> str:
    return date_format(date, "DATE_FORMAT")
