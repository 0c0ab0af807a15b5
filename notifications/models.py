from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user) -> Self:  # type: ignore[no-untyped-def]  # any user
        """Keep the messages written to `user`."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Message(models.Model):
    """What one person is told about one event; also the in-app notice."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    kind = models.CharField(max_length=60)
    key = models.CharField(
        max_length=200, help_text="Names the event; one message per person and key."
    )
    subject = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField()
    path = models.CharField(
        max_length=300, blank=True, help_text="Where the matter is dealt with."
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "key"],
                name="notifications_message_once_per_person_and_event",
            )
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-created_at"],
                name="notifications_msg_recipient",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One message on its way through one channel."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    message = models.ForeignKey(Message, models.CASCADE)
    channel = models.CharField(max_length=20, choices=Channel)
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    address = models.CharField(max_length=254)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel"],
                name="notifications_delivery_once_per_channel",
            ),
            models.CheckConstraint(
                condition=Q(state="sent") ^ Q(sent_at=None),
                name="notifications_delivery_sent_at_when_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="pending"),
                name="notifications_delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"
