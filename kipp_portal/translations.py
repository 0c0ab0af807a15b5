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
    catalog = _read(root / "locale" / language / "LC_MESSAGES" / "django.po")
    complaints = []
    for message in _extract(root, language):
        if not message.id:
            continue
        known = catalog.get(_key(message), message.context)
        if known is None or not _is_translated(known):
            complaints.append(f"no translation: {_key(message)!r}")
        elif known.fuzzy:
            complaints.append(f"fuzzy: {_key(message)!r}")
    return complaints


def _extract(root: Path, language: str) -> Catalog:
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "sources"
        for folder, folders, files in os.walk(root):
            folders[:] = [entry for entry in folders if entry not in SKIPPED]
            target = copy / Path(folder).relative_to(root)
            target.mkdir(parents=True, exist_ok=True)
            for file in files:
                if file.endswith(SOURCES):
                    shutil.copyfile(Path(folder) / file, target / file)
        (copy / "locale").mkdir()
        subprocess.run(  # noqa: S603  our own interpreter and arguments
            [
                sys.executable,
                "-m",
                "django",
                "makemessages",
                f"--locale={language}",
                "--extension=html,txt,py",
                "--no-wrap",
                "--verbosity=0",
            ],
            cwd=copy,
            env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            check=True,
        )
        return _read(copy / "locale" / language / "LC_MESSAGES" / "django.po")


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message) -> bool:
    texts = [message.string] if isinstance(message.string, str) else message.string
    return all(texts)
