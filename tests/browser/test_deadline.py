"""A short deadline minute: whatever is answered is what the database holds.

Times are measured by `make bench`; here only the truth of the answers counts.
"""

import json
import subprocess
import sys

import pytest

from tests.browser.stack import PROJECT

pytestmark = pytest.mark.browser


def test_deadline_minute_loses_and_doubles_nothing(stack, tmp_path):
    figures = tmp_path / "figures.json"
    command = f"-m bench.deadline --url {stack.base_url} --authors 40 --seconds 12"

    done = subprocess.run(
        [sys.executable, *command.split(), "--json", str(figures)],
        cwd=PROJECT,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert figures.exists(), done.stdout + done.stderr
    rows = {row["name"]: row["value"] for row in json.loads(figures.read_text())}
    assert rows["deadline minute, lost, double or wrong"] == 0, done.stdout
    assert rows["deadline minute, autosave, a second"] >= 40 * 6 / 12
    assert rows["deadline minute, submission, a second"] >= 40 * 0.6 / 12
