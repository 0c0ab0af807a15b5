"""Who is asking: read with each request, and whether a second factor is lacking."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator

from accounts.models import Membership, User


class PortalBackend(AuthenticationBackend):
    """Reads the person of a session.

    Nothing of it is kept in the session: an account switched off, a role given or
    ended, and a factor taken away count from the next request on.
    """

    def get_user(self, user_id: Any) -> User | None:
        # Every request asks this, a save of each second too: one row of one table.
        user = next(iter(User.objects.filter(pk=user_id)), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        return user


def needs_second_factor(user: User) -> bool:
    """Whether a role of `user` asks for one."""
    return user.is_system_admin or any(
        each.role == Membership.Role.SECRETARIAT for each in user.current_memberships
    )


def lacks_second_factor(user: User) -> bool:
    """Whether a role of `user` asks for one that is not set up yet."""
    if not needs_second_factor(user):
        return False
    factors = Authenticator.objects.filter(user=user)
    return not factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
