"""Inviting people into roles: the way to an account."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Government, Handover, Institution, Invitation, Membership
from accounts.models.invitations import LIFETIME
from accounts.models.memberships import government_of, local_date, place_of
from accounts.models.people import User
from accounts.services.people import create_user, grant_membership, why_ended
from core import audit
from core.dates import format_datetime
from core.errors import DomainError

# A second press is not a second mail.
RESEND_AFTER = timedelta(minutes=1)


class NotInvited(DomainError):
    """The address is invited already, or its person holds the role already."""


class InvitationClosed(DomainError):
    """The invitation was accepted, withdrawn or has expired."""


class InvitationNotResent(DomainError):
    """A mail went out a moment ago."""


class InvitationOfAnother(DomainError):
    """The invitation was written to another address."""


@dataclass(frozen=True)
class Found:
    """What a link leads to: an invitation, and whether the link is its latest."""

    invitation: Invitation
    is_latest: bool


def find_invitation(digest: str) -> Found | None:
    """Find what the link with that digest opens; None if there never was one."""
    invitation = (
        Invitation.objects.filter(
            Q(digest=digest) | Q(former_digests__contains=[digest])
        )
        .select_related(
            "government", "institution__government", "invited_by", "handover"
        )
        .first()
    )
    if invitation is None:
        return None
    return Found(invitation, is_latest=invitation.digest == digest)


def digest_of(secret: str) -> str:
    """What is stored of a link's secret; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(
    *,
    email: str,
    name: str,
    role: str,
    body: Government | Institution,
    actor: User | None,
    at: datetime,
    reason: str = "",
    handover: Handover | None = None,
    employee_number: str = "",
) -> Invitation:
    """Offer `role` in `body` to whoever reads the mails of `email`.

    `employee_number`, in its compact form, waits for the account to be made.
    An invitation that has expired is renewed. Raises NotInvited if one is open, if
    the person holds the role, or if the institution has ended. Source: rules ACC-05
    and ACC-07 in docs/rules.md.
    """
    email = email.strip().lower()
    if actor and actor.email.lower() == email:
        raise NotInvited(
            _("This is your own address. Ask somebody else to invite you.")
        )
    place = place_of(body)
    with transaction.atomic():
        # Two tabs may invite together: one after the other.
        Government.objects.select_for_update(no_key=True).get(pk=government_of(body).pk)
        if ended := why_ended(body, at):
            raise NotInvited(ended)
        _refuse_holder(email, role, body, at)
        earlier = Invitation.objects.open().filter(email=email, role=role, **place)
        if found := earlier.first():
            if not found.has_expired(at):
                raise NotInvited(
                    _(
                        "%(email)s was invited already on %(moment)s. If the mail did "
                        "not arrive, send the invitation again."
                    )
                    % {
                        "email": email,
                        "moment": format_datetime(found.sent_at, "short"),
                    }
                )
            _close(found, _("It had expired; a new one was sent."), actor, at)
        secret = secrets.token_urlsafe(32)
        invitation = Invitation.objects.create(
            role=role,
            email=email,
            name=name,
            employee_number=employee_number,
            handover=handover,
            digest=digest_of(secret),
            invited_by=actor,
            invited_at=at,
            sent_at=at,
            expires_at=at + LIFETIME,
            **place,
        )
        _record(
            "invitation.sent",
            invitation,
            actor,
            at,
            reason=reason,
            changes={"email": email},
        )
        notices.invitation_sent(invitation, secret=secret, at=at)
        notices.colleague_joins(body, role, name, besides=[actor], at=at)
    return invitation


def resend_invitation(
    *, invitation: Invitation, actor: User, at: datetime
) -> Invitation:
    """Mail a new link, valid anew; the earlier ones say that there is a newer one.

    Raises InvitationClosed, and InvitationNotResent if the last mail is a moment old
    or the institution has ended.
    """
    with transaction.atomic():
        invitation = _lock(invitation)
        _refuse_closed(invitation)
        if ended := why_ended(invitation.body, at):
            raise InvitationNotResent(ended)
        if at < invitation.sent_at + RESEND_AFTER:
            raise InvitationNotResent(
                _("The mail went out a moment ago. Wait a minute before the next one.")
            )
        secret = secrets.token_urlsafe(32)
        invitation.former_digests = [*invitation.former_digests, invitation.digest]
        invitation.digest = digest_of(secret)
        invitation.sent_at, invitation.expires_at = at, at + LIFETIME
        invitation.save(
            update_fields=["former_digests", "digest", "sent_at", "expires_at"]
        )
        _record("invitation.resent", invitation, actor, at)
        notices.invitation_sent(invitation, secret=secret, at=at)
    return invitation


def withdraw_invitation(
    *, invitation: Invitation, reason: str, actor: User, at: datetime
) -> Invitation:
    """Take an invitation back; its link says so. Raises InvitationClosed."""
    with transaction.atomic():
        invitation = _lock(invitation)
        _refuse_closed(invitation)
        _close(invitation, reason, actor, at)
    return invitation


