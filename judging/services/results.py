"""Sealing: the outcome of all scoring stages of a round, fixed for good."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, User
from competitions.models import Round
from competitions.queries import ScoringParts
from core import audit
from core.errors import DomainError
from judging import combining, queries, ranking, sealing, standings
from judging.models import Correction, Juror, Result, ResultPart, ResultRow
from judging.services.plenary import lock_round, lock_sheets
from submissions.models import Proposal


class ResultNotSealed(DomainError):
    """The result is sealed already, or there is not yet anything to seal."""


def seal_result(*, round: Round, actor: User, at: datetime) -> Result:
    """Seal the result of a round: rows of all stages, canonical text, digest, chain.

    From then on its sheets, scores and assignments cannot change, in SQL either.
    Raises ResultNotSealed while jurors may still score or a plenary sits, without a
    final sheet, or if it is sealed already.
    Source: rule SCO-11 in docs/rules.md.
    """
    with transaction.atomic():
        round = lock_round(round)
        if queries.sealed_result(round):
            raise ResultNotSealed(_("This result is sealed already."))
        # Whoever saves before us is in the seal; whoever comes after finds it sealed.
        stages = lock_sheets(round)
        require_no_plenary(round)
        waiting = queries.unshown_stages(stages, queries.windows_of(round), at)
        if waiting:
            raise ResultNotSealed(
                _("Jurors may still score. Seal when all sheets are finished.")
                if len(stages) == 1
                else _("%(stage)s is not over yet. Seal when all sheets are finished.")
                % {"stage": waiting[0]}
            )
        return write_result(round, actor, at)


def require_no_plenary(round: Round) -> None:
    """Raise ResultNotSealed while a plenary sits: what it decides is not in yet."""
    if queries.open_plenary(round):
        raise ResultNotSealed(
            _("A plenary is open. Apply its decisions or cancel it first.")
        )


def write_result(
    round: Round, actor: User, at: datetime, correction: Correction | None = None
) -> Result:
    """Write and seal the result of a locked round, at the end of the chain.

    A `correction` names the result whose place it takes, and why.
    """
    government = Government.objects.select_for_update().get(
        pk=round.competition.government_id
    )
    result = _seal(round, government, actor, at, correction)
    if correction:
        _note(result, "result.corrected", actor, at, correction.reason)
    else:
        _note(result, "result.sealed", actor, at)
    return result


def _note(
    result: Result, action: str, actor: User, at: datetime, reason: str = ""
) -> None:
    audit.record(
        action,
        actor=actor,
        target=result,
        at=at,
        scope=result.government.code,
        reason=reason,
        changes={"digest": result.digest, "sequence": result.sequence},
    )


def _seal(
    round: Round,
    government: Government,
    actor: User,
    at: datetime,
    correction: Correction | None,
) -> Result:
    scoring = queries.scoring_of(round)
    contestants = standings.contestants_of(round, scoring)
    sheets = standings.papers_to_seal(round, scoring)
    record = standings.record_of(round).as_data()
    outcome = sealing.judge_sheets(
        [standings.rules_of(each) for each in scoring],
        sorted(contestants.values(), key=lambda each: each.code),
        sheets,
        sealing.decisions_from_data(record),
    )
    if not any(final.rank for final in outcome.finals):
        raise ResultNotSealed(_("No sheet is finished yet."))
    proposals = {
        each.code: each
        for each in Proposal.objects.filter(pk__in=contestants)
        .select_related("institution")
        .order_by("code")
    }
    last = (
        Result.objects.sealed()
        .filter(government=government)
        .order_by("-sequence")
        .first()
    )
    result = Result.objects.create(
        government=government,
        round=round,
        scoring_stage=scoring[-1].stage,
        created_at=at,
        replaces=correction.result if correction else None,
    )
    groups = {each.code: each for each in contestants.values()}
    rows = _write_rows(result, outcome, proposals, groups)
    _write_parts(rows, outcome, scoring, _spreads(sheets, scoring))
    result.sequence = last.sequence + 1 if last and last.sequence else 1
    result.previous_digest = last.digest if last else ""
    result.sealed_at, result.sealed_by = at, actor
    result.payload = sealing.canonical(
        _payload(result, scoring, proposals, groups, sheets)
        | record
        | _ground_of(correction)
        | sealing.outcome_as_data(outcome)
    )
    result.digest = sealing.digest(result.payload)
    result.state = Result.State.SEALED
    result.save(
        update_fields=[
            "sequence",
            "previous_digest",
            "sealed_at",
            "sealed_by",
            "payload",
            "digest",
            "state",
        ]
    )
    return result


def _ground_of(correction: Correction | None) -> dict[str, str]:
    """Name the result that is corrected, and why; a first one names none."""
    return {
        "replaces": correction.result.digest if correction else "",
        "correction_reason": correction.reason if correction else "",
    }


def _payload(
    result: Result,
    scoring: Sequence[ScoringParts],
    proposals: Mapping[str, Proposal],
    contestants: Mapping[str, combining.Contestant],
    sheets: Sequence[sealing.SealedSheet],
) -> dict[str, Any]:
    assert result.sealed_at is not None  # set by the only caller
    numbers = queries.juror_numbers(result.round)
    codes = {each.pk: each.code for each in proposals.values()}
    return {
        "format": sealing.FORMAT,
        "government": result.government.code,
        "round": result.round.slug,
        "round_name": result.round.name,
        "sequence": result.sequence,
        "previous_digest": result.previous_digest,
        "sealed_at": result.sealed_at.astimezone(UTC).isoformat(),
        "rules": {
            "stages": [
                sealing.rules_as_data(standings.rules_of(each)) for each in scoring
            ]
        },
        "names": {
            each.stage.code: {
                "stage": each.stage.name,
                "criteria": {one.code: one.name for one in each.criteria},
                "predicates": {one.code: one.name for one in each.predicates},
            }
            for each in scoring
        },
        "jurors": [
            {"juror": numbers[juror.pk], "background": juror.background}
            for juror in Juror.objects.filter(pk__in=numbers).order_by("pk")
        ],
        "proposals": [
            {
                **sealing.contestant_as_data(contestants[each.code]),
                "title": each.title,
                "institution": each.institution.name,
                "submitted": each.digest,
            }
            for each in proposals.values()
        ],
        "conflicts": sorted(
            [numbers[juror], codes[proposal]]
            for juror, proposal in queries.barred_pairs(numbers, proposals.values())
        ),
        "sheets": [each.as_data() for each in sheets],
    }


def _write_rows(
    result: Result,
    outcome: combining.Outcome,
    proposals: Mapping[str, Proposal],
    contestants: Mapping[str, combining.Contestant],
) -> dict[str, ResultRow]:
    rows = ResultRow.objects.bulk_create(
        ResultRow(
            result=result,
            proposal=(proposal := proposals[each.proposal]),
            position=each.position,
            rank=each.rank,
            code=proposal.code,
            title=proposal.title,
            institution_name=proposal.institution.name,
            total=None if each.total is None else ranking.readable(each.total),
            track=(groups := contestants[each.proposal].groups).track,
            category=groups.category,
            cluster=groups.cluster,
            ranks=dict(each.ranks),
            sheet_count=each.sheet_count,
            tie_rule=each.tie_rule,
            passes=each.passes,
            is_shortlisted=each.is_shortlisted,
            stopped_at=each.stopped_at,
            predicate=each.assessment.predicate if each.assessment else "",
            shortfalls=[
                sealing.shortfall_as_data(one) for one in each.assessment.shortfalls
            ]
            if each.assessment
            else [],
        )
        for each in outcome.finals
    )
    return {row.code: row for row in rows}


def _write_parts(
    rows: Mapping[str, ResultRow],
    outcome: combining.Outcome,
    scoring: Sequence[ScoringParts],
    spreads: Mapping[tuple[str, str], Decimal],
) -> None:
    ResultPart.objects.bulk_create(
        ResultPart(
            row=rows[each.proposal],
            scoring_stage=parts.stage,
            position=each.position,
            rank=each.rank,
            total=None if each.total is None else ranking.readable(each.total),
            means=[
                None if mean is None else ranking.readable(mean) for mean in each.means
            ],
            spread=spreads.get((parts.stage.code, each.proposal)),
            ranks=dict(each.ranks),
            sheet_count=each.sheet_count,
            tie_rule=each.tie_rule,
            passes=each.passes,
            is_shortlisted=each.is_shortlisted,
            verdict=stage.verdicts.get(each.proposal, ""),
        )
        for parts, stage in zip(scoring, outcome.stages, strict=True)
        for each in stage.standings
    )


def _spreads(
    sheets: Sequence[sealing.SealedSheet], scoring: Sequence[ScoringParts]
) -> dict[tuple[str, str], Decimal]:
    """Give the spread of the jurors' totals, by stage and proposal."""
    weights = {
        (parts.stage.code, each.code): each.weight
        for parts in scoring
        for each in parts.leaves
    }
    totals: dict[tuple[str, str], list[Decimal]] = {}
    for sheet in sheets:
        if sheet.is_final and not sheet.verdict:
            given = [
                (value, weights[sheet.stage, code])
                for code, value in sheet.scores.items()
                if value is not None
            ]
            totals.setdefault((sheet.stage, sheet.proposal), []).append(
                ranking.weighted_total((v for v, _w in given), (w for _v, w in given))
            )
    return {
        key: spread
        for key, found in totals.items()
        if (spread := ranking.spread(found)) is not None
    }
