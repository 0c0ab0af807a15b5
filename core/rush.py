"""Whether people wait before their screens: then what takes long waits for them.

The web processes note it, the worker asks. While Redis is away nothing is noted, and
all goes on as ever.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

KEY = "core.rush"
# A person notices that a request lay this long before a thread had time for it.
NOTICEABLE = timedelta(milliseconds=100)
# The rush is over when no request has lain so long for this time.
SECONDS = 5
# Nothing waits longer for people than this.
PATIENCE = timedelta(minutes=10)


def note(waited: timedelta) -> None:
    """Note that a request has lain `waited` before it was begun."""
    if waited >= NOTICEABLE:
        cache.set(KEY, True, SECONDS)


def lets_start(since: datetime, now: datetime) -> bool:
    """Whether lengthy work that waits since `since` may begin at `now`."""
    return now - since > PATIENCE or not cache.get(KEY)
