"""People and the roles they hold."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Government, Institution, Membership, User
from core import audit
from core.errors import DomainError


class EmailTaken(DomainError):
    """Somebody signs in with this address already."""


class MembershipNotGranted(DomainError):
    """The person holds this role there already, or the period is no period."""


class MembershipNotEnded(DomainError):
    """The role has ended before, or would end before it began."""


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

    Raises MembershipNotGranted if it would overlap with the same role there.
    """
    place = _place(body)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if to_date and to_date < from_date:
            raise MembershipNotGranted(_("A role cannot end before it begins."))
        held = Membership.objects.filter(
            Q(to_date=None) | Q(to_date__gte=from_date), user=user, role=role, **place
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
            scope=_scope(body),
            reason=reason,
            changes={"from_date": from_date, "to_date": to_date},
        )
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

    Raises MembershipNotEnded if it ended before that day, or would before it began.
    """
    with transaction.atomic():
        membership = (
            Membership.objects.select_for_update(of=("self",))
            .select_related("user", "government", "institution__government")
            .get(pk=membership.pk)
        )
        before = membership.to_date
        if before and before <= to_date:
            raise MembershipNotEnded(_("This role has an end already."))
        if to_date < membership.from_date:
            raise MembershipNotEnded(_("A role cannot end before it begins."))
        membership.to_date = to_date
        membership.save(update_fields=["to_date"])
        audit.record(
            "membership.ended",
            actor=actor,
            target=membership,
            at=at,
            scope=_scope(membership.body),
            reason=reason,
            changes={"to_date": [before, to_date]},
        )
    return membership


def _place(body: Government | Institution) -> dict[str, Any]:
    return {
        "government": body if isinstance(body, Government) else None,
        "institution": body if isinstance(body, Institution) else None,
    }


def _scope(body: Government | Institution) -> str:
    return body.code if isinstance(body, Government) else body.government.code
