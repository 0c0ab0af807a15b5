"""A database as all migrations leave it, made once and copied from then on.

Migrating takes the better part of a minute, a copy less than a second. The name holds
a digest of every migration there is, so that a changed one makes a new database.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.apps import apps

PROJECT = Path(__file__).resolve().parents[1]
PREFIX = "prepared_"
LOCK = 8_305_122  # any number that nobody else locks


def prepared_database(address: str) -> str:
    """Return the name of the database to copy, on the server at `address`.

    Of several who ask at once one makes it, the others wait.
    """
    name = f"{PREFIX}{_digest()}"
    with _cursor(address) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
        )
        found = {row[0] for row in cursor.fetchall()}
        if name not in found:
            for old in found:
                cursor.execute(f"DROP DATABASE {old} WITH (FORCE)")
            part = f"{PREFIX}part"
            cursor.execute(f"CREATE DATABASE {part}")
            _migrate(urlsplit(address)._replace(path=f"/{part}").geturl())
            cursor.execute(f"ALTER DATABASE {part} RENAME TO {name}")
    return name


def _digest() -> str:
    folders = sorted(Path(app.path) / "migrations" for app in apps.get_app_configs())
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    parts = [file.parent.parent.name.encode() + file.read_bytes() for file in files]
    return sha256(b"\0".join(parts)).hexdigest()[:20]


def _migrate(address: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=PROJECT,
        env=os.environ
        | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "kipp_portal.settings"},
        stdin=subprocess.DEVNULL,
        check=True,
    )


@contextlib.contextmanager
def _cursor(address: str) -> Iterator[psycopg2.extensions.cursor]:
    with contextlib.closing(psycopg2.connect(address)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            yield cursor
