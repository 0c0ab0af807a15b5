"""Who is told what about calendars and events."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from competitions import audience
from competitions.extensions import StageChange
from competitions.models import (
    Event,
    Registration,
    Round,
    RuleChange,
    StageException,
)
from notifications.models import Message
from notifications.services import notify


def stage_extended(
    round: Round,
    changes: Sequence[StageChange],
    *,
    people: Iterable[User],
    reason: str,
    at: datetime,
) -> list[Message]:
    """Tell `people` the new dates and why; the stage that was extended comes first."""
    stage = changes[0].stage
    return notify(
        recipients=people,
        kind="stage.extended",
        key=f"{stage.pk}:{changes[0].closes_at.isoformat()}",
        template="competitions/emails/stage_extended",
        context={
            "round": round,
            "stage": stage,
            "closes_at": changes[0].closes_at,
            "others": changes[1:],
            "reason": reason,
        },
        path=round.get_absolute_url(),
        at=at,
        scope=round.competition.government.code,
    )


def exception_granted(exception: StageException, *, round: Round, at: datetime) -> None:
    """Tell the institution until when it may submit."""
    notify(
        recipients=audience.people_of(exception.institution),
        kind="stage.exception_granted",
        key=f"{exception.pk}:{exception.closes_at.isoformat()}",
        template="competitions/emails/exception_granted",
        context={"exception": exception, "round": round},
        path=round.get_absolute_url(),
        at=at,
        scope=round.competition.government.code,
    )


def exception_withdrawn(
    exception: StageException, *, round: Round, reason: str, at: datetime
) -> None:
    """Tell the institution that the general closing holds again."""
    notify(
        recipients=audience.people_of(exception.institution),
        kind="stage.exception_withdrawn",
        key=f"{exception.pk}:{at.isoformat()}",
        template="competitions/emails/exception_withdrawn",
        context={"exception": exception, "round": round, "reason": reason},
        path=round.get_absolute_url(),
        at=at,
        scope=round.competition.government.code,
    )


def rule_change_awaits(
    change: RuleChange, *, round: Round, people: Iterable[User], at: datetime
) -> None:
    """Ask colleagues to look at new rules as a second person."""
    _of_change("rule_change_awaits", change, round, people, at)


def rule_change_decided(change: RuleChange, *, round: Round, at: datetime) -> None:
    """Tell who asked that a second person agreed, so that the rules are in force."""
    people = [change.requested_by] if change.requested_by else []
    _of_change("rule_change_decided", change, round, people, at)


def rule_change_refused(
    change: RuleChange, *, round: Round, person: User | None, at: datetime
) -> None:
    """Tell who asked that a second person did not agree, and why."""
    _of_change("rule_change_refused", change, round, [person] if person else [], at)


def _of_change(
    notice: str, change: RuleChange, round: Round, people: Iterable[User], at: datetime
) -> None:
    notify(
        recipients=people,
        kind=f"round.{notice}",
        key=f"{change.pk}:{_moment(at)}",
        template=f"competitions/emails/{notice}",
        context={"change": change, "round": round},
        path=reverse("competitions:rule_change_detail", args=[round.slug]),
        at=at,
        scope=round.competition.government.code,
    )


def place_confirmed(registration: Registration, *, at: datetime) -> None:
    """Tell a person that they have a place, at once or out of the waiting list."""
    _of_registration(registration, "registration_confirmed", _moment(at), at)


def put_on_waiting_list(registration: Registration, *, at: datetime) -> None:
    """Tell a person that every place is taken for now."""
    _of_registration(registration, "registration_waiting", _moment(at), at)


def event_near(registration: Registration, *, at: datetime) -> bool:
    """Remind a person of the day before; tell whether they had not been yet."""
    starts_at = registration.event.starts_at
    key = starts_at.isoformat()
    return bool(
        _of_registration(registration, "event_near", key, at, expires_at=starts_at)
    )


def event_changed(
    event: Event, *, people: Iterable[User], at: datetime
) -> list[Message]:
    """Tell those who registered the new time or place."""
    return _of_event(event, "event_changed", people, at)


def event_cancelled(
    event: Event, *, people: Iterable[User], at: datetime
) -> list[Message]:
    """Tell those who registered that it does not take place, and why."""
    return _of_event(event, "event_cancelled", people, at)


def _of_registration(
    registration: Registration,
    notice: str,
    key: str,
    at: datetime,
    *,
    expires_at: datetime | None = None,
) -> list[Message]:
    event = registration.event
    return notify(
        recipients=[registration.user],
        kind=f"event.{notice}",
        key=f"{registration.pk}:{key}",
        template=f"competitions/emails/{notice}",
        context={"event": event, "registration": registration, "round": event.round},
        path=event.get_absolute_url(),
        at=at,
        scope=event.round.competition.government.code,
        expires_at=expires_at,
    )


def _of_event(
    event: Event, notice: str, people: Iterable[User], at: datetime
) -> list[Message]:
    return notify(
        recipients=people,
        kind=f"event.{notice}",
        key=f"{event.pk}:{_moment(at)}",
        template=f"competitions/emails/{notice}",
        context={"event": event, "round": event.round},
        path=event.get_absolute_url(),
        at=at,
        scope=event.round.competition.government.code,
    )


def _moment(at: datetime) -> str:
    return at.isoformat()
