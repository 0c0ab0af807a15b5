"""Hostile words in every text of the world are shown harmless wherever they come.

Pages, tables, documents and mails, asked for by somebody who may see them.
"""

import pytest

from tests.project import hostile, visits
from tests.project.city import PUBLIC
from tests.project.rights import ROWS

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(make_world):
    with make_world() as made:
        made.poisoned = hostile.poison(made)
        yield made


@pytest.fixture
def bodies(monkeypatch):
    """What came back last, as bytes."""
    kept = []
    read = visits._read

    def keep(url, response, error):
        if response.streaming:
            kept[:] = [b"".join(response)]
            response.streaming_content = iter(kept)
        else:
            kept[:] = [response.content]
        return read(url, response, error)

    monkeypatch.setattr(visits, "_read", keep)
    return kept


def readers(row):
    """Somebody who may see the page, and the public if it may."""
    kinds = ["author", "juror", "secretariat", "admin", "leader"]
    may = [person for person in kinds if person in row.allow] or sorted(row.allow)
    return {*may[:1], *({PUBLIC} & set(row.allow))}


def test_hostile_words_act_nowhere(visitor, bodies):
    assert visitor.world.poisoned > 100
    wrong, shown = [], 0

    for row in ROWS:
        # No clock ticks in a test, and the page of health tells of it.
        if row.method != "GET" or row.route == "readyz":
            continue
        for person in readers(row):
            answer = visitor.ask_row(person, row)
            where = f"{person} {answer.url}"
            if answer.status >= 500 or answer.error:
                wrong.append(f"{where}: {answer.status} {answer.error}")
                continue
            wrong += [
                f"{where}: {fault}"
                for fault in hostile.faults_of(answer.content_type, bodies[0])
            ]
            shown += hostile.WORD.encode() in bodies[0]

    assert shown > 40
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)
