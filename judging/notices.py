"""Who is told what about judging."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from competitions.models import Round, ScoringStage
from judging import permissions, queries
from judging.models import (
    Assignment,
    Conflict,
    Juror,
    Plenary,
    PresentationSlot,
    ScoreSheet,
)
from judging.queries import Progress
from notifications.models import Message
from notifications.services import notify
from submissions import queries as submissions_queries
from submissions.notices import time_left
from submissions.occasions import Occasion


def juror_invited(juror: Juror, *, at: datetime) -> None:
    """Invite `juror` into the panel."""
    _tell(
        [juror.user],
        "juror_invited",
        key=f"juror:{juror.pk}:{at.isoformat()}",
        context={
            "round": juror.round,
            "window": queries.scoring_window(juror.round),
            "password_url": settings.BASE_URL + reverse("account_reset_password"),
        },
        path=reverse("judging:panel_accept", args=[juror.round.slug]),
        at=at,
    )


def juror_accepted(juror: Juror, *, at: datetime) -> None:
    """Tell the secretariat that a juror signed and sits in the panel."""
    _tell_of_seat(juror, "juror_accepted", at=at)


def juror_declined(juror: Juror, *, at: datetime) -> None:
    """Tell the secretariat that somebody refused a seat, and why."""
    _tell_of_seat(juror, "juror_declined", at=at)


def juror_chair(juror: Juror, *, at: datetime) -> None:
    """Tell `juror` that they lead the panel, and what they alone see."""
    _tell(
        [juror.user],
        "juror_chair",
        key=f"juror:{juror.pk}:{at.isoformat()}",
        context={"round": juror.round},
        path=reverse("judging:chair_hints", args=[juror.round.slug]),
        at=at,
    )


def _tell_of_seat(juror: Juror, notice: str, *, at: datetime) -> None:
    _tell(
        _secretariat(juror.round),
        notice,
        key=f"juror:{juror.pk}:{at.isoformat()}",
        context={
            "round": juror.round,
            "juror": juror,
            "background": juror.get_background_display(),
            "reason": juror.decline_reason,
        },
        path=reverse("judging:juror_detail", args=[juror.round.slug, juror.key]),
        at=at,
    )


def sheets_assigned(stage: ScoringStage, *, at: datetime) -> None:
    """Tell every juror of `stage`, once, that proposals wait for them."""
    assigned = Assignment.objects.filter(
        scoring_stage=stage, juror=OuterRef("pk"), released_at=None
    )
    jurors = Juror.objects.filter(Exists(assigned)).select_related("user")
    _tell(
        [juror.user for juror in jurors],
        "sheets_assigned",
        key=f"scoring_stage:{stage.pk}",
        context={"round": stage.round, "window": queries.scoring_window(stage.round)},
        path=reverse("judging:assignment_list"),
        at=at,
    )


def seat_ended(juror: Juror, *, at: datetime) -> None:
    """Tell `juror` that their seat has ended, and why; finished sheets count on."""
    _tell(
        [juror.user],
        "seat_ended",
        key=f"juror:{juror.pk}:{at.isoformat()}",
        context={"round": juror.round, "reason": juror.end_reason},
        path=reverse("judging:panel_accept", args=[juror.round.slug]),
        at=at,
    )


def sheets_taken_over(
    left: Juror, taken_by: Mapping[int, int], *, at: datetime
) -> None:
    """Tell each juror how many proposals they take over from one who left.

    `taken_by` is by juror id. Who left is not named.
    """
    for juror in Juror.objects.filter(pk__in=taken_by).select_related("user"):
        _tell(
            [juror.user],
            "sheets_taken_over",
            key=f"juror:{left.pk}:{juror.pk}",
            context={"round": left.round, "count": taken_by[juror.pk]},
            path=reverse("judging:assignment_list"),
            at=at,
        )


def juror_reminded(juror: Juror, *, progress: Progress, at: datetime) -> list[Message]:
    """Remind `juror` of what is left; once a day."""
    return _tell(
        [juror.user],
        "juror_reminded",
        key=f"juror:{juror.pk}:{timezone.localdate(at)}",
        context={
            "round": juror.round,
            "progress": progress,
            "window": queries.scoring_window(juror.round),
        },
        path=reverse("judging:assignment_list"),
        at=at,
    )


def sheets_due(
    juror: Juror, *, progress: Progress, occasion: Occasion, at: datetime
) -> None:
    """Remind `juror`, by the plan of a stage, of what is open in it."""
    stage = occasion.stage
    notify(
        recipients=[juror.user],
        kind="judging.sheets_due",
        key=occasion.key,
        template="judging/emails/sheets_due",
        context={
            "round": stage.round,
            "stage": stage,
            "progress": progress,
            "closes_at": occasion.closes_at,
            **time_left(occasion.closes_at - at),
        },
        path=reverse("judging:assignment_list"),
        at=at,
        scope=stage.round.competition.government.code,
        channels=occasion.plan.channels,
        expires_at=occasion.closes_at,
    )


def sheet_reopened(sheet: ScoreSheet, *, at: datetime) -> None:
    """Tell the juror that a finished sheet is theirs to change again, and why."""
    _tell(
        [sheet.assignment.juror.user],
        "sheet_reopened",
        key=f"sheet:{sheet.pk}:{at.isoformat()}",
        context={
            "round": sheet.assignment.scoring_stage.round,
            "proposal": sheet.assignment.proposal,
            "reason": sheet.reopen_reason,
        },
        path=sheet.get_absolute_url(),
        at=at,
    )


def conflict_declared(conflict: Conflict, *, at: datetime) -> None:
    """Tell the secretariat that a juror stepped back, and why."""
    round = conflict.juror.round
    _tell(
        [user for user in _secretariat(round) if user.pk != conflict.declared_by_id],
        "conflict_declared",
        key=f"conflict:{conflict.pk}",
        context={
            "round": round,
            "juror": conflict.juror,
            "subject_name": conflict.proposal or conflict.institution,
            "reason": conflict.reason,
        },
        path=reverse("judging:juror_detail", args=[round.slug, conflict.juror.key]),
        at=at,
    )


def plenary_called(plenary: Plenary, *, is_change: bool, at: datetime) -> None:
    """Call the panel to a plenary, or tell where and when it is held now.

    Source: rule PLN-09 in docs/rules.md.
    """
    key = reverse("judging:plenary_calendar", args=[plenary.key])
    _of_plenary(
        plenary,
        "plenary_moved" if is_change else "plenary_called",
        {"calendar_url": settings.BASE_URL + key},
        at,
    )


def plenary_cancelled(plenary: Plenary, *, at: datetime) -> None:
    """Tell those who were called that nobody need come."""
    _of_plenary(plenary, "plenary_cancelled", {"reason": plenary.cancel_reason}, at)


def _of_plenary(
    plenary: Plenary, notice: str, context: dict[str, Any], at: datetime
) -> None:
    """Tell the panel, while what it is told of still lies ahead."""
    if plenary.held_at <= at:
        return
    panel = Juror.objects.sitting().filter(round=plenary.round_id)
    _tell(
        [each.user for each in panel.select_related("user").order_by("pk")],
        notice,
        key=f"plenary:{plenary.pk}:{at.isoformat()}",
        context={
            "round": plenary.round,
            "plenary": plenary,
            "zone": plenary.round.zone,
            **context,
        },
        path=reverse("judging:assignment_list") + f"?putaran={plenary.round.slug}",
        at=at,
    )


def presentation_planned(
    slot: PresentationSlot, *, is_change: bool, reason: str, at: datetime
) -> None:
    """Tell an institution when and where it presents, or what has changed."""
    _of_presentation(
        "presentation_moved" if is_change else "presentation_planned", slot, reason, at
    )


def presentation_postponed(
    slot: PresentationSlot, *, reason: str, at: datetime
) -> None:
    """Tell an institution that its presentation is off until a time is found."""
    _of_presentation("presentation_postponed", slot, reason, at)


def _of_presentation(
    notice: str, slot: PresentationSlot, reason: str, at: datetime
) -> None:
    proposal = slot.proposal
    _tell(
        submissions_queries.people_of(proposal),
        notice,
        key=f"slot:{slot.pk}:{slot.planned_at.isoformat()}:{at.isoformat()}",
        context={
            "round": proposal.round,
            "proposal": proposal,
            "slot": slot,
            "day": slot.day,
            "zone": proposal.round.zone,
            "ends_at": slot.planned_at + slot.day.slot_length,
            "reason": reason,
        },
        path=reverse("judging:presentation_detail", args=[proposal.code]),
        at=at,
    )


def _secretariat(round: Round) -> Iterable[User]:
    """Those of the secretariat who keep the panel: none whose institution competes."""
    members = Membership.objects.current().filter(
        government=round.competition.government_id, role=Membership.Role.SECRETARIAT
    )
    found = User.objects.filter(membership__in=members).distinct()
    return [user for user in found if permissions.can_run(user, round)]


def _tell(
    recipients: Iterable[User],
    notice: str,
    *,
    key: str,
    context: dict[str, Any],
    path: str,
    at: datetime,
) -> list[Message]:
    return notify(
        recipients=recipients,
        kind=f"judging.{notice}",
        key=key,
        template=f"judging/emails/{notice}",
        context=context,
        path=path,
        at=at,
        scope=context["round"].competition.government.code,
    )
