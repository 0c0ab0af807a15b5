"""The recap of scores, annex of the minutes: plain values that never change.

All of it is read from the sealed text, so that it says what was sealed whatever has
happened since; only the names of the jurors are added, whom the seal numbers.
Source: rule PLN-12 in docs/rules.md.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from competitions.models import Round
from core import numbers
from documents.models import DocumentKind, IssuedDocument
from judging import ordering, queries, ranking, scoring, sealing
from judging.combining import StageRules
from judging.models import Juror, Result, Verdict
from judging.sealing import SealedSheet

KIND = DocumentKind.RECAP.value
TEMPLATE = "judging/pdf/recap.html"
# So many jurors have a column each; of more, a line says who gave what.
MOST_COLUMNS = 9


@dataclass(frozen=True)
class _Stage:
    """One stage as sealed: its rules, names, rows and final sheets by proposal."""

    rules: StageRules
    names: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    sheets: Mapping[str, Sequence[SealedSheet]]

    @property
    def jurors(self) -> list[int]:
        return sorted({each.juror for own in self.sheets.values() for each in own})


def subject_key(result: Result) -> str:
    """What the recap of `result` is filed under."""
    return f"recap:{result.pk}"


def recap_of(result: Result) -> IssuedDocument | None:
    """The recap of `result` that holds."""
    return (
        IssuedDocument.objects.filter(
            kind=KIND,
            subject_key=subject_key(result),
            state=IssuedDocument.State.ISSUED,
        )
        .defer("values")
        .first()
    )


def values_of(
    round: Round, result: Result, annexed_to: IssuedDocument
) -> dict[str, Any]:
    """Collect all that the recap of a sealed `result` prints.

    `annexed_to` are its minutes, whose number and chair it bears.
    """
    payload = json.loads(result.payload)
    government = round.competition.government
    stages = _stages_of(payload)
    known = {each["code"]: each for each in payload["proposals"]}
    chair = next(
        (
            each["name"]
            for each in annexed_to.value("signers")
            if each["role"] == _("Chair")
        ),
        "",
    )
    return {
        "issuer": government.name,
        "government_name": government.name,
        "secretariat_name": government.secretariat_name,
        "government_address": government.address,
        "government_contact": government.contact,
        "government_emblem": government.emblem,
        "round_name": round.name,
        "minutes_number": annexed_to.number,
        "place_and_date": annexed_to.value("place_and_date"),
        "chair_name": chair,
        "jurors": _jurors(round, stages),
        "finals": {
            "heads": [
                f"{each.names['stage']} ({scoring.plain(each.rules.share)}%)"
                if not each.rules.is_gate
                else each.names["stage"]
                for each in stages
            ],
            "rows": _finals(payload["rows"], stages, known),
        },
        "stages": [_stage(each, known) for each in stages],
        "digest": result.digest,
        "is_demonstration": round.is_demonstration,
        "public": [
            [_("Round"), round.name],
            [_("Annex of the minutes"), annexed_to.number],
            [_("Fingerprint (SHA-256)"), result.digest],
        ],
    }


def _stages_of(payload: Mapping[str, Any]) -> list[_Stage]:
    sheets: dict[str, dict[str, list[SealedSheet]]] = {}
    for each in map(sealing.sheet_from_data, payload["sheets"]):
        if each.is_final:
            own = sheets.setdefault(each.stage, {})
            own.setdefault(each.proposal, []).append(each)
    return [
        _Stage(
            rules := sealing.rules_from_data(data),
            payload["names"][rules.code],
            judged["rows"],
            sheets.get(rules.code, {}),
        )
        for data, judged in zip(
            payload["rules"]["stages"], payload["stages"], strict=True
        )
    ]


def _jurors(round: Round, stages: Sequence[_Stage]) -> list[dict[str, Any]]:
    """Who is behind the numbers, as far as they finished a sheet."""
    heard = {juror for each in stages for juror in each.jurors}
    sealed_as = queries.juror_numbers(round)
    people = Juror.objects.filter(round=round).select_related("user").order_by("pk")
    return [
        {
            "number": sealed_as[each.pk],
            "name": each.user.name,
            "background": each.get_background_display(),
        }
        for each in people
        if sealed_as[each.pk] in heard
    ]


def _finals(
    rows: Sequence[Mapping[str, Any]],
    stages: Sequence[_Stage],
    known: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    came_to = [{row["proposal"]: row for row in each.rows} for each in stages]
    return [
        {
            **_named(row, known),
            "cells": [_in_short(own.get(row["proposal"], {})) for own in came_to],
            "total": _written(row["total"]),
            "is_in": row["shortlisted"],
            "tie": _tie(row["tie_rule"], stages),
        }
        for row in rows
    ]


def _stage(stage: _Stage, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    jurors = stage.jurors
    rules = stage.rules
    return {
        "name": stage.names["stage"],
        "is_gate": rules.is_gate,
        "share": scoring.plain(rules.share),
        "jurors": jurors if len(jurors) <= MOST_COLUMNS else [],
        "criteria": [
            {
                "sign": f"K{number}",
                "name": stage.names["criteria"][each.code],
                "weight": scoring.plain(each.weight),
            }
            for number, each in enumerate(rules.ranking.criteria, start=1)
        ],
        "rows": [
            _by_juror(row, stage, jurors) | _named(row, known)
            for row in stage.rows
            if row["sheet_count"]
        ],
    }


def _by_juror(
    row: Mapping[str, Any], stage: _Stage, jurors: Sequence[int]
) -> dict[str, Any]:
    """What each juror gave one proposal, what that comes to, and what was agreed."""
    sheets = {each.juror: each for each in stage.sheets[row["proposal"]]}
    if stage.rules.is_gate:
        said = {juror: _verdict(each.verdict) for juror, each in sheets.items()}
        return _columns(said, jurors) | {"agreed": _verdict(row["verdict"])}
    rules = stage.rules.ranking
    totals = {
        juror: sum(
            (
                Fraction(value) * Fraction(each.weight) / 100
                for each in rules.criteria
                if (value := sheet.scores.get(each.code)) is not None
            ),
            Fraction(0),
        )
        for juror, sheet in sheets.items()
    }
    raw = Fraction(sum(totals.values()), len(totals))
    agreed = Fraction(row["total"])
    return _columns(
        {juror: _shown(total) for juror, total in totals.items()}, jurors
    ) | {
        "raw": _shown(raw),
        "agreed": _shown(agreed) if agreed != raw else "",
        "total": _shown(agreed),
        "means": [
            _mean(
                [
                    value
                    for sheet in sheets.values()
                    if (value := sheet.scores.get(each.code)) is not None
                ],
                counted,
            )
            for each, counted in zip(rules.criteria, row["means"], strict=True)
        ],
    }


def _mean(values: Sequence[Decimal], counted: str | None) -> dict[str, str]:
    """The mean of the sheets, and what a plenary put in its place if it did."""
    if counted is None or not values:
        return {"raw": "", "agreed": ""}
    raw = sum(map(Fraction, values), Fraction(0)) / len(values)
    agreed = Fraction(counted)
    return {"raw": _shown(raw), "agreed": _shown(agreed) if agreed != raw else ""}


def _columns(given: Mapping[int, str], jurors: Sequence[int]) -> dict[str, Any]:
    return {
        "given": [given.get(juror, "") for juror in jurors],
        "in_a_line": "; ".join(
            f"{juror}: {given[juror]}" for juror in jurors if juror in given
        ),
    }


def _named(
    row: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    proposal = known[row["proposal"]]
    return {
        "rank": row["rank"],
        "code": row["proposal"],
        "title": proposal["title"],
        "institution": proposal["institution"],
    }


def _in_short(row: Mapping[str, Any]) -> str:
    """What one stage made of a proposal: its total, or the verdict of a gate."""
    return _verdict(row.get("verdict", "")) or _written(row.get("total"))


def _tie(rule: str, stages: Sequence[_Stage]) -> str:
    if not rule:
        return ""
    if rule == ordering.PLENARY:
        return _("tie: vote of the plenary")
    if rule == ordering.SHARED:
        return _("shares its rank")
    names = {
        code: name for each in stages for code, name in each.names["criteria"].items()
    }
    return _("tie: %(criterion)s") % {"criterion": names.get(rule, rule)}


def _verdict(said: str) -> str:
    return str(Verdict(said).label) if said else ""


def _written(fraction: str | None) -> str:
    return "" if fraction is None else _shown(Fraction(fraction))


def _shown(value: Fraction) -> str:
    """Two decimals, for the eye alone."""
    return numbers.decimal(ranking.readable(value), 2)
