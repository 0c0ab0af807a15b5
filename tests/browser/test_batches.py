"""A worker and then PostgreSQL killed while a batch is made."""

import hashlib
import re
import sys
from io import BytesIO

import pikepdf
import psycopg2
import pytest

from tests.browser.stack import wait_until

pytestmark = pytest.mark.browser
PAPERS = 60
READY = (
    "SELECT count(*) FROM documents_issueddocument"
    " WHERE batch_id = %s AND rendered_at IS NOT NULL"
)


def test_batch_is_whole_though_worker_and_database_are_killed(stack):
    batch = int(
        stack.run([sys.executable, "-m", "tests.browser.order_papers", str(PAPERS)])
    )

    def ready() -> int:
        try:
            return stack.query(READY, batch)[0][0]
        except psycopg2.OperationalError:  # not back yet
            return 0

    wait_until(lambda: ready() >= 8, 60, stack.log)
    stack.kill_worker()
    before = ready()
    wait_until(lambda: ready() >= before + 8, 60, stack.log)
    stack.kill_postgres()
    wait_until(lambda: ready() == PAPERS, 240, stack.log)

    assert before < PAPERS - 8
    papers = stack.query(
        "SELECT number, code, file, sha256, attempts FROM documents_issueddocument"
        " WHERE batch_id = %s ORDER BY number",
        batch,
    )
    numbers = [int(re.findall(r"\d+", number)[2]) for number, *_rest in papers]
    assert numbers == list(range(numbers[0], numbers[0] + PAPERS))
    assert len({code for _number, code, *_rest in papers}) == PAPERS
    for _number, code, file, sha256, _attempts in papers:
        content = (stack.directory / "media" / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
        with pikepdf.open(BytesIO(content)) as paper:
            assert str(paper.docinfo["/Keywords"]) == code
    # Who was killed in the middle of a paper left it to the others.
    assert max(attempts for *_rest, attempts in papers) <= 3
