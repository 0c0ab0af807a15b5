from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kipp_portal import demo


class Command(BaseCommand):
    help = "Load the demonstration data of demo/, once; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This is no demonstration: set KIPP_DEMO=1 for a portal whose data "
                "may be invented."
            )
        if not demo.load(now=timezone.now(), report=self._report):
            self.stdout.write("The demonstration data are there already.")

    def _report(self, part: str) -> None:
        self.stdout.write(f"Loaded: {part}")
