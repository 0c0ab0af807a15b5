"""The cache: Redis for what only saves time, the database for what must be counted.

The portal goes on while Redis is away (docs/decisions/0004). What guards the sign-in
may not go away with it: with no counters either nobody could sign in or anybody could
guess. So keys of the sign-in library are kept in the cache `limits`, in the database.
"""

from typing import Any

from django.core.cache import BaseCache, caches
from django.core.cache.backends.db import DatabaseCache
from django_redis.cache import RedisCache

GUARDED = "allauth"
# A code of an authenticator app is taken for three half minutes.
USED_CODE = "totp.used"
USED_CODE_SECONDS = 120


class PortalCache(RedisCache):
    """Redis, but for the counters of the sign-in."""

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        if limits := _limits(key):
            return limits.get(key, *args, **kwargs)
        return super().get(key, *args, **kwargs)

    def set(self, key: str, *args: Any, **kwargs: Any) -> Any:
        if limits := _limits(key):
            return limits.set(key, *args, **kwargs)
        return super().set(key, *args, **kwargs)

    def add(self, key: str, *args: Any, **kwargs: Any) -> Any:
        if limits := _limits(key):
            return limits.add(key, *args, **kwargs)
        return super().add(key, *args, **kwargs)

    def delete(self, key: str, *args: Any, **kwargs: Any) -> Any:
        if limits := _limits(key):
            return limits.delete(key, *args, **kwargs)
        return super().delete(key, *args, **kwargs)


def _limits(key: str) -> BaseCache | None:
    return caches["limits"] if str(key).startswith(GUARDED) else None


class LimitsCache(DatabaseCache):
    """Counters in the database; a used code is remembered for as long as it is good."""

    def add(
        self,
        key: str,
        value: Any,
        timeout: Any = None,
        version: int | None = None,
    ) -> bool:
        if USED_CODE in key:
            timeout = USED_CODE_SECONDS
        return bool(super().add(key, value, timeout, version))
