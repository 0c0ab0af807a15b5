"""Whether sealed results still say what they said, compared with the tables."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.models import Government
from judging import sealing, standings
from judging.models import Result, ResultPart, Score, ScoreSheet


def check_chain(government: Government) -> Iterator[tuple[Result, list[str]]]:
    """Recompute every sealed result of `government`, oldest first.

    Gives each with its faults; none means that digest, chain, ranks, stored rows and
    stored scores all agree.
    Source: rule SCO-11 in docs/rules.md.
    """
    previous = ""
    results = Result.objects.sealed().filter(government=government)
    for result in results.order_by("sequence").iterator():
        yield result, faults_of(result, previous_digest=previous)
        previous = result.digest


def check_one(result: Result) -> list[str]:
    """List what is wrong with `result` and its link to the one before."""
    previous = (
        Result.objects.sealed()
        .filter(government=result.government_id, sequence__lt=result.sequence)
        .order_by("-sequence")
        .first()
    )
    return faults_of(result, previous_digest=previous.digest if previous else "")


def faults_of(result: Result, *, previous_digest: str) -> list[str]:
    """List what is wrong with one sealed result."""
    faults = sealing.faults_of(
        result.payload,
        stored_digest=result.digest,
        previous_digest=previous_digest,
    )
    if result.previous_digest != previous_digest:
        faults.append("its row does not name the result before it")
    if faults and not result.payload:
        return faults
    payload = json.loads(result.payload)
    faults += _row_faults(result, payload)
    faults += _score_faults(payload)
    faults += _decision_faults(result, payload)
    return faults


def _row_faults(result: Result, payload: dict[str, Any]) -> Iterator[str]:
    stored = _stored(
        result.resultrow_set.values_list("code", "position", "rank", "is_shortlisted")
    )
    yield from _differing(payload["rows"], stored, "")
    for stage in payload["stages"]:
        parts = ResultPart.objects.filter(
            row__result=result, scoring_stage__code=stage["stage"]
        ).values_list("row__code", "position", "rank", "is_shortlisted")
        yield from _differing(
            stage["rows"], _stored(parts), f" in stage {stage['stage']}"
        )


def _stored(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    return {code: tuple(values) for code, *values in rows}


def _differing(
    rows: Iterable[dict[str, Any]], stored: dict[str, tuple[Any, ...]], where: str
) -> Iterator[str]:
    sealed = {
        row["proposal"]: (row["position"], row["rank"], row["shortlisted"])
        for row in rows
    }
    for code in sorted(sealed.keys() | stored.keys()):
        if sealed.get(code) != stored.get(code):
            yield f"the stored row of {code}{where} differs from the seal"


def _score_faults(payload: dict[str, Any]) -> list[str]:
    sealed = {each["sheet"]: each for each in payload["sheets"]}
    stored: dict[str, dict[str, str | None]] = {key: {} for key in sealed}
    sheets = ScoreSheet.objects.filter(key__in=sealed)
    verdicts = dict(sheets.values_list("key", "verdict"))
    scores = Score.objects.filter(sheet__key__in=sealed).values_list(
        "sheet__key", "criterion__code", "value"
    )
    for key, code, value in scores.iterator():
        stored[key][code] = sealing.plain(value)
    return [
        f"the stored scores of sheet {key} differ from the seal"
        for key, sheet in sorted(sealed.items())
        if {c: v for c, v in sheet["scores"].items() if v is not None}
        != {c: v for c, v in stored[key].items() if v is not None}
        or sheet["verdict"] != verdicts.get(key)
    ]


def _decision_faults(result: Result, payload: dict[str, Any]) -> Iterator[str]:
    """Compare what plenaries decided; results before format 3 know of none."""
    if "plenaries" not in payload:
        return
    # A plenary of a later correction is not of this result, but comes after its own.
    stored = standings.record_of(result.round).as_data()
    for name in ("plenaries", "agreed", "ties"):
        sealed = payload[name]
        for each, kept in zip(sealed, stored[name], strict=False):
            if each != kept:
                yield f"what plenary {each['plenary']} decided differs from the seal"
        if len(stored[name]) < len(sealed):
            yield "a sealed decision of a plenary is not stored any more"
