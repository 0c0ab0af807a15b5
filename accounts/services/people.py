"""People and the roles they hold."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Government, Institution, Membership, User
from accounts.models.memberships import government_of, local_date, place_of
from accounts.services import trees
from core import audit
from core.errors import DomainError


class EmailTaken(DomainError):
    """Somebody signs in with this address already."""


class MembershipNotGranted(DomainError):
    """The person holds this role there already, or the period is no period."""


class MembershipNotEnded(DomainError):
    """The role has ended before, or would end before it began."""


class LastSecretariat(DomainError):
    """Nobody would be left who runs the government's competitions."""


class AccountNotChanged(DomainError):
    """The account is in that state already, or is one's own."""


def create_user(
    *,
    email: str,
    name: str,
    actor: User | None,
    at: datetime,
    password: str | None = None,
    employee_number: str = "",
    phone: str = "",
    is_system_admin: bool = False,
) -> User:
    """Make an account; without `password` it cannot sign in until one is set.

    Raises EmailTaken if the address has an account, in whatever case it is written.
    """
    with transaction.atomic():
        if User.objects.filter(email__iexact=email.strip()).exists():
            raise EmailTaken(_("There is an account with this e-mail address already."))
        user = User.objects.create_user(
            email,
            password,
            name=name,
            employee_number=employee_number,
            phone=phone,
            is_system_admin=is_system_admin,
            date_joined=at,
        )
        audit.record("user.created", actor=actor, target=user, at=at)
    return user


def ensure_user(*, email: str, name: str, actor: User | None, at: datetime) -> User:
    """Find the account of `email`, untouched, or make it."""
    found = User.objects.filter(email__iexact=email.strip()).first()
    return found or create_user(email=email, name=name, actor=actor, at=at)


def grant_membership(
    *,
    user: User,
    role: str,
    body: Government | Institution,
    actor: User | None,
    at: datetime,
    from_date: date,
    to_date: date | None = None,
    reason: str = "",
) -> Membership:
    """Give `user` a role in `body` from `from_date` on.

    Raises MembershipNotGranted if it would overlap with the same role there, or the
    institution has ended.
    """
    place = place_of(body)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if ended := why_ended(body, at):
            raise MembershipNotGranted(ended)
        if to_date and to_date < from_date:
            raise MembershipNotGranted(_("A role cannot end before it begins."))
        held = Membership.objects.filter(
            Q(to_date=None) | Q(to_date__gte=from_date),
            user=user,
            role=role,
            ended_at=None,
            **place,
        )
        if to_date:
            held = held.filter(from_date__lte=to_date)
        if held.exists():
            raise MembershipNotGranted(
                _("%(user)s holds this role there already.") % {"user": user}
            )
        membership = Membership.objects.create(
            user=user, role=role, from_date=from_date, to_date=to_date, **place
        )
        audit.record(
            "membership.granted",
            actor=actor,
            target=membership,
            at=at,
            scope=government_of(body).code,
            reason=reason,
            changes={"from_date": from_date, "to_date": to_date},
        )
    return membership


def why_ended(body: Government | Institution, at: datetime) -> str:
    """Say that an institution has ended, and where its work goes on; "" if it has not.

    It is read anew and stays so: nobody ends it until the transaction is over. Source:
    rule ACC-10 in docs/rules.md.
    """
    if isinstance(body, Government):
        return ""
    institution = (
        Institution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("government", "successor")
        .get(pk=body.pk)
    )
    if institution.successor:
        return _(
            "%(institution)s was merged into %(successor)s. Give the role in "
            "%(successor)s instead."
        ) % {"institution": institution, "successor": institution.successor}
    if trees.has_ended(institution, institution.government.day_of(at)):
        return _("%(institution)s has ended. Choose an institution that is active.") % {
            "institution": institution
        }
    return ""


def give_role(
    *,
    user: User,
    role: str,
    body: Government | Institution,
    reason: str,
    actor: User,
    at: datetime,
) -> Membership:
    """Give somebody who is known here a further role from today on, and tell them.

    Raises MembershipNotGranted. Of a new colleague the secretariat is told as well.
    Source: rule ACC-05 in docs/rules.md.
    """
    if user.pk == actor.pk:
        raise MembershipNotGranted(_("Ask somebody else to give you a further role."))
    with transaction.atomic():
        membership = grant_membership(
            user=user,
            role=role,
            body=body,
            actor=actor,
            at=at,
            from_date=local_date(body, at),
            reason=reason,
        )
        notices.role_given(membership, at=at)
        notices.colleague_joins(body, role, user.name, besides=[actor, user], at=at)
    return membership


def end_membership(
    *,
    membership: Membership,
    to_date: date,
    reason: str,
    actor: User | None,
    at: datetime,
) -> Membership:
    """End a role after `to_date`, its last day.

    Raises MembershipNotEnded if it ended before that day, or would before it began,
    and LastSecretariat if nobody would run the government from then on.
    """
    with transaction.atomic():
        membership = lock_membership(membership)
        before = membership.to_date
        if membership.ended_at or (before and before <= to_date):
            raise MembershipNotEnded(_("This role has an end already."))
        if to_date < membership.from_date:
            raise MembershipNotEnded(_("A role cannot end before it begins."))
        membership.to_date = to_date
        membership.save(update_fields=["to_date"])
        _record_end(membership, before, reason, actor, at)
        if membership.role == Membership.Role.SECRETARIAT:
            refuse_vacancy(membership, from_date=to_date + timedelta(days=1))
    return membership


