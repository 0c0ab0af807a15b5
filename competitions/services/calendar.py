"""The calendar of a round."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from competitions import checks
from competitions.building import StageData, plans_of
from competitions.models import ReminderPlan, Round, Stage
from competitions.services.base import locked, record
from core.errors import DomainError


class CalendarRefused(DomainError):
    """The calendar of an opened round cannot be changed like this."""


def save_stages(
    *,
    round: Round,
    stages: Sequence[StageData],
    actor: User,
    at: datetime,
    reason: str = "",
) -> list[Stage]:
    """Replace the calendar of a round; kinds left out are taken away.

    While the round is prepared any calendar may be kept, `checks` tell what is wrong
    with it. Once it is opened what is over stands, the new calendar must hold
    together, and `reason` is needed.

    Raises CalendarRefused. Source: rule RND-04 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked(round)
        old = {stage.kind: stage for stage in Stage.objects.filter(round=round)}
        new = {stage.kind: stage.as_stage(round) for stage in stages}
        changes = _calendar_changes(old, new)
        if changes:
            if round.is_opened:
                _refuse_late_changes(round, old, new, at, reason)
            Stage.objects.filter(round=round).exclude(kind__in=new).delete()
            for kind, stage in new.items():
                _store_stage(old.get(kind), stage, at)
            record("round.calendar_changed", round, actor, at, changes, reason)
    return list(Stage.objects.filter(round=round).order_by("order"))


def _store_stage(old: Stage | None, new: Stage, at: datetime) -> None:
    if old is None:
        new.changed_at = at
        new.save()
        ReminderPlan.objects.bulk_create(plans_of(new, at))
    elif _moments(old) != _moments(new):
        old.name, old.place = new.name, new.place
        if old.closes_at != new.closes_at:
            old.closing_set_at = at
        old.opens_at, old.closes_at = new.opens_at, new.closes_at
        old.changed_at = at
        old.sequence += 1
        old.save(
            update_fields=[
                "name",
                "place",
                "opens_at",
                "closes_at",
                "closing_set_at",
                "changed_at",
                "sequence",
            ]
        )


def _moments(stage: Stage | None) -> list[str] | None:
    """All of a stage that a calendar says, as the audit trail keeps it."""
    if stage is None:
        return None
    return [
        stage.name,
        stage.place,
        stage.opens_at.isoformat(),
        stage.closes_at.isoformat(),
    ]


def _calendar_changes(
    old: Mapping[str, Stage], new: Mapping[str, Stage]
) -> dict[str, list[list[str] | None]]:
    pairs = {kind: (old.get(kind), new.get(kind)) for kind in {*old, *new}}
    return {
        kind: [_moments(before), _moments(after)]
        for kind, (before, after) in pairs.items()
        if before is None
        or after is None
        or (before.name, before.place, before.opens_at, before.closes_at)
        != (after.name, after.place, after.opens_at, after.closes_at)
    }


def _refuse_late_changes(
    round: Round,
    old: Mapping[str, Stage],
    new: Mapping[str, Stage],
    at: datetime,
    reason: str,
) -> None:
    if not reason.strip():
        raise CalendarRefused(
            _("The round is open. Write the reason for the new dates.")
        )
    for kind, before in old.items():
        after = new.get(kind)
        begun = before.opens_at <= at
        if begun and (after is None or after.opens_at != before.opens_at):
            raise CalendarRefused(
                _("%(stage)s has begun. Its opening can no longer be changed.")
                % {"stage": before.name}
            )
        if after is None or after.closes_at == before.closes_at:
            continue
        if before.is_over(at):
            raise CalendarRefused(
                _("%(stage)s is over. Its dates can no longer be changed.")
                % {"stage": before.name}
            )
        if after.closes_at <= at:
            raise CalendarRefused(
                _("%(stage)s cannot be closed in the past. Choose a later moment.")
                % {"stage": before.name}
            )
    for sentence in checks.check_calendar(list(new.values()), zone=round.zone):
        raise CalendarRefused(sentence)
