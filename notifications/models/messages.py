from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import Moves, moves_trigger


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: AbstractBaseUser) -> Self:
        """Keep the messages written to `user`."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def for_list(self) -> Self:
        """Newest first, with what one row of the list shows."""
        return self.only(
            "code", "kind", "subject", "path", "created_at", "read_at"
        ).order_by("-created_at", "-pk")


class Message(models.Model):
    """What one person is told about one event; also the notice in the portal."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        help_text="None where it goes to an address without an account.",
    )
    addressee = models.CharField(
        max_length=150, blank=True, help_text="The name, where there is no recipient."
    )
    address = models.EmailField(
        blank=True, help_text="The address, where there is no recipient."
    )
    kind = models.CharField(max_length=60)
    key = models.CharField(
        max_length=200, help_text="Names the event; one message per person and key."
    )
    subject = models.CharField(max_length=200)
    body_text = models.TextField()
    body_html = models.TextField()
    scope = models.CharField(
        max_length=40,
        blank=True,
        help_text="Code of the government it speaks for, whose secretariat sees it.",
    )
    path = models.CharField(
        max_length=300, blank=True, help_text="Where the matter is dealt with."
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(
        null=True, help_text="When it makes no sense any more to send it."
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "key"],
                name="notifications_message_once_per_person_and_event",
            ),
            models.UniqueConstraint(
                fields=["address", "kind", "key"],
                condition=Q(recipient=None),
                name="notifications_message_once_per_address_and_event",
            ),
            models.CheckConstraint(
                condition=Q(recipient=None) ^ Q(address=""),
                name="notifications_message_to_person_or_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-created_at"],
                name="notifications_msg_recipient",
            ),
            models.Index(
                fields=["recipient"],
                condition=Q(read_at=None),
                name="notifications_msg_unread",
            ),
            models.Index(fields=["scope", "kind"], name="notifications_msg_scope"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("notifications:message_open", kwargs={"key": self.code})

    @property
    def recipient_name(self) -> str:
        """Who it is written to; reads the recipient."""
        return str(self.recipient) if self.recipient else self.addressee

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    def is_out_of_date(self, at: datetime) -> bool:
        """Whether it makes no sense any more to send it at `at`."""
        return self.expires_at is not None and at >= self.expires_at


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Came back")
    SKIPPED = "skipped", _("Left out")


DELIVERY_MOVES: Moves = {
    DeliveryState.PENDING: {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.SKIPPED,
    },
    DeliveryState.SENT: {DeliveryState.BOUNCED},
    DeliveryState.FAILED: {DeliveryState.PENDING},
    DeliveryState.BOUNCED: {DeliveryState.PENDING},
}


class DeliveryChannel(models.TextChoices):
    """Ways to a person beside the notice in the portal."""

    EMAIL = "email", _("E-mail")
    DIGEST = "digest", _("Daily digest")
    WHATSAPP = "whatsapp", _("WhatsApp")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> Self:
        """Keep what waits and whose next attempt has come."""
        return self.filter(state=DeliveryState.PENDING, next_attempt_at__lte=at)

    def on_their_own(self) -> Self:
        """Leave out what the mail of a digest carries."""
        return self.exclude(channel=DeliveryChannel.DIGEST)

    def for_list(self) -> Self:
        """Newest first, with what one row of the list shows."""
        return (
            self.select_related("message__recipient")
            .defer("message__body_text", "message__body_html")
            .order_by("-pk")
        )


class Delivery(models.Model):
    """One message on its way through one channel."""

    Channel = DeliveryChannel
    State = DeliveryState

    message = models.ForeignKey(Message, models.CASCADE)
    channel = models.CharField(max_length=20, choices=DeliveryChannel)
    state = models.CharField(
        max_length=20, choices=DeliveryState, default=DeliveryState.PENDING
    )
    address = models.CharField(max_length=254)
    secret = models.CharField(
        max_length=64,
        blank=True,
        help_text="What the link in the mail opens with; forgotten once it left.",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    reference = models.CharField(
        max_length=200, blank=True, help_text="What the gateway calls it."
    )
    carrier = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        help_text="The mail of the daily digest that tells of it.",
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel"],
                name="notifications_delivery_once_per_channel",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "bounced"]) ^ Q(sent_at=None),
                name="notifications_delivery_sent_at_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(secret="") | Q(state="pending"),
                name="notifications_delivery_secret_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(channel="digest") | Q(carrier=None),
                name="notifications_delivery_carried_in_a_digest",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="pending"),
                name="notifications_delivery_due",
            )
        ]
        triggers = [moves_trigger("state", DELIVERY_MOVES)]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"

    def get_absolute_url(self) -> str:
        """Where the secretariat sees it; reads the message."""
        return reverse(
            "notifications:delivery_detail", args=[self.message.code, self.channel]
        )

    @property
    def is_pending(self) -> bool:
        return self.state == self.State.PENDING

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_bounced(self) -> bool:
        return self.state == self.State.BOUNCED

    @property
    def is_skipped(self) -> bool:
        return self.state == self.State.SKIPPED

    @property
    def is_for_digest(self) -> bool:
        return self.channel == DeliveryChannel.DIGEST

    @property
    def is_email(self) -> bool:
        return self.channel == DeliveryChannel.EMAIL

    @property
    def is_by_whatsapp(self) -> bool:
        return self.channel == DeliveryChannel.WHATSAPP
