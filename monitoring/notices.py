"""Who is told what by the secretariat's rescue board."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from accounts.models import User
from monitoring.models import Nudge
from notifications.services import notify


def institution_reminded(
    nudge: Nudge,
    *,
    people: Sequence[User],
    closes_at: datetime,
    lacking: Sequence[str],
    at: datetime,
) -> None:
    """Remind an institution of a draft, or of the round it has nothing in."""
    proposal = nudge.proposal
    notify(
        recipients=people,
        kind="rescue.reminded",
        key=f"{nudge.pk}",
        template="monitoring/emails/institution_reminded",
        context={
            "round": nudge.round,
            "institution": nudge.institution,
            "proposal": proposal,
            "closes_at": closes_at,
            "lacking": lacking,
        },
        path=proposal.get_absolute_url()
        if proposal
        else reverse("submissions:proposal_create", args=[nudge.round.slug]),
        at=at,
        scope=nudge.round.competition.government.code,
        expires_at=closes_at,
    )
