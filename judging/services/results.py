"""Sealing: the outcome of a scoring stage, fixed for good."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Government, User
from competitions.models import Criterion, ScoringStage
from core import audit
from core.errors import DomainError
from judging import queries, ranking, sealing, standings
from judging.models import Juror, Result, ResultRow, ScoreSheet
from submissions.models import Proposal


class ResultNotSealed(DomainError):
    """The result is sealed already, or there is not yet anything to seal."""


def seal_result(*, scoring_stage: ScoringStage, actor: User, at: datetime) -> Result:
    """Seal the result of a scoring stage: rows, canonical text, digest, chain.

    From then on its sheets, scores and assignments cannot change, in SQL either.
    Raises ResultNotSealed while jurors may still score, without a final sheet, or if
    it is sealed already.
    Source: rule SCO-11 in docs/rules.md.
    """
    with transaction.atomic():
        stage = (
            ScoringStage.objects.select_for_update(of=("self",))
            .select_related("round__competition__government")
            .get(pk=scoring_stage.pk)
        )
        if queries.sealed_result(stage):
            raise ResultNotSealed(_("This result is sealed already."))
        # Every writer locks its sheet first. Whoever came before us is waited for and
        # is in the seal; whoever comes after finds the stage sealed.
        list(
            ScoreSheet.objects.select_for_update(of=("self",))
            .filter(assignment__scoring_stage=stage)
            .order_by("pk")
            .values_list("pk")
        )
        window = queries.scoring_window(stage.round)
        if not queries.scores_may_be_shown(stage, window, at):
            raise ResultNotSealed(
                _("Jurors may still score. Seal when all sheets are finished.")
            )
        government = Government.objects.select_for_update().get(
            pk=stage.round.competition.government_id
        )
        result = _seal(stage, government, actor, at)
        audit.record(
            "result.sealed",
            actor=actor,
            target=result,
            at=at,
            scope=government.code,
            changes={"digest": result.digest, "sequence": result.sequence},
        )
    return result


def _seal(
    stage: ScoringStage, government: Government, actor: User, at: datetime
) -> Result:
    criteria = queries.criteria_of(stage)
    rules = standings.rules_of(stage, criteria)
    proposals = {
        each.code: each
        for each in queries.standing_proposals(stage)
        .select_related("institution")
        .order_by("code")
    }
    sheets = standings.sheets_to_seal(stage, criteria)
    ranked = sealing.rank_sheets(rules, sheets, list(proposals))
    if not ranked or ranked[0].rank is None:
        raise ResultNotSealed(_("No sheet is finished yet."))
    last = (
        Result.objects.sealed()
        .filter(government=government)
        .order_by("-sequence")
        .first()
    )
    result = Result.objects.create(
        government=government, round=stage.round, scoring_stage=stage, created_at=at
    )
    _write_rows(result, ranked, proposals, _spreads(sheets, criteria))
    result.sequence = last.sequence + 1 if last and last.sequence else 1
    result.previous_digest = last.digest if last else ""
    result.sealed_at, result.sealed_by = at, actor
    result.payload = sealing.canonical(
        _payload(result, rules, criteria, list(proposals.values()), sheets, ranked)
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


def _payload(
    result: Result,
    rules: ranking.RuleSet,
    criteria: Sequence[Criterion],
    proposals: Sequence[Proposal],
    sheets: Sequence[sealing.SealedSheet],
    ranked: Sequence[ranking.Standing],
) -> dict[str, Any]:
    assert result.sealed_at is not None  # set by the only caller
    numbers = queries.juror_numbers(result.scoring_stage)
    codes = {each.pk: each.code for each in proposals}
    return {
        "format": sealing.FORMAT,
        "government": result.government.code,
        "round": result.round.slug,
        "round_name": result.round.name,
        "scoring_stage": result.scoring_stage.code,
        "sequence": result.sequence,
        "previous_digest": result.previous_digest,
        "sealed_at": result.sealed_at.astimezone(UTC).isoformat(),
        "rules": sealing.rules_as_data(rules),
        "criteria_names": {each.code: each.name for each in criteria},
        "jurors": [
            {"juror": numbers[juror.pk], "background": juror.background}
            for juror in Juror.objects.filter(pk__in=numbers).order_by("pk")
        ],
        "proposals": [
            {
                "code": each.code,
                "title": each.title,
                "institution": each.institution.name,
                "submitted": each.digest,
            }
            for each in proposals
        ],
        "conflicts": sorted(
            [numbers[juror], codes[proposal]]
            for juror, proposal in queries.barred_pairs(numbers, proposals)
        ),
        "sheets": [each.as_data() for each in sheets],
        "rows": [sealing.standing_as_data(each) for each in ranked],
    }


def _write_rows(
    result: Result,
    ranked: Sequence[ranking.Standing],
    proposals: Mapping[str, Proposal],
    spreads: Mapping[str, Decimal],
) -> None:
    ResultRow.objects.bulk_create(
        ResultRow(
            result=result,
            proposal=(proposal := proposals[each.proposal]),
            position=each.position,
            rank=each.rank,
            code=proposal.code,
            title=proposal.title,
            institution_name=proposal.institution.name,
            total=None if each.total is None else ranking.readable(each.total),
            means=[ranking.readable(mean) for mean in each.means],
            spread=spreads.get(each.proposal),
            sheet_count=each.sheet_count,
            tie_rule=each.tie_rule,
            passes=each.passes,
            is_shortlisted=each.is_shortlisted,
        )
        for each in ranked
    )


def _spreads(
    sheets: Sequence[sealing.SealedSheet], criteria: Sequence[Criterion]
) -> dict[str, Decimal]:
    weights = [each.weight for each in criteria]
    totals: dict[str, list[Decimal]] = {}
    for sheet in sheets:
        if sheet.is_final:
            values = [sheet.scores[each.code] or Decimal(0) for each in criteria]
            totals.setdefault(sheet.proposal, []).append(
                ranking.weighted_total(values, weights)
            )
    return {
        code: spread
        for code, found in totals.items()
        if (spread := ranking.spread(found)) is not None
    }
