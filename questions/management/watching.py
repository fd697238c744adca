"""A job that runs once, or stays and looks again."""

import time
from abc import ABC, abstractmethod

from django.core.management.base import BaseCommand


class WatchingCommand(ABC, BaseCommand):
    """`look` does the job once; what it did is said, and staying it is silent where it did none."""

    every: float  # seconds

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="Stay, and look again.")
        parser.add_argument(
            "--every", type=float, default=self.every, help="Seconds between looks."
        )

    @abstractmethod
    def look(self) -> tuple[bool, str]:
        """Whether anything was done, and what."""

    def handle(self, *args, watch, every, **options):
        while True:
            did_anything, what = self.look()
            if did_anything or not watch:
                self.stdout.write(what)
            if not watch:
                return
            time.sleep(every)
