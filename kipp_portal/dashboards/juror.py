"""The dashboard of a juror: how much is left, and the next sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from competitions.models import Stage
from core import dates
from judging import queries
from judging.models import Juror, ScoreSheet
from judging.queries import Progress
from kipp_portal.dashboards.steps import NextStep

SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """One panel the juror sits in."""

    juror: Juror
    progress: Progress
    window: Stage | None
    is_open: bool
    is_over: bool


@dataclass(frozen=True)
class JurorDashboard:
    """All panels of one person, the latest round first."""

    panels: Sequence[Panel]
    steps: Sequence[NextStep]


def load_juror(user: User, at: datetime) -> JurorDashboard | None:
    """Load the panels in a constant number of queries; None for who is no juror."""
    # The frame of the page asks it too; most people sit in none.
    jurors = queries.panels_of(user)[:SHOWN] if user.sits_in_panels else []
    if not jurors:
        return None
    windows = {
        stage.round_id: stage
        for stage in Stage.objects.filter(
            round__in=[juror.round_id for juror in jurors], kind=Stage.Kind.SCORING
        )
    }
    progress = {
        juror: Progress(*counts)
        for juror, *counts in ScoreSheet.objects.visible_to(user)
        .order_by()
        .values_list("assignment__juror")
        .annotate(**queries.PROGRESS)
    }
    panels = []
    for juror in jurors:
        window = windows.get(juror.round_id)
        panels.append(
            Panel(
                juror=juror,
                progress=progress.get(juror.pk, Progress(0, 0, 0)),
                window=window,
                is_open=window is not None and window.is_open(at),
                is_over=window is not None and window.is_over(at),
            )
        )
    return JurorDashboard(panels, [step for each in panels if (step := _step(each))])


def _step(panel: Panel) -> NextStep | None:
    round = panel.juror.round
    if not panel.juror.has_signed:
        if panel.is_over:
            return None
        return NextStep(
            title=_("Accept your place in the panel of %(round)s") % {"round": round},
            text=_("Read the integrity statement and sign it. Then you can score."),
            url=reverse("judging:panel_accept", args=[round.slug]),
            label=_("Read and sign"),
        )
    if not panel.is_open or not panel.progress.left or panel.window is None:
        return None
    closing = dates.format_datetime(panel.window.closes_at, zone=round.zone)
    return NextStep(
        title=ngettext(
            "Score %(count)d more proposal of %(round)s",
            "Score %(count)d more proposals of %(round)s",
            panel.progress.left,
        )
        % {"count": panel.progress.left, "round": round},
        text=_("Scoring closes on %(moment)s.") % {"moment": closing},
        url=reverse("judging:assignment_list"),
        label=_("Open my queue"),
        part=panel.progress.done,
        whole=panel.progress.total,
        progress=_("%(done)d of %(total)d finished")
        % {"done": panel.progress.done, "total": panel.progress.total},
    )
