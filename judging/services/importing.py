"""Scores out of a workbook: what each row would do, and doing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Criterion, ScoringStage
from core import audit
from judging import queries, scoring
from judging.models import Juror, Score, ScoreSheet
from judging.services.scoring import (
    ScoreNotValid,
    SheetConflict,
    SheetLocked,
    save_scores,
)
from judging.sheet_table import Fault, Line


@dataclass(frozen=True)
class PlannedRow:
    """What a row of the workbook does to a sheet; `remark` does not hold it back."""

    line: Line
    title: str
    changes: int
    remark: str = ""


@dataclass(frozen=True)
class SheetPlan:
    """What taking a workbook would do: rows that change something, and all faults."""

    rows: Sequence[PlannedRow]
    unchanged: int
    faults: Sequence[Fault]


def plan_import(
    *, juror: Juror, stage: ScoringStage, lines: Sequence[Line], faults: Iterable[Fault]
) -> SheetPlan:
    """Compare the `lines` of a workbook with the sheets of `juror`; change nothing.

    A row is refused whole where anything in it is wrong, or where its sheet was saved,
    finished or taken away since the workbook was downloaded.
    Source: rule SCO-43 in docs/rules.md.
    """
    sheets = _sheets_by_key(juror, stage)
    criteria = queries.criteria_of(stage)
    found = list(faults)
    rows = []
    unchanged = 0
    for line in lines:
        sheet = sheets.get(line.key)
        reason = _refusal(sheet, line, criteria)
        if sheet is None or reason:
            code = sheet.assignment.proposal.code if sheet else line.key
            found.append(Fault(line.row, "", code, reason))
            continue
        written = {score.criterion_id: score for score in sheet.score_set.all()}
        own = [each for each in criteria if each.is_for(_track(sheet))]
        changes = sum(_differs(line, each, written.get(each.pk)) for each in own)
        if not changes:
            unchanged += 1
            continue
        rows.append(
            PlannedRow(
                line,
                sheet.assignment.proposal.title,
                changes,
                _remark(stage, line, own),
            )
        )
    return SheetPlan(rows, unchanged, sorted(found, key=lambda fault: fault.row))


def import_scores(
    *,
    juror: Juror,
    stage: ScoringStage,
    lines: Sequence[Line],
    actor: User,
    at: datetime,
) -> SheetPlan:
    """Save each of `lines` into its draft, by itself, as the juror's own save would.

    None is made final by it. Gives the rows taken; those refused are its faults.
    Source: rule SCO-43 in docs/rules.md.
    """
    plan = plan_import(juror=juror, stage=stage, lines=lines, faults=[])
    sheets = _sheets_by_key(juror, stage)
    criteria = queries.criteria_of(stage)
    taken = []
    faults = list(plan.faults)
    for row in plan.rows:
        sheet = sheets[row.line.key]
        own = [each for each in criteria if each.is_for(_track(sheet))]
        try:
            save_scores(
                sheet=sheet,
                scores={
                    each: row.line.scores[each.code]
                    for each in own
                    if each.code in row.line.scores
                },
                notes={
                    each: row.line.notes[each.code]
                    for each in own
                    if each.code in row.line.notes
                },
                base_version=row.line.version,
                actor=actor,
                at=at,
            )
        except (SheetLocked, SheetConflict, ScoreNotValid) as refusal:
            code = sheet.assignment.proposal.code
            faults.append(Fault(row.line.row, "", code, refusal.message))
        else:
            taken.append(row)
    if taken:
        audit.record(
            "sheets.imported",
            actor=actor,
            target=stage,
            at=at,
            scope=stage.round.competition.government.code,
            changes={"taken": len(taken), "refused": len(faults)},
        )
    return SheetPlan(taken, plan.unchanged, sorted(faults, key=lambda f: f.row))


def _sheets_by_key(juror: Juror, stage: ScoringStage) -> dict[str, ScoreSheet]:
    sheets = (
        ScoreSheet.objects.open()
        .filter(assignment__juror=juror, assignment__scoring_stage=stage)
        .select_related("assignment__proposal__track", "assignment__juror")
        .prefetch_related("score_set")
    )
    return {sheet.key: sheet for sheet in sheets}


def _track(sheet: ScoreSheet) -> str:
    return sheet.assignment.proposal.track.code


def _refusal(
    sheet: ScoreSheet | None, line: Line, criteria: Sequence[Criterion]
) -> str:
    """Say why a row is not taken, or nothing."""
    if sheet is None:
        return _("This row belongs to no sheet of yours.")
    if sheet.is_final:
        return _("This sheet is finished and locked.")
    if sheet.is_abstained:
        return _("You have abstained from this proposal.")
    if sheet.version != line.version:
        return _(
            "The sheet was saved since this file was downloaded. Download it anew."
        )
    for each in criteria:
        is_given = line.scores.get(each.code) is not None or line.notes.get(each.code)
        if is_given and not each.is_for(_track(sheet)):
            return _("%(criterion)s is not asked of this proposal.") % {
                "criterion": each.name
            }
    return ""


def _differs(line: Line, criterion: Criterion, score: Score | None) -> bool:
    value, note = (score.value, score.note) if score else (None, "")
    code = criterion.code
    return (
        line.scores.get(code, value) != value
        or line.notes.get(code, note).strip() != note.strip()
    )


def _remark(stage: ScoringStage, line: Line, criteria: Iterable[Criterion]) -> str:
    lacking = [
        each.name
        for each in criteria
        if (value := line.scores.get(each.code)) is not None
        and scoring.needs_note(stage, value)
        and not line.notes.get(each.code)
    ]
    if not lacking:
        return ""
    return _("Still needs a note: %(criteria)s.") % {"criteria": ", ".join(lacking)}
