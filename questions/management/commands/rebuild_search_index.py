"""Makes every entry of the search index anew; the portal may serve meanwhile."""

from django.core.management.base import BaseCommand

from questions.operations.search_index import rebuild_search_index


class Command(BaseCommand):
    help = "Make the search index anew from what is public. Safe while the portal serves."

    def handle(self, *args, **options):
        self.stdout.write(f"{rebuild_search_index()} entries in the search index.")
