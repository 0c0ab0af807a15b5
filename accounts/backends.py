"""Who is asking: read with each request, and with it what their sign-in must have."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from accounts.models import Membership, User


class PortalBackend(AuthenticationBackend):
    """Reads the person of a session, and in the same query the second factor.

    Nothing of it is kept in the session: an account switched off, a role given or
    ended, and a factor taken away count from the next request on.
    """

    def get_user(self, user_id: Any) -> User | None:
        user = (
            User.objects.filter(pk=user_id)
            .annotate(
                runs_a_government=Exists(
                    Membership.objects.current().filter(
                        user=OuterRef("pk"), role=Membership.Role.SECRETARIAT
                    )
                ),
                has_second_factor=Exists(
                    Authenticator.objects.filter(user=OuterRef("pk")).exclude(
                        type=Authenticator.Type.RECOVERY_CODES
                    )
                ),
            )
            .first()
        )
        if user is None or not self.user_can_authenticate(user):
            return None
        return user


def needs_second_factor(user: Any) -> bool:
    """Whether the role of `user`, as read by the backend, asks for one."""
    return bool(user.is_system_admin or getattr(user, "runs_a_government", False))
