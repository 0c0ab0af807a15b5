"""Plenaries: called, attended, and applied all at once."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions.models import Round, ScoringStage
from core import audit
from core.errors import DomainError
from judging import agreeing, notices, queries, standings
from judging.models import (
    Juror,
    Plenary,
    PlenaryAttendance,
    PlenaryVote,
    ScoreSheet,
)


class PlenaryNotOpened(DomainError):
    """There is nothing to deliberate on yet, or another plenary sits."""


class PlenaryClosed(DomainError):
    """The plenary was applied or cancelled, or the result is sealed."""


class AttendanceNotChanged(DomainError):
    """Somebody who is said to be absent took part in a decision."""


class PlenaryNotApplied(DomainError):
    """Quorum, a vote or a decision on a tie is missing."""


def open_plenary(
    *,
    scoring_stage: ScoringStage,
    held_at: datetime,
    place: str,
    chair: Juror,
    quorum: int | None,
    names_jurors: bool,
    actor: User,
    at: datetime,
) -> Plenary:
    """Call a plenary on what `scoring_stage` came to; its chair is present.

    The panel is told by message, if it is still to come.

    Without a `quorum` it is more than half of the sitting panel. Raises
    PlenaryNotOpened while scores may not be seen, once a later stage was assigned, or
    while another one sits.
    Source: rule PLN-01 in docs/rules.md.
    """
    with transaction.atomic():
        round = lock_round(scoring_stage.round)
        # A sheet that is reopened meanwhile is waited for, or finds the plenary.
        stages = lock_sheets(round)
        scoring_stage = next(each for each in stages if each.pk == scoring_stage.pk)
        correction = _require_not_sealed(round, PlenaryNotOpened)
        if queries.open_plenary(round):
            raise PlenaryNotOpened(
                _("A plenary of this round is open. Apply or cancel it first.")
            )
        before = stages[: stages.index(scoring_stage) + 1]
        _require_over(round, before, at, PlenaryNotOpened)
        if not correction:
            _require_last(scoring_stage, PlenaryNotOpened)
        sheets = ScoreSheet.objects.open().final()
        if not sheets.filter(assignment__scoring_stage=scoring_stage).exists():
            raise PlenaryNotOpened(_("No sheet of this stage is finished yet."))
        panel = list(Juror.objects.sitting().filter(round=round).order_by("pk"))
        if chair not in panel:
            raise PlenaryNotOpened(_("The chair is a juror of this round."))
        plenary = Plenary.objects.create(
            key=secrets.token_hex(8),
            round=round,
            scoring_stage=scoring_stage,
            held_at=held_at,
            place=place,
            quorum=quorum or agreeing.majority_of(len(panel)),
            chair=chair,
            names_jurors=names_jurors,
            opened_at=at,
            opened_by=actor,
        )
        PlenaryAttendance.objects.bulk_create(
            PlenaryAttendance(plenary=plenary, juror=each, is_present=each == chair)
            for each in panel
        )
        note_act(plenary, "plenary.opened", actor, at, quorum=plenary.quorum)
        notices.plenary_called(plenary, is_change=False, at=at)
    return plenary


def change_plenary(
    *,
    plenary: Plenary,
    held_at: datetime,
    place: str,
    chair: Juror,
    quorum: int,
    names_jurors: bool,
    actor: User,
    at: datetime,
) -> Plenary:
    """Set when and where it is held, by whom, and with which quorum.

    Who is called is told of another time or place. Raises PlenaryClosed.
    """
    with transaction.atomic():
        plenary = lock_plenary(plenary)
        before = (plenary.held_at, plenary.place, plenary.chair_id, plenary.quorum)
        plenary.held_at, plenary.place = held_at, place
        plenary.chair, plenary.quorum = chair, quorum
        plenary.names_jurors = names_jurors
        plenary.save(
            update_fields=["held_at", "place", "chair", "quorum", "names_jurors"]
        )
        if before != (held_at, place, chair.pk, quorum):
            note_act(plenary, "plenary.changed", actor, at, quorum=quorum)
        if before[:2] != (held_at, place):
            notices.plenary_called(plenary, is_change=True, at=at)
    return plenary


def set_attendance(
    *, plenary: Plenary, present: Collection[Juror], actor: User, at: datetime
) -> Plenary:
    """Note who of the panel is present; who sits since is put on the list.

    Raises PlenaryClosed, or AttendanceNotChanged if one who decided is left out.
    """
    with transaction.atomic():
        plenary = lock_plenary(plenary)
        here = {each.pk for each in present}
        voters = set(
            PlenaryVote.objects.filter(decision__plenary=plenary)
            .exclude(juror__in=here)
            .values_list("juror__user__name", flat=True)
        )
        if voters:
            raise AttendanceNotChanged(
                _("%(names)s took part in a decision. Withdraw it first.")
                % {"names": ", ".join(sorted(voters))}
            )
        listed = {
            each.juror_id: each
            for each in PlenaryAttendance.objects.filter(plenary=plenary)
        }
        panel = Juror.objects.sitting().filter(round=plenary.round)
        PlenaryAttendance.objects.bulk_create(
            PlenaryAttendance(plenary=plenary, juror=each)
            for each in panel
            if each.pk not in listed
        )
        rows = PlenaryAttendance.objects.filter(plenary=plenary)
        came = rows.filter(juror__in=here, is_present=False).update(is_present=True)
        left = rows.exclude(juror__in=here).filter(is_present=True)
        if came + left.update(is_present=False):
            note_act(
                plenary,
                "plenary.attendance_noted",
                actor,
                at,
                present=rows.filter(is_present=True).count(),
            )
    return plenary


def apply_plenary(*, plenary: Plenary, actor: User, at: datetime) -> Plenary:
    """Let all decisions count at once; from then on none of them changes.

    It takes the locks that sealing takes: what jurors save at the same time is in the
    ranking or is refused. Raises PlenaryClosed, or PlenaryNotApplied without quorum,
    where somebody decided who may not, or while a tie on the line is undecided.
    Source: rules PLN-01, PLN-03 and PLN-04 in docs/rules.md.
    """
    with transaction.atomic():
        round = lock_round(plenary.round)
        plenary = lock_plenary(plenary)
        stages = lock_sheets(round)
        stage = plenary.scoring_stage
        correction = _require_not_sealed(round, PlenaryNotApplied)
        before = stages[: stages.index(stage) + 1]
        _require_over(round, before, at, PlenaryNotApplied)
        if not correction:
            _require_last(stage, PlenaryNotApplied)
        if problems := standings.problems_of(plenary):
            raise PlenaryNotApplied(" ".join(problems))
        plenary.state = Plenary.State.APPLIED
        plenary.closed_at, plenary.closed_by = at, actor
        plenary.save(update_fields=["state", "closed_at", "closed_by"])
        decided = plenary.plenarydecision_set.count()
        note_act(plenary, "plenary.applied", actor, at, decisions=decided)
    return plenary


def cancel_plenary(
    *, plenary: Plenary, reason: str, actor: User, at: datetime
) -> Plenary:
    """End a plenary without effect; its decisions stay to be read, and never count.

    Raises PlenaryClosed.
    """
    with transaction.atomic():
        plenary = lock_plenary(plenary)
        plenary.state = Plenary.State.CANCELLED
        plenary.cancel_reason = reason
        plenary.closed_at, plenary.closed_by = at, actor
        plenary.save(update_fields=["state", "cancel_reason", "closed_at", "closed_by"])
        note_act(plenary, "plenary.cancelled", actor, at, reason=reason)
        notices.plenary_cancelled(plenary, at=at)
    return plenary


def lock_round(round: Round) -> Round:
    """Lock the round itself: sealing, opening and applying meet here."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("competition__government")
        .get(pk=round.pk)
    )


