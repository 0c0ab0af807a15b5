"""Nothing of another government is found, whoever asks, whatever they ask for.

Addresses are made from the resolver and from the rows of the other city, so that a new
route is asked as soon as there is one.
"""

import os
from collections import Counter

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern

from tests.project import addresses
from tests.project.addresses import ARGUMENTS, Addresses
from tests.project.city import PUBLIC
from tests.project.rights import ROWS

pytestmark = pytest.mark.django_db

WHO = [
    PUBLIC,
    "author",
    "admin",
    "admin_above",
    "juror",
    "secretariat",
    "secretariat_competing",
    "leader",
    "former",
    "nobody",
    "system_admin",
]
# Those ask for everything in every manner; of the others each asks for a share of every
# route, and together they ask for all. KIPP_CRAWL=all lets everybody ask for all.
THOROUGH = {"secretariat", "author"}
SHARE = 1 if os.environ.get("KIPP_CRAWL") == "all" else 8
# The secretariats of all governments are the system admin's: their invitations, roles
# and accounts, which the table asks for in one city.
OF_SECRETARIATS = {
    "accounts:invitation_resend",
    "accounts:invitation_withdraw",
    "accounts:person_close",
    "accounts:person_second_factor",
}
# Rows that no address names: parts of others, shown with them.
NOT_ADDRESSED = {
    "awards.DecreeScan.key",
    "competitions.AwardLevel.code",
    "competitions.Category.code",
    "competitions.Cluster.code",
    "competitions.Competition.slug",
    "competitions.Consent.code",
    "competitions.Criterion.code",
    "competitions.HeaderField.code",
    "competitions.Predicate.code",
    "competitions.Requirement.code",
    "competitions.ScoringStage.code",
    "competitions.Track.code",
    "documents.Inspection.key",  # that of its file
    "innovations.AchievementFile.key",  # asked for by its achievement
    "judging.ResultRow.code",
    "judging.VisitClaim.key",  # named by a button of the sheet
    "notifications.Message.key",
}


@pytest.fixture(scope="module")
def foreign(world):
    return Addresses(world.foreign).of_everything()


def ways_to_ask(route, person, *, is_first):
    """Give method and headers of each request that is worth a try.

    How a page answers other methods and parts hangs on the route, not on the row: they
    are tried on the first address of a route.
    """
    methods = sorted(route.methods or {"GET", "POST"})
    for method in methods:
        yield method, {}
    if person == "secretariat" and is_first:
        if "GET" in methods:
            yield "HEAD", {}
            yield "GET", {"HX-Request": "true"}
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            yield method, {}


def share_of(person, foreign):
    """Choose the addresses that `person` asks for."""
    seen, turn = Counter(), WHO.index(person)
    for address in foreign:
        name = address.route.name
        seen[name] += 1
        if person in THOROUGH or seen[name] == 1 or (seen[name] + turn) % SHARE == 0:
            yield address


def may_see_all(person, route, method):
    """Whether the rights table knows `person` here, whatever the government."""
    if person != "system_admin":
        return False
    return route.name in OF_SECRETARIATS or any(
        (each.route, each.method) == (route.name, method)
        and person in each.allow | each.forbid
        for each in ROWS
    )


@pytest.mark.parametrize("person", WHO)
def test_nothing_of_another_government_is_found(
    person, foreign, visitor, leaks, plain_refusals
):
    wrong, count, begun = [], 0, set()

    for address in share_of(person, foreign):
        is_first = address.route.name not in begun
        begun.add(address.route.name)
        for method, headers in ways_to_ask(address.route, person, is_first=is_first):
            if may_see_all(person, address.route, method):
                continue
            count += 1
            answer = visitor.ask(
                person,
                address.url,
                method=method,
                data={"nothing": "1"} if method == "POST" else None,
                headers=headers,
            )
            refused = answer.status in (404, 405) or answer.asks_to_sign_in
            if answer.status == 302 and not refused:
                # Back to what everybody may read, as from an address to post to.
                refused = visitor.ask(PUBLIC, answer.location).status == 200
            if not refused and address.route.is_public:
                # Public: whoever asks, it is the page that everybody gets.
                plain = visitor.ask(PUBLIC, address.url, method=method, headers=headers)
                refused = plain.status == answer.status
            if not refused:
                wrong.append(f"{method} {address.url} {headers}: {answer.status}")
            # Who has the code of a paper holds the paper in their hands.
            is_code = address.route.name == "documents:verify_code"
            if not is_code and (found := leaks.find(person, answer)):
                wrong.append(f"{method} {address.url} shows {found}")

    assert count > 200
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_crawl_asks_for_every_route_with_arguments(foreign):
    asked = {each.route.name for each in foreign}
    unasked = {
        route.name
        for route, names in addresses.routes_with_arguments()
        if addresses.SECRETS.isdisjoint(names)
    } - asked

    assert unasked == set()


def test_those_who_may_find_what_the_crawl_asks_for(foreign, visitor, plain_refusals):
    """Or else it would prove nothing: most of it is there for its own people."""
    people = ["secretariat_foreign", "author_foreign", "juror_foreign"]
    reading = [each for each in foreign if "GET" in (each.route.methods or {"GET"})]
    missing = {each.route.name for each in reading}
    for address in reading:
        for person in people:
            if address.route.name not in missing:
                break
            if visitor.ask(person, address.url).status < 400:
                missing.discard(address.route.name)

    # Addresses of one person's own things, by those whose things they are.
    assert len(missing) < len({each.route.name for each in reading}) / 4, missing


def test_arguments_of_routes_are_known():
    """Write a new argument into `tests.project.addresses.ARGUMENTS`."""
    assert addresses.unknown_arguments() == set()


def test_unknown_argument_is_found(monkeypatch):
    patterns = [
        path("a/<slug:thing>/", lambda request, thing: HttpResponse(), name="a")
    ]
    resolver = URLResolver(RegexPattern(r"^/"), patterns)
    monkeypatch.setattr(addresses, "get_resolver", lambda: resolver)

    assert addresses.unknown_arguments() == {("a", "thing")}


def test_what_can_be_addressed_is_asked_for():
    """Write a new model with a public name into ARGUMENTS, or below."""
    known = {each for sources in ARGUMENTS.values() for each in sources}
    ours = {pattern.partition(":")[0] for pattern in known}
    apps_of_ours = {each.partition(".")[0] for each in ours} | {"innovations"}

    nameable = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in apps_of_ours and not hasattr(model, "pgh_obj_id")
        for field in model._meta.fields
        if field.name in ("key", "code", "slug")
    }

    assert sorted(nameable - known - NOT_ADDRESSED) == []
