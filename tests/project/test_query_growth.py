"""No page asks the database more often because there is more in it.

Every page of the rights table is asked in a small world and in one with three times as
many institutions, proposals, jurors, rounds, awards, papers and messages.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.project.city import PUBLIC
from tests.project.rights import ROWS
from tests.project.visits import Visitor

pytestmark = pytest.mark.django_db

BUDGET = 25  # queries of any page
# One person for each way of looking at things.
WATCHED = [
    PUBLIC,
    "author",
    "admin_above",
    "juror",
    "secretariat",
    "leader",
    "leader_above",
]
PAGES = [
    (person, each)
    for each in ROWS
    if each.method == "GET" and each.answer in (200, None)
    for person in WATCHED
    # What everybody sees is much the same for everybody.
    if person in each.allow and (PUBLIC not in each.allow or person in WATCHED[:2])
]


def count_queries(visitor, pages=PAGES):
    """Count the queries of every page, by the page's name."""
    counts = {}
    for person in WATCHED:  # sessions and the like are kept from now on
        for name in ("home", "catalogue:entry_list"):
            visitor.ask(person, reverse(name))
    for person, each in pages:
        with CaptureQueriesContext(connection) as asked:
            answer = visitor.ask_row(person, each)
        if answer.status < 400:  # or else the rights table tells of it
            # Our own savepoints around the request are not the page's.
            counts[f"{each}, {person}"] = sum(
                "SAVEPOINT" not in query["sql"] for query in asked
            )
    return counts


@pytest.fixture(scope="module")
def counted(make_world):
    """The queries of every page in the small world and in the large one."""
    found = []
    for size in (1, 3):
        with make_world(size=size) as world:
            visitor = Visitor(world)
            found.append(count_queries(visitor))
            # On a slow machine what is kept for a minute is asked anew in between.
            more = [
                (person, each)
                for person, each in PAGES
                if _of(found[-1], person, each) > _of(found[0], person, each)
            ]
            found[-1] |= count_queries(visitor, more)
    return found


def _of(counts, person, row):
    return counts.get(f"{row}, {person}", 0)


def test_pages_stay_within_the_budget(counted):
    _small, large = counted

    assert len(large) > 100
    assert {page: count for page, count in large.items() if count >= BUDGET} == {}


def test_queries_do_not_grow_with_the_data(counted):
    small, large = counted

    assert small.keys() == large.keys()
    assert {
        page: (small[page], large[page]) for page in small if large[page] > small[page]
    } == {}
