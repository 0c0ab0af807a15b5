"""By which ways a person is told of a kind of message."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from notifications.channels import whatsapp
from notifications.kinds import MessageKind
from notifications.models import (
    AddressTrouble,
    ChatConsent,
    ChatScope,
    Delivery,
    DeliveryChannel,
    DeliveryState,
    MailMode,
    Message,
    Preference,
)

Channels = Collection[str] | None  # None: whatever the person wishes


@dataclass(frozen=True)
class Way:
    """How one person is told; empty where a way is not taken."""

    mail: str
    address: str
    number: str = ""
    digest_at: datetime | None = None
    is_muted: bool = False


def ways_of(
    people: Iterable[AbstractBaseUser],
    kind: MessageKind,
    *,
    scope: str,
    channels: Channels = None,
    expires_at: datetime | None = None,
    at: datetime,
) -> Mapping[int, Way]:
    """Give by person id how each is told of `kind` in the name of `scope`.

    A compulsory kind is always mailed at once, to whatever address there is;
    `channels` narrows the rest. A digest that comes at `expires_at` or after it would
    come too late: that mail goes at once.
    """
    addresses = {person.pk: address_of(person) for person in people}
    takes_chats = (
        kind.may_chat
        and _takes(channels, DeliveryChannel.WHATSAPP)
        and chats_are_open(scope)
    )
    takes_mails = kind.is_compulsory or _takes(channels, DeliveryChannel.EMAIL)
    wishes = (
        {
            each.user_id: each
            for each in Preference.objects.filter(user__in=addresses, kind=kind.key)
        }
        if takes_chats or (takes_mails and not kind.is_compulsory)
        else {}
    )
    modes = {
        pk: _mode(kind, wishes.get(pk)) if takes_mails else MailMode.PORTAL
        for pk in addresses
    }
    mailed = [pk for pk, mode in modes.items() if mode != MailMode.PORTAL]
    muted = (
        set()
        if kind.is_compulsory or not mailed
        else muted_among(addresses[pk] for pk in mailed)
    )
    numbers = numbers_of(
        [pk for pk, wish in wishes.items() if takes_chats and wish.by_whatsapp]
    )
    digests = next_digests(
        [pk for pk, mode in modes.items() if mode == MailMode.DAILY], at=at
    )
    for pk, digest_at in list(digests.items()):
        if expires_at and digest_at >= expires_at:
            modes[pk] = MailMode.AT_ONCE
            del digests[pk]
    return {
        pk: Way(
            mail=modes[pk],
            address=address,
            number=numbers.get(pk, ""),
            digest_at=digests.get(pk),
            is_muted=address.lower() in muted,
        )
        for pk, address in addresses.items()
    }


def _takes(channels: Channels, channel: str) -> bool:
    return channels is None or channel in channels


def _mode(kind: MessageKind, wish: Preference | None) -> MailMode:
    if wish is None or kind.is_compulsory:
        return MailMode.AT_ONCE
    return MailMode(wish.mail)


def deliveries_of(message: Message, way: Way, *, at: datetime) -> Iterator[Delivery]:
    """Make the rows that carry `message`.

    A mail that is left out is a row as well, be it as the person wishes or because the
    address is known to fail: whoever looks for it shall find why it was not sent.
    """
    if not way.number and (way.mail == MailMode.PORTAL or not way.address):
        yield Delivery(
            message=message,
            channel=DeliveryChannel.EMAIL,
            address=way.address,
            next_attempt_at=at,
            state=DeliveryState.SKIPPED,
            error=_("Only in the portal, as was chosen.")
            if way.address
            else _("Only in the portal: the person has no address."),
        )
    if way.address and way.mail != MailMode.PORTAL:
        is_daily = way.mail == MailMode.DAILY
        delivery = Delivery(
            message=message,
            channel=DeliveryChannel.DIGEST if is_daily else DeliveryChannel.EMAIL,
            address=way.address,
            next_attempt_at=way.digest_at or at,
        )
        if way.is_muted:
            delivery.state = DeliveryState.SKIPPED
            delivery.error = muted_text()
        yield delivery
    if way.number:
        yield Delivery(
            message=message,
            channel=DeliveryChannel.WHATSAPP,
            address=way.number,
            next_attempt_at=at,
        )


def address_of(person: AbstractBaseUser) -> str:
    return str(getattr(person, person.get_email_field_name()))


def muted_among(addresses: Iterable[str]) -> set[str]:
    """Give, in lower case, those of `addresses` that mails do not reach."""
    lowered = {address.lower() for address in addresses}
    muted = AddressTrouble.objects.muted().filter(address__in=lowered)
    return set(muted.values_list("address", flat=True))


def muted_text() -> str:
    return _("Mails to this address came back several times. It must be confirmed.")


def chats_are_open(scope: str) -> bool:
    """Tell whether messages of `scope` may go out by WhatsApp."""
    return (
        bool(scope)
        and whatsapp.gateway() is not None
        and ChatScope.objects.filter(scope=scope).exists()
    )


def numbers_of(pks: Collection[int]) -> Mapping[int, str]:
    """The proved numbers under which those of `pks` agreed to be written to."""
    if not pks:
        return {}
    consents = ChatConsent.objects.proved().filter(user__in=pks)
    return dict(consents.values_list("user", "number"))


def next_digests(pks: Collection[int], *, at: datetime) -> dict[int, datetime]:
    """Give by person id when the next digest is written, each in their own zone."""
    if not pks:
        return {}
    zones = zones_of(pks)
    return {pk: next_digest(zones[pk], at) for pk in pks}


def zones_of(pks: Collection[int]) -> Mapping[int, str]:
    """Give by person id the name of the zone they live in."""
    known = import_string(settings.ZONES_OF)(pks)
    return {pk: known.get(pk, settings.TIME_ZONE) for pk in pks}


def next_digest(zone: str, at: datetime) -> datetime:
    """The next moment after `at` when it is the hour of digests in `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    moment = datetime.combine(
        local.date(), time(settings.DIGEST_HOUR), tzinfo=local.tzinfo
    )
    return moment if moment > local else moment + timedelta(days=1)
