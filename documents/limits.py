"""A limit on guessing: misses of one sender are counted, hits are free.

A hall full of guests behind one address may scan their certificates as fast as they
like; who tries codes at random is stopped. While the cache is away nobody is: a code
has 80 random bits, so the limit saves work rather than secrets.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MISSES = 20
SECONDS = 600


def is_blocked(request: HttpRequest, purpose: str = "misses") -> bool:
    """Whether the sender has had too many misses of late."""
    return (cache.get(_key(request, purpose)) or 0) >= MISSES


def note_miss(request: HttpRequest, purpose: str = "misses") -> None:
    """Count a miss, in a window that begins with the first one."""
    key = _key(request, purpose)
    if cache.add(key, 1, timeout=SECONDS):
        return
    try:
        cache.incr(key)
    except ValueError:  # the window ended just now
        cache.add(key, 1, timeout=SECONDS)


def _key(request: HttpRequest, purpose: str) -> str:
    # allauth knows how many proxies to trust: ALLAUTH_TRUSTED_PROXY_COUNT.
    return f"documents:{purpose}:{get_adapter().get_client_ip(request)}"
