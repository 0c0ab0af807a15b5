"""Reads that span models."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from notifications.models import Delivery, DeliveryQuerySet, DeliveryState
from notifications.permissions import RoleHolder, codes_run_by, codes_worked_in

# The beginnings of kinds of messages that tell of what competes and how it is judged.
OF_COMPETITORS = ("proposal.", "judging.", "awards.")


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


def count_deliveries(deliveries: QuerySet[Delivery]) -> DeliveryCounts:
    """Count by state, in one query."""
    return DeliveryCounts(
        **deliveries.order_by().aggregate(
            total=Count("pk"),
            pending=Count("pk", filter=Q(state=DeliveryState.PENDING)),
            sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        )
    )
