from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.bodies import Government, Institution
from accounts.models.people import User
from accounts.models.roles import Role

# Which role can be held where.
ROLE_FITS_BODY = Q(
    role__in=["author", "institution_admin"],
    institution__isnull=False,
    government__isnull=True,
) | Q(
    role__in=["secretariat", "leader"],
    institution__isnull=True,
    government__isnull=False,
)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, at: datetime | None = None) -> Self:
        """Keep the roles in force at `at`, or now, each in its government's zone."""
        at = at or timezone.now()
        return self._in_zones(at, lambda day: Q(from_date__lte=day) & _lasts_until(day))

    def standing(self, at: datetime) -> Self:
        """Keep the roles that are in force at `at` or will be."""
        return self._in_zones(at, _lasts_until)

    def of_body(self, body: Government | Institution) -> Self:
        return self.filter(**place_of(body))

    def overseen_by(self, user: User) -> Self:
        """Keep the roles that `user` may give, end and hand over."""
        return self.filter(overseen_by(user))

    def _in_zones(self, at: datetime, on: Callable[[date], Q]) -> Self:
        # Only for a few hours a day the zones write different dates.
        zones = defaultdict(list)
        for zone in Government.TimeZone.values:
            zones[timezone.localdate(at, ZoneInfo(zone))].append(zone)
        in_force = Q()
        for day, names in zones.items():
            here = Q(government__time_zone__in=names) | Q(
                institution__government__time_zone__in=names
            )
            in_force |= on(day) & here if len(zones) > 1 else on(day)
        return self.filter(in_force, Q(ended_at=None) | Q(ended_at__gt=at))


@pghistory.track(exclude=["key"])
class Membership(models.Model):
    """A role of a person in one institution or one government, for a time."""

    Role = Role

    class Period(models.TextChoices):
        """Where a role stands between its first day and its last."""

        COMING = "coming", _("Yet to begin")
        CURRENT = "current", _("In force")
        OVER = "over", _("Ended")

    key = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT)
    government = models.ForeignKey(Government, models.PROTECT, null=True, blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Where it ended before its last day was over."
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=ROLE_FITS_BODY, name="accounts_membership_role_fits_body"
            ),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")),
                name="accounts_membership_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(to_date__isnull=False),
                name="accounts_membership_ended_has_last_day",
            ),
            # The same role in the same body twice at a time would let it outlive its
            # end. What was ended at once makes room on its last day.
            ExclusionConstraint(
                name="accounts_membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("government", Value(0)), RangeOperators.EQUAL),
                    (Coalesce("institution", Value(0)), RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_date"),
                            F("to_date"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.body}"

    @property
    def body(self) -> Government | Institution:
        """The institution or government the role is held in."""
        body = self.institution or self.government
        assert body is not None  # accounts_membership_role_fits_body
        return body

    def period_at(self, at: datetime) -> Membership.Period:
        """Where the role stands at `at`; reads the government of its body."""
        day = local_date(self.body, at)
        is_ended = self.ended_at is not None and self.ended_at <= at
        if is_ended or (self.to_date and self.to_date < day):
            return self.Period.OVER
        return self.Period.COMING if self.from_date > day else self.Period.CURRENT


def government_of(body: Government | Institution) -> Government:
    return body if isinstance(body, Government) else body.government


def local_date(body: Government | Institution, at: datetime) -> date:
    """The date that `at` falls on where `body` is."""
    return government_of(body).day_of(at)


def place_of(
    body: Government | Institution,
) -> dict[str, Government | Institution | None]:
    """The two fields that say where a role is held."""
    is_government = isinstance(body, Government)
    return {
        "government": body if is_government else None,
        "institution": None if is_government else body,
    }


def overseen_by(user: User) -> Q:
    """What `user` looks after among rows with `role`, `government`, `institution`.

    The secretariat all roles of its government and the institutions there; an
    institution's admin those of the own tree; a system admin who is secretariat.
    Source: rule ACC-05 in docs/rules.md.
    """
    governments = Government.objects.run_by(user)
    overseen = (
        Q(government__in=governments)
        | Q(institution__government__in=governments)
        | Q(institution__in=Institution.objects.administered_by(user))
    )
    if user.is_system_admin:
        overseen |= Q(role=Role.SECRETARIAT)
    return overseen


def _lasts_until(day: date) -> Q:
    return Q(to_date=None) | Q(to_date__gte=day)
