"""What the portal needs to work, each asked in turn."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis.asyncio
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from health_check.base import HealthCheck
from health_check.checks import Cache, Database, Storage
from health_check.contrib.redis import Redis
from health_check.exceptions import ServiceUnavailable

from core.periodic import LAST_BEAT_KEY

# Beat notes itself every minute; three missed ones mean that clock or worker stand.
LONGEST_SILENCE = timedelta(minutes=3)


def last_beat_age(now: datetime) -> timedelta | None:
    """How long ago clock and worker last showed that they live, if known."""
    noted = cache.get(LAST_BEAT_KEY)
    return now - datetime.fromisoformat(noted) if noted else None


@dataclass
class LastBeat(HealthCheck):
    """Check that beat and a worker were alive a moment ago."""

    def run(self) -> None:
        age = last_beat_age(timezone.now())
        if age is None:
            raise ServiceUnavailable("Neither beat nor worker was heard of")
        if age > LONGEST_SILENCE:
            raise ServiceUnavailable(f"Silent for {age.total_seconds():.0f} seconds")


@dataclass(frozen=True)
class Finding:
    """What one check found; `error` is empty when all is well."""

    name: str
    error: str
    milliseconds: float


def _checks() -> dict[str, HealthCheck]:
    def broker() -> redis.asyncio.Redis:
        return redis.asyncio.Redis.from_url(
            settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1
        )

    return {
        "database": Database(),
        "cache": Cache(),
        "broker": Redis(client_factory=broker),
        "storage": Storage(),
        "beat": LastBeat(),
    }


def findings() -> list[Finding]:
    """Ask everything at once; the slowest decides how long it takes."""
    checks = _checks()

    async def ask() -> list[Finding]:
        results = await asyncio.gather(
            *(check.get_result() for check in checks.values())
        )
        return [
            Finding(
                name,
                str(result.error) if result.error else "",
                round(result.time_taken * 1000, 1),
            )
            for name, result in zip(checks, results, strict=True)
        ]

    return async_to_sync(ask)()
