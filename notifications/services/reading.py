"""What people have read in the portal."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from notifications.models import Message


def mark_read(*, message: Message, at: datetime) -> None:
    """Note that the message was read; the first time counts."""
    Message.objects.filter(pk=message.pk).unread().update(read_at=at)


def mark_all_read(*, recipient: AbstractBaseUser, at: datetime) -> int:
    """Note that `recipient` has read all messages; give how many were unread."""
    return Message.objects.visible_to(recipient).unread().update(read_at=at)
