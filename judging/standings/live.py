"""What the sheets come to as they stand now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from competitions.models import Cluster, PredicateMinimum, Round
from competitions.queries import ScoringParts
from judging import agreeing, assessing, combining, queries, ranking, sealing
from judging.models import Plenary, Score, ScoreSheet
from judging.ordering import Groups
from judging.standings.decided import decisions_of, without_and_with
from submissions.models import Proposal


@dataclass(frozen=True)
class Judged:
    """The outcome of the stages looked at; `ids` are those of the proposals.

    `rules`, `contestants` and `papers` are what it came from.
    """

    outcome: combining.Outcome
    ids: Mapping[str, int]
    rules: Sequence[combining.StageRules]
    contestants: Collection[combining.Contestant]
    papers: Mapping[str, combining.Papers]

    @property
    def last(self) -> combining.StageOutcome:
        return self.outcome.stages[-1]

    def voted(self, order: Sequence[str]) -> combining.Outcome:
        """Judge anew as if the plenary had voted for `order` after the last stage."""
        code = self.last.rules.code
        papers = self.papers.get(code, combining.Papers())
        voted = replace(papers, votes=[order, *papers.votes])
        return combining.judge(
            self.rules, self.contestants, {**self.papers, code: voted}
        )

    def without(self, tallies: Iterable[ranking.Tally]) -> Sequence[ranking.Standing]:
        """Judge the last stage anew by other sheets, added up; the rest stands."""
        code = self.last.rules.code
        papers = self.papers.get(code, combining.Papers())
        fewer = replace(papers, tallies={each.proposal: each for each in tallies})
        outcome = combining.judge(
            self.rules, self.contestants, {**self.papers, code: fewer}
        )
        return outcome.stages[-1].standings


def rules_of(parts: ScoringParts) -> combining.StageRules:
    """Read from the round's settings what a stage goes by."""
    stage = parts.stage
    return combining.StageRules(
        code=stage.code,
        ranking=ranking.RuleSet(
            criteria=tuple(
                ranking.CriterionRule(
                    each.code, each.weight, each.tie_break, tuple(each.tracks)
                )
                for each in parts.leaves
            ),
            pass_mark=stage.pass_mark,
            shortlist_size=stage.shortlist_size,
            shortlists=tuple(
                ranking.ShortlistRule(each.per, each.size, tuple(each.groups))
                for each in parts.shortlists
            ),
        ),
        share=stage.share,
        scale_max=stage.scale_max,
        is_gate=stage.is_gate,
        tree=tuple(
            assessing.Component(
                each.code, each.weight, each.parent.code if each.parent else ""
            )
            for each in parts.criteria
        )
        if stage.is_assessment
        else (),
        predicates=tuple(
            assessing.PredicateRule(
                each.code,
                tuple(_minimum(one) for one in each.predicateminimum_set.all()),
                each.requires.code if each.requires else "",
            )
            for each in parts.predicates
        ),
    )


def _minimum(row: PredicateMinimum) -> assessing.Minimum:
    code = row.criterion.code if row.criterion else assessing.WHOLE
    return assessing.Minimum(code, Fraction(row.points))


def contestants_of(
    round: Round, scoring: Sequence[ScoringParts]
) -> dict[int, combining.Contestant]:
    """Load the proposals that passed, with their groups, by id.

    An institution belongs to the first cluster that names its kind, unless one was
    chosen for the proposal.
    """
    required = {
        each.requires.code
        for parts in scoring
        for each in parts.predicates
        if each.requires
    }
    held = queries.held_predicates(round, required) if required else {}
    clusters = _clusters_by_kind(round)
    rows = Proposal.objects.filter(
        round=round, state=Proposal.State.SCREENED_PASSED
    ).values_list(
        "pk",
        "code",
        "track__code",
        "category__code",
        "cluster__code",
        "institution__kind",
        "institution",
    )
    groups = cache(Groups)  # of 1,000 proposals there are a few dozen
    return {
        pk: combining.Contestant(
            code,
            groups(track, category or "", cluster or clusters.get(kind, "")),
            frozenset(held.get(institution, ())),
        )
        for pk, code, track, category, cluster, kind, institution in rows
    }


def current(
    round: Round, scoring: Sequence[ScoringParts], plenary: Plenary | None = None
) -> Judged:
    """Judge the stages of `scoring` by the final sheets that count.

    What plenaries decided and applied stands in their place; what `plenary` decided
    so far is laid on as well, to see what it would lead to.

    The sums are the database's, as whole numbers: 1,000 proposals are 8,000 rows to
    read, not 40,000.
    """
    return _judged(_inputs(round, scoring), decisions_of(round, plenary))


