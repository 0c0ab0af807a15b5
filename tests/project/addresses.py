"""Every address of everything a city has, made from the routes and the models."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Government, User
from tests.project.city import City
from tests.project.rights import ROWS
from tests.project.visits import Route

# What an argument of a route may name: model and field. A route with another argument
# fails the test until it is written here.
ARGUMENTS: dict[str, list[str]] = {
    "government": ["accounts.Government.slug"],
    "institution": ["accounts.Institution.code"],
    "round": ["competitions.Round.slug"],
    "scope": ["accounts.Government.code"],
    "round_slug": ["competitions.Round.slug"],
    "event": ["competitions.Event.slug"],
    "slug": ["competitions.Announcement.slug", "catalogue.Entry.slug"],
    "section": ["competitions.Section.code"],
    "sequence": ["judging.Result.sequence"],
    "stage": ["competitions.ScoringStage.code"],
    "innovation": ["innovations.Innovation.slug"],
    "kind": ["competitions.LetterKind.code", "competitions.Stage.kind"],
    "part": ["submissions.LateText.part"],
    "proposal": ["submissions.Proposal.code"],
    "photo_key": ["judging.VisitPhoto.key"],
    "evidence_key": ["submissions.Evidence.key", "submissions.StatementLetter.key"],
    "code": [
        "accounts.DataExport.code",
        "accounts.DataRequest.code",
        "accounts.KeptForm.code",
        "competitions.Registration.code",
        "documents.IssuedDocument.code",
        "submissions.Proposal.code",
    ],
    "key": [
        "accounts.InstitutionImport.key",
        "accounts.Invitation.key",
        "accounts.Handover.key",
        "accounts.Membership.key",
        "accounts.Signatory.key",
        "accounts.User.key",
        "awards.Award.key",
        "awards.CommitteeMember.key",
        "awards.Forwarding.key",
        "competitions.Attachment.key",
        "competitions.ReminderPlan.key",
        "competitions.StageException.key",
        "documents.Batch.code",
        "innovations.Achievement.key",
        "innovations.JointOwner.key",
        "judging.Juror.key",
        "judging.Plenary.key",
        "judging.PresentationDay.key",
        "judging.PresentationSlot.key",
        "judging.ScoreSheet.key",
        "monitoring.Broadcast.key",
        "notifications.Message.code",
        "submissions.Evidence.key",
        "submissions.EvidenceLink.key",
        "submissions.ObjectionFile.key",
        "submissions.PartialUpload.key",
        "submissions.SectionNote.key",
        "submissions.StatementLetter.key",
        "submissions.TrackInvitation.key",
    ],
}
# What says how, not of what; one value of each is enough.
MANNERS = {
    "certificate": "panitia",
    "logo_place": "1",
    "channel": "email",
    "shape": "lanskap",
    "step": "mulai",
    "ending": "csv",
    "name": "data-umum.json",
}
# Rows that lead to two governments, and the way to the one they belong to.
OWNED = {
    "awards.Forwarding": "award__row__result__government",
    "submissions.Proposal": "institution__government",
    "submissions.Evidence": "proposal__institution__government",
    "submissions.EvidenceLink": "proposal__institution__government",
    "submissions.PartialUpload": "proposal__institution__government",
    "submissions.StatementLetter": "proposal__institution__government",
}
# Apps whose pages show what another one keeps.
SHOWN = {"catalogue": "innovations"}
# What is known to the one who was sent it, and to nobody else; not to be made up.
SECRETS = {"secret", "token", "uidb36", "pk"}
# Values of one model that are tried where several arguments are combined.
FEW = 3


@dataclass(frozen=True)
class Address:
    """One address, and the route it belongs to."""

    route: Route
    url: str


def converters_of_routes() -> Iterator[tuple[Route, dict[str, Any]]]:
    """Give every route that has arguments, with their converters by name."""

    def walk(resolver: URLResolver, space: str) -> Iterator[tuple[Route, Any]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                if pattern.pattern.converters:
                    route = Route(f"{space}{pattern.name}", pattern.callback)
                    yield route, pattern.pattern.converters
            else:
                inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
                yield from walk(pattern, inner)

    return walk(get_resolver(), "")


def routes_with_arguments() -> Iterator[tuple[Route, list[str]]]:
    """Give every route that has arguments, with their names."""
    for route, converters in converters_of_routes():
        yield route, list(converters)


def unknown_arguments() -> set[tuple[str, str]]:
    """Name the arguments of routes that ARGUMENTS does not know."""
    known = ARGUMENTS.keys() | MANNERS.keys() | SECRETS
    return {
        (route.name, name)
        for route, names in routes_with_arguments()
        for name in names
        if name not in known
    }


class Addresses:
    """The addresses of all that belongs to one city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.values = cache(self._values)

    def of_everything(self) -> list[Address]:
        found = {}
        for route, names in routes_with_arguments():
            if SECRETS.isdisjoint(names):
                for args in self._arguments(route, names):
                    try:
                        url = reverse(route.name, args=args)
                    except NoReverseMatch:
                        continue  # a slug where the route wants a UUID
                    found[route.name, url] = Address(route, url)
        return list(found.values())

    def _arguments(self, route: Route, names: list[str]) -> Iterator[tuple[str, ...]]:
        """Combine the values; those of the rights table fit together."""
        for row in ROWS:
            if row.route == route.name and all("." in part for part in row.path):
                yield tuple(self.resolve(part) for part in row.path)
        lists = [self.candidates(route, name) for name in names]
        if len(lists) > 1:
            lists = [_spread(each, FEW) for each in lists]
        yield from product(*lists)

    def resolve(self, part: str) -> str:
        return str(attrgetter(part)(self.city))

    def candidates(self, route: Route, name: str) -> list[str]:
        """Give the values of an argument: of models of the route's own app, if any."""
        if name in MANNERS:
            return [MANNERS[name]]
        app = route.name.partition(":")[0]
        sources = ARGUMENTS[name]
        apps_shown = (f"{app}.", f"{SHOWN.get(app, app)}.")
        own = [each for each in sources if each.startswith(apps_shown)]
        return [value for each in own or sources for value in self.values(each)]

    def _values(self, source: str) -> list[str]:
        label, _dot, field = source.rpartition(".")
        model = apps.get_model(label)
        rows = model._default_manager.filter(self._is_of_city(model)).order_by("pk")
        return [str(each) for each in dict.fromkeys(rows.values_list(field, flat=True))]

    def _is_of_city(self, model: type[models.Model]) -> Q:
        """Tell the rows of the city by the government they lead to, or the person."""
        if model is Government:
            return Q(pk=self.city.government.pk)
        if owner := OWNED.get(model._meta.label):
            return Q(**{owner: self.city.government.pk})
        people = [each.pk for each in self.city.people.values()]
        if model is User:
            return Q(pk__in=people)
        found = Q(pk__in=[])
        for path in paths_to(model, Government):
            found |= Q(**{path: self.city.government.pk})
        if not paths_to(model, Government):
            for path in paths_to(model, User):
                found |= Q(**{f"{path}__in": people})
        return found


@cache
def paths_to(model: type[models.Model], goal: type[models.Model]) -> list[str]:
    """Give the shortest ways from `model` to `goal` along foreign keys.

    Of a row that belongs either here or there, as a role, each way is given.
    """
    level: list[tuple[str, Any]] = [("", model)]
    for _depth in range(5):
        ahead = [
            (f"{path}__{field.name}".removeprefix("__"), field.related_model)
            for path, each in level
            for field in each._meta.fields
            if isinstance(field, models.ForeignKey) and field.related_model is not each
        ]
        found = [path for path, each in ahead if each is goal]
        if found:
            # A nullable way may be empty: the next level is another one.
            more = [
                f"{path}__{field.name}"
                for path, each in ahead
                if each is not goal
                for field in each._meta.fields
                if field.related_model is goal and goal is Government
            ]
            return found + more
        level = ahead
    return []


def _spread(values: list[str], number: int) -> list[str]:
    """Choose `number` of them, first and last among them."""
    if len(values) <= number:
        return values
    step = (len(values) - 1) / (number - 1)
    return [values[round(place * step)] for place in range(number)]
