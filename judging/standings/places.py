"""Places of a ranking, live or sealed, seen the same way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Value

from competitions.models import ScoringStage
from competitions.queries import ScoringParts
from judging import ranking, sealing
from judging.combining import Final
from judging.models import Result, ResultPart
from judging.ordering import SHARED
from judging.ranking import Standing
from judging.standings.live import Judged


class SealedPlace(NamedTuple):
    """The stored columns of a place."""

    proposal_id: int
    proposal: str
    rank: int | None
    total: Decimal | None
    sheet_count: int
    tie_rule: str
    passes: bool
    is_shortlisted: bool
    ranks: Mapping[str, int]
    verdict: str = ""
    stopped_at: str = ""
    predicate: str = ""
    shortfalls: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a ranking: of one stage, or of all together."""

    proposal_id: int
    source: Standing | Final | SealedPlace
    verdict: str = ""
    stopped_at: str = ""
    predicate: str = ""
    shortfalls: Sequence[Mapping[str, Any]] = ()

    @property
    def code(self) -> str:
        return self.source.proposal

    @property
    def rank(self) -> int | None:
        return self.source.rank

    @property
    def total(self) -> Decimal | None:
        """The total, for the eye."""
        total = self.source.total
        return ranking.readable(total) if isinstance(total, Fraction) else total

    @property
    def sheet_count(self) -> int:
        return self.source.sheet_count

    @property
    def tie_rule(self) -> str:
        return self.source.tie_rule

    @property
    def is_shared(self) -> bool:
        return self.source.tie_rule == SHARED

    @property
    def passes(self) -> bool:
        return self.source.passes

    @property
    def is_shortlisted(self) -> bool:
        return self.source.is_shortlisted

    def rank_within(self, per: str) -> int | None:
        """Its rank among its track, category or cluster."""
        return self.source.ranks.get(per)


def stage_places(judged: Judged) -> list[Place]:
    """List the places of the last stage that was judged."""
    last = judged.last
    return [
        Place(
            judged.ids[each.proposal],
            each,
            verdict=last.verdicts.get(each.proposal, ""),
        )
        for each in last.standings
    ]


def final_places(judged: Judged) -> list[Place]:
    """List the places that all stages come to together."""
    return [
        Place(
            judged.ids[each.proposal],
            each,
            stopped_at=each.stopped_at,
            predicate=each.assessment.predicate if each.assessment else "",
            shortfalls=[
                sealing.shortfall_as_data(one) for one in each.assessment.shortfalls
            ]
            if each.assessment
            else (),
        )
        for each in judged.outcome.finals
    ]


_COLUMNS = (
    "rank",
    "total",
    "sheet_count",
    "tie_rule",
    "passes",
    "is_shortlisted",
    "ranks",
)


def sealed_places(result: Result, stage: ScoringStage) -> list[Place]:
    """Read the places of one stage of a sealed result (one query)."""
    rows = (
        ResultPart.objects.filter(row__result=result, scoring_stage=stage)
        .order_by("position")
        .values_list("row__proposal", "row__code", *_COLUMNS, "verdict")
    )
    return [_place(SealedPlace(*row)) for row in rows.iterator()]


def sealed_finals(result: Result) -> list[Place]:
    """Read the places of a sealed result, of all stages together (one query)."""
    rows = result.resultrow_set.order_by("position").values_list(
        "proposal",
        "code",
        *_COLUMNS,
        Value(""),
        "stopped_at",
        "predicate",
        "shortfalls",
    )
    return [_place(SealedPlace(*row)) for row in rows.iterator()]


def live_means(judged: Judged) -> dict[int, list[Decimal | None]]:
    """Give the means of each criterion of the last stage, by the proposal's id."""
    return {
        judged.ids[each.proposal]: [
            None if mean is None else ranking.readable(mean) for mean in each.means
        ]
        for each in judged.last.standings
    }


def stage_means(judged: Judged, parts: ScoringParts) -> dict[int, list[Decimal | None]]:
    """Give the means of each criterion of one stage, by the proposal's id."""
    outcome = next(
        each for each in judged.outcome.stages if each.rules.code == parts.stage.code
    )
    return {
        judged.ids[each.proposal]: [
            None if mean is None else ranking.readable(mean) for mean in each.means
        ]
        for each in outcome.standings
    }


def means_of(
    judged: Judged, proposal: str, parts: ScoringParts
) -> dict[str, Decimal | None]:
    """Give the means of one proposal in the last stage, by code of the criterion."""
    standing = judged.last.by_proposal.get(proposal)
    if standing is None:
        return {}
    return {
        each.code: None if mean is None else ranking.readable(mean)
        for each, mean in zip(parts.leaves, standing.means, strict=False)
    }


def total_of(judged: Judged, proposal: str) -> Decimal | None:
    """Give the total of one proposal in the last stage, for the eye."""
    standing = judged.last.by_proposal.get(proposal)
    total = standing.total if standing else None
    return None if total is None else ranking.readable(total)


def sealed_means(
    result: Result, stage: ScoringStage
) -> dict[int, list[Decimal | None]]:
    """Read the same of a sealed result (one query)."""
    parts = ResultPart.objects.filter(row__result=result, scoring_stage=stage)
    return dict(parts.values_list("row__proposal", "means"))


def _place(sealed: SealedPlace) -> Place:
    return Place(
        sealed.proposal_id,
        sealed,
        verdict=sealed.verdict,
        stopped_at=sealed.stopped_at,
        predicate=sealed.predicate,
        shortfalls=sealed.shortfalls,
    )
