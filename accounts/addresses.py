"""Where a request comes from, whatever its sender claims."""

from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  no address to listen on


def seen_by_proxies(request: HttpRequest) -> str | None:
    """The address that the outermost of our proxies saw; None past the proxies.

    Each proxy appends whom it saw to X-Forwarded-For, so that only the last entries,
    as many as we have proxies, are theirs. Without proxies the header counts nothing.
    """
    count = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if count == 0:
        return _clean(request.META.get("REMOTE_ADDR", ""))
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return _clean(named[-count]) if len(named) >= count else None


def counted(request: HttpRequest) -> str:
    """The address against which tries are counted; never none, and never chosen.

    Whoever comes past the proxies is counted by the address of the connection.
    """
    return (
        seen_by_proxies(request)
        or _clean(request.META.get("REMOTE_ADDR", ""))
        or UNKNOWN
    )


def _clean(address: str) -> str | None:
    cleaned: str | None = clean_client_ip(address) if address else None
    return cleaned
