"""What the secretariat's pages of a panel share."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import SignedInRequest
from competitions.models import Round, ScoringStage, Stage
from judging import queries
from judging.models import Juror


def juror_of(round: Round, key: str) -> Juror:
    """A juror of `round`, which is loaded."""
    juror = get_object_or_404(
        Juror.objects.select_related("user"), round=round, key=key
    )
    juror.round = round
    return juror


def stage_asked_for(
    stages: Sequence[ScoringStage],
    windows: Mapping[str, Stage],
    request: SignedInRequest,
) -> ScoringStage | None:
    """The stage asked for, else the one at work."""
    asked = request.POST.get("tahap") or request.GET.get("tahap")
    by_code = {stage.code: stage for stage in stages}
    return by_code.get(asked or "") or queries.stage_at_work(
        stages, windows, request.received_at
    )


def board_url(round: Round, stages: Sequence[ScoringStage], stage: ScoringStage) -> str:
    """The coverage board of `stage`; it is named where there are several."""
    address = reverse("judging:coverage", args=[round.slug])
    return f"{address}?tahap={stage.code}" if len(stages) > 1 else address


def panel_tabs(
    round: Round, current: str, *, suggested: int = 0
) -> list[dict[str, Any]]:
    """The pages of a panel: who sits in it, how far it is, who is in conflict.

    `suggested` counts the conflicts to be decided, where the page has looked.
    """
    return [
        {
            "label": label,
            "url": reverse(f"judging:{route}", args=[round.slug]),
            "current": route == current,
            "count": count,
        }
        for route, label, count in (
            ("juror_list", _("Panel"), None),
            ("assignment_board", _("Assignment"), None),
            ("coverage", _("Progress"), None),
            ("conflict_list", _("Conflicts"), suggested or None),
        )
    ]
