"""Overviews of rounds: for the secretariat, and read-only for leaders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import acting
from accounts import permissions as account_permissions
from accounts.models import Government, Membership
from accounts.requests import SignedInRequest
from awards.models import Award, Decree
from competitions import permissions as competition_permissions
from competitions import phases
from competitions.models import Round, ScoringStage, Stage
from competitions.phases import Phase
from judging import queries as judging_queries
from judging.queries import BoardRow
from monitoring import figures, overview, queries, trend
from monitoring.figures import DayChart, Stat
from monitoring.queries import Participation, ProposalCounts, RoundFigures


@dataclass(frozen=True)
class RoundOverview:
    """What the secretariat and the leader both see of a round."""

    round: Round
    now: datetime
    stages: Sequence[Stage]
    phases: Sequence[Phase]
    current: Stage | None
    participation: Participation
    counts: ProposalCounts
    scoring_stage: ScoringStage | None
    board: Sequence[BoardRow]
    stats: Sequence[Stat]
    chart: DayChart | None

    @property
    def phase_now(self) -> Phase | None:
        return next((phase for phase in self.phases if phase.is_now), None)


def _overview(round: Round, at: datetime) -> RoundOverview:
    """Load the figures of `round`, in a constant number of queries."""
    stages = list(round.stage_set.order_by("order"))
    current = phases.current_stage(stages, at)
    submission = phases.stage_of_kind(stages, Stage.Kind.SUBMISSION)
    participation = queries.participation(round, stages, at)
    counts = queries.proposal_counts(round)
    scoring_stage = judging_queries.scoring_stage_of(round)
    board = judging_queries.board_of(round, scoring_stage)
    return RoundOverview(
        round=round,
        now=at,
        stages=stages,
        phases=phases.phases(stages, at, round.zone),
        current=current,
        participation=participation,
        counts=counts,
        scoring_stage=scoring_stage,
        board=board,
        stats=figures.round_stats(
            participation,
            queries.previous_participation(round, timezone.localdate(at)),
            counts,
            judging_queries.summed(row.progress for row in board),
            current,
            at,
        ),
        chart=figures.day_chart(
            queries.submissions_per_day(round, submission, at, round.zone)
        ),
    )


@require_safe
def round_dashboard(request: SignedInRequest, round: str) -> HttpResponse:
    """All the secretariat needs to know of a round, and what it must do."""
    found = get_object_or_404(
        Round.objects.run_by(request.user).of_government(), slug=round
    )
    with timezone.override(found.zone):
        shown = _overview(found, request.received_at)
        facts = _facts(shown)
        competes = competition_permissions.competes_in(request.user, found)
        return render(
            request,
            "monitoring/round_dashboard.html",
            {
                "round": found,
                "overview": shown,
                "actions": []
                if competes
                else overview.actions(facts, request.received_at),
                "jurors": facts.jurors,
                "shut_out": competition_permissions.why_shut_out(found)
                if competes
                else "",
            },
        )


def _facts(shown: RoundOverview) -> overview.RoundFacts:
    stage = shown.scoring_stage
    return overview.RoundFacts(
        slug=shown.round.slug,
        is_opened=shown.round.is_opened,
        stages=shown.stages,
        counts=shown.counts,
        missing=shown.participation.missing,
        jurors=overview.juror_states(
            shown.board,
            phases.stage_of_kind(shown.stages, Stage.Kind.SCORING),
            shown.now,
        ),
        unassigned=judging_queries.unassigned_count(stage) if stage else 0,
        has_sealed_result=judging_queries.sealed_result(shown.round) is not None,
        award_count=Award.objects.of_round(shown.round).standing().count(),
        has_decree=Decree.objects.filter(round=shown.round).exists(),
    )


@dataclass(frozen=True)
class OverviewRow:
    """One round in the leader's list."""

    round: Round
    figures: RoundFigures
    current: Stage | None
    coming: Stage | None
    is_finished: bool


@require_safe
def leader_overview(request: SignedInRequest) -> HttpResponse:
    """The rounds of the leader's own government and those below, with figures."""
    if not account_permissions.has_role(request.user, Membership.Role.LEADER):
        raise Http404
    at = request.received_at
    person = acting.acting(request, request.user, Membership.Role.LEADER)
    rounds = list(
        Round.objects.published()
        .filter(competition__government__in=Government.objects.led_by(person))
        .for_list()[:50]
    )
    by_round = queries.figures_of(rounds, timezone.localdate(at))
    rows = []
    for round in rounds:
        stages = list(round.stage_set.all())
        current = phases.current_stage(stages, at)
        rows.append(
            OverviewRow(
                round=round,
                figures=by_round[round.pk],
                current=current,
                coming=None if current else phases.next_stage(stages, at),
                is_finished=phases.is_finished(stages, at),
            )
        )
    return render(request, "monitoring/leader_overview.html", {"rows": rows})


@require_safe
def leader_round(request: SignedInRequest, round: str) -> HttpResponse:
    """Figures of one round; never a proposal's text, never a score."""
    led = Government.objects.led_by(request.user)
    rounds = Round.objects.published().filter(competition__government__in=led)
    found = get_object_or_404(rounds.of_government(), slug=round)
    categories = queries.entered_by_category(found)
    at = request.received_at
    with timezone.override(found.zone):
        shown = _overview(found, at)
        submission = phases.stage_of_kind(shown.stages, Stage.Kind.SUBMISSION)
        return render(
            request,
            "monitoring/leader_round.html",
            {
                "round": found,
                "overview": shown,
                "trend": trend.load_trend(found, submission, at)
                if submission
                else None,
                "categories": categories,
                "category_most": max((count for _name, count in categories), default=0),
            },
        )
