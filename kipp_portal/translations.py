"""Whether `locale/` says everything that the sources ask for."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

SOURCES = (".py", ".html", ".txt")
SKIPPED = {".venv", ".git", "var", "static", "tests", "node_modules", "locale", "docs"}


def missing_translations(root: Path, language: str) -> list[str]:
    """Say each text of the sources under `root` that `language` lacks or doubts.

    Needs GNU gettext, as makemessages does.
    """
    complaints = []
    for message in _collected_again(root, language):
        if message.id and message.fuzzy:
            complaints.append(f"fuzzy: {_key(message)!r}")
        elif message.id and not _is_translated(message):
            complaints.append(f"no translation: {_key(message)!r}")
    return sorted(complaints)


def _collected_again(root: Path, language: str) -> Catalog:
    """Give the catalogue as makemessages would leave it, without touching it."""
    place = Path("locale") / language / "LC_MESSAGES"
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "sources"
        for folder, folders, files in os.walk(root):
            folders[:] = [entry for entry in folders if entry not in SKIPPED]
            target = copy / Path(folder).relative_to(root)
            target.mkdir(parents=True, exist_ok=True)
            for file in files:
                if file.endswith(SOURCES):
                    shutil.copyfile(Path(folder) / file, target / file)
        shutil.copytree(root / place, copy / place)
        subprocess.run(  # noqa: S603  our own interpreter and arguments
            [
                sys.executable,
                "-m",
                "django",
                "makemessages",
                f"--locale={language}",
                "--extension=html,txt,py",
                "--no-obsolete",
                "--verbosity=0",
            ],
            cwd=copy,
            env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            check=True,
        )
        with (copy / place / "django.po").open("rb") as catalogue:
            return read_po(catalogue, locale=language)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message) -> bool:
    texts = [message.string] if isinstance(message.string, str) else message.string
    return texts is not None and all(texts)
