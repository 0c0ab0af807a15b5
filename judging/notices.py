"""Who is told what about judging."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from competitions.models import Round, ScoringStage
from judging import permissions, queries
from judging.models import Assignment, Conflict, Juror, ScoreSheet
from judging.queries import Progress
from notifications.models import Message
from notifications.services import notify


def juror_invited(juror: Juror, *, at: datetime) -> None:
    """Invite `juror` into the panel."""
    _tell(
        [juror.user],
        "juror_invited",
        key=f"juror:{juror.pk}",
        context={
            "round": juror.round,
            "window": queries.scoring_window(juror.round),
            "password_url": settings.BASE_URL + reverse("account_reset_password"),
        },
        path=reverse("judging:panel_accept", args=[juror.round.slug]),
        at=at,
    )


def sheets_assigned(stage: ScoringStage, *, at: datetime) -> None:
    """Tell every juror of `stage`, once, that proposals wait for them."""
    assigned = Assignment.objects.filter(scoring_stage=stage, juror=OuterRef("pk"))
    jurors = Juror.objects.filter(Exists(assigned)).select_related("user")
    _tell(
        [juror.user for juror in jurors],
        "sheets_assigned",
        key=f"scoring_stage:{stage.pk}",
        context={"round": stage.round, "window": queries.scoring_window(stage.round)},
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
        _secretariat(round),
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
