"""Who is told what about invitations, roles and handovers."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import Government, Handover, Institution, Invitation, Membership
from accounts.models.memberships import government_of
from accounts.models.people import User
from accounts.models.roles import Role, names_of
from notifications.emails import LINK_MARK
from notifications.services import notify, notify_address


def invitation_sent(invitation: Invitation, *, secret: str, at: datetime) -> None:
    """Mail the link, which nobody else gets to see."""
    notify_address(
        address=invitation.email,
        name=invitation.name,
        kind="accounts.invitation_sent",
        key=f"invitation:{invitation.pk}:{at.isoformat()}",
        template="accounts/emails/invitation_sent",
        context={
            "invitation": invitation,
            "body_name": invitation.body.name,
            "role_names": names_of(invitation.roles),
            "government": government_of(invitation.body),
            "contacts": _contacts(invitation),
        },
        path=reverse("accounts:invitation_open", args=[LINK_MARK]),
        secret=secret,
        at=at,
        scope=government_of(invitation.body).code,
    )


def invitation_accepted(invitation: Invitation, user: User, *, at: datetime) -> None:
    """Tell who invited."""
    if invitation.invited_by:
        _tell(
            [invitation.invited_by],
            "invitation_accepted",
            key=f"invitation:{invitation.pk}",
            body=invitation.body,
            context={"person": user, "role_names": names_of(invitation.roles)},
            path=reverse("accounts:person_detail", args=[user.key]),
            at=at,
        )


def colleague_joins(
    body: Government | Institution,
    role: str,
    name: str,
    *,
    besides: Sequence[User | None],
    at: datetime,
) -> None:
    """Tell the rest of the secretariat who is to join it, or to watch its figures.

    `besides` are who gives the role, first, and who else need not be told: a second
    person sees every such step. Other roles are nobody's concern here.
    """
    if not isinstance(body, Government):
        return
    others = User.objects.filter(membership__in=_secretariat(body, at)).distinct()
    _tell(
        others.exclude(pk__in=[each.pk for each in besides if each]),
        "colleague_joins",
        key=f"government:{body.pk}:{role}:{at.isoformat()}",
        body=body,
        context={"actor": besides[0], "name": name, "role_names": names_of([role])},
        path=reverse("accounts:people_list", args=[body.slug]),
        at=at,
    )


def role_given(membership: Membership, *, at: datetime) -> None:
    """Tell the person of a further role."""
    _tell(
        [membership.user],
        "role_given",
        key=f"membership:{membership.pk}",
        body=membership.body,
        context={"membership": membership, "role_names": names_of([membership.role])},
        path=reverse("accounts:membership_list"),
        at=at,
    )


def role_ended(membership: Membership, *, reason: str, at: datetime) -> None:
    """Tell the person that a role ends, and why."""
    _tell(
        [membership.user],
        "role_ended",
        key=f"membership:{membership.pk}:{at.isoformat()}",
        body=membership.body,
        context={
            "membership": membership,
            "role_names": names_of([membership.role]),
            "reason": reason,
        },
        path=reverse("accounts:membership_list"),
        at=at,
    )


def institution_merged(
    person: User,
    *,
    successor: Institution,
    first_day: date,
    ended: Sequence[Membership],
    moved: Sequence[Membership],
    reason: str,
    at: datetime,
) -> None:
    """Tell a person, once, which roles ended with the merger and which go on."""
    _tell(
        [person],
        "institution_merged",
        key=f"merger:{successor.pk}:{at.isoformat()}",
        body=successor,
        context={
            "predecessors": sorted({str(each.body.name) for each in [*ended, *moved]}),
            "successor": successor,
            "first_day": first_day,
            "ended_names": _told(ended),
            "moved_names": _told(moved),
            "reason": reason,
        },
        path=reverse("accounts:membership_list"),
        at=at,
    )


def _told(memberships: Sequence[Membership]) -> list[str]:
    return [f"{names_of([each.role])}, {each.body.name}" for each in memberships]


def role_left(membership: Membership, *, reason: str, at: datetime) -> None:
    """Tell those who look after the role that its holder gives it up."""
    government = government_of(membership.body)
    keepers = User.objects.filter(membership__in=_secretariat(government, at))
    _tell(
        keepers.distinct().exclude(pk=membership.user_id),
        "role_left",
        key=f"membership:{membership.pk}:{at.isoformat()}",
        body=membership.body,
        context={
            "membership": membership,
            "role_names": names_of([membership.role]),
            "reason": reason,
        },
        path=reverse("accounts:person_detail", args=[membership.user.key]),
        at=at,
    )


def handed_over(
    handover: Handover, *, last_date: date | None, successor: str, at: datetime
) -> None:
    """Tell the one who gives, and the one who receives unless still to be invited."""
    shared = {
        "handover": handover,
        "role_names": names_of(handover.roles),
        "last_date": last_date,
        "successor": successor,
    }
    for person, notice in (
        (handover.giver, "handover_given"),
        (handover.receiver, "handover_received"),
    ):
        if person:
            _tell(
                [person],
                notice,
                key=f"handover:{handover.pk}",
                body=handover.body,
                context=shared,
                path=reverse("accounts:membership_list"),
                at=at,
            )


def _secretariat(government: Government, at: datetime) -> Any:
    return Membership.objects.current(at).filter(
        government=government, role=Role.SECRETARIAT
    )


def _contacts(invitation: Invitation) -> list[str]:
    """Whom to ask: who invites, and the secretariat."""
    government = government_of(invitation.body)
    inviter = invitation.invited_by
    return [
        *([f"{inviter.name} ({inviter.email})"] if inviter else []),
        ", ".join(filter(None, [government.secretariat_name, government.contact])),
    ]


def _tell(
    recipients: Iterable[User],
    notice: str,
    *,
    key: str,
    body: Government | Institution,
    context: dict[str, Any],
    path: str,
    at: datetime,
) -> None:
    notify(
        recipients=recipients,
        kind=f"accounts.{notice}",
        key=key,
        template=f"accounts/emails/{notice}",
        context={**context, "body_name": body.name},
        path=path,
        at=at,
        scope=government_of(body).code,
    )
