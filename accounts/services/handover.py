"""Mutasi: an officer leaves, somebody else carries on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Government, Handover, Institution, Membership
from accounts.models.memberships import government_of, local_date, place_of
from accounts.models.people import User
from accounts.models.roles import Role
from accounts.services.invitations import invite
from accounts.services.people import (
    end_membership,
    end_membership_at_once,
    grant_membership,
    why_ended,
)
from core import audit
from core.errors import DomainError

# By the role that says most; an invitation names one.
_RANKS = [Role.SECRETARIAT, Role.INSTITUTION_ADMIN, Role.LEADER, Role.AUTHOR]


class NotHandedOver(DomainError):
    """There is nothing to hand over, nobody to take it, or the day is past."""


@dataclass(frozen=True)
class Successor:
    """Who carries on: somebody with an account, or somebody to be invited."""

    user: User | None = None
    email: str = ""
    name: str = ""

    def __str__(self) -> str:
        return str(self.user) if self.user else self.name


def hand_over(
    *,
    giver: User,
    body: Government | Institution,
    successor: Successor,
    last_date: date | None,
    reason: str,
    actor: User,
    at: datetime,
) -> Handover:
    """Pass what `giver` does in `body` to `successor`, after `last_date` or at once.

    The giver's roles there end, the successor has them from the next day; who is
    invited has them once the invitation is accepted. What the institution wrote stays
    its own: proposals, endorsements and drafts go on without a change.
    Raises NotHandedOver, LastSecretariat and NotInvited.
    Source: rule ACC-08 in docs/rules.md.
    """
    with transaction.atomic():
        _lock_people(giver, successor)
        today = local_date(body, at)
        if last_date and last_date < today:
            raise NotHandedOver(_("Choose today or a day to come as the last day."))
        if ended := why_ended(body, at):
            raise NotHandedOver(ended)
        memberships = _roles_to_pass(giver, body, at)
        first_date = last_date + timedelta(days=1) if last_date else today
        handover = Handover.objects.create(
            giver=giver,
            receiver=successor.user,
            roles=sorted({each.role for each in memberships}, key=_RANKS.index),
            from_date=first_date,
            reason=reason,
            ordered_by=actor,
            ordered_at=at,
            **place_of(body),
        )
        if successor.user:
            _grant(handover, successor.user, actor, at)
        _record(handover, successor, actor, at)
        # After the successor is there: or else the last one could not leave.
        for membership in memberships:
            _end(membership, last_date, reason, actor, at)
        if not successor.user:
            invite(
                email=successor.email,
                name=successor.name,
                role=handover.roles[0],
                body=body,
                actor=actor,
                at=at,
                reason=reason,
                handover=handover,
            )
        notices.handed_over(
            handover, last_date=last_date, successor=str(successor), at=at
        )
    return handover


def _lock_people(giver: User, successor: Successor) -> None:
    if successor.user and successor.user.pk == giver.pk:
        raise NotHandedOver(_("Choose somebody else as the successor."))
    if not successor.user and successor.email.strip().lower() == giver.email.lower():
        raise NotHandedOver(_("Choose somebody else as the successor."))
    people = [giver.pk, *([successor.user.pk] if successor.user else [])]
    found = User.objects.select_for_update(no_key=True).filter(pk__in=people)
    list(found.order_by("pk"))


def _roles_to_pass(
    giver: User, body: Government | Institution, at: datetime
) -> list[Membership]:
    """What the giver holds there without an end; what has one goes its own way."""
    found = (
        Membership.objects.filter(user=giver, to_date=None)
        .of_body(body)
        .standing(at)
        .order_by("pk")
    )
    if not found:
        raise NotHandedOver(
            _("%(person)s has no role in %(body)s that could be handed over.")
            % {"person": giver, "body": body}
        )
    return list(found)


def _grant(handover: Handover, user: User, actor: User, at: datetime) -> None:
    """Give the successor what they do not hold there without an end."""
    held = set(
        Membership.objects.filter(user=user, to_date=None)
        .of_body(handover.body)
        .standing(at)
        .values_list("role", flat=True)
    )
    for role in handover.roles:
        if role not in held:
            grant_membership(
                user=user,
                role=role,
                body=handover.body,
                actor=actor,
                at=at,
                from_date=handover.from_date,
                reason=handover.reason,
            )


def _end(
    membership: Membership,
    last_date: date | None,
    reason: str,
    actor: User,
    at: datetime,
) -> None:
    is_to_come = last_date is not None and membership.from_date > last_date
    if last_date is None or is_to_come:
        end_membership_at_once(membership=membership, reason=reason, actor=actor, at=at)
    else:
        end_membership(
            membership=membership,
            to_date=last_date,
            reason=reason,
            actor=actor,
            at=at,
        )


def _record(
    handover: Handover, successor: Successor, actor: User, at: datetime
) -> None:
    """Enter both sides, joined by the handover's key."""
    shared = {
        "handover": str(handover.key),
        "body": str(handover.body),
        "roles": list(handover.roles),
        "from_date": handover.from_date,
    }
    sides: list[tuple[str, User, dict[str, str]]] = [
        ("handover.given", handover.giver, {"to": str(successor)})
    ]
    if handover.receiver:
        received = {"from": str(handover.giver)}
        sides.append(("handover.received", handover.receiver, received))
    for action, person, other in sides:
        audit.record(
            action,
            actor=actor,
            target=person,
            at=at,
            scope=government_of(handover.body).code,
            reason=handover.reason,
            changes=shared | other,
        )
