"""What the catalogue does when awards are decreed or taken back."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from awards.models import Award, Decree
from awards.signals import award_revoked, decree_recorded
from catalogue import services


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
