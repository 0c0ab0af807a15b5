"""The plenary: called, attended, some scores agreed on, applied; then the minutes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from competitions.models import Round
from judging import minutes, services
from judging.models import Juror, Plenary
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of
from submissions.models import Proposal


def load_plenary(
    data: Mapping[str, Any],
    round: Round,
    proposals: Mapping[str, Proposal],
    clock: Clock,
) -> None:
    """Hold a plenary on the last stage; without a moment to apply it, it still sits."""
    actor = secretariat_of(round.competition.government)
    panel = Juror.objects.sitting().filter(round=round).select_related("user")
    jurors = {each.user.email: each for each in panel}
    plenary = services.open_plenary(
        scoring_stage=round.scoringstage_set.order_by("-order")[:1].get(),
        held_at=clock.moment(data["held"]),
        place=data["place"],
        chair=jurors[data["chair"]],
        quorum=None,
        names_jurors=False,
        actor=actor,
        at=clock.past(data["opened"]),
    )
    absent = data.get("absent", [])
    plenary = services.set_attendance(
        plenary=plenary,
        present=[each for email, each in jurors.items() if email not in absent],
        actor=actor,
        at=clock.past(data["attended"]),
    )
    for each in data["agreements"]:
        _agree(each, plenary, proposals[each["proposal"]], jurors, clock)
    if "applied" in data:
        services.apply_plenary(
            plenary=plenary, actor=actor, at=clock.past(data["applied"])
        )


def _agree(
    data: Mapping[str, Any],
    plenary: Plenary,
    proposal: Proposal,
    jurors: Mapping[str, Juror],
    clock: Clock,
) -> None:
    dissent = data.get("dissent", {})
    criteria = {each.code: each for each in plenary.scoring_stage.criterion_set.all()}
    services.agree_on(
        plenary=plenary,
        proposal=proposal,
        scores={
            criteria[code]: Decimal(value) for code, value in data["scores"].items()
        },
        reason=data["reason"],
        agreeing_jurors=[
            each for email, each in jurors.items() if email not in dissent
        ],
        notes={jurors[email]: note for email, note in dissent.items()},
        actor=plenary.opened_by,
        at=clock.past(data["at"]),
    )


def load_minutes(data: Mapping[str, str], round: Round, clock: Clock) -> None:
    """Issue the minutes of the sealed result, the recap and the jurors' sheets."""
    actor, at = secretariat_of(round.competition.government), clock.past(data["at"])
    services.issue_minutes(
        round=round,
        typed=minutes.Typed(
            number=data["number"],
            legal_basis=data["legal_basis"],
            witness_position=data["witness_position"],
            witness_name=data["witness_name"],
        ),
        actor=actor,
        at=at,
    )
    services.issue_recap(round=round, actor=actor, at=at)
    for stage in round.scoringstage_set.order_by("order"):
        services.issue_score_sheets(scoring_stage=stage, actor=actor, at=at)
