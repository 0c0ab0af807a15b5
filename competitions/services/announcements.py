"""Public notices of a round."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from competitions.models import Announcement, Round
from competitions.services.base import free_slug, record


def create_announcement(
    *,
    round: Round,
    number: str,
    issued_date: date,
    title: str,
    body: str,
    publish_at: datetime,
    actor: User,
    at: datetime,
) -> Announcement:
    """Announce something in a round; the public reads it from `publish_at`."""
    with transaction.atomic():
        announcement = Announcement.objects.create(
            round=round,
            slug=free_slug(Announcement, title, 120),
            number=number,
            issued_date=issued_date,
            title=title,
            body=body,
            publish_at=publish_at,
        )
        record("announcement.created", round, actor, at, {"slug": announcement.slug})
    return announcement
