"""Figures of rounds, each in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Institution
from competitions.models import Category, Round, Stage
from competitions.phases import stage_of_kind
from submissions.models import (
    ENTERED_STATES,
    UNSENT_STATES,
    Proposal,
    ProposalQuerySet,
    ProposalState,
)

CHART_DAYS = 14


@dataclass(frozen=True)
class Unit:
    """One institution at the top of its tree, with what its whole tree entered."""

    code: str
    label: str
    name: str
    entered: int
    unsent: int

    @property
    def is_in(self) -> bool:
        return self.entered > 0

    @property
    def note(self) -> str:
        if self.is_in:
            return ngettext(
                "%(count)d proposal", "%(count)d proposals", self.entered
            ) % {"count": self.entered}
        return _("Draft, not sent yet") if self.unsent else _("Not taking part yet")


@dataclass(frozen=True)
class Participation:
    """Who takes part in a round: those missing first, then by name."""

    units: Sequence[Unit]
    proposal_count: int

    @property
    def total(self) -> int:
        return len(self.units)

    @property
    def filled(self) -> int:
        return sum(unit.is_in for unit in self.units)

    @property
    def missing(self) -> int:
        return self.total - self.filled


def participation(round: Round, stages: Sequence[Stage], at: datetime) -> Participation:
    """Tell which institutions take part in `round`, in two queries.

    Each at the top of its tree counts for all below it: a health centre's proposal
    is its agency's too. Citizens' groups are welcome but not expected. Institutions
    are those active when submission closes, or today if that is yet to come.
    """
    submission = stage_of_kind(stages, Stage.Kind.SUBMISSION)
    moment = min(at, submission.closes_at) if submission else at
    institutions = (
        Institution.objects.filter(
            government=round.competition.government_id, parent=None
        )
        .exclude(kind=Institution.Kind.COMMUNITY)
        .active_on(moment.astimezone(round.zone).date())
        .order_by("name", "pk")
        .values_list("code", "short_name", "name")
    )
    counts = {
        code: (entered, unsent)
        for code, entered, unsent in _of_trees(
            Proposal.objects.filter(
                round=round,
                institution__government=round.competition.government_id,
            )
        )
        .values_list("tree")
        .annotate(
            entered=Count("pk", filter=Q(state__in=ENTERED_STATES)),
            unsent=Count("pk", filter=Q(state__in=UNSENT_STATES)),
        )
        .order_by()
    }
    units = [
        Unit(code, label, name, *counts.get(code, (0, 0)))
        for code, label, name in institutions
    ]
    return Participation(
        units=sorted(units, key=lambda unit: unit.is_in),
        proposal_count=sum(entered for entered, _unsent in counts.values()),
    )


def _of_trees(proposals: ProposalQuerySet) -> QuerySet[Any, Any]:
    """Tell of each proposal the code of the institution at the top of its tree."""
    return proposals.annotate(
        tree=Func(
            F("institution__path"),
            Value("/"),
            Value(1),
            function="split_part",
            output_field=CharField(),
        )
    )


@dataclass(frozen=True)
class ProposalCounts:
    """The proposals of a round by what became of them."""

    unsent: int
    endorsing: int
    submitted: int
    passed: int
    failed: int

    @property
    def entered(self) -> int:
        return self.submitted + self.passed + self.failed


def proposal_counts(round: Round) -> ProposalCounts:
    """Count the proposals of `round` by state, in one query."""
    rows = (
        Proposal.objects.filter(round=round)
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    by_state = Counter(dict(rows))
    return ProposalCounts(
        unsent=sum(by_state[state] for state in UNSENT_STATES),
        endorsing=by_state[ProposalState.ENDORSING],
        submitted=by_state[ProposalState.SUBMITTED],
        passed=by_state[ProposalState.SCREENED_PASSED],
        failed=by_state[ProposalState.SCREENED_FAILED],
    )


@dataclass(frozen=True)
class DailyCounts:
    """Proposals submitted on each day of a span."""

    first: date
    last: date
    days: Sequence[tuple[date, int]]

    @property
    def busiest(self) -> tuple[date, int]:
        return max(self.days, key=lambda day: day[1])


def submissions_per_day(
    round: Round, submission: Stage | None, at: datetime, zone: tzinfo
) -> DailyCounts | None:
    """Count what was submitted on the last days of the stage, as `zone` counts them.

    One query; nothing before the stage opens.
    """
    if submission is None or at < submission.opens_at:
        return None
    end = min(at, submission.closes_at - timedelta(microseconds=1))
    last = end.astimezone(zone).date()
    opening = submission.opens_at.astimezone(zone).date()
    first = max(opening, last - timedelta(days=CHART_DAYS - 1))
    counts = dict(
        Proposal.objects.entered()
        .filter(round=round)
        .annotate(day=TruncDate("submitted_at", tzinfo=zone))
        .filter(day__gte=first)
        .order_by()
        .values_list("day")
        .annotate(Count("pk"))
    )
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return DailyCounts(first, last, [(day, counts.get(day, 0)) for day in span])


def entered_by_category(round: Round) -> list[tuple[str, int]]:
    """Count what was submitted in each category, most first, in one query."""
    rows = (
        Category.objects.filter(round=round)
        .annotate(
            entered=Count("proposal", filter=Q(proposal__state__in=ENTERED_STATES))
        )
        .order_by("-entered", "order", "pk")
    )
    return [(category.name, category.entered) for category in rows]


@dataclass(frozen=True)
class RoundFigures:
    """How many take part in one round of a list."""

    taking_part: int
    expected: int
    entered: int


def figures_of(rounds: Iterable[Round], day: date) -> dict[int, RoundFigures]:
    """Count participation of several rounds, in two queries, by the round's id.

    The institutions expected are those active on `day`.
    """
    listed = list(rounds)
    expected = dict(
        Institution.objects.filter(
            government__in={round.competition.government_id for round in listed},
            parent=None,
        )
        .exclude(kind=Institution.Kind.COMMUNITY)
        .active_on(day)
        .order_by()
        .values_list("government")
        .annotate(Count("pk"))
    )
    counts = {
        pk: (trees, entered)
        for pk, trees, entered in _of_trees(
            Proposal.objects.entered().filter(
                round__in=listed,
                institution__government=F("round__competition__government"),
            )
        )
        .order_by()
        .values_list("round")
        .annotate(Count("tree", distinct=True), Count("pk"))
    }
    return {
        round.pk: RoundFigures(
            taking_part=counts.get(round.pk, (0, 0))[0],
            expected=expected.get(round.competition.government_id, 0),
            entered=counts.get(round.pk, (0, 0))[1],
        )
        for round in listed
    }


def previous_participation(
    round: Round, day: date
) -> tuple[Round, RoundFigures] | None:
    """The round before `round` in its series and who took part in it, if any."""
    before = (
        Round.objects.published()
        .filter(competition=round.competition_id, year__lt=round.year)
        .select_related("competition")
        .order_by("-year")
        .first()
    )
    return (before, figures_of([before], day)[before.pk]) if before else None