def lock_sheets(round: Round) -> list[ScoringStage]:
    """Lock stages and sheets of a round; give its stages in their order.

    Every writer locks its sheet first. Whoever came before us is waited for, whoever
    comes after finds what we did.
    """
    stages = list(
        ScoringStage.objects.select_for_update()
        .filter(round=round)
        .order_by("order", "pk")
    )
    list(
        ScoreSheet.objects.select_for_update(of=("self",))
        .filter(assignment__scoring_stage__in=stages)
        .order_by("pk")
        .values_list("pk")
    )
    return stages


def lock_plenary(plenary: Plenary) -> Plenary:
    """Lock the plenary; raise PlenaryClosed if nothing is decided in it any more."""
    plenary = (
        Plenary.objects.select_for_update(of=("self",))
        .select_related("scoring_stage", "round__competition__government")
        .get(pk=plenary.pk)
    )
    if plenary.is_applied:
        raise PlenaryClosed(
            _("The decisions of this plenary were applied. They can no longer change.")
        )
    if not plenary.is_open:
        raise PlenaryClosed(_("This plenary was cancelled."))
    _require_not_sealed(plenary.round, PlenaryClosed)
    return plenary


def note_act(
    plenary: Plenary,
    action: str,
    actor: User,
    at: datetime,
    reason: str = "",
    **changes: object,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=plenary,
        at=at,
        scope=plenary.round.competition.government.code,
        reason=reason,
        changes=changes,
    )


def _require_not_sealed(round: Round, refusal: type[DomainError]) -> bool:
    """Raise unless the round is open, or its result is being corrected: then True."""
    if not queries.sealed_result(round):
        return False
    if not queries.open_correction(round):
        raise refusal(_("The result of this round is sealed."))
    return True


def _require_over(
    round: Round,
    stages: Collection[ScoringStage],
    at: datetime,
    refusal: type[DomainError],
) -> None:
    waiting = queries.unshown_stages(stages, queries.windows_of(round), at)
    if waiting and not queries.sealed_result(round):
        raise refusal(
            _("Jurors still score in %(stage)s. The plenary begins after that.")
            % {"stage": waiting[0]}
        )


def _require_last(stage: ScoringStage, refusal: type[DomainError]) -> None:
    if later := queries.stage_after(stage):
        raise refusal(
            _("%(stage)s was assigned already, by what this stage came to.")
            % {"stage": later}
        )
    standing = queries.plenary_on(stage)
    if standing and standing.scoring_stage_id != stage.pk:
        raise refusal(_("The plenary decided on a later stage already."))
