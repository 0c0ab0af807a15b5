"""Addresses that mails do not reach."""

from typing import Self

from django.db import models
from django.db.models.functions import Lower

# After so many mails that a server refused for good, only what is compulsory is sent.
MUTED_AFTER = 3


class AddressTroubleQuerySet(models.QuerySet["AddressTrouble"]):
    def muted(self) -> Self:
        """Keep the addresses that only compulsory mails still go to."""
        return self.filter(failures__gte=MUTED_AFTER)


class AddressTrouble(models.Model):
    """An address whose mails were refused for good or came back.

    The row goes when whoever reads the address confirms it.
    """

    address = models.EmailField(unique=True, help_text="In lower case.")
    failures = models.PositiveSmallIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    reason = models.TextField(help_text="What the server said last.")

    objects = AddressTroubleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(failures__gte=1),
                name="notifications_trouble_at_least_once",
            ),
            models.CheckConstraint(
                condition=models.Q(address=Lower("address")),
                name="notifications_trouble_address_in_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_muted(self) -> bool:
        return self.failures >= MUTED_AFTER
