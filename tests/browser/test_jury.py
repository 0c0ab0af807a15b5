"""A short evening of the jury: whatever is answered is what database and seal hold.

Times are measured by hand, with `python -m bench.jury`; here only the truth counts.
"""

import json
import subprocess
import sys

import pytest

from tests.browser.stack import PROJECT

pytestmark = pytest.mark.browser


def test_twelve_jurors_with_two_windows_and_killed_workers_lose_nothing(
    stack, tmp_path
):
    figures = tmp_path / "figures.json"
    assert stack.supervisor
    command = (
        f"-m bench.jury --url {stack.base_url} --supervisor {stack.supervisor.pid}"
        " --jurors 12 --proposals 3 --saves 3 --kills 2"
    )

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
    assert rows["jury, lost, double or wrong"] == 0, done.stdout
    assert rows["jury, web workers killed"] == 2, done.stdout
    # 12 jurors, 2 windows, 3 sheets, 3 saves; and what came beside the seal.
    beside = rows["jury, saves beside the seal, told as stored"]
    assert rows["jury, saves acknowledged"] == 216 + beside
    assert beside > 0
