"""Scoring: what a juror writes into a sheet, until it is final."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Criterion, ScoringStage
from core import audit, numbers
from core.errors import DomainError
from judging import notices, queries, scoring
from judging.models import Assignment, Result, Score, ScoreSheet
from judging.services.papers import withdraw_score_sheets


class SheetLocked(DomainError):
    """The sheet takes no scores: final, sealed, stage not open, statement unsigned."""


class SheetConflict(DomainError):
    """The sheet was saved elsewhere since; `current` is as it stands now."""

    def __init__(self, message: str, current: ScoreSheet) -> None:
        super().__init__(message)
        self.current = current


class ScoreNotValid(DomainError):
    """A score lies outside the scale."""


class SheetIncomplete(DomainError):
    """Scores or notes are missing; `missing` maps criterion codes to what to do."""

    def __init__(self, message: str, missing: Mapping[str, str]) -> None:
        super().__init__(message)
        self.missing = missing


class SheetNotReopened(DomainError):
    """The sheet is open already, or the result is sealed."""


class NoAbstention(DomainError):
    """The juror has not abstained from this sheet, or a reason is missing."""


def save_scores(
    *,
    sheet: ScoreSheet,
    scores: Mapping[Criterion, Decimal | None],
    notes: Mapping[Criterion, str],
    base_version: int,
    actor: User,
    at: datetime,
) -> ScoreSheet:
    """Write scores and notes into a draft sheet; raise its version if any changed.

    `at` is when the request arrived: who sent before closing is heard after it.
    Criteria not named stay as they are. Raises SheetLocked, ScoreNotValid, or
    SheetConflict if `base_version` is no longer the sheet's.
    Source: rule SCO-09 in docs/rules.md.
    """
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        _require_version(sheet, base_version)
        for criterion, value in scores.items():
            _check(sheet.assignment.scoring_stage, criterion, value)
        if _write(sheet, scores, notes):
            sheet.version += 1
            sheet.saved_at = at
            sheet.save(update_fields=["version", "saved_at"])
    return sheet


def save_verdict(
    *,
    sheet: ScoreSheet,
    verdict: str,
    note: str,
    base_version: int,
    actor: User,
    at: datetime,
) -> ScoreSheet:
    """Write what a juror says at a gate into a draft sheet, and raise its version.

    An empty verdict is none yet. Raises SheetLocked, or SheetConflict if
    `base_version` is no longer the sheet's.
    Source: rule SCO-13 in docs/rules.md.
    """
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        _require_version(sheet, base_version)
        if (sheet.verdict, sheet.note) != (verdict, note):
            sheet.verdict, sheet.note = verdict, note
            sheet.version += 1
            sheet.saved_at = at
            sheet.save(update_fields=["verdict", "note", "version", "saved_at"])
    return sheet


def finalise_sheet(
    *, sheet: ScoreSheet, base_version: int, actor: User, at: datetime
) -> ScoreSheet:
    """Declare a sheet finished; from then on it is locked.

    Raises SheetLocked, SheetConflict, or SheetIncomplete if a criterion has no score,
    or no note where the round asks for one; at a gate, without verdict or note.
    Source: rules SCO-04 and SCO-13 in docs/rules.md.
    """
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        _require_version(sheet, base_version)
        stage = sheet.assignment.scoring_stage
        if stage.is_gate:
            missing = scoring.missing_at_gate(sheet)
        else:
            track = sheet.assignment.proposal.track.code
            written = {score.criterion_id: score for score in sheet.score_set.all()}
            criteria = queries.criteria_of(stage, track)
            missing = scoring.missing_of(stage, criteria, written)
        if missing:
            raise SheetIncomplete(_("This sheet is not finished yet."), missing)
        sheet.state = ScoreSheet.State.FINAL
        sheet.finalised_at = at
        sheet.save(update_fields=["state", "finalised_at"])
        audit.record(
            "sheet.finalised",
            actor=actor,
            target=sheet,
            at=at,
            scope=stage.round.competition.government.code,
        )
    return sheet


def abstain(
    *, sheet: ScoreSheet, reason: str, base_version: int, actor: User, at: datetime
) -> ScoreSheet:
    """Leave a proposal unjudged, with a reason; what was written counts nowhere.

    Raises SheetLocked, SheetConflict, or NoAbstention without a reason.
    Source: rule SCO-40 in docs/rules.md.
    """
    if not reason.strip():
        raise NoAbstention(_("Write down why you abstain."))
    with transaction.atomic():
        sheet = _writable(sheet, actor, at)
        _require_version(sheet, base_version)
        sheet.state = ScoreSheet.State.ABSTAINED
        sheet.finalised_at = at
        sheet.abstain_reason = reason
        sheet.save(update_fields=["state", "finalised_at", "abstain_reason"])
        audit.record(
            "sheet.abstained",
            actor=actor,
            target=sheet,
            at=at,
            scope=sheet.assignment.scoring_stage.round.competition.government.code,
            reason=reason,
        )
    return sheet


def take_abstention_back(*, sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """Let the juror score a proposal after all; what they had written is there again.

    Who abstained was shown nothing of others' scores, so nothing is gained by it.
    Raises SheetLocked, or NoAbstention if the sheet is not abstained from.
    Source: rule SCO-40 in docs/rules.md.
    """
    with transaction.atomic():
        sheet = _own(sheet, actor, at)
        if not sheet.is_abstained:
            raise NoAbstention(_("You have not abstained from this proposal."))
        reason = _("The juror took the abstention back.")
        _make_draft(sheet, reason, at)
        withdraw_score_sheets(
            assignment=sheet.assignment, actor=actor, reason=reason, at=at
        )
        audit.record(
            "sheet.abstention_taken_back",
            actor=actor,
            target=sheet,
            at=at,
            scope=sheet.assignment.scoring_stage.round.competition.government.code,
        )
    return sheet


def note_opening(*, sheet: ScoreSheet, at: datetime) -> None:
    """Keep when a juror first had the proposal before them; a sealed round stays.

    The lock is the one that the seal takes first, so that neither overtakes the other.
    """
    with transaction.atomic():
        waiting = ScoreSheet.objects.select_for_update().filter(
            pk=sheet.pk, opened_at=None, state=ScoreSheet.State.DRAFT
        )
        round = sheet.assignment.scoring_stage.round_id
        if waiting.exists() and not queries.sealed_result(round):
            ScoreSheet.objects.filter(pk=sheet.pk).update(opened_at=at)


def reopen_sheet(
    *, sheet: ScoreSheet, reason: str, actor: User, at: datetime
) -> ScoreSheet:
    """Give a final sheet, or one abstained from, back to its juror, with a reason.

    Raises SheetNotReopened if it is a draft, if the result is sealed, once a later
    stage was assigned, since who takes part there follows from this one, or once a
    plenary deliberates on it.
    Source: rules SCO-06 and PLN-06 in docs/rules.md.
    """
    with transaction.atomic():
        sheet = _locked(sheet)
        stage = sheet.assignment.scoring_stage
        if queries.sealed_result(stage.round):
            raise SheetNotReopened(
                _("The result is sealed. A sealed sheet stays as it is.")
            )
        if later := queries.stage_after(stage):
            raise SheetNotReopened(
                _("%(stage)s was assigned already, by what this stage came to.")
                % {"stage": later}
            )
        if queries.plenary_on(stage):
            raise SheetNotReopened(
                _("The plenary deliberates on this stage. Its sheets stay as they are.")
            )
        if not sheet.is_done:
            raise SheetNotReopened(_("This sheet is open already."))
        _make_draft(sheet, reason, at)
        withdraw_score_sheets(
            assignment=sheet.assignment, actor=actor, reason=reason, at=at
        )
        audit.record(
            "sheet.reopened",
            actor=actor,
            target=sheet,
            at=at,
            scope=stage.round.competition.government.code,
            reason=reason,
        )
        notices.sheet_reopened(sheet, at=at)
    return sheet


def _locked(sheet: ScoreSheet) -> ScoreSheet:
    """Hold the sheet, and load no more than a save asks for: it happens at every
    pause of typing. A sheet stays in its stage, which is known already.
    """
    found = (
        ScoreSheet.objects.with_conflict()
        .select_for_update(of=("self",))
        .select_related("assignment__proposal", "assignment__juror")
        .defer("assignment__proposal__header", "assignment__juror__statement")
        .get(pk=sheet.pk)
    )
    found.assignment.scoring_stage = sheet.assignment.scoring_stage
    return found


def _make_draft(sheet: ScoreSheet, reason: str, at: datetime) -> None:
    """Open a sheet that is done; why it was abstained from stays in its history."""
    sheet.state = ScoreSheet.State.DRAFT
    sheet.finalised_at = None
    sheet.abstain_reason = ""
    sheet.reopened_at = at
    sheet.reopen_reason = reason
    sheet.save(
        update_fields=[
            "state",
            "finalised_at",
            "abstain_reason",
            "reopened_at",
            "reopen_reason",
        ]
    )


def _require_version(sheet: ScoreSheet, base_version: int) -> None:
    if sheet.version != base_version:
        raise SheetConflict(_("This sheet was also changed in another window."), sheet)


def _writable(sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """Lock the sheet, then look whether `actor` may write it at `at`."""
    sheet = _own(sheet, actor, at)
    if sheet.is_final:
        raise SheetLocked(_("This sheet is finished and locked."))
    if sheet.is_abstained:
        raise SheetLocked(_("You have abstained from this proposal."))
    return sheet


def _own(sheet: ScoreSheet, actor: User, at: datetime) -> ScoreSheet:
    """Lock the sheet, then look whether it is now in the hands of `actor`.

    Two tabs, or a save and the seal, may meet here: the seal locks all sheets of its
    stage first, so a save is wholly before it or finds the stage sealed.
    """
    sheet = _locked(sheet)
    stage = sheet.assignment.scoring_stage
    if sheet.assignment.juror.user_id != actor.pk:
        raise SheetLocked(_("Only the juror writes in this sheet."))
    if not sheet.assignment.juror.has_signed:
        raise SheetLocked(_("Sign the integrity statement first."))
    if sheet.is_conflicted:
        raise SheetLocked(_("You have a conflict of interest with this proposal."))
    if not sheet.assignment.proposal.has_passed:
        raise SheetLocked(_("This proposal no longer takes part."))
    # Asked once the sheet is held: what was joined to it may be older than the lock.
    given = Assignment.objects.filter(pk=sheet.assignment_id)
    found = given.annotate(
        is_sealed=Exists(
            Result.objects.standing().filter(round=OuterRef("scoring_stage__round"))
        )
    ).values_list("released_at", "is_sealed")
    released_at, is_sealed = found.get()
    if released_at:
        raise SheetLocked(_("This proposal is no longer yours to score."))
    window = queries.window_of(stage)
    if window is None or not window.is_open(at):
        raise SheetLocked(_("Scoring is not open now."))
    if is_sealed:
        raise SheetLocked(_("The result of this round is sealed."))
    return sheet


def _check(stage: ScoringStage, criterion: Criterion, value: Decimal | None) -> None:
    """Refuse a value that is not on the scale of the stage."""
    if value is None or scoring.is_on_scale(stage, value):
        return
    values = {
        "criterion": criterion,
        "low": numbers.decimal(stage.scale_min, 0),
        "high": numbers.decimal(stage.scale_max, 0),
        "step": scoring.plain(stage.scale_step),
    }
    if stage.scale_min <= value <= stage.scale_max:
        raise ScoreNotValid(
            _("%(criterion)s: go from %(low)s to %(high)s in steps of %(step)s.")
            % values
        )
    raise ScoreNotValid(
        _("%(criterion)s: give a number from %(low)s to %(high)s.") % values
    )


def _write(
    sheet: ScoreSheet,
    scores: Mapping[Criterion, Decimal | None],
    notes: Mapping[Criterion, str],
) -> bool:
    """Store what differs from the stored; tell whether anything did."""
    written = {score.criterion_id: score for score in sheet.score_set.all()}
    new: list[Score] = []
    changed: list[Score] = []
    for criterion in {**scores, **notes}:
        old = written.get(criterion.pk)
        score = old or Score(sheet=sheet, criterion=criterion)
        value = scores.get(criterion, score.value)
        note = notes.get(criterion, score.note)
        if (value, note) == (score.value, score.note):
            continue
        score.value, score.note = value, note
        (changed if old else new).append(score)
    Score.objects.bulk_create(new)
    if len(changed) == 1:  # as whoever types one score after the other
        changed[0].save(update_fields=["value", "note"])
    else:
        Score.objects.bulk_update(changed, ["value", "note"])
    return bool(new or changed)
