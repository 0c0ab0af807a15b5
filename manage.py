#!/usr/bin/env python
"""Django's command line; without addresses it starts the embedded services."""

import os
import sys

from django.core.management import execute_from_command_line

from kipp_portal import embedded

# These need neither database nor broker.
WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "help",
    "mail_sink",
    "makemessages",
    "version",
}


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kipp_portal.settings")
    command = next(iter(sys.argv[1:]), "help")
    asks_for_help = command.startswith("-") or "--help" in sys.argv
    try:
        embedded.provide(services=not asks_for_help and command not in WITHOUT_SERVICES)
    except embedded.EmbeddedError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
