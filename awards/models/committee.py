"""The organising committee of a round: names that may have no account."""

from __future__ import annotations

import secrets
from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from competitions.models import Round


def new_key() -> str:
    """Draw a public address that nobody guesses."""
    return secrets.token_hex(8)


class CommitteeMemberQuerySet(models.QuerySet["CommitteeMember"]):
    def run_by(self, user: User) -> Self:
        """Keep those of the rounds `user` runs as secretariat."""
        return self.filter(
            round__competition__government__in=Government.objects.run_by(user)
        )


@pghistory.track()
class CommitteeMember(models.Model):
    """Somebody who helped to hold a round, named for the certificate."""

    key = models.CharField(max_length=24, unique=True, default=new_key)
    round = models.ForeignKey(Round, models.PROTECT)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=120)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "name", "role"], name="awards_committeemember_once"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(role=""),
                name="awards_committeemember_has_name_and_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}"
