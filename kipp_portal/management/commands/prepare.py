import hashlib
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """What a release does once before its processes start."""

    help = (
        "Migrate the database and collect static files. In the demo, load its data "
        "once and print the accounts on standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--skip-static",
            action="store_true",
            help="static files were collected when the image was built",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._call("migrate", interactive=False)
        if not options["skip_static"]:
            self._collect_static()
        if settings.DEMO:
            self._call("load_demo")
            call_command("demo_accounts", stdout=self.stdout)

    def _collect_static(self) -> None:
        """Collect what changed; compressing all of it anew takes seconds."""
        stamp = settings.STATIC_ROOT.with_name("static.sha256")
        wanted = _fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        stamp.unlink(missing_ok=True)
        self._call("collectstatic", interactive=False)
        stamp.write_text(wanted)

    def _call(self, name: str, **options: Any) -> None:
        """Run a command; what it tells is progress, not result."""
        call_command(name, stdout=sys.stderr, verbosity=1, **options)


def _fingerprint() -> str:
    """Return what changes with any static file: names, sizes, times."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            size, time = storage.size(path), storage.get_modified_time(path)
            digest.update(f"{path} {size} {time}\n".encode())
    return digest.hexdigest()
