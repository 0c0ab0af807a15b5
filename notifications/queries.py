"""Reads that span models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, Q, QuerySet

from notifications import kinds
from notifications.kinds import CHAT_CODE_KEY, DIGEST_KEY, NO_NEWS, Group, MessageKind
from notifications.models import (
    AddressTrouble,
    ChatCode,
    ChatConsent,
    ChatScope,
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    Message,
    MessageQuerySet,
    Preference,
)
from notifications.permissions import RoleHolder, codes_run_by, codes_worked_in

# The beginnings of kinds of messages that tell of what competes and how it is judged.
OF_COMPETITORS = (
    "proposal.",
    "submission.",
    "correction.",
    "objection.",
    "rescue.",
    "judging.",
    "awards.",
    "joint_owner.",
    "stage.exception_",
    # It repeats what others say, of whatever kind.
    DIGEST_KEY,
)


def deliveries_overseen_by(user: RoleHolder) -> DeliveryQuerySet:
    """Give what was sent in the name of the governments `user` runs.

    Who also works for an institution there reads none about competitors (ACC-02).
    """
    of_competitors = Q(pk__in=[])
    for beginning in OF_COMPETITORS:
        of_competitors |= Q(message__kind__startswith=beginning)
    return Delivery.objects.filter(message__scope__in=codes_run_by(user)).exclude(
        of_competitors, message__scope__in=codes_worked_in(user)
    )


@dataclass(frozen=True)
class DeliveryCounts:
    """How many deliveries there are, in all and by state."""

    total: int
    pending: int
    sent: int
    failed: int
    bounced: int
    skipped: int


def count_deliveries(deliveries: QuerySet[Delivery]) -> DeliveryCounts:
    """Count by state, in one query."""
    return DeliveryCounts(
        **deliveries.order_by().aggregate(
            total=Count("pk"),
            pending=Count("pk", filter=Q(state=DeliveryState.PENDING)),
            sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
            bounced=Count("pk", filter=Q(state=DeliveryState.BOUNCED)),
            skipped=Count("pk", filter=Q(state=DeliveryState.SKIPPED)),
        )
    )


def notices_of(user: AbstractBaseUser) -> MessageQuerySet:
    """Give what `user` was told, without what is no news of its own."""
    return Message.objects.visible_to(user).exclude(kind__in=NO_NEWS)


def kinds_for(
    user: AbstractBaseUser, codes_run: Sequence[str]
) -> Mapping[Group, Sequence[MessageKind]]:
    """Give the kinds that concern `user`, by group.

    Those of judging and of running a competition concern whoever has had one.
    """
    told = set(
        Message.objects.visible_to(user).order_by().values_list("kind", flat=True)
    )
    found: dict[Group, list[MessageKind]] = {}
    for kind in kinds.all_kinds():
        if kind.key not in NO_NEWS:
            found.setdefault(Group(kind.group), []).append(kind)
    special = {Group.JUDGING} | (set() if codes_run else {Group.SECRETARIAT})
    return {
        group: own
        for group, own in found.items()
        if group not in special or told.intersection(kind.key for kind in own)
    }


def wishes_of(user: AbstractBaseUser) -> Mapping[str, Preference]:
    """Give by kind what `user` wants otherwise than all."""
    return {each.kind: each for each in Preference.objects.filter(user_id=user.pk)}


def consent_of(user: AbstractBaseUser) -> ChatConsent | None:
    """Give the consent to be written to by WhatsApp that holds."""
    return ChatConsent.objects.given().filter(user_id=user.pk).first()


def trouble_of(user: AbstractBaseUser) -> AddressTrouble | None:
    """Give what is wrong with the address of `user`, if mails do not arrive."""
    return trouble_at(str(getattr(user, user.get_email_field_name())))


def trouble_at(address: str) -> AddressTrouble | None:
    return AddressTrouble.objects.filter(address=address.lower()).first()


def has_gateway() -> bool:
    """Whether this installation can write by WhatsApp at all."""
    return bool(settings.WHATSAPP_GATEWAY_URL)


def chats_are_offered() -> bool:
    """Whether some government writes by WhatsApp."""
    return has_gateway() and ChatScope.objects.exists()


@dataclass(frozen=True)
class SentCode:
    """A code that may be typed in, and what became of it on its way."""

    at: datetime
    delivery: Delivery


def code_sent_to(user: AbstractBaseUser, at: datetime) -> SentCode | None:
    """Give the newest code that `user` was sent, while it works."""
    code = (
        ChatCode.objects.usable(at)
        .filter(consent__user=user.pk, consent__ended_at=None)
        .order_by("-pk")
        .first()
    )
    if code is None:
        return None
    delivery = Delivery.objects.get(
        message__recipient=user.pk, message__kind=CHAT_CODE_KEY, message__key=code.pk
    )
    return SentCode(code.created_at, delivery)


@dataclass(frozen=True)
class ChatScopeRow:
    """A government, and whether its messages also go out by WhatsApp."""

    code: str
    name: str
    opened: ChatScope | None


def chat_scopes(governments: Mapping[str, str]) -> list[ChatScopeRow]:
    """Give a row for each of `governments`, names by code."""
    opened = {
        each.scope: each
        for each in ChatScope.objects.filter(scope__in=governments).select_related(
            "opened_by"
        )
    }
    return [
        ChatScopeRow(code, name, opened.get(code)) for code, name in governments.items()
    ]
