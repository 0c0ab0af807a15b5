"""Addresses that mails do not reach: counting, and the link that confirms one."""

from datetime import datetime

from django.core import signing
from django.db.models import F

from notifications.models import AddressTrouble

_SALT = "notifications.address"
LINK_HOURS = 48


def count(address: str, reason: str, *, at: datetime) -> None:
    """Note that a mail to `address` was refused for good or came back."""
    address = address.lower()
    _trouble, is_new = AddressTrouble.objects.get_or_create(
        address=address,
        defaults={"failures": 1, "first_at": at, "last_at": at, "reason": reason},
    )
    if not is_new:
        AddressTrouble.objects.filter(address=address).update(
            failures=F("failures") + 1, last_at=at, reason=reason
        )


def token_of(trouble: AddressTrouble) -> str:
    """What the link holds that is mailed to the address: who opens it reads there."""
    return signing.TimestampSigner(salt=_SALT).sign(str(trouble.pk))


def read_token(token: str) -> AddressTrouble | None:
    """Give the address that a link confirms; None if it is over or not ours."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        pk = signer.unsign(token, max_age=LINK_HOURS * 3600)
    except signing.BadSignature:
        return None
    return AddressTrouble.objects.filter(pk=int(pk)).first()
