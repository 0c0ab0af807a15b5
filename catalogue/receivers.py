"""What the catalogue does when awards are decreed or taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from accounts.models import User
from awards.models import Award, Decree
from awards.signals import (
    award_revoked,
    decree_recorded,
    public_pages,
    revocation_concerns,
)
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


@receiver(public_pages, dispatch_uid="catalogue.public_pages")
def entries_of_awards(
    *, awards: Sequence[Award], at: datetime, **kwargs: Any
) -> dict[int, dict[str, str]]:
    """The entries of winners that everybody may read."""
    return queries.pages_of(awards, at)


@receiver(revocation_concerns, dispatch_uid="catalogue.revocation_concerns")
def entry_concerned(*, award: Award, **kwargs: Any) -> list[tuple[str, str]]:
    """The entry that would lose its award; it stays in the catalogue."""
    entry = queries.entry_with(award)
    if entry is None:
        return []
    sentence = _("The entry %(title)s stays, without the award.")
    return [(_("Catalogue"), sentence % {"title": entry.title})]
