"""Taking people out of what was sent to them."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from notifications.models import (
    AddressTrouble,
    ChatConsent,
    Delivery,
    Message,
    Preference,
)


def forget_person(*, recipient: AbstractBaseUser, address: str, stand_in: str) -> None:
    """Take the words and the `address` out of what was sent to somebody.

    That something was sent, when and about what, stays. What still waits to be sent is
    left; the next call takes it. `stand_in` is written in place of the address.
    """
    settled = Delivery.objects.exclude(state=Delivery.State.PENDING)
    waiting = Delivery.objects.filter(state=Delivery.State.PENDING)
    own = Message.objects.filter(recipient_id=recipient.pk)
    own.exclude(pk__in=waiting.values("message")).exclude(
        body_text="", body_html=""
    ).update(body_text="", body_html="")
    settled.filter(message__recipient_id=recipient.pk).exclude(address=stand_in).update(
        address=stand_in, error="", reference=""
    )
    _forget_wishes(recipient)
    if address:
        AddressTrouble.objects.filter(address=address.lower()).delete()
        settled.filter(address__iexact=address).update(address=stand_in, error="")
        Message.objects.filter(address__iexact=address).exclude(
            pk__in=waiting.values("message")
        ).update(address=stand_in, addressee="", body_text="", body_html="")


def _forget_wishes(person: AbstractBaseUser) -> None:
    """That the person once agreed to WhatsApp stays; the number goes."""
    Preference.objects.filter(user_id=person.pk).delete()
    consents = ChatConsent.objects.filter(user_id=person.pk)
    consents.given().update(ended_at=timezone.now())
    consents.exclude(number="").update(number="")
