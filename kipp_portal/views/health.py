"""For machines: does the process live, can it work."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.requests import PortalRequest
from kipp_portal import health


@require_safe
@never_cache
@login_not_required
def healthz(request: PortalRequest) -> HttpResponse:
    """Say that this process answers; it asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(request: PortalRequest) -> HttpResponse:
    """Say whether everything the portal needs is there; 503 if not.

    It is for watching. The portal works on without broker and cache, only slower:
    a load balancer asks healthz.
    """
    found = health.findings()
    is_ready = not any(finding.error for finding in found)
    try:
        age = health.last_beat_age(timezone.now())
    except Exception:  # whatever ails the cache is among the findings
        age = None
    return JsonResponse(
        {
            "status": "ok" if is_ready else "unavailable",
            "checks": {
                finding.name: {
                    "ok": not finding.error,
                    "error": finding.error,
                    "ms": finding.milliseconds,
                }
                for finding in found
            },
            "last_beat_seconds": round(age.total_seconds()) if age else None,
        },
        status=200 if is_ready else 503,
    )
