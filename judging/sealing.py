"""The seal: one canonical text of inputs and outcome, and its digest.

Pure functions on plain data: what `verify_results` does in the database, anyone can
do with the text alone. It holds the rules, proposals and sheets of all stages, what
each stage came to, and the result of all together; since format 3 also the decisions
of plenaries. Numbers are texts ("82.50") or fractions ("2591/30"), so that no reader
rounds them.
Source: rules SCO-11 and PLN-02 in docs/rules.md.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judging import agreeing, assessing, combining, ranking
from judging.ordering import Groups

FORMAT = "kipp-result/3"


@dataclass(frozen=True)
class SealedSheet:
    """One sheet as sealed: `scores` by criterion code, or a verdict at a gate.

    `abstained` is the digest of the reason of a juror who abstained: the reason itself
    is told to nobody who takes the result away.
    """

    key: str
    stage: str
    juror: int
    proposal: str
    is_final: bool
    verdict: str = ""
    scores: dict[str, Decimal | None] = field(default_factory=dict)
    abstained: str = ""

    def as_data(self) -> dict[str, Any]:
        return {
            "sheet": self.key,
            "stage": self.stage,
            "juror": self.juror,
            "proposal": self.proposal,
            "final": self.is_final,
            "verdict": self.verdict,
            "scores": {code: plain(value) for code, value in self.scores.items()},
            "abstained": self.abstained,
        }


def sheet_from_data(data: Mapping[str, Any]) -> SealedSheet:
    return SealedSheet(
        key=data["sheet"],
        stage=data["stage"],
        juror=data["juror"],
        proposal=data["proposal"],
        is_final=data["final"],
        verdict=data["verdict"],
        scores={code: _decimal(value) for code, value in data["scores"].items()},
        abstained=data.get("abstained", ""),
    )


def decisions_from_data(payload: Mapping[str, Any]) -> agreeing.Decisions:
    """Read what plenaries decided; results before format 3 know of none."""
    return agreeing.Decisions(
        [
            agreeing.Agreement(
                each["stage"],
                each["proposal"],
                {code: Decimal(value) for code, value in each["scores"].items()},
                each["verdict"],
            )
            for each in payload.get("agreed", [])
        ],
        [
            agreeing.TieVote(each["stage"], tuple(each["order"]), each["shared"])
            for each in payload.get("ties", [])
        ],
    )


def plain(value: Decimal | None) -> str | None:
    """Write a decimal the one way: two digits after the point."""
    return None if value is None else f"{value:.2f}"


def fraction(value: Fraction | None) -> str | None:
    """Write a fraction the one way: in lowest terms, whole numbers too."""
    return None if value is None else f"{value.numerator}/{value.denominator}"


def rules_as_data(rules: combining.StageRules) -> dict[str, Any]:
    own = rules.ranking
    return {
        "code": rules.code,
        "gate": rules.is_gate,
        "share": plain(rules.share),
        "scale_max": plain(rules.scale_max),
        "criteria": [
            {
                "code": each.code,
                "weight": plain(each.weight),
                "tie_break": each.tie_break,
                "tracks": list(each.tracks),
            }
            for each in own.criteria
        ],
        "pass_mark": plain(own.pass_mark),
        "shortlist_size": own.shortlist_size,
        "shortlists": [
            {"per": each.per, "size": each.size, "groups": list(each.groups)}
            for each in own.shortlists
        ],
        "components": [
            {"code": each.code, "weight": plain(each.weight), "parent": each.parent}
            for each in rules.tree
        ],
        "predicates": [
            {
                "code": each.code,
                "requires": each.requires,
                "minimums": [
                    {"component": one.component, "points": fraction(one.points)}
                    for one in each.minimums
                ],
            }
            for each in rules.predicates
        ],
    }


def rules_from_data(data: Mapping[str, Any]) -> combining.StageRules:
    return combining.StageRules(
        code=data["code"],
        is_gate=data["gate"],
        share=Decimal(data["share"]),
        scale_max=Decimal(data["scale_max"]),
        ranking=ranking.RuleSet(
            criteria=tuple(
                ranking.CriterionRule(
                    each["code"],
                    Decimal(each["weight"]),
                    each["tie_break"],
                    tuple(each["tracks"]),
                )
                for each in data["criteria"]
            ),
            pass_mark=_decimal(data["pass_mark"]),
            shortlist_size=data["shortlist_size"],
            shortlists=tuple(
                ranking.ShortlistRule(each["per"], each["size"], tuple(each["groups"]))
                for each in data["shortlists"]
            ),
        ),
        tree=tuple(
            assessing.Component(each["code"], Decimal(each["weight"]), each["parent"])
            for each in data["components"]
        ),
        predicates=tuple(
            assessing.PredicateRule(
                each["code"],
                tuple(
                    assessing.Minimum(one["component"], Fraction(one["points"]))
                    for one in each["minimums"]
                ),
                each["requires"],
            )
            for each in data["predicates"]
        ),
    )


def contestant_as_data(contestant: combining.Contestant) -> dict[str, Any]:
    groups = contestant.groups
    return {
        "code": contestant.code,
        "track": groups.track,
        "category": groups.category,
        "cluster": groups.cluster,
        "held": sorted(contestant.held),
    }


def contestant_from_data(data: Mapping[str, Any]) -> combining.Contestant:
    return combining.Contestant(
        data["code"],
        Groups(data["track"], data["category"], data["cluster"]),
        frozenset(data["held"]),
    )


def judge_sheets(
    stages: Sequence[combining.StageRules],
    contestants: Sequence[combining.Contestant],
    sheets: Iterable[SealedSheet],
    decisions: agreeing.Decisions = agreeing.NO_DECISIONS,
) -> combining.Outcome:
    """Judge all stages by the final ones of `sheets`, from the single scores up."""
    track_of = {each.code: each.groups.track for each in contestants}
    final: dict[str, list[SealedSheet]] = {}
    for each in sheets:
        if each.is_final and each.proposal in track_of:
            final.setdefault(each.stage, []).append(each)
    papers = {
        rules.code: combining.Papers(verdicts=_verdicts(final.get(rules.code, ())))
        if rules.is_gate
        else combining.Papers(
            tallies={
                each.proposal: each
                for each in ranking.tally(
                    (
                        ranking.Sheet(
                            sheet.proposal,
                            tuple(_values(rules, sheet, track_of[sheet.proposal])),
                        )
                        for sheet in final.get(rules.code, ())
                    ),
                    track_of,
                )
            }
        )
        for rules in stages
    }
    return combining.judge(
        stages,
        contestants,
        {code: decisions.laid_on(own, code) for code, own in papers.items()},
    )


def standing_as_data(
    standing: ranking.Standing, outcome: combining.StageOutcome
) -> dict[str, Any]:
    """Write what a stage made of one proposal."""
    return {
        "proposal": standing.proposal,
        "position": standing.position,
        "rank": standing.rank,
        "total": fraction(standing.total),
        "means": [fraction(mean) for mean in standing.means],
        "sheet_count": standing.sheet_count,
        "tie_rule": standing.tie_rule,
        "ranks": dict(standing.ranks),
        "passes": standing.passes,
        "shortlisted": standing.is_shortlisted,
        "verdict": outcome.verdicts.get(standing.proposal, ""),
    }


def final_as_data(final: combining.Final) -> dict[str, Any]:
    """Write what all stages together made of one proposal."""
    assessment = final.assessment
    return {
        "proposal": final.proposal,
        "position": final.position,
        "rank": final.rank,
        "total": fraction(final.total),
        "sheet_count": final.sheet_count,
        "tie_rule": final.tie_rule,
        "ranks": dict(final.ranks),
        "passes": final.passes,
        "shortlisted": final.is_shortlisted,
        "stopped_at": final.stopped_at,
        "predicate": assessment.predicate if assessment else "",
        "shortfalls": [shortfall_as_data(each) for each in assessment.shortfalls]
        if assessment
        else [],
    }


def shortfall_as_data(shortfall: assessing.Shortfall) -> dict[str, str | None]:
    """Write what kept a predicate away."""
    return {
        "predicate": shortfall.predicate,
        "component": shortfall.component,
        "points": fraction(shortfall.points),
        "minimum": fraction(shortfall.minimum),
    }


def outcome_as_data(outcome: combining.Outcome) -> dict[str, Any]:
    """Write what the stages came to, each by itself and all together."""
    return {
        "stages": [
            {
                "stage": stage.rules.code,
                "rows": [standing_as_data(each, stage) for each in stage.standings],
            }
            for stage in outcome.stages
        ],
        "rows": [final_as_data(each) for each in outcome.finals],
    }


def canonical(payload: Mapping[str, Any]) -> str:
    """Write `payload` the one way: sorted keys, no spaces, no escapes."""
    return json.dumps(
        payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest(text: str) -> str:
    """Give the SHA-256 of a canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def faults_of(text: str, *, stored_digest: str, previous_digest: str) -> list[str]:
    """List what is wrong with a seal: digest, chain, or a rank that does not follow."""
    if digest(text) != stored_digest:
        return ["the digest is not that of the text"]
    payload = json.loads(text)
    faults = []
    if payload["previous_digest"] != previous_digest:
        faults.append("it does not name the result before it")
    outcome = outcome_as_data(
        judge_sheets(
            [rules_from_data(each) for each in payload["rules"]["stages"]],
            [contestant_from_data(each) for each in payload["proposals"]],
            [sheet_from_data(each) for each in payload["sheets"]],
            decisions_from_data(payload),
        )
    )
    for found, sealed in zip(outcome["stages"], payload["stages"], strict=False):
        of_stage = f" of stage {sealed['stage']}"
        faults += _row_faults(found["rows"], sealed["rows"], of_stage)
    if len(outcome["stages"]) != len(payload["stages"]):
        faults.append("the number of stages is not that of the rules")
    faults += _row_faults(outcome["rows"], payload["rows"], "")
    return faults


def _row_faults(
    found: Sequence[Mapping[str, Any]], sealed: Sequence[Mapping[str, Any]], where: str
) -> Iterator[str]:
    for follows, row in zip(found, sealed, strict=False):
        if follows != row:
            yield f"row {row['position']}{where} does not follow from the scores"
    if len(found) != len(sealed):
        yield f"the number of rows{where} is not that of the proposals"


def _verdicts(sheets: Iterable[SealedSheet]) -> dict[str, combining.Verdicts]:
    said: dict[str, list[str]] = {}
    for each in sheets:
        said.setdefault(each.proposal, []).append(each.verdict)
    return {
        code: combining.Verdicts(
            each.count(combining.PASSES),
            each.count(combining.REMARKS),
            each.count(combining.FAILS),
        )
        for code, each in said.items()
    }


def _values(
    rules: combining.StageRules, sheet: SealedSheet, track: str
) -> Iterator[Decimal | None]:
    """Give the value for each criterion; None for one of other tracks."""
    for criterion in rules.ranking.criteria:
        value = sheet.scores.get(criterion.code)
        if not criterion.is_for(track):
            yield None
        elif value is None:
            raise ValueError(f"final sheet {sheet.key} has no {criterion.code}")
        else:
            yield value


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
