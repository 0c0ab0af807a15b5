"""What the catalogue does when awards are decreed or taken back."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from awards.models import Award, Decree
from awards.signals import award_revoked, decree_recorded
from catalogue import queries, services
from submissions.signals import public_titles


@receiver(decree_recorded, dispatch_uid="catalogue.decree_recorded")
def publish_winners(
    *, decree: Decree, actor: User, at: datetime, **kwargs: Any
) -> None:
    """Copy the winners into the catalogue, public with the decree."""
    services.publish_entries(
        round=decree.round, published_at=decree.publish_at, actor=actor, at=at
    )


@receiver(award_revoked, dispatch_uid="catalogue.award_revoked")
def take_award_off(*, award: Award, actor: User, at: datetime, **kwargs: Any) -> None:
    """Take a revoked award off its entry."""
    services.remove_award(award=award, actor=actor, at=at)


@receiver(public_titles, dispatch_uid="catalogue.public_titles")
def titles_like(*, title: str, at: datetime, **kwargs: Any) -> list[dict[str, Any]]:
    """What is published under a title like the one that somebody types."""
    return queries.titles_like(title, at)
