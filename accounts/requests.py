"""The request of a person who has signed in, for annotations in views."""

from accounts.models import User
from core.requests import PortalRequest


class SignedInRequest(PortalRequest):
    """A request of somebody who has signed in."""

    user: User
