"""Who owns an innovation, and how it fares from year to year."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from core import audit
from core.errors import DomainError
from innovations import notices
from innovations.models import Innovation, JointOwner, YearStatus
from innovations.services.registering import NotInForce, in_force, locked


class OwnerNotPossible(DomainError):
    """This institution cannot own the innovation jointly, or does so already."""


def ask_joint_owner(
    *,
    innovation: Innovation,
    institution: Institution,
    from_date: date,
    actor: User,
    at: datetime,
) -> JointOwner:
    """Ask `institution` whether it owns `innovation` jointly; its admin agrees or not.

    Raises NotInForce, or OwnerNotPossible. Source: rule INN-01 in docs/rules.md.
    """
    with transaction.atomic():
        standing = in_force(innovation)
        owner = standing.institution
        if institution.pk == owner.pk:
            raise OwnerNotPossible(
                _("%(institution)s owns it already.") % {"institution": owner}
            )
        if institution.government_id != owner.government_id:
            raise OwnerNotPossible(
                _("A joint owner belongs to the same government as the owner.")
            )
        if JointOwner.objects.filter(
            innovation=standing, institution=institution
        ).exists():
            raise OwnerNotPossible(
                _("%(institution)s was named already.") % {"institution": institution}
            )
        joint = JointOwner.objects.create(
            innovation=standing,
            institution=institution,
            from_date=from_date,
            key=secrets.token_urlsafe(12),
            asked_by=actor,
            asked_at=at,
        )
        _note("joint_owner.asked", joint, actor, at)
        notices.joint_owner_asked(joint, at=at)
    return joint


def confirm_joint_owner(*, joint: JointOwner, actor: User, at: datetime) -> JointOwner:
    """Agree: the people of the institution read the innovation and its proposals."""
    with transaction.atomic():
        standing = _standing(joint)
        if standing.is_confirmed:
            raise OwnerNotPossible(
                _("%(institution)s has agreed already.")
                % {"institution": standing.institution}
            )
        standing.confirmed_by, standing.confirmed_at = actor, at
        standing.save(update_fields=["confirmed_by", "confirmed_at"])
        _note("joint_owner.confirmed", standing, actor, at)
    return standing


def end_joint_owner(*, joint: JointOwner, actor: User, at: datetime) -> None:
    """Decline, take back, or end a joint ownership; the history keeps that it was."""
    with transaction.atomic():
        standing = _standing(joint)
        _note("joint_owner.ended", standing, actor, at)
        standing.delete()


def _standing(joint: JointOwner) -> JointOwner:
    locked(joint.innovation)
    found = (
        JointOwner.objects.select_related(
            "innovation__institution__government", "institution"
        )
        .filter(pk=joint.pk)
        .first()
    )
    if found is None:
        raise OwnerNotPossible(_("It has been taken back meanwhile."))
    return found


def note_status(
    *,
    innovation: Innovation,
    year: int,
    state: str,
    note: str,
    actor: User,
    at: datetime,
) -> YearStatus:
    """Say how an innovation fares in a year; what was said of it before is replaced.

    Raises NotInForce where another entry stands for it: a retired one may still tell
    that it has stopped. Source: rule INN-05 in docs/rules.md.
    """
    with transaction.atomic():
        standing = locked(innovation)
        if standing.is_merged:
            raise NotInForce(
                _("Another entry of the register stands for %(title)s now.")
                % {"title": standing}
            )
        status, _made = YearStatus.objects.update_or_create(
            innovation=standing,
            year=year,
            defaults={
                "state": state,
                "note": note,
                "noted_by": actor,
                "noted_at": at,
            },
        )
        audit.record(
            "innovation.status_noted",
            actor=actor,
            target=standing,
            at=at,
            scope=standing.institution.government.code,
            changes={
                "year": year,
                "state": str(status.get_state_display()),
                "note": note,
            },
        )
    return status


def _note(action: str, joint: JointOwner, actor: User, at: datetime) -> None:
    audit.record(
        action,
        actor=actor,
        target=joint.innovation,
        at=at,
        scope=joint.institution.government.code,
        changes={"institution": joint.institution.name},
    )
