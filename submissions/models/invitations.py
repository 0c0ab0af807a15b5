from __future__ import annotations

from typing import Self

import pghistory
from django.db import models

from accounts.models import Government, Institution, User
from competitions.models import Track


class TrackInvitationQuerySet(models.QuerySet["TrackInvitation"]):
    def run_by(self, user: User) -> Self:
        """Keep those of the rounds `user` runs as secretariat."""
        return self.filter(
            track__round__competition__government__in=Government.objects.run_by(user)
        )


@pghistory.track()
class TrackInvitation(models.Model):
    """An institution that may enter a track which is by invitation.

    Source: rule SUB-07 in docs/rules.md.
    """

    track = models.ForeignKey(Track, models.CASCADE)
    institution = models.ForeignKey(Institution, models.PROTECT)
    note = models.CharField(max_length=300, help_text="The innovation, or the ground.")
    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    objects = TrackInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["track", "institution"],
                name="submissions_trackinvitation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.track}: {self.institution}"
