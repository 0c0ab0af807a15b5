"""A round, its calendar and its notices."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from accounts.models import Government, Membership, User
from competitions import definitions, services
from competitions.models import Competition, Round
from kipp_portal.demo.moments import Clock


def secretariat_of(government: Government) -> User:
    """Whoever does the secretariat's work in the demonstration: the first of them."""
    members = User.objects.filter(
        membership__government=government,
        membership__role=Membership.Role.SECRETARIAT,
    )
    return members.order_by("pk")[:1].get()


def load_round(data: dict[str, Any], clock: Clock) -> Round:
    """Create a round with its calendar, and open it where the file says when."""
    government = Government.objects.get(slug=data["government"])
    actor = secretariat_of(government)
    created_at = clock.past(data["created"])
    competition = Competition.objects.filter(
        government=government, short_name=data["competition"]["short_name"]
    ).first() or services.create_competition(
        government=government, **data["competition"], actor=actor, at=created_at
    )
    round = services.create_round(
        competition=competition,
        year=data["year"],
        edition=data["edition"],
        name=data["name"],
        theme=data["theme"],
        organiser=data["organiser"],
        definition=_definition(data),
        stages=[_stage(stage, clock) for stage in data["calendar"]],
        is_demonstration=True,
        actor=actor,
        at=created_at,
    )
    if "opened" in data:
        round = services.open_round(
            round=round, actor=actor, at=clock.past(data["opened"])
        )
    for notice in data.get("announcements", []):
        at = clock.past(notice["at"])
        services.create_announcement(
            round=round,
            number=notice["number"],
            issued_date=at.date(),
            title=notice["title"],
            body=notice["body"],
            publish_at=at,
            actor=actor,
            at=at,
        )
    return round


def _definition(data: dict[str, Any]) -> definitions.RoundDefinition:
    """The preset with what the file says otherwise: rules, pass mark, prizes."""
    found = replace(definitions.preset(data["preset"]), **data.get("rules", {}))
    prizes = data.get("prizes", {})
    awards = [
        replace(each, prize=prizes.get(each.code, each.prize)) for each in found.awards
    ]
    scoring = [
        replace(each, pass_mark=Decimal(data["pass_mark"]))
        if "pass_mark" in data
        else each
        for each in found.scoring
    ]
    return replace(
        found,
        awards=type(found.awards)(awards),
        scoring=type(found.scoring)(scoring),
    )


def _stage(stage: dict[str, str], clock: Clock) -> services.StageData:
    return services.StageData(
        kind=stage["kind"],
        name=stage["name"],
        opens_at=clock.moment(stage["opens"]),
        closes_at=clock.moment(stage["closes"]),
        place=stage.get("place", ""),
    )
