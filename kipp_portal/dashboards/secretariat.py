"""The dashboard of the secretariat: its rounds and what each waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from competitions import phases
from competitions.models import Round, Stage
from core import dates
from judging.models import Result
from kipp_portal.dashboards.steps import Deadline, NextStep, deadlines
from submissions.models import ENTERED_STATES, UNSENT_STATES, Proposal, ProposalState

SHOWN = 8


@dataclass(frozen=True)
class RoundCounts:
    """The proposals of one round."""

    entered: int = 0
    waiting: int = 0
    unsent: int = 0


@dataclass(frozen=True)
class RoundRow:
    """One round as it stands."""

    round: Round
    current: Stage | None
    counts: RoundCounts
    is_finished: bool
    url: str


@dataclass(frozen=True)
class SecretariatDashboard:
    """The latest rounds with what needs action."""

    rows: Sequence[RoundRow]
    steps: Sequence[NextStep]
    deadlines: Sequence[Deadline]


def load_secretariat(user: User, at: datetime, *, acting: User) -> SecretariatDashboard:
    """Load the rounds that `acting` runs, in a constant number of queries."""
    rounds = list(Round.objects.run_by(acting).for_list()[:SHOWN])
    counts = {
        pk: RoundCounts(*numbers)
        for pk, *numbers in Proposal.objects.filter(round__in=rounds)
        .order_by()
        .values_list("round")
        .annotate(
            entered=Count("pk", filter=Q(state__in=ENTERED_STATES)),
            waiting=Count("pk", filter=Q(state=ProposalState.SUBMITTED)),
            unsent=Count("pk", filter=Q(state__in=UNSENT_STATES)),
        )
    }
    sealed = set(
        Result.objects.standing()
        .filter(scoring_stage__round__in=rounds)
        .values_list("scoring_stage__round", flat=True)
    )
    rows = [_row(round, counts.get(round.pk, RoundCounts()), at) for round in rounds]
    # Where the person competes, colleagues check and judge.
    competing = set(
        Proposal.objects.competing_for(user).values_list("round", flat=True)
    )
    # What others wait for comes before next year's preparations.
    steps = [
        step
        for row in sorted(rows, key=lambda row: not row.round.is_opened)
        if row.round.pk not in competing
        and (step := _step(row, row.round.pk in sealed, at))
    ]
    if not rows:
        steps.append(
            NextStep(
                title=_("Create the first round"),
                text=_("Begin with the rules the portal brings along."),
                url=reverse("competitions:round_create"),
                label=_("Create a round"),
            )
        )
    running = [row.round for row in rows if row.round.is_opened and not row.is_finished]
    return SecretariatDashboard(rows, steps[:3], deadlines(running, at))


def _row(round: Round, counts: RoundCounts, at: datetime) -> RoundRow:
    stages = list(round.stage_set.all())
    name = (
        "monitoring:round_dashboard" if round.is_opened else "competitions:round_setup"
    )
    return RoundRow(
        round=round,
        current=phases.current_stage(stages, at),
        counts=counts,
        is_finished=phases.is_finished(stages, at),
        url=reverse(name, args=[round.slug]),
    )


def _step(row: RoundRow, is_sealed: bool, at: datetime) -> NextStep | None:
    """The most urgent thing of one round, if there is any."""
    round, slug = row.round, [row.round.slug]
    if not round.is_opened:
        return NextStep(
            title=_("Finish the set-up of %(round)s") % {"round": round},
            text=_("Nobody else sees the round until you open it."),
            url=row.url,
            label=_("Go on with the set-up"),
        )
    if row.counts.waiting:
        return NextStep(
            title=ngettext(
                "Screen %(count)d proposal of %(round)s",
                "Screen %(count)d proposals of %(round)s",
                row.counts.waiting,
            )
            % {"count": row.counts.waiting, "round": round},
            text=_("Only screened proposals reach the jury."),
            url=reverse("submissions:screening_list", args=slug),
            label=_("Screen proposals"),
            part=row.counts.entered - row.counts.waiting,
            whole=row.counts.entered,
            progress=_("%(done)d of %(total)d screened")
            % {
                "done": row.counts.entered - row.counts.waiting,
                "total": row.counts.entered,
            },
        )
    submission = phases.stage_of_kind(round.stage_set.all(), Stage.Kind.SUBMISSION)
    if submission and submission.is_open(at) and row.counts.unsent:
        return _rescue(row, submission)
    scoring = phases.stage_of_kind(round.stage_set.all(), Stage.Kind.SCORING)
    if scoring and scoring.is_over(at) and not is_sealed and row.counts.entered:
        return NextStep(
            title=_("Seal the result of %(round)s") % {"round": round},
            text=_("Scoring is over. Look at the ranking with the jury, then seal it."),
            url=reverse("judging:ranking", args=slug),
            label=_("See the ranking"),
        )
    return None


def _rescue(row: RoundRow, submission: Stage) -> NextStep:
    return NextStep(
        title=ngettext(
            "Help %(count)d draft of %(round)s over the line",
            "Help %(count)d drafts of %(round)s over the line",
            row.counts.unsent,
        )
        % {"count": row.counts.unsent, "round": row.round},
        text=_("Submission closes on %(moment)s.")
        % {"moment": dates.format_datetime(submission.closes_at, zone=row.round.zone)},
        url=reverse("monitoring:rescue_board", args=[row.round.slug]),
        label=_("Open the rescue board"),
    )
