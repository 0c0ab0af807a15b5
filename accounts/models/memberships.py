from __future__ import annotations

from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.bodies import Government, Institution
from accounts.models.people import User
from accounts.models.roles import Role


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Keep the roles in force today, in the portal's zone."""
        today = timezone.localdate()
        return self.filter(
            Q(from_date__lte=today), Q(to_date=None) | Q(to_date__gte=today)
        )


@pghistory.track()
class Membership(models.Model):
    """A role of a person in one institution or one government, for a time."""

    Role = Role

    user = models.ForeignKey(User, models.PROTECT)
    government = models.ForeignKey(Government, models.PROTECT, null=True, blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    role__in=["author", "institution_admin"],
                    institution__isnull=False,
                    government__isnull=True,
                )
                | Q(
                    role__in=["secretariat", "leader"],
                    institution__isnull=True,
                    government__isnull=False,
                ),
                name="accounts_membership_role_fits_body",
            ),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")),
                name="accounts_membership_period_in_order",
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
