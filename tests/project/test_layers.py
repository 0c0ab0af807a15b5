"""The import contracts of pyproject.toml refuse what they are there to refuse."""

import shutil
import subprocess
import sys
import tomllib

import pytest
from django.conf import settings

# Where a wrong import is planted, and which.
PLANTED = [
    # against the order of the apps
    ("core/text.py", "accounts.models"),
    ("competitions/services/base.py", "submissions.models"),
    ("notifications/emails.py", "kipp_portal.home"),
    # against the order of the files of an app
    ("submissions/models/proposals.py", "submissions.queries"),
    ("submissions/queries.py", "submissions.services"),
    ("judging/ranking.py", "judging.services"),
    ("judging/services/panel.py", "judging.views"),
    ("documents/tasks.py", "documents.services"),
    ("awards/permissions.py", "awards.notices"),
]
RUN = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(folder):
    return subprocess.run(
        [sys.executable, "-c", RUN, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def copied_portal(tmp_path):
    config = settings.BASE_DIR / "pyproject.toml"
    shutil.copy(config, tmp_path)
    options = tomllib.loads(config.read_text())["tool"]["importlinter"]
    for app in options["root_packages"]:
        shutil.copytree(
            settings.BASE_DIR / app,
            tmp_path / app,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return tmp_path


def test_portal_keeps_to_its_layers():
    found = lint(settings.BASE_DIR)

    assert found.returncode == 0, found.stdout


def test_wrong_imports_are_refused(copied_portal):
    for name, module in PLANTED:
        path = copied_portal / name
        path.write_text(f"{path.read_text()}\nimport {module}\n")

    found = lint(copied_portal)

    refused = {
        (name, module)
        for name, module in PLANTED
        if f"{name.removesuffix('.py').replace('/', '.')} -> {module}" in found.stdout
    }
    assert (found.returncode, refused) == (1, set(PLANTED))


def test_file_without_a_layer_is_refused(copied_portal):
    (copied_portal / "awards" / "odds_and_ends.py").touch()

    found = lint(copied_portal)

    assert found.returncode == 1
    assert "awards.odds_and_ends" in found.stdout
