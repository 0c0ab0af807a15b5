"""Files handed out whole, in part, or not again."""

import pytest

from tests.factories.submissions import EvidenceFactory
from tests.submissions.browsing import content_of, url

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.4 0123456789"


@pytest.fixture
def ask(client, live_city):
    evidence = EvidenceFactory(proposal=live_city.proposal(), content=CONTENT)
    client.force_login(live_city.author)
    return lambda **headers: client.get(
        url("evidence_file", evidence.key), headers=headers
    )


def test_browser_that_has_the_file_is_told_so(ask):
    first = ask()
    etag = first["ETag"]
    again = ask(if_none_match=etag)

    assert content_of(first) == CONTENT
    assert (again.status_code, content_of(again)) == (304, b"")
    assert "private" in again["Cache-Control"]
    assert content_of(ask(if_none_match='"lain"')) == CONTENT


@pytest.mark.parametrize(
    ("asked", "status", "told", "part"),
    [
        ("bytes=0-3", 206, "bytes 0-3/19", CONTENT[:4]),
        ("bytes=9-", 206, "bytes 9-18/19", CONTENT[9:]),
        ("bytes=-4", 206, "bytes 15-18/19", CONTENT[-4:]),
        ("bytes=9-999", 206, "bytes 9-18/19", CONTENT[9:]),
        ("bytes=-999", 206, "bytes 0-18/19", CONTENT),
        ("bytes=19-", 416, "bytes */19", b""),
        ("bytes=5-2", 416, "bytes */19", b""),
        ("bytes=-", 200, None, CONTENT),
        ("bytes=0-1,3-4", 200, None, CONTENT),
        ("zeilen=1-2", 200, None, CONTENT),
    ],
)
def test_part_of_a_file(ask, asked, status, told, part):
    answer = ask(range=asked)

    assert (answer.status_code, answer.get("Content-Range")) == (status, told)
    assert content_of(answer) == part
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_part_of_another_version_is_the_whole(ask):
    answer = ask(range="bytes=0-3", if_range='"alt"')

    assert (answer.status_code, content_of(answer)) == (200, CONTENT)
