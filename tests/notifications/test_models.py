import pytest
from django.db import IntegrityError, InternalError

from notifications.models import Delivery
from tests.factories.notifications import MOMENT, DeliveryFactory, MessageFactory

pytestmark = pytest.mark.django_db


def update(delivery, **changes):
    Delivery.objects.filter(pk=delivery.pk).update(**changes)


def test_one_message_per_person_and_event():
    message = MessageFactory()

    with pytest.raises(IntegrityError):
        MessageFactory(recipient=message.recipient, key=message.key)


def test_one_delivery_per_message_and_channel():
    delivery = DeliveryFactory()

    with pytest.raises(IntegrityError):
        DeliveryFactory(message=delivery.message)


@pytest.mark.parametrize("changes", [{"state": "sent"}, {"sent_at": MOMENT}])
def test_sent_delivery_has_the_moment_it_was_sent(changes):
    delivery = DeliveryFactory()

    with pytest.raises(IntegrityError):
        update(delivery, **changes)


def test_sent_delivery_cannot_wait_again():
    delivery = DeliveryFactory(state="sent", sent_at=MOMENT)

    with pytest.raises(InternalError):
        update(delivery, state="pending", sent_at=None)
