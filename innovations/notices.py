"""Who is told what about the register of innovations."""

from datetime import datetime

from accounts.models import Membership, User
from innovations.models import JointOwner
from notifications.services import notify


def joint_owner_asked(joint: JointOwner, *, at: datetime) -> None:
    """Ask the admins of an institution whether it owns an innovation jointly."""
    memberships = Membership.objects.current().filter(
        institution=joint.institution, role=Membership.Role.INSTITUTION_ADMIN
    )
    notify(
        recipients=User.objects.filter(
            is_active=True, pk__in=memberships.values("user")
        ),
        kind="joint_owner.asked",
        key=joint.key,
        template="innovations/emails/joint_owner_asked",
        context={"joint": joint},
        path=joint.innovation.get_absolute_url(),
        at=at,
        scope=joint.institution.government.code,
    )
