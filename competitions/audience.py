"""Whom a stage of the calendar concerns."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import Government, Institution, Membership, User
from competitions import permissions, signals
from competitions.models import Round, Stage
from core.dates import as_local

Role = Membership.Role
# In these stages every institution of the government has something to do or to see;
# whom the others concern is known to the apps above, see `signals`.
FOR_INSTITUTIONS = {
    Stage.Kind.KICKOFF,
    Stage.Kind.SUBMISSION,
    Stage.Kind.OBJECTION,
    Stage.Kind.ANNOUNCEMENT,
    Stage.Kind.CEREMONY,
}


def people_concerned(round: Round, stages: Iterable[Stage], at: datetime) -> list[User]:
    """Who is told when the dates of `stages` change, each person once."""
    wanted = Q(pk__in=[])
    for stage in stages:
        if stage.kind in FOR_INSTITUTIONS:
            wanted |= Q(pk__in=_institutions_people(round, at))
        else:
            wanted |= Q(pk__in=_secretariat(round.competition.government))
        for _receiver, users in signals.stage_concerns.send(Stage, stage=stage):
            wanted |= Q(pk__in=users)
    return list(User.objects.filter(wanted, is_active=True).order_by("pk"))


def people_of(institution: Institution) -> list[User]:
    """The authors and admins of one institution."""
    own = Membership.objects.current().filter(institution=institution)
    people = User.objects.filter(is_active=True, pk__in=own.values("user"))
    return list(people.order_by("pk"))


def secretariat_of(round: Round) -> list[User]:
    """The secretariat that runs `round`."""
    members = _secretariat(round.competition.government)
    people = User.objects.filter(is_active=True, pk__in=members)
    return list(people.order_by("name", "pk"))


def second_persons(round: Round, first: User) -> list[User]:
    """Who may agree with what `first` asks for: colleagues who do not compete."""
    return [
        person
        for person in secretariat_of(round)
        if person != first and not permissions.competes_in(person, round)
    ]


def active_institutions(round: Round, at: datetime) -> list[Institution]:
    """The institutions that may enter `round`, by name."""
    day = as_local(at, round.zone).date()
    return list(
        Institution.objects.filter(government=round.competition.government_id)
        .active_on(day)
        .order_by("name", "pk")
    )


def _institutions_people(round: Round, at: datetime) -> list[int]:
    day = as_local(at, round.zone).date()
    active = Institution.objects.filter(
        government=round.competition.government_id
    ).active_on(day)
    found = Membership.objects.current().filter(
        institution__in=active, role__in=[Role.AUTHOR, Role.INSTITUTION_ADMIN]
    )
    return list(found.values_list("user", flat=True))


def _secretariat(government: Government) -> list[int]:
    found = Membership.objects.current().filter(
        government=government, role=Role.SECRETARIAT
    )
    return list(found.values_list("user", flat=True))
