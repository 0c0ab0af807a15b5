from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notifications import services


class Command(BaseCommand):
    """Read reports about mails that came back, once; the clock does it as well."""

    help = "Read the reports in a maildir or a folder of .eml files (KIPP_BOUNCE_DIR)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", nargs="?", default=settings.BOUNCE_DIR)

    def handle(self, *, directory: str, **options: object) -> None:
        if not directory or not Path(directory).is_dir():
            raise CommandError("Name a folder, or set KIPP_BOUNCE_DIR.")
        counts = services.read_bounces(directory=Path(directory), at=timezone.now())
        self.stdout.write(
            "{bounced} came back, {known} told nothing new, {other} were no reports."
            "".format(**counts)
        )
