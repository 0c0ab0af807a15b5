"""A worker killed while it renders, a broker away while somebody submits."""

import hashlib

import pytest

from tests.browser.stack import wait_until

pytestmark = pytest.mark.browser
PAPERS = "SELECT count(*) FROM documents_issueddocument WHERE state = 'issued'"
RENDERED = f"{PAPERS} AND rendered_at IS NOT NULL"
MAILS = "SELECT count(*) FROM notifications_delivery"
UNSENT = f"{MAILS} WHERE state <> 'sent'"


def test_papers_and_mails_come_once_though_the_worker_is_killed(demo_stack):
    total = _number(demo_stack, PAPERS)
    assert total > 20
    demo_stack.forget_papers()
    killed_at = []
    for share in (0.2, 0.6):
        wait_until(
            lambda: _number(demo_stack, RENDERED) > share * total,  # noqa: B023
            120,
            demo_stack.log,
        )
        killed_at.append(_number(demo_stack, RENDERED))
        demo_stack.kill_worker()

    wait_until(lambda: _number(demo_stack, RENDERED) == total, 240, demo_stack.log)
    wait_until(lambda: _number(demo_stack, UNSENT) == 0, 240, demo_stack.log)

    assert max(killed_at) < total
    papers = demo_stack.query(
        "SELECT kind, year, government_id, number, file, sha256"
        " FROM documents_issueddocument"
    )
    assert len({paper[:4] for paper in papers}) == len(papers)
    for *_rest, file, sha256 in papers:
        content = (demo_stack.directory / "media" / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
    ids = [str(mail["Message-ID"]) for mail in demo_stack.mailbox.mails]
    assert len(ids) == len(set(ids))
    # Mail of the demonstration's past was never on its way.
    assert len(ids) == _number(demo_stack, f"{MAILS} WHERE attempts > 0") > 10


def test_submission_stands_though_the_broker_is_away(demo_stack, visit):
    head = visit("kepala.opd@tegal.example")
    ((code, pk),) = demo_stack.query(
        "SELECT code, id FROM submissions_proposal WHERE state = 'endorsing'"
        " AND institution_id IN (SELECT institution_id FROM accounts_membership m"
        " JOIN accounts_user u ON u.id = m.user_id"
        " WHERE u.email = 'kepala.opd@tegal.example') LIMIT 1"
    )
    head.go(f"/proposal/{code}/dukung/")
    demo_stack.valkey.stop()

    head.submit(f"form[action='/proposal/{code}/dukung/']")

    assert head.page.url.endswith(f"/proposal/{code}/tanda-terima/")
    number = head.page.locator(".result strong").inner_text()
    receipt = (
        "SELECT count(*) FROM documents_issueddocument WHERE kind = 'receipt'"
        f" AND subject_key LIKE 'proposal:{pk}:%%' AND rendered_at IS NOT NULL"
    )
    assert demo_stack.query(
        "SELECT state, receipt_number FROM submissions_proposal WHERE id = %s", pk
    ) == [("submitted", number)]
    assert _number(demo_stack, receipt) == 0

    demo_stack.valkey.start()

    wait_until(lambda: _number(demo_stack, receipt) == 1, 150, demo_stack.log)
    wait_until(lambda: _number(demo_stack, UNSENT) == 0, 150, demo_stack.log)
    mails = demo_stack.mailbox.to("kepala.opd@tegal.example", number)
    assert len(mails) == 1


def _number(stack, sql: str) -> int:
    return stack.query(sql)[0][0]
