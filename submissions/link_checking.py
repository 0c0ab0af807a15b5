"""The call itself, made by the worker."""

from datetime import datetime

from django.conf import settings

from submissions.models import LinkCheck, LinkOutcome
from submissions.probing import Prober


def check(*, check_id: int, at: datetime, prober: Prober | None = None) -> None:
    """Call up the address of one check that waits; whatever goes wrong is unknown."""
    found = (
        LinkCheck.objects.filter(pk=check_id, outcome=LinkOutcome.WAITING)
        .select_related("link")
        .first()
    )
    if found is None or not settings.LINK_CHECKS:
        return
    try:
        outcome = (prober or Prober()).probe(found.link.url)
    except Exception:
        LinkCheck.objects.filter(pk=check_id).update(
            outcome=LinkOutcome.UNKNOWN, checked_at=at
        )
        raise
    LinkCheck.objects.filter(pk=check_id, outcome=LinkOutcome.WAITING).update(
        outcome=outcome, checked_at=at
    )
