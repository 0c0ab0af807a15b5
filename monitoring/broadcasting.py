"""Whom a broadcast goes to, looked up as things stand."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Government, Institution, Membership, User
from awards import queries as awards_queries
from competitions.models import ReminderAudience, Round, Stage
from judging.models import Juror
from monitoring.models import Broadcast, BroadcastGroup
from submissions import recipients
from submissions.models import Proposal

Role = Membership.Role
_AS_REMINDED = {
    BroadcastGroup.WAITING: ReminderAudience.WAITING,
    BroadcastGroup.DRAFTS: ReminderAudience.DRAFTS,
}


def people_in(
    *,
    group: str,
    government: Government,
    round: Round | None,
    institution: Institution | None,
    at: datetime,
) -> list[User]:
    """Give the people of a group, each once, by name.

    Load the government of `round` first.
    """
    kind = BroadcastGroup(group)
    if kind in _AS_REMINDED and round is not None:
        wanted = _reminded(round, _AS_REMINDED[kind], at)
    elif kind == BroadcastGroup.SUBMITTED and round is not None:
        entered = Proposal.objects.entered().filter(round=round)
        wanted = _people_of(entered.values("institution"))
    elif kind == BroadcastGroup.FINALISTS and round is not None:
        wanted = _people_of(_shortlisted(round))
    elif kind == BroadcastGroup.JURORS and round is not None:
        sitting = Juror.objects.filter(round=round).sitting()
        wanted = list(sitting.values_list("user", flat=True))
    elif kind == BroadcastGroup.INSTITUTION and institution is not None:
        wanted = _people_of([institution.pk])
    elif kind in {BroadcastGroup.AUTHORS, BroadcastGroup.ADMINS}:
        day = government.day_of(at)
        active = Institution.objects.filter(government=government).active_on(day)
        roles = [Role.INSTITUTION_ADMIN]
        if kind == BroadcastGroup.AUTHORS:
            roles.append(Role.AUTHOR)
        wanted = _people_of(active.values("pk"), roles)
    else:
        wanted = []
    return list(
        User.objects.filter(pk__in=wanted, is_active=True).order_by("name", "pk")
    )


def group_of(broadcast: Broadcast, at: datetime) -> list[User]:
    """The people a broadcast would go to now."""
    return people_in(
        group=broadcast.group,
        government=broadcast.government,
        round=broadcast.round,
        institution=broadcast.institution,
        at=at,
    )


def _people_of(
    institutions: QuerySet | list[int], roles: Sequence[str] | None = None
) -> list[int]:
    current = Membership.objects.current().filter(
        institution__in=institutions,
        role__in=roles or [Role.AUTHOR, Role.INSTITUTION_ADMIN],
    )
    return list(current.values_list("user", flat=True))


def _reminded(round: Round, audience: str, at: datetime) -> list[int]:
    stage = Stage.objects.filter(round=round, kind=Stage.Kind.SUBMISSION).first()
    if stage is None:
        return []
    stage.round = round
    waiting = recipients.waiting_in(stage, audience, at)
    return [each.person.pk for each in recipients.people_of(audience, waiting)]


def _shortlisted(round: Round) -> list[int]:
    """The institutions whose proposals the sealed result has shortlisted."""
    result = awards_queries.result_to_award(round)
    if result is None:
        return []
    rows = result.resultrow_set.filter(
        is_shortlisted=True, proposal__state=Proposal.State.SCREENED_PASSED
    )
    return list(rows.values_list("proposal__institution", flat=True))
