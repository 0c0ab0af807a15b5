"""Plenaries: which one sits, who may decide in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.apps import apps
from django.db.models import Prefetch, Q

from competitions.models import Round, ScoringStage, Stage
from judging.models import (
    AgreedScore,
    Correction,
    Juror,
    Plenary,
    PlenaryAttendance,
    PlenaryDecision,
    PlenaryVote,
    Result,
    TiePlace,
)
from judging.queries.rounds import sealed_result
from judging.queries.sheets import barred_pairs
from submissions.models import Proposal


def open_plenary(round: Round) -> Plenary | None:
    """Find the plenary that sits now."""
    return Plenary.objects.open().filter(round=round).first()


def plenaries_of(round: Round) -> list[Plenary]:
    """List the plenaries of `round`, the latest first."""
    return list(
        Plenary.objects.filter(round=round)
        .select_related("scoring_stage", "chair__user", "closed_by")
        .order_by("-opened_at", "-pk")
    )


def agreed_in(round: Round, until: datetime) -> set[tuple[str, str]]:
    """Find what plenaries agreed on that counted at `until`: codes of stage, proposal.

    A plenary that prepares a correction counts for the new result alone.
    """
    rows = PlenaryDecision.objects.filter(
        plenary__round=round,
        plenary__state=Plenary.State.APPLIED,
        plenary__closed_at__lte=until,
        proposal__isnull=False,
    )
    return set(rows.values_list("plenary__scoring_stage__code", "proposal__code"))


def changes_of(plenary: Plenary) -> int:
    """Count how often what is known of a plenary was written anew."""
    history = apps.get_model("judging.PlenaryEvent").objects
    return int(history.filter(pgh_obj=plenary.pk).count())


def plenary_on(stage: ScoringStage) -> Plenary | None:
    """Find a plenary, sitting or applied, of `stage` or a later one of its round."""
    return (
        Plenary.objects.exclude(state=Plenary.State.CANCELLED)
        .filter(round=stage.round_id, scoring_stage__order__gte=stage.order)
        .order_by("pk")
        .first()
    )


def plenary_against(stage: ScoringStage) -> Plenary | None:
    """Find a plenary that lets nothing be handed out in `stage`.

    One of it or a later stage, sitting or applied; or one that sits on an earlier.
    """
    against = Q(scoring_stage__order__gte=stage.order) | Q(state=Plenary.State.OPEN)
    return (
        Plenary.objects.exclude(state=Plenary.State.CANCELLED)
        .filter(against, round=stage.round_id)
        .select_related("scoring_stage")
        .order_by("-scoring_stage__order", "pk")
        .first()
    )


def open_correction(round: Round) -> Correction | None:
    """Find the correction that is being prepared for the standing result."""
    result = sealed_result(round)
    if result is None:
        return None
    return (
        Correction.objects.filter(result=result, state=Correction.State.OPEN)
        .select_related("opened_by", "result")
        .first()
    )


def attendance_of(plenary: Plenary) -> list[PlenaryAttendance]:
    """List the panel at `plenary`, in the order of invitation."""
    return list(
        PlenaryAttendance.objects.filter(plenary=plenary)
        .select_related("juror__user")
        .order_by("juror")
    )


def in_conflict(
    jurors: Iterable[Juror], proposals: Iterable[Proposal]
) -> dict[int, set[int]]:
    """Find the ids of the jurors who are out, by the id of the proposal.

    `proposals` have their institutions loaded.
    """
    among = list(proposals)
    found: dict[int, set[int]] = {each.pk: set() for each in among}
    for juror, proposal in barred_pairs([each.pk for each in jurors], among):
        found[proposal].add(juror)
    return found


def decisions_in(plenary: Plenary) -> list[PlenaryDecision]:
    """List the decisions of `plenary` with scores, orders and votes (four queries)."""
    scores = AgreedScore.objects.select_related("criterion")
    places = TiePlace.objects.select_related("proposal__institution")
    votes = PlenaryVote.objects.select_related("juror__user")
    return list(
        PlenaryDecision.objects.filter(plenary=plenary)
        .select_related("proposal__institution", "recorded_by")
        .prefetch_related(
            Prefetch("agreedscore_set", scores.order_by("criterion__order", "pk")),
            Prefetch("tieplace_set", places.order_by("place")),
            Prefetch("votes", votes.order_by("juror")),
        )
        .order_by("decided_at", "pk")
    )


def hidden_from(juror: Juror) -> set[str]:
    """Find the codes of the proposals of the round that `juror` is in conflict with."""
    proposals = list(
        Proposal.objects.filter(round=juror.round_id).select_related("institution")
    )
    codes = {each.pk: each.code for each in proposals}
    return {codes[proposal] for _juror, proposal in barred_pairs([juror.pk], proposals)}


def results_of(round: Round) -> list[Result]:
    """List the sealed results of `round`, the one that stands first."""
    return list(
        Result.objects.sealed()
        .filter(round=round)
        .select_related("sealed_by", "replaces")
        .order_by("-sequence")
    )


def reason_of(result: Result) -> str:
    """Tell why `result` replaces the one before it; nothing for a first one."""
    if result.replaces_id is None:
        return ""
    sealed = Correction.objects.filter(
        result=result.replaces_id, state=Correction.State.SEALED
    )
    return sealed.values_list("reason", flat=True).first() or ""


def followed_plenary(
    juror: Juror, windows: Mapping[str, Stage], at: datetime
) -> Plenary | None:
    """Find the open plenary that `juror` is present at; none while anybody scores."""
    if any(window.is_open(at) for window in windows.values()):
        return None
    plenaries = Plenary.objects.open().followed_by(juror.user)
    return plenaries.filter(round=juror.round_id).first()
