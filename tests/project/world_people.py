"""Roles to look after, and invitations, of the test world."""

from django.utils import timezone

from accounts.models import Membership
from tests.factories.accounts import MembershipFactory
from tests.factories.invitations import HandoverFactory, InvitationFactory
from tests.project.city import DAY, RUNNERS, City


def build_people(city: City, size: int) -> None:
    """Let roles be ended and handed over, and offer new ones."""
    author, runner = city.people["author"], city.people["secretariat"]
    city.things |= {
        "author_person": author,
        "author_role": author.membership_set.get(),
        "runner_person": runner,
        "runner_role": runner.membership_set.get(),
    }
    offered = city.mark("undangan", *RUNNERS, "admin", "admin_above")
    for number in range(size):
        invitation = InvitationFactory(
            institution=city.own,
            name=offered,
            email=f"calon{number}@{city.prefix}.example",
            secret=f"rahasia-{city.prefix}-{number}",
            sent_at=timezone.now(),
            invited_by=runner,
        )
        city.things.setdefault("invitation", invitation)
        InvitationFactory(
            government=city.government,
            role=Membership.Role.SECRETARIAT,
            name=city.mark(f"sekretaris{number}", *RUNNERS, "system_admin"),
            sent_at=timezone.now(),
        )
        # What somebody was, in a body that grows, and passed on.
        MembershipFactory(
            user=author,
            institution=city.own,
            role=Membership.Role.INSTITUTION_ADMIN,
            from_date=timezone.localdate() - (3 + 2 * number) * DAY,
            to_date=timezone.localdate() - (2 + 2 * number) * DAY,
        )
        HandoverFactory(giver=author, receiver=runner, institution=city.own)
