"""Who may do what: every route, every method, every kind of person.

One row for each route and method, and one more for each object whose state or owner
changes the answer. `allow` names who gets an answer, `forbid` who sees the thing but
may not do this (403). Everybody else gets 404; the public is sent to the sign-in page
where a page asks for signing in, and gets 404 on public ones. "*" is everybody.

A word with a dot names an object of `world`: "draft.code" is the code of the draft.
"""

from tests.project.rights import (
    accounts,
    allauth,
    assigning,
    awards,
    catalogue,
    competitions,
    documents,
    judging,
    monitoring,
    notifications,
    people_pages,
    plenary,
    portal,
    privacy,
    register,
    stages,
    submissions,
)
from tests.project.rights.people import COMPETING

ROWS = [
    *portal.ROWS,
    *allauth.ROWS,
    *accounts.ROWS,
    *privacy.ROWS,
    *competitions.ROWS,
    *submissions.ROWS,
    *judging.ROWS,
    *plenary.ROWS,
    *assigning.ROWS,
    *stages.ROWS,
    *awards.ROWS,
    *catalogue.ROWS,
    *register.ROWS,
    *monitoring.ROWS,
    *documents.ROWS,
    *notifications.ROWS,
    *people_pages.ROWS,
]

__all__ = ["COMPETING", "ROWS"]
