"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from awards import holders, queries, services


@shared_task(time_limit=120, soft_time_limit=100)
def announce_awards() -> int:
    """Tell winners and others of certificates that may be known now; give how many."""
    now = timezone.now()
    winners = sum(
        services.announce_award(award_id=pk, at=now)
        for pk in queries.awards_to_announce(now)
    )
    return winners + sum(
        services.announce_certificate(document_id=pk, at=now)
        for pk in holders.certificates_to_announce(now)
    )


@shared_task(time_limit=300, soft_time_limit=270)
def announce_feedback() -> int:
    """Tell the authors whose feedback has become readable; give how many."""
    now = timezone.now()
    return sum(
        services.announce_feedback(plan_id=pk, at=now)
        for pk in queries.plans_to_announce(now)
    )
