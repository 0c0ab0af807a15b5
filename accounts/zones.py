"""In which zone people live: that of the government they work for."""

from collections.abc import Collection, Mapping

from django.db.models.functions import Coalesce

from accounts.models import Membership


def zones_of(user_ids: Collection[int]) -> Mapping[int, str]:
    """Give the name of the zone by user id; of several roles the oldest decides.

    Who holds no role at present is left out.
    """
    rows = (
        Membership.objects.current()
        .filter(user__in=user_ids)
        .annotate(
            zone=Coalesce("government__time_zone", "institution__government__time_zone")
        )
        .order_by("-pk")
    )
    return dict(rows.values_list("user", "zone"))
