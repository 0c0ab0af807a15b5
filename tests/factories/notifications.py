"""Minimal valid rows of `notifications`."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from notifications.models import Delivery, Message
from tests.factories.accounts import UserFactory

MOMENT = datetime(2022, 3, 31, 9, 0, tzinfo=UTC)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    recipient = factory.SubFactory(UserFactory)
    kind = "proposal.submitted"
    key = factory.Sequence(lambda n: f"proposal:{n}")
    subject = factory.Sequence(lambda n: f"Proposal {n} terkirim")
    body_text = "Proposal Anda terkirim.\n"
    body_html = "<p>Proposal Anda terkirim.</p>"
    path = "/beranda/"
    created_at = MOMENT


class DeliveryFactory(DjangoModelFactory):
    """A mail that is due at MOMENT."""

    class Meta:
        model = Delivery

    message = factory.SubFactory(MessageFactory)
    channel = Delivery.Channel.EMAIL
    address = factory.LazyAttribute(lambda o: o.message.recipient.email)
    next_attempt_at = MOMENT
