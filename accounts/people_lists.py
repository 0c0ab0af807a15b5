"""Whose people a page is about, and the rows of its lists."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts import permissions
from accounts.models import Government, Institution, Invitation, Membership, User
from accounts.models.invitations import InvitationQuerySet
from accounts.models.memberships import MembershipQuerySet
from accounts.models.roles import Role

ACTIVE, COMING, OVER, NEVER, CLOSED = (
    "aktif",
    "akan-datang",
    "berakhir",
    "belum-masuk",
    "ditutup",
)


@dataclass(frozen=True)
class PeopleScope:
    """The people somebody looks after together: a house.

    Of a whole government, of an institution's tree, or, for a system admin, of a
    government's secretariat alone.
    """

    government: Government
    institution: Institution | None = None
    is_secretariat_alone: bool = False

    @property
    def body(self) -> Government | Institution:
        return self.institution or self.government

    @property
    def is_government(self) -> bool:
        """Whether it is a government seen by its own secretariat."""
        return self.institution is None and not self.is_secretariat_alone

    @property
    def roles(self) -> list[Role]:
        """What can be given here."""
        if self.is_secretariat_alone:
            return [Role.SECRETARIAT]
        in_institutions = [Role.AUTHOR, Role.INSTITUTION_ADMIN]
        if self.institution:
            return in_institutions
        return [*in_institutions, Role.SECRETARIAT, Role.LEADER]

    def url(self, name: str, *args: Any) -> str:
        """The address of `name` for these people, as in "people_list"."""
        if self.institution:
            return reverse(
                f"accounts:tree_{name}",
                args=[self.government.slug, self.institution.code, *args],
            )
        prefix = "secretariat_" if self.is_secretariat_alone else ""
        return reverse(f"accounts:{prefix}{name}", args=[self.government.slug, *args])

    def memberships(self) -> MembershipQuerySet:
        """The roles held here, now, once, or to come."""
        return Membership.objects.filter(self._place)

    def invitations(self) -> InvitationQuerySet:
        return Invitation.objects.filter(self._place)

    def institutions(self, at: datetime) -> QuerySet[Institution]:
        """The active institutions a role can be given in."""
        found = Institution.objects.active_on(self.government.day_of(at)).filter(
            government=self.government
        )
        if self.institution:
            found = found.filter(path__startswith=self.institution.path)
        return found.order_by("name", "pk")

    @property
    def _place(self) -> Q:
        if self.is_secretariat_alone:
            return Q(government=self.government, role=Role.SECRETARIAT)
        below = Q(institution__government=self.government)
        if self.institution:
            return below & Q(institution__path__startswith=self.institution.path)
        return below | Q(government=self.government)


@dataclass(frozen=True)
class PersonRow:
    """A person with the roles held in the house; the latest first."""

    person: User
    memberships: Sequence[Membership]


def scope_of(user: User, memberships: Sequence[Membership]) -> PeopleScope | None:
    """The widest house in which `user` looks after one of `memberships`."""
    for membership in memberships:
        body = membership.body
        government = body if isinstance(body, Government) else body.government
        if permissions.is_secretariat(user, government):
            return PeopleScope(government)
    for membership in memberships:
        if membership.institution:
            if admin_of := _admin_of(user, membership.institution):
                return PeopleScope(admin_of.government, admin_of)
        elif user.is_system_admin and membership.government:
            return PeopleScope(membership.government, is_secretariat_alone=True)
    return None


def _admin_of(user: User, institution: Institution) -> Institution | None:
    """The institution by whose tree `user` administers `institution`."""
    own = [
        each.institution
        for each in user.current_memberships
        if each.role == Role.INSTITUTION_ADMIN and each.institution
    ]
    return next(
        (
            each
            for each in own
            if each.government_id == institution.government_id
            and institution.path.startswith(each.path)
        ),
        None,
    )


def find_people(
    scope: PeopleScope, wanted: Mapping[str, Any], at: datetime
) -> QuerySet[User]:
    """The people of `scope` that fit: `q`, `peran`, `instansi` and `keadaan`."""
    memberships = scope.memberships()
    if role := wanted.get("peran"):
        memberships = memberships.filter(role=role)
    if text := wanted.get("instansi"):
        memberships = memberships.filter(
            Q(institution__code__iexact=text)
            | Q(institution__name__icontains=text)
            | Q(institution__short_name__icontains=text)
        )
    people = _in_state(memberships, wanted.get("keadaan") or "", at)
    if text := wanted.get("q"):
        people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return people.order_by("name", "pk")


def rows_of(
    scope: PeopleScope, people: Sequence[User], at: datetime
) -> list[PersonRow]:
    """Give the people of one page with their roles, in one query."""
    held = defaultdict(list)
    for membership in (
        scope.memberships()
        .filter(user__in=people)
        .select_related("government", "institution__government")
        .order_by("-from_date", "-pk")
    ):
        held[membership.user_id].append(membership)
    # What is over is told only where nothing else is.
    return [PersonRow(person, _without_past(held[person.pk], at)) for person in people]


def _without_past(memberships: list[Membership], at: datetime) -> list[Membership]:
    standing = [
        each for each in memberships if each.period_at(at) != Membership.Period.OVER
    ]
    return standing or memberships


def _in_state(
    memberships: MembershipQuerySet, state: str, at: datetime
) -> QuerySet[User]:
    def having(rows: MembershipQuerySet) -> Exists:
        return Exists(rows.filter(user=OuterRef("pk")))

    people = User.objects.filter(having(memberships))
    if state == ACTIVE:
        return people.filter(having(memberships.current(at)), is_active=True)
    if state == COMING:
        return people.filter(
            having(memberships.standing(at)), ~having(memberships.current(at))
        )
    if state == OVER:
        return people.filter(~having(memberships.standing(at)))
    if state == NEVER:
        return people.filter(
            having(memberships.current(at)), last_login=None, is_active=True
        )
    if state == CLOSED:
        return people.filter(is_active=False)
    return people
