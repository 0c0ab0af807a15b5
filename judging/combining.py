"""How the stages of a round become one result: exact, without database or clock.

Each stage judges those whom the stage before let through. The final score is the sum
of what each scored stage comes to on a scale of 0 to 100, times its share in percent;
a gate has no share and only lets through.
Source: rules SCO-12, SCO-13 and PLN-02 in docs/rules.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

from judging import assessing, ranking
from judging.assessing import Assessment, Component, PredicateRule
from judging.ordering import NO_GROUPS, Entry, Groups, Place, Votes, in_order
from judging.ranking import RuleSet, Standing, Tally, hundredths

PASSES, REMARKS, FAILS = "passes", "remarks", "fails"


@dataclass(frozen=True)
class StageRules:
    """A scoring stage of a round: what it goes by and what it counts for.

    `tree` and `predicates` are those of an assessment.
    """

    code: str
    ranking: RuleSet
    share: Decimal = Decimal(100)
    scale_max: Decimal = Decimal(100)
    is_gate: bool = False
    tree: tuple[Component, ...] = ()
    predicates: tuple[PredicateRule, ...] = ()


@dataclass(frozen=True)
class Verdicts:
    """How many jurors let a proposal through a gate, did so with remarks, did not."""

    passes: int = 0
    remarks: int = 0
    fails: int = 0


NO_VERDICTS = Verdicts()


class Contestant(NamedTuple):
    """A proposal that takes part; `held` are predicates held since earlier rounds."""

    code: str
    groups: Groups = NO_GROUPS
    held: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Papers:
    """The final sheets of one stage, by proposal: added up, or verdicts of a gate.

    `agreed` are scores by criterion and `ruled` verdicts that a plenary put in their
    place, `votes` the orders it voted for among equals, the latest first.
    """

    tallies: Mapping[str, Tally] = field(default_factory=dict)
    verdicts: Mapping[str, Verdicts] = field(default_factory=dict)
    agreed: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    ruled: Mapping[str, str] = field(default_factory=dict)
    votes: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class StageOutcome:
    """What one stage came to; `verdicts` and `assessments` are by proposal."""

    rules: StageRules
    standings: Sequence[Standing]
    verdicts: Mapping[str, str] = field(default_factory=dict)
    assessments: Mapping[str, Assessment] = field(default_factory=dict)
    votes: Sequence[Sequence[str]] = ()

    @cached_property
    def by_proposal(self) -> Mapping[str, Standing]:
        return {each.proposal: each for each in self.standings}

    @property
    def through(self) -> list[str]:
        """Who is judged in the next stage, in the order of this one."""
        return [each.proposal for each in self.standings if each.is_shortlisted]


@dataclass(frozen=True)
class Final:
    """Where a proposal stands in the end; `rank` is None if it was not judged so far.

    `stopped_at` is the code of the stage that did not let it through.
    """

    proposal: str
    position: int
    rank: int | None = None
    total: Fraction | None = None
    sheet_count: int = 0
    tie_rule: str = ""
    passes: bool = False
    is_shortlisted: bool = False
    stopped_at: str = ""
    ranks: Mapping[str, int] = field(default_factory=dict)
    assessment: Assessment | None = None


@dataclass(frozen=True)
class Outcome:
    """All stages in their order, and what they come to together."""

    stages: Sequence[StageOutcome]
    groups: Mapping[str, Groups]

    @cached_property
    def finals(self) -> list[Final]:
        """Where every proposal stands once all stages are over."""
        return _combine(self.stages, self.groups)


def judge(
    stages: Sequence[StageRules],
    contestants: Iterable[Contestant],
    papers: Mapping[str, Papers],
) -> Outcome:
    """Let one stage follow the other; `papers` are by stage."""
    known = {each.code: each for each in contestants}
    groups = {code: each.groups for code, each in known.items()}
    left: Collection[str] = sorted(known)
    outcomes: list[StageOutcome] = []
    for rules in stages:
        own = papers.get(rules.code, Papers())
        if rules.is_gate:
            outcomes.append(_gate(rules, left, own))
        else:
            outcomes.append(_score(rules, left, own, known))
            _shortlist_together(outcomes, groups)
        left = outcomes[-1].through
    return Outcome(outcomes, groups)


def verdict_of(counts: Verdicts) -> str:
    """What several jurors say at a gate: it fails where most of them say so.

    Who was not visited is let through: a missing sheet never punishes.
    """
    total = counts.passes + counts.remarks + counts.fails
    if not total:
        return ""
    if 2 * counts.fails > total:
        return FAILS
    return REMARKS if counts.remarks or counts.fails else PASSES


def _gate(rules: StageRules, proposals: Iterable[str], papers: Papers) -> StageOutcome:
    """Let through all but those who fail, in the order in which they came."""
    counts = {code: papers.verdicts.get(code, NO_VERDICTS) for code in proposals}
    said = {
        # As with scores, a plenary rules only on what somebody has seen.
        code: papers.ruled.get(code, own) if (own := verdict_of(each)) else ""
        for code, each in counts.items()
    }
    standings = [
        Standing(
            proposal=code,
            position=position,
            sheet_count=counts[code].passes + counts[code].remarks + counts[code].fails,
            passes=verdict != FAILS,
            is_shortlisted=verdict != FAILS,
        )
        for position, (code, verdict) in enumerate(said.items(), start=1)
    ]
    return StageOutcome(rules, standings, verdicts=said, votes=papers.votes)


def _score(
    rules: StageRules,
    proposals: Iterable[str],
    papers: Papers,
    known: Mapping[str, Contestant],
) -> StageOutcome:
    tallies = dict(papers.tallies)
    for code in papers.agreed.keys() & tallies.keys():
        tallies[code] = ranking.agreed(
            rules.ranking, tallies[code], papers.agreed[code]
        )
    standings = ranking.rank(
        rules.ranking,
        [tallies.get(code) or Tally(code, 0, ()) for code in proposals],
        {code: known[code].groups for code in proposals},
        papers.votes,
    )
    assessments = {}
    if rules.tree:
        for each in standings:
            if each.sheet_count:
                points = component_points(rules, each)
                held = known[each.proposal].held
                assessments[each.proposal] = assessing.assess(
                    rules.predicates, points, held
                )
    return StageOutcome(rules, standings, assessments=assessments, votes=papers.votes)


def component_points(rules: StageRules, standing: Standing) -> dict[str, Fraction]:
    """Give the points of every component of an assessment."""
    means = {
        each.code: mean
        for each, mean in zip(rules.ranking.criteria, standing.means, strict=True)
        if mean is not None
    }
    return assessing.points_of(rules.tree, means, rules.scale_max)


def _shortlist_together(
    outcomes: list[StageOutcome], groups: Mapping[str, Groups]
) -> None:
    """Let the last stage shortlist by what all stages so far come to together."""
    scored = [each for each in outcomes if not each.rules.is_gate]
    if len(scored) < 2:
        return
    last = outcomes[-1]
    ended = {each.proposal: each for each in last.standings if each.sheet_count}
    places = _Sum(ended, scored, last.votes).places(groups)
    passing = {code for code, each in ended.items() if each.passes}
    through = set(ranking.shortlist(last.rules.ranking, places, passing, groups))
    outcomes[-1] = replace(
        last,
        standings=[
            each._replace(is_shortlisted=each.proposal in through)
            for each in last.standings
        ],
    )


def _combine(
    outcomes: Sequence[StageOutcome], groups: Mapping[str, Groups]
) -> list[Final]:
    """Rank who was judged to the end; the others stand below, the furthest first."""
    if not outcomes:
        return []
    last = outcomes[-1]
    ended = {
        each.proposal: each
        for each in last.standings
        if (each.is_shortlisted if last.rules.is_gate else each.sheet_count)
    }
    scored = [each for each in outcomes if not each.rules.is_gate]
    together = _Sum(ended, scored, _last_votes(outcomes))
    finals = [
        Final(
            proposal=place.proposal,
            position=place.position,
            rank=place.rank,
            total=together.total_of(place.proposal),
            sheet_count=_sheets(place.proposal, outcomes),
            tie_rule=place.tie_rule,
            passes=ended[place.proposal].passes,
            is_shortlisted=ended[place.proposal].is_shortlisted,
            ranks=place.ranks,
            assessment=_assessment(place.proposal, outcomes),
        )
        for place in together.places(groups)
    ]
    placed = set(ended)
    for outcome in reversed(outcomes):
        for standing in outcome.standings:
            if standing.proposal not in placed:
                placed.add(standing.proposal)
                finals.append(
                    Final(
                        proposal=standing.proposal,
                        position=len(finals) + 1,
                        sheet_count=_sheets(standing.proposal, outcomes),
                        stopped_at=outcome.rules.code,
                        assessment=_assessment(standing.proposal, outcomes),
                    )
                )
    return finals


def _last_votes(outcomes: Sequence[StageOutcome]) -> list[Sequence[str]]:
    """Give the votes on ties since scores came in last, the latest first."""
    found: list[Sequence[str]] = []
    for outcome in reversed(outcomes):
        found += outcome.votes
        if not outcome.rules.is_gate:
            break
    return found


class _Sum:
    """The scored stages of proposals added up, over a denominator common to all.

    `ended` are their standings in the last stage that was judged.
    """

    def __init__(
        self,
        ended: Mapping[str, Standing],
        scored: Sequence[StageOutcome],
        votes: Iterable[Sequence[str]],
    ) -> None:
        self.ended = ended
        self.scored = scored
        self.votes = Votes(votes)
        # Sheets of each stage, over which its means are whole; then all stages.
        self.counts = [ranking.common_count(each.standings) for each in scored]
        self.whole = lcm(
            *(
                count * hundredths(each.rules.scale_max)
                for count, each in zip(self.counts, scored, strict=True)
            )
        )
        self.numerators = {code: self._numerator(code) for code in ended}
        links = [
            (each.tie_break, place, at)
            for place, stage in enumerate(scored)
            for at, each in enumerate(stage.rules.ranking.criteria)
            if each.tie_break is not None
        ]
        self.chain = [(place, at) for _link, place, at in sorted(links)]

    def total_of(self, proposal: str) -> Fraction:
        """The sum on a scale of 0 to 100."""
        return Fraction(self.numerators[proposal], self.whole * ranking.WEIGHTED)

    def places(self, groups: Mapping[str, Groups]) -> list[Place]:
        """Order them: a pass mark of the last stage goes before the sum."""
        names = [
            self.scored[place].rules.ranking.criteria[at].code
            for place, at in self.chain
        ]
        entries = (
            Entry(
                code,
                (each.passes, self.numerators[code]),
                self._links(code) + self.votes.links(code),
            )
            for code, each in self.ended.items()
        )
        return in_order(entries, names + self.votes.names, groups)

    def _numerator(self, proposal: str) -> int:
        found = 0
        for stage in self.scored:
            standing = stage.by_proposal[proposal]
            divisor = standing.sheet_count * hundredths(stage.rules.scale_max)
            share = hundredths(stage.rules.share)
            found += share * standing.weighted * (self.whole // divisor)
        return found

    def _links(self, proposal: str) -> tuple[int | None, ...]:
        means: list[int | None] = []
        for place, at in self.chain:
            standing = self.scored[place].by_proposal[proposal]
            factor = self.counts[place] // standing.sheet_count
            value = standing.sums[at]
            means.append(None if value is None else value * factor)
        return tuple(means)


def _sheets(proposal: str, outcomes: Iterable[StageOutcome]) -> int:
    found = (each.by_proposal.get(proposal) for each in outcomes)
    return sum(each.sheet_count for each in found if each)


def _assessment(proposal: str, outcomes: Iterable[StageOutcome]) -> Assessment | None:
    found = (each.assessments.get(proposal) for each in outcomes)
    return next((each for each in found if each), None)
