from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kipp_portal.translations import missing_translations


class Command(BaseCommand):
    help = "Fails when a text of the sources has no Indonesian translation."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        complaints = missing_translations(settings.BASE_DIR, "id")
        if complaints:
            raise CommandError("\n".join(complaints))
        self.stdout.write("locale/id is complete.")
