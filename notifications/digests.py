"""Which news wait for a digest, and what one digest says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from notifications import emails
from notifications.models import Delivery

SHOWN = 50


@dataclass(frozen=True)
class News:
    """One line of a digest."""

    subject: str
    url: str
    at: datetime


def waiting(at: datetime) -> QuerySet[Delivery]:
    """What is to stand in a digest by now, and stands in none yet."""
    return Delivery.objects.due(at).filter(
        channel=Delivery.Channel.DIGEST, carrier=None
    )


def write(
    person: AbstractBaseUser, deliveries: Sequence[Delivery], *, zone: str
) -> emails.Notice:
    """Write the digest of `deliveries`, oldest first, for `person` in `zone`."""
    base = settings.BASE_URL.rstrip("/")
    news = [
        News(
            each.message.subject,
            f"{base}{each.message.get_absolute_url()}",
            each.message.created_at,
        )
        for each in deliveries
    ]
    context = {
        "recipient": person,
        "url": f"{base}{reverse('notifications:message_list')}",
        "news": news[:SHOWN],
        "number": len(news),
        "more": max(0, len(news) - SHOWN),
        "unsubscribe_url": emails.UNSUBSCRIBE_MARK,
    }
    with timezone.override(ZoneInfo(zone)):
        return emails.write_notice("notifications/emails/digest", context)
