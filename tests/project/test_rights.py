"""Every route answers exactly those whom the rights table names."""

import pytest
from django.http import HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern
from django.views.decorators.http import require_POST, require_safe

from tests.project.city import EVERYBODY, PUBLIC
from tests.project.rights import ROWS
from tests.project.rows import row
from tests.project.visits import all_routes

pytestmark = pytest.mark.django_db

NAMES = sorted({(each.route, each.method) for each in ROWS})


def without_row(routes, rows):
    """Name what has no row: route and method, or a route that names no methods."""
    known = {(each.route, each.method) for each in rows}
    return sorted(
        (route.name, method)
        for route in routes
        for method in (route.methods or {"any method"})
        if (route.name, method) not in known
    )


def without_route(routes, rows):
    """Name the rows that speak of a route or method there is none of."""
    real = {
        (route.name, method)
        for route in routes
        for method in route.methods or ("GET", "POST")
    }
    return sorted({(each.route, each.method) for each in rows} - real)


# The table is complete ----------------------------------------------------------------


def test_every_route_and_method_has_a_row():
    assert without_row(all_routes(), ROWS) == []


def test_every_row_has_a_route():
    assert without_route(all_routes(), ROWS) == []


def test_new_route_without_a_row_is_found():
    @require_safe
    def read(request):
        return HttpResponse()

    @require_POST
    def write(request):
        return HttpResponse()

    def unsure(request):
        return HttpResponse()

    patterns = [
        path("baca/", read, name="read"),
        path("tulis/", write, name="write"),
        path("entah/", unsure, name="unsure"),
    ]
    routes = all_routes(URLResolver(RegexPattern(r"^/"), patterns))

    missing = without_row(routes, [row("read", "*")])
    surplus = without_route(routes, [row("read", "*"), row("write", "*")])

    assert missing == [("unsure", "any method"), ("write", "POST")]
    assert surplus == [("write", "GET")]


# The portal keeps to the table --------------------------------------------------------


def expected(person, each, route):
    """Say in words what `person` must get."""
    if person in each.allow:
        return "a fine answer" if each.answer is None else each.answer
    if person in each.forbid:
        return 403
    return "sign in" if person == PUBLIC and not route.is_public else 404


def received(wanted, answer, route):
    """Say what `person` got, in the words of `expected`.

    Ways in may lead to the sign-in page: that is their own answer.
    """
    if answer.asks_to_sign_in and not route.is_public:
        return "sign in"
    is_fine = answer.status < 500 and answer.status not in (403, 404, 405)
    return "a fine answer" if wanted == "a fine answer" and is_fine else answer.status


@pytest.mark.parametrize(
    ("name", "method"), NAMES, ids=[" ".join(each) for each in NAMES]
)
def test_rights(name, method, visitor, leaks, plain_refusals):
    route = next(each for each in all_routes() if each.name == name)
    wrong = []

    for each in ROWS:
        if (each.route, each.method) != (name, method):
            continue
        for person in EVERYBODY:
            answer = visitor.ask_row(person, each)
            wanted = expected(person, each, route)
            got = received(wanted, answer, route)
            if got != wanted:
                wrong.append(f"{each}, {person}: {wanted}, got {got} {answer.error}")
            if found := leaks.find(person, answer):
                wrong.append(f"{each}, {person}: {answer.status} shows {found}")

    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


# The library's own pages are left to the library.
LIBRARYS = ("account_", "mfa_")
OURS = sorted({each.route for each in ROWS if not each.route.startswith(LIBRARYS)})


@pytest.mark.parametrize("name", OURS)
def test_methods_without_a_row_are_refused(name, visitor):
    rows = [each for each in ROWS if each.route == name]
    taken = {each.method for each in rows}
    person = min(rows[0].allow or {PUBLIC})

    answers = {
        method: visitor.ask(person, visitor.address(rows[0]), method=method).status
        for method in ("GET", "POST", "PUT", "DELETE")
        if method not in taken
    }

    assert answers == dict.fromkeys(answers, 405)