def before_and_after(
    plenary: Plenary, scoring: Sequence[ScoringParts]
) -> tuple[Judged, Judged]:
    """Judge as if `plenary` had decided nothing, then with all that it decided."""
    inputs = _inputs(plenary.round, scoring)
    without, with_it = without_and_with(plenary)
    return _judged(inputs, without), _judged(inputs, with_it)


class _Inputs(NamedTuple):
    rules: Sequence[combining.StageRules]
    contestants: Collection[combining.Contestant]
    papers: Mapping[str, combining.Papers]
    ids: Mapping[str, int]


def _inputs(round: Round, scoring: Sequence[ScoringParts]) -> _Inputs:
    contestants = contestants_of(round, scoring)
    codes = {pk: each.code for pk, each in contestants.items()}
    return _Inputs(
        [rules_of(each) for each in scoring],
        contestants.values(),
        _papers(scoring, codes),
        {code: pk for pk, code in codes.items()},
    )


def _judged(inputs: _Inputs, decisions: agreeing.Decisions) -> Judged:
    rules, contestants, papers, ids = inputs
    decided = {code: decisions.laid_on(own, code) for code, own in papers.items()}
    outcome = combining.judge(rules, contestants, decided)
    return Judged(outcome, ids, rules, contestants, decided)


def through(round: Round, before: Sequence[ScoringParts]) -> set[int]:
    """Find the ids of the proposals that the stages `before` let through.

    With none before, all that passed the screening.
    """
    if not before:
        return set(contestants_of(round, before))
    judged = current(round, before)
    return {judged.ids[code] for code in judged.last.through}


def papers_to_seal(
    round: Round, scoring: Sequence[ScoringParts]
) -> list[sealing.SealedSheet]:
    """Load the sheets of all stages that count, drafts too, with all they hold."""
    numbers = queries.juror_numbers(round)
    leaves = {parts.stage.pk: [each.code for each in parts.leaves] for parts in scoring}
    rows = (
        ScoreSheet.objects.open()
        .filter(assignment__scoring_stage__in=leaves)
        .order_by(
            "assignment__scoring_stage__order", "assignment__proposal__code", "pk"
        )
        .values_list(
            "pk",
            "key",
            "assignment__scoring_stage",
            "assignment__scoring_stage__code",
            "assignment__juror",
            "assignment__proposal__code",
            "state",
            "verdict",
            "abstain_reason",
        )
    )
    sheets = {
        pk: sealing.SealedSheet(
            key=key,
            stage=code,
            juror=numbers[juror],
            proposal=proposal,
            is_final=state == ScoreSheet.State.FINAL,
            verdict=verdict,
            scores=dict.fromkeys(leaves[stage]),
            abstained=sealing.digest(f"{key}\n{reason}")
            if state == ScoreSheet.State.ABSTAINED
            else "",
        )
        for pk, key, stage, code, juror, proposal, state, verdict, reason in rows
    }
    scores = Score.objects.filter(sheet__in=sheets).order_by("criterion__order", "pk")
    for pk, code, value in scores.values_list(
        "sheet", "criterion__code", "value"
    ).iterator():
        sheets[pk].scores[code] = value
    return list(sheets.values())


def _clusters_by_kind(round: Round) -> dict[str, str]:
    """Give the code of the cluster that a kind of institution belongs to."""
    found: dict[str, str] = {}
    for cluster in Cluster.objects.filter(round=round).order_by("order", "pk"):
        for kind in cluster.institution_kinds:
            found.setdefault(kind, cluster.code)
    return found


def _papers(
    scoring: Iterable[ScoringParts], codes: Mapping[int, str]
) -> dict[str, combining.Papers]:
    """Add up the final sheets of each stage, by its code."""
    papers = {}
    gates = []
    for parts in scoring:
        if parts.stage.is_gate:
            gates.append(parts.stage)
            continue
        rows = queries.score_sums(parts.stage, parts.leaves)
        papers[parts.stage.code] = combining.Papers(
            tallies={
                (code := codes[proposal]): ranking.Tally(code, sheets, tuple(sums))
                for proposal, sheets, *sums in rows
            }
        )
    if gates:
        said: dict[int, dict[str, combining.Verdicts]] = {gate.pk: {} for gate in gates}
        for stage, proposal, *counts in queries.verdict_counts(gates):
            said[stage][codes[proposal]] = combining.Verdicts(*counts)
        for gate in gates:
            papers[gate.code] = combining.Papers(verdicts=said[gate.pk])
    return papers
