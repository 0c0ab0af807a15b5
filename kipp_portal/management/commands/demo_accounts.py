from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kipp_portal.demo import accounts


class Command(BaseCommand):
    help = "Print the accounts of the demonstration and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only a demonstration (KIPP_DEMO=1) has such accounts.")
        for line in accounts.lines():
            self.stdout.write(line)
