"""Presentations before the jury: their days, the lot, and those that are over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from accounts.models import User
from competitions.models import Round, ScoringStage
from judging import services
from judging.models import PresentationDay, PresentationPlan
from kipp_portal.demo.moments import Clock
from kipp_portal.demo.rounds import secretariat_of


def load_presentations(data: Mapping[str, Any], round: Round, clock: Clock) -> None:
    """Plan the days, draw the lot, tell the institutions, and hold the first day."""
    actor = secretariat_of(round.competition.government)
    stage = round.scoringstage_set.get(kind=ScoringStage.Kind.PRESENTATION)
    at = clock.past(data["arranged"])
    services.assign_all(scoring_stage=stage, actor=actor, at=at)
    days = [
        services.save_day(
            stage=stage,
            day=None,
            data=services.DayData(
                begins_at=clock.moment(day["begins"]),
                presentation_minutes=7,
                questions_minutes=13,
                pause_minutes=5,
                capacity=day.get("capacity"),
                place=day["place"],
                link="",
            ),
            breaks=[],
            actor=actor,
            at=at,
        )
        for day in data["days"]
    ]
    services.arrange_presentations(
        stage=stage, order_by="lot", seed=data["seed"], actor=actor, at=at
    )
    plan = PresentationPlan.objects.get(scoring_stage=stage)
    services.show_order(plan=plan, is_public=True, actor=actor, at=at)
    services.announce_presentations(
        plan=plan, actor=actor, at=clock.past(data["announced"])
    )
    _hold(days[0], data["late"], actor)


def _hold(day: PresentationDay, late: list[int], actor: User) -> None:
    """Let everybody of `day` present, each so many minutes after the time planned."""
    slot = services.call_next(day=day, after="", actor=actor, at=day.begins_at)
    for minutes in late:
        if slot is None:
            return
        began_at = slot.planned_at + timedelta(minutes=minutes)
        services.start_slot(slot=slot, actor=actor, at=began_at)
        slot = services.call_next(
            day=day, after=slot.key, actor=actor, at=began_at + day.slot_length
        )
