from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from kipp_portal import retention


class Command(BaseCommand):
    help = "Take away personal data that are no longer needed (rule DAT-07)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Only count what is due."
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        for name, number in retention.run(at=timezone.now(), dry_run=dry_run).items():
            self.stdout.write(f"{name}: {number}")
