"""All that a juror can ask for, and what came back, to be compared."""

import io
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponseNotFound
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from judging.models import Juror, ScoreSheet
from tests.factories.judging import (
    ConflictFactory,
    ScoreFactory,
    scoring_round,
    write_sheet,
)
from tests.factories.submissions import EvidenceFactory
from tests.judging.pages import content_of
from tests.project.addresses import ARGUMENTS, MANNERS, Addresses
from tests.project.visits import all_routes

# What changes something of whoever asks, or tells how the machine feels.
NOT_ASKED = {"account_logout", "notifications:message_open", "readyz"}
MASKED = re.compile(
    rb'(name="csrfmiddlewaretoken" value|"X-CSRFToken"|data-(?:token|seconds))'
    rb'[=:] ?"[^"]*"'
)
NONCE = re.compile(r"'nonce-[^']*'")


@dataclass(frozen=True)
class Face:
    """One answer: what is read, what is sent along, how much was asked for it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: int

    @property
    def kind(self):
        return dict(self.headers).get("Content-Type", "").partition(";")[0]


@dataclass
class Jury:
    """A juror, the others, and three proposals: own sheet final, begun, in conflict."""

    round: object
    mine: Juror
    others: list[Juror]
    final: ScoreSheet
    begun: ScoreSheet
    barred: ScoreSheet

    @property
    def user(self):
        return self.mine.user


class AllAddresses(Addresses):
    """Every address of one government, whatever the rights table names.

    Of jurors and sheets there are many alike: `keys` are those that are asked for.
    """

    def __init__(self, city, keys):
        super().__init__(city)
        left_out = set(Juror.objects.values_list("key", flat=True))
        left_out |= set(ScoreSheet.objects.values_list("key", flat=True))
        self.left_out = left_out - keys

    def _arguments(self, route, names):
        # What an argument may name is a test of the project's own.
        if set(names) <= ARGUMENTS.keys() | MANNERS.keys():
            yield from product(*(self._values_for(route, name) for name in names))

    def _values_for(self, route, name):
        """Give those of judging all, and of other apps what stands at the ends."""
        found = [
            each for each in self.candidates(route, name) if each not in self.left_out
        ]
        if route.name.startswith("judging:"):
            return found
        return list(dict.fromkeys([*found[:1], *found[-1:]]))


def build_jury(others_scores):
    """Make the round; nobody but the juror who asks has written anything yet."""
    round = scoring_round(jurors=4, proposals=3)
    round.scoringstage_set.update(others_scores=others_scores)
    mine, *others = Juror.objects.filter(round=round).order_by("pk")
    first, second, third = round.proposal_set.order_by("pk")
    sheets = {
        each.assignment.proposal_id: each
        for each in ScoreSheet.objects.filter(assignment__juror=mine).select_related(
            "assignment__proposal", "assignment__juror__user"
        )
    }
    ConflictFactory(juror=mine, proposal=third)
    ConflictFactory(juror=others[2], proposal=second)
    for proposal in (first, second, third):
        EvidenceFactory(proposal=proposal)
    write_sheet(sheets[first.pk], 70, 71)
    ScoreFactory(sheet=sheets[second.pk], value=50, note="Sementara.")
    ScoreSheet.objects.filter(pk=sheets[second.pk].pk).update(version=1)
    return Jury(
        round, mine, others, sheets[first.pk], sheets[second.pk], sheets[third.pk]
    )


def others_write(jury, *proposals, is_final=True):
    """Let the others write on them: one is done, one begins, one abstains."""
    for proposal in proposals:
        one, two, three = (
            ScoreSheet.objects.get(
                assignment__juror=juror, assignment__proposal=proposal
            )
            for juror in jury.others
        )
        write_sheet(one, "61.37", "73.91", is_final=is_final)
        write_sheet(two, "12.43", "98.89", is_final=False)
        for score in one.score_set.all():
            score.pk, score.sheet = None, three
            score.value, score.note = "33.33", "Rahasia juri."
            score.save()
        three.state, three.abstain_reason = "abstained", "Rahasia abstain."
        three.finalised_at = three.saved_at = three.opened_at = timezone.now()
        three.save()


def addresses_of(jury):
    """List every address there can be: of routes with arguments, and of the others."""
    government = jury.round.competition.government
    people = {str(each.pk): each for each in User.objects.all()}
    city = SimpleNamespace(government=government, people=people)
    sheets = ScoreSheet.objects.filter(assignment__juror=jury.others[0])
    keys = {jury.mine.key, jury.others[0].key}
    keys |= {each.key for each in (jury.final, jury.begun, jury.barred, *sheets[:1])}
    everything = AllAddresses(city, keys).of_everything()
    found = {each.url: each.route.name for each in everything}
    for route in all_routes():
        try:
            found[reverse(route.name)] = route.name
        except NoReverseMatch:
            continue  # it has arguments and stands above, or it has no name
    taken = {each.name for each in all_routes() if "GET" in (each.methods or {"GET"})}
    return {url: name for url, name in found.items() if name in taken - NOT_ASKED}


def signed_in(user):
    client = Client()
    client.force_login(user)
    # Or else each client would have a secret of its own, and pages with it.
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return client


def unpacked(body):
    """A workbook by its parts: the archive notes beside them when it was packed."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return b"".join(
            part.filename.encode() + book.read(part) for part in book.infolist()
        )


def ask(client, url, *, method="get", data=None, **headers):
    """Ask once, and undo whatever it changed."""
    cache.clear()
    connection.queries_log.clear()
    cookies = client.cookies.copy()
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        response = getattr(client, method)(url, data or {}, headers=headers)
        body = unpacked(content_of(response))
        transaction.set_rollback(True)
    client.cookies = cookies
    plain, masked = MASKED.subn(b"", body)
    told = {name: NONCE.sub("", value) for name, value in response.headers.items()}
    if masked and "ETag" in told:  # it is of a body with a new token in it
        told["ETag"] = ""
    return Face(response.status_code, tuple(sorted(told.items())), plain, len(asked))


def faces_of(jury, urls, **headers):
    """Ask for all of them as the juror."""
    client = signed_in(jury.user)
    return {url: ask(client, url, **headers) for url in urls}


@contextmanager
def stillness():
    """Let time stand still, and refusals be short: a whole page takes most of one."""

    def refuse(request, exception):
        return HttpResponseNotFound(str(exception))

    with (
        pytest.MonkeyPatch.context() as patch,
        time_machine.travel(datetime.now(UTC), tick=False),
    ):
        patch.setattr("kipp_portal.urls.handler404", refuse, raising=False)
        yield
