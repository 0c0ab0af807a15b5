from __future__ import annotations

from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models import AwardLevel, Round
from judging.models import ResultRow

_SUBJECT = "award:"


class AwardQuerySet(models.QuerySet["Award"]):
    def of_round(self, round_: Round) -> Self:
        return self.filter(row__result__round=round_)

    def run_by(self, user: User) -> Self:
        """Keep the awards of the rounds `user` runs as secretariat."""
        return self.filter(row__result__government__in=Government.objects.run_by(user))

    def held_by(self, user: User) -> Self:
        """Keep the awards of the institutions `user` works for."""
        return self.filter(
            row__proposal__institution__in=Institution.objects.managed_by(user)
        )

    def standing(self) -> Self:
        return self.filter(revoked_at=None)

    def published_at(self, at: datetime) -> Self:
        """Keep those of rounds whose decree is out at `at`."""
        return self.filter(row__result__round__decree__publish_at__lte=at)

    def for_list(self) -> Self:
        """Load all that one row of the list of winners shows."""
        return self.select_related(
            "level",
            "row__result__round",
            "row__proposal__institution",
            "row__proposal__category",
        ).order_by("level__order", "row__position", "pk")


@pghistory.track()
class Award(models.Model):
    """A rung of the award scheme given to one row of a sealed result."""

    key = models.CharField(max_length=24, unique=True, help_text="Public address")
    row = models.ForeignKey(ResultRow, models.PROTECT)
    level = models.ForeignKey(AwardLevel, models.PROTECT)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    group_name = models.CharField(
        max_length=120,
        blank=True,
        help_text="Track, category or cluster, where ranks count within it.",
    )
    reason = models.TextField(
        blank=True, help_text="Why it was given, where it was chosen by hand."
    )
    announced_at = models.DateTimeField(
        null=True, help_text="When the winner was told that the certificate is there."
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoke_reason = models.TextField(blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["row", "level"], name="awards_award_once_per_row_and_level"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoke_reason="")
                | (
                    Q(revoked_at__isnull=False, revoked_by__isnull=False)
                    & ~Q(revoke_reason="")
                ),
                name="awards_award_revoked_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="place_fixed",
                fields=["key", "row", "level", "given_at", "group_name", "reason"],
            ),
            pgtrigger.Protect(
                name="revoked_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.row.title}"

    @property
    def name(self) -> str:
        """The award as it is called: "Juara I", or "Juara I, BUMD"."""
        return (
            f"{self.level}, {self.group_name}" if self.group_name else str(self.level)
        )

    @property
    def rank(self) -> int | None:
        """The rank it was given for, within its group; None if not for a rank."""
        if not self.level.is_by_rank:
            return None
        rank: int | None = self.row.ranks.get(self.level.per, self.row.rank)
        return rank

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def subject_key(self) -> str:
        """What its certificate is filed under."""
        return f"{_SUBJECT}{self.pk}"

    @staticmethod
    def id_of(subject_key: str) -> int | None:
        """Read the id of the award that a certificate is filed under."""
        pk = subject_key.removeprefix(_SUBJECT)
        return int(pk) if subject_key.startswith(_SUBJECT) and pk.isdigit() else None


@pghistory.track()
class Decree(models.Model):
    """The decree (SK) that fixes a round's winners, and when they are made public."""

    round = models.OneToOneField(Round, models.PROTECT)
    number = models.CharField(_("number of the decree"), max_length=80)
    decree_date = models.DateField(_("date of the decree"))
    publish_at = models.DateTimeField(_("publish at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(number=""), name="awards_decree_has_number"
            )
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number

    def is_published(self, at: datetime) -> bool:
        """Whether the public may know the winners at `at`."""
        return self.publish_at <= at
