"""How long a session lasts. Times in a session are seconds since the epoch."""

import math
from datetime import timedelta
from hashlib import sha256

from allauth.usersessions.models import UserSession
from django.conf import settings

from core.requests import PortalRequest

BEGAN, SEEN = "began_at", "seen_at"
# The last sign of life is noted no more often than this.
NOTED_EVERY = timedelta(minutes=1)


def idle_seconds() -> float:
    """After how long without a sign of life a session ends.

    A sign may be noted up to a minute late: nobody is cut short by that.
    """
    limit = timedelta(minutes=settings.IDLE_MINUTES) + NOTED_EVERY
    return limit.total_seconds()


def seconds_left(request: PortalRequest) -> tuple[int, bool]:
    """How long the session lasts if nothing happens, and whether it can be more."""
    now = request.received_at.timestamp()
    idle = request.session.get(SEEN, now) + idle_seconds() - now
    whole = request.session.get(BEGAN, now) + settings.SESSION_COOKIE_AGE - now
    return max(0, math.floor(min(idle, whole))), idle <= whole


def session_name(session: UserSession) -> str:
    """What the session is called in addresses; the name opens nothing."""
    return sha256(f"name of {session.session_key}".encode()).hexdigest()[:16]