def accept_invitation(
    *, invitation: Invitation, user: User, at: datetime
) -> Invitation:
    """Give the roles to `user`, whom the invitation was written to, from today on.

    In a handover they begin with the successor's first day. Roles that the person
    holds already stay as they are. Raises InvitationClosed and InvitationOfAnother.
    """
    with transaction.atomic():
        invitation = _lock(invitation)
        _refuse_closed(invitation)
        if invitation.has_expired(at):
            raise InvitationClosed(
                _("This invitation has expired. Ask who invited you to send it again.")
            )
        if ended := why_ended(invitation.body, at):
            raise InvitationClosed(ended)
        if user.email.lower() != invitation.email:
            raise InvitationOfAnother(
                _("This invitation was written to another e-mail address.")
            )
        _take(invitation, user, at)
        invitation.state = Invitation.State.ACCEPTED
        invitation.accepted_at, invitation.accepted_by = at, user
        invitation.employee_number = ""
        invitation.save(
            update_fields=["state", "accepted_at", "accepted_by", "employee_number"]
        )
        _record("invitation.accepted", invitation, user, at)
        notices.invitation_accepted(invitation, user, at=at)
    return invitation


def accept_with_account(
    *,
    invitation: Invitation,
    name: str,
    employee_number: str,
    phone: str,
    password: str,
    at: datetime,
) -> User:
    """Make the account of the invited person, and accept in their name.

    They have read the privacy notice and agreed to it. Raises InvitationClosed, and
    EmailTaken if the address has got an account meanwhile.
    Source: rule ACC-07 in docs/rules.md.
    """
    with transaction.atomic():
        _refuse_closed(_lock(invitation))
        user = create_user(
            email=invitation.email,
            name=name,
            actor=None,
            at=at,
            password=password,
            employee_number=employee_number,
            phone=phone,
        )
        audit.record(
            "user.agreed_to_privacy_notice",
            actor=user,
            target=user,
            at=at,
            scope=government_of(invitation.body).code,
        )
        accept_invitation(invitation=invitation, user=user, at=at)
    return user


def _take(invitation: Invitation, user: User, at: datetime) -> None:
    """Give the roles that the person does not hold yet."""
    handover, body = invitation.handover, invitation.body
    from_date = local_date(body, at)
    reason = _("Invitation accepted")
    if handover:
        from_date, reason = max(from_date, handover.from_date), handover.reason
        handover.receiver = user
        handover.save(update_fields=["receiver"])
        _record_handover(handover, invitation, user, at)
    held = set(
        Membership.objects.filter(user=user)
        .of_body(body)
        .standing(at)
        .filter(to_date=None)
        .values_list("role", flat=True)
    )
    for role in invitation.roles:
        if role not in held:
            grant_membership(
                user=user,
                role=role,
                body=body,
                actor=user,
                at=at,
                from_date=from_date,
                reason=reason,
            )


def _record_handover(
    handover: Handover, invitation: Invitation, user: User, at: datetime
) -> None:
    audit.record(
        "handover.received",
        actor=user,
        target=user,
        at=at,
        scope=government_of(handover.body).code,
        reason=handover.reason,
        changes={
            "handover": str(handover.key),
            "from": str(handover.giver),
            "body": str(handover.body),
            "roles": list(invitation.roles),
        },
    )


def _refuse_holder(
    email: str, role: str, body: Government | Institution, at: datetime
) -> None:
    held = Membership.objects.filter(user__email__iexact=email, role=role)
    if held.of_body(body).standing(at).filter(to_date=None).exists():
        raise NotInvited(
            _("%(email)s holds this role there already.") % {"email": email}
        )


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.is_accepted:
        raise InvitationClosed(_("This invitation was accepted already."))
    if invitation.is_withdrawn:
        raise InvitationClosed(_("This invitation was withdrawn."))


def _close(
    invitation: Invitation, reason: str, actor: User | None, at: datetime
) -> None:
    invitation.state = Invitation.State.WITHDRAWN
    invitation.withdrawn_at, invitation.withdrawal_reason = at, reason
    invitation.employee_number = ""
    invitation.save(
        update_fields=["state", "withdrawn_at", "withdrawal_reason", "employee_number"]
    )
    _record("invitation.withdrawn", invitation, actor, at, reason=reason)


def _lock(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related(
            "government", "institution__government", "invited_by", "handover__giver"
        )
        .get(pk=invitation.pk)
    )


def _record(
    action: str,
    invitation: Invitation,
    actor: User | None,
    at: datetime,
    *,
    reason: str = "",
    changes: dict[str, str] | None = None,
) -> None:
    audit.record(
        action,
        actor=actor,
        target=invitation,
        at=at,
        scope=government_of(invitation.body).code,
        reason=reason,
        changes=changes,
    )
