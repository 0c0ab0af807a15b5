"""The seal: one canonical text of inputs and outcome, and its digest.

Pure functions on plain data: what `verify_results` does in the database, anyone can
do with the text alone. Numbers are texts ("82.50") or fractions ("2591/30"), so that
no reader rounds them.
Source: rule SCO-11 in docs/rules.md.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from judging import ranking

FORMAT = "kipp-result/1"


@dataclass(frozen=True)
class SealedSheet:
    """One sheet as sealed: `scores` has a value, or None, for each criterion code."""

    key: str
    juror: int
    proposal: str
    is_final: bool
    scores: dict[str, Decimal | None]

    def as_data(self) -> dict[str, Any]:
        return {
            "sheet": self.key,
            "juror": self.juror,
            "proposal": self.proposal,
            "final": self.is_final,
            "scores": {
                code: None if value is None else plain(value)
                for code, value in self.scores.items()
            },
        }


def plain(value: Decimal | None) -> str | None:
    """Write a decimal the one way: two digits after the point."""
    return None if value is None else f"{value:.2f}"


def rules_as_data(rules: ranking.RuleSet) -> dict[str, Any]:
    return {
        "criteria": [
            {
                "code": each.code,
                "weight": plain(each.weight),
                "tie_break": each.tie_break,
            }
            for each in rules.criteria
        ],
        "pass_mark": plain(rules.pass_mark),
        "shortlist_size": rules.shortlist_size,
    }


def rules_from_data(data: Mapping[str, Any]) -> ranking.RuleSet:
    return ranking.RuleSet(
        criteria=tuple(
            ranking.CriterionRule(
                each["code"], Decimal(each["weight"]), each["tie_break"]
            )
            for each in data["criteria"]
        ),
        pass_mark=None if data["pass_mark"] is None else Decimal(data["pass_mark"]),
        shortlist_size=data["shortlist_size"],
    )


def rank_sheets(
    rules: ranking.RuleSet, sheets: Iterable[SealedSheet], proposals: Sequence[str]
) -> list[ranking.Standing]:
    """Rank by the final ones of `sheets`, from the single scores up."""
    return ranking.rank(
        rules,
        ranking.tally(
            (
                ranking.Sheet(
                    each.proposal,
                    tuple(_value(each, criterion.code) for criterion in rules.criteria),
                )
                for each in sheets
                if each.is_final
            ),
            proposals,
        ),
    )


def standing_as_data(standing: ranking.Standing) -> dict[str, Any]:
    return {
        "proposal": standing.proposal,
        "position": standing.position,
        "rank": standing.rank,
        "total": None if standing.total is None else _fraction(standing.total),
        "means": [_fraction(mean) for mean in standing.means],
        "sheet_count": standing.sheet_count,
        "tie_rule": standing.tie_rule,
        "passes": standing.passes,
        "shortlisted": standing.is_shortlisted,
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
    sheets = [
        SealedSheet(
            key=each["sheet"],
            juror=each["juror"],
            proposal=each["proposal"],
            is_final=each["final"],
            scores={
                code: None if value is None else Decimal(value)
                for code, value in each["scores"].items()
            },
        )
        for each in payload["sheets"]
    ]
    proposals = [each["code"] for each in payload["proposals"]]
    standings = rank_sheets(rules_from_data(payload["rules"]), sheets, proposals)
    for standing, row in zip(standings, payload["rows"], strict=False):
        if standing_as_data(standing) != row:
            faults.append(f"row {row['position']} does not follow from the scores")
    if len(standings) != len(payload["rows"]):
        faults.append("the number of rows is not that of the proposals")
    return faults


def _value(sheet: SealedSheet, code: str) -> Decimal:
    value = sheet.scores.get(code)
    if value is None:
        raise ValueError(f"final sheet {sheet.key} has no score for {code}")
    return value


def _fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