def end_membership_at_once(
    *, membership: Membership, reason: str, actor: User | None, at: datetime
) -> Membership:
    """End a role at `at`; one that has not begun never does.

    Raises MembershipNotEnded if it is over, and LastSecretariat.
    """
    with transaction.atomic():
        membership = lock_membership(membership)
        if membership.period_at(at) == Membership.Period.OVER:
            raise MembershipNotEnded(_("This role has ended before."))
        before, today = membership.to_date, local_date(membership.body, at)
        membership.to_date = max(today, membership.from_date)
        membership.ended_at = at
        membership.save(update_fields=["to_date", "ended_at"])
        _record_end(membership, before, reason, actor, at)
        if membership.role == Membership.Role.SECRETARIAT:
            refuse_vacancy(membership, from_date=today)
    return membership


def end_role(
    *,
    membership: Membership,
    to_date: date | None,
    reason: str,
    actor: User,
    at: datetime,
) -> Membership:
    """End a role after its last day, or at once if there is none, and tell of it.

    Told is the person, or those who look after the role if it is the person who
    leaves. Raises MembershipNotEnded, also for a day that is past, and LastSecretariat.
    """
    with transaction.atomic():
        if to_date is None:
            membership = end_membership_at_once(
                membership=membership, reason=reason, actor=actor, at=at
            )
        else:
            if to_date < local_date(membership.body, at):
                raise MembershipNotEnded(_("Choose today or a day to come."))
            membership = end_membership(
                membership=membership,
                to_date=to_date,
                reason=reason,
                actor=actor,
                at=at,
            )
        if membership.user_id == actor.pk:
            notices.role_left(membership, reason=reason, at=at)
        else:
            notices.role_ended(membership, reason=reason, at=at)
    return membership


def deactivate_user(*, user: User, reason: str, actor: User, at: datetime) -> User:
    """Close an account: nobody signs in with it, and open sessions end.

    Raises AccountNotChanged if it is closed already or is the actor's own, and
    LastSecretariat.
    """
    with transaction.atomic():
        # People are locked before governments, everywhere, and so that others may
        # write rows that name them.
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        running = list(
            Membership.objects.filter(user=user, role=Membership.Role.SECRETARIAT)
            .select_related("government")
            .standing(at)
        )
        _lock_governments(each.government_id for each in running)
        if user.pk == actor.pk:
            raise AccountNotChanged(_("Ask somebody else to close your account."))
        if not user.is_active:
            raise AccountNotChanged(_("This account is closed already."))
        user.is_active = False
        user.save(update_fields=["is_active"])
        for membership in running:
            refuse_vacancy(membership, from_date=local_date(membership.body, at))
        _record_activity(user, actor, at, reason)
    return user


def reactivate_user(*, user: User, reason: str, actor: User, at: datetime) -> User:
    """Open a closed account again. Raises AccountNotChanged if it is open."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if user.is_active:
            raise AccountNotChanged(_("This account is open already."))
        if user.pseudonymised_at:
            raise AccountNotChanged(_("The data of this account were deleted."))
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record_activity(user, actor, at, reason)
    return user


def lock_membership(membership: Membership) -> Membership:
    """Read a role anew and hold it, after the government whose secretariat it is in.

    Two members who end each other's role must not both find the other still there.
    """
    if membership.role == Membership.Role.SECRETARIAT:
        _lock_governments([membership.government_id])
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "government", "institution__government")
        .get(pk=membership.pk)
    )


def refuse_vacancy(membership: Membership, *, from_date: date) -> None:
    """Raise LastSecretariat if nobody runs the government from `from_date` on.

    Who has an end set does not count. Source: rule ACC-06 in docs/rules.md.
    """
    stays = Membership.objects.filter(
        government=membership.government_id,
        role=Membership.Role.SECRETARIAT,
        from_date__lte=from_date,
        to_date=None,
        user__is_active=True,
    )
    if not stays.exists():
        raise LastSecretariat(
            _(
                "%(government)s would be left without a secretariat. Invite a "
                "successor first, and wait until the invitation is accepted."
            )
            % {"government": membership.body}
        )


def _lock_governments(pks: Iterable[int | None]) -> None:
    found = Government.objects.select_for_update(no_key=True).filter(pk__in=set(pks))
    list(found.order_by("pk"))


def _record_end(
    membership: Membership,
    before: date | None,
    reason: str,
    actor: User | None,
    at: datetime,
) -> None:
    audit.record(
        "membership.ended",
        actor=actor,
        target=membership,
        at=at,
        scope=government_of(membership.body).code,
        reason=reason,
        changes={"to_date": [before, membership.to_date]},
    )


def _record_activity(user: User, actor: User, at: datetime, reason: str) -> None:
    """Enter it once for every government the person has to do with."""
    action = "user.reactivated" if user.is_active else "user.deactivated"
    codes = {
        government_of(each.body).code
        for each in user.membership_set.select_related(
            "government", "institution__government"
        )
    }
    for code in sorted(codes) or [""]:
        audit.record(
            action,
            actor=actor,
            target=user,
            at=at,
            scope=code,
            reason=reason,
            changes={"is_active": [not user.is_active, user.is_active]},
        )
