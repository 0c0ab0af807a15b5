"""Giving more time: to everybody, or to one institution."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from competitions import audience, notices
from competitions.building import StageData
from competitions.extensions import StageChange, planned_extension
from competitions.models import Announcement, Round, Stage, StageException
from competitions.phases import stage_of_kind
from competitions.services.announcements import create_announcement
from competitions.services.base import locked, record
from competitions.services.calendar import CalendarRefused, save_stages
from core import dates


@dataclass(frozen=True)
class NoticeDraft:
    """The public notice of an extension, as the secretariat worded it."""

    number: str
    issued_date: date
    title: str
    body: str


@dataclass(frozen=True)
class Extension:
    """What an extension has done."""

    changes: Sequence[StageChange]
    told: int
    announcement: Announcement | None


def extend_stage(
    *,
    stage: Stage,
    closes_at: datetime,
    reason: str,
    actor: User,
    at: datetime,
    tell: bool = True,
    notice: NoticeDraft | None = None,
) -> Extension:
    """Let a stage of an opened round close later, and say so.

    What would overlap moves along. With `tell` all concerned get a message, with a
    `notice` the public gets an announcement at once.

    Raises CalendarRefused. Source: rule RND-06 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked(stage.round)
        stages = list(Stage.objects.filter(round=round).order_by("order"))
        current = next((each for each in stages if each.pk == stage.pk), None)
        if current is None:
            raise CalendarRefused(_("This stage is no longer in the calendar."))
        refuse_extension(round, current, closes_at, at)
        changes = planned_extension(stages, current, closes_at)
        save_stages(
            round=round,
            stages=_with_changes(stages, changes),
            actor=actor,
            at=at,
            reason=reason,
        )
        announcement = None
        if notice:
            announcement = create_announcement(
                round=round,
                **asdict(notice),
                publish_at=at,
                actor=actor,
                at=at,
            )
        told = []
        if tell:
            people = audience.people_concerned(
                round, [each.stage for each in changes], at
            )
            told = notices.stage_extended(
                round, changes, people=people, reason=reason, at=at
            )
        record(
            "stage.extended",
            round,
            actor,
            at,
            {
                "stage": current.kind,
                "closes_at": [current.closes_at.isoformat(), closes_at.isoformat()],
                "told": len(told),
                "announcement": announcement.slug if announcement else "",
            },
            reason,
        )
    return Extension(changes, len(told), announcement)


def refuse_extension(
    round: Round, stage: Stage, closes_at: datetime, at: datetime
) -> None:
    """Raise CalendarRefused unless `stage` may close at `closes_at` instead."""
    if not round.is_opened:
        raise CalendarRefused(
            _("The round is not open yet. Change its dates in the calendar.")
        )
    if stage.is_over(at):
        raise CalendarRefused(
            _("%(stage)s is over. Its dates can no longer be changed.")
            % {"stage": stage.name}
        )
    if closes_at <= stage.closes_at:
        raise CalendarRefused(
            _("%(stage)s closes on %(moment)s already. Choose a later moment.")
            % {"stage": stage.name, "moment": _moment(round, stage.closes_at)}
        )


def _with_changes(
    stages: Iterable[Stage], changes: Iterable[StageChange]
) -> list[StageData]:
    moved = {each.stage.kind: each for each in changes}
    plan = []
    for stage in stages:
        data = StageData(
            kind=stage.kind,
            name=stage.name,
            opens_at=stage.opens_at,
            closes_at=stage.closes_at,
            place=stage.place,
        )
        if change := moved.get(stage.kind):
            data = replace(data, opens_at=change.opens_at, closes_at=change.closes_at)
        plan.append(data)
    return plan


class ExceptionRefused(CalendarRefused):
    """The institution cannot be given this closing."""


def grant_exception(
    *,
    round: Round,
    institution: Institution,
    closes_at: datetime,
    reason: str,
    actor: User,
    at: datetime,
) -> StageException:
    """Let one institution submit until `closes_at`; a second time changes the first.

    Its people are told. Raises ExceptionRefused. Source: rule RND-07 in docs/rules.md.
    """
    with transaction.atomic():
        round = locked(round)
        stages = list(Stage.objects.filter(round=round))
        stage = _refuse_exception(round, stages, institution, closes_at, at)
        exception, is_new = StageException.objects.get_or_create(
            stage=stage,
            institution=institution,
            defaults={
                "key": secrets.token_urlsafe(12),
                "closes_at": closes_at,
                "reason": reason,
                "granted_by": actor,
                "granted_at": at,
            },
        )
        old = exception.closes_at.isoformat()
        if not is_new:
            exception.closes_at, exception.reason = closes_at, reason
            exception.granted_by, exception.granted_at = actor, at
            exception.save(
                update_fields=["closes_at", "reason", "granted_by", "granted_at"]
            )
        notices.exception_granted(exception, round=round, at=at)
        _record_exception(
            "stage_exception.granted",
            exception,
            actor,
            at,
            ["" if is_new else old, closes_at.isoformat()],
        )
    return exception


def withdraw_exception(
    *, exception: StageException, reason: str, actor: User, at: datetime
) -> None:
    """Take an exception back before it has run out; its people are told.

    Raises ExceptionRefused.
    """
    with transaction.atomic():
        round = locked(exception.stage.round)
        found = (
            StageException.objects.select_related("stage", "institution")
            .filter(pk=exception.pk)
            .first()
        )
        if found is None:
            raise ExceptionRefused(_("This exception was taken back already."))
        if found.closes_at <= at:
            raise ExceptionRefused(
                _("This exception has run out. It stays in the record.")
            )
        found.stage.round = round
        notices.exception_withdrawn(found, round=round, reason=reason, at=at)
        _record_exception(
            "stage_exception.withdrawn",
            found,
            actor,
            at,
            [found.closes_at.isoformat(), ""],
            reason,
        )
        found.delete()


def _refuse_exception(
    round: Round,
    stages: Sequence[Stage],
    institution: Institution,
    closes_at: datetime,
    at: datetime,
) -> Stage:
    """Give the stage of submission, or raise ExceptionRefused."""
    stage = stage_of_kind(stages, Stage.Kind.SUBMISSION)
    if stage is None or not round.is_opened:
        raise ExceptionRefused(_("The round is not open yet."))
    if institution.government_id != round.competition.government_id:
        raise ExceptionRefused(
            _("This round is for the institutions of %(government)s.")
            % {"government": round.competition.government}
        )
    if closes_at <= max(stage.closes_at, at):
        raise ExceptionRefused(
            _("Choose a moment after %(moment)s.")
            % {"moment": _moment(round, max(stage.closes_at, at))}
        )
    scoring = stage_of_kind(stages, Stage.Kind.SCORING)
    if scoring and closes_at > scoring.opens_at:
        raise ExceptionRefused(
            _("The jury begins on %(moment)s. Choose a moment before.")
            % {"moment": _moment(round, scoring.opens_at)}
        )
    return stage


def _record_exception(
    action: str,
    exception: StageException,
    actor: User,
    at: datetime,
    closing: list[str],
    reason: str = "",
) -> None:
    record(
        action,
        exception.stage.round,
        actor,
        at,
        {"institution": exception.institution.code, "closes_at": closing},
        reason or exception.reason,
    )


def _moment(round: Round, moment: datetime) -> str:
    return dates.format_datetime(moment, "medium", round.zone)
