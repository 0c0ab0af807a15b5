from __future__ import annotations

from datetime import datetime
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from documents.models import StoredFile


class InnovationQuerySet(models.QuerySet["Innovation"]):
    def visible_to(self, user: User) -> Self:
        """Keep those `user` may read in the register.

        Their own institutions', what these own jointly, and as secretariat those of
        the government, unless they work for an institution there. An admin who is
        asked whether theirs owns it jointly sees what it is about.

        Source: rules INN-01 and INN-02 in docs/rules.md.
        """
        asked = JointOwner.objects.filter(
            institution__in=Institution.objects.administered_by(user)
        )
        judged = Government.objects.run_by(user).exclude(
            pk__in={
                each.institution.government_id
                for each in user.current_memberships
                if each.institution
            }
        )
        return self.filter(
            Q(institution__in=Institution.objects.managed_by(user))
            | Q(pk__in=JointOwner.objects.of_institutions_of(user).values("innovation"))
            | Q(pk__in=asked.values("innovation"))
            | Q(institution__government__in=judged)
        )

    def jointly_owned_by(self, user: User) -> Self:
        """Keep those that an institution of `user` owns beside another (INN-01)."""
        owned = JointOwner.objects.of_institutions_of(user).values("innovation")
        return self.filter(Q(pk__in=owned) | Q(merged_into__in=owned))

    def standing(self) -> Self:
        """Keep one entry of each innovation: not those merged into another."""
        return self.filter(merged_into=None)

    def family_of(self, pk: int) -> Self:
        """Keep the innovation `pk` under all entries it has had in the register."""
        return self.filter(
            Q(pk=pk)
            | Q(merged_into=pk)
            | Q(pk__in=Innovation.objects.filter(pk=pk).values("merged_into"))
            | Q(
                merged_into__in=Innovation.objects.filter(
                    pk=pk, merged_into__isnull=False
                ).values("merged_into")
            )
        )

    def for_list(self) -> Self:
        """Load all that one row of the register shows."""
        return self.select_related("institution").order_by("title", "pk")


@pghistory.track()
class Innovation(models.Model):
    """The lasting thing that competes, however often it does."""

    institution = models.ForeignKey(Institution, models.PROTECT)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    started_date = models.DateField(_("running since"), null=True, blank=True)
    sdgs = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="doubles",
        help_text="The entry that stands for it, where one innovation had several.",
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    retirement_reason = models.CharField(max_length=500, blank=True)

    objects = InnovationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")),
                name="innovations_innovation_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None, retired_by=None, retirement_reason="")
                | Q(
                    ~Q(retirement_reason=""),
                    retired_at__isnull=False,
                    retired_by__isnull=False,
                ),
                name="innovations_innovation_retired_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:innovation_detail", args=[self.slug])

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def is_merged(self) -> bool:
        """Whether another entry stands for it."""
        return self.merged_into_id is not None

    @property
    def family(self) -> int:
        """The id of the entry that stands for it: often its own."""
        return self.merged_into_id or self.pk


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def public(self, at: datetime) -> Self:
        """Keep what the portal knows at `at`."""
        return self.filter(public_from__lte=at)

    def counting(self) -> Self:
        """Keep what the rules of a round may count today: public and confirmed.

        Source: rule INN-03 in docs/rules.md.
        """
        return self.filter(public_from__lte=Now(), confirmed_at__isnull=False)


class Achievement(models.Model):
    """An award that an innovation has won, here or elsewhere."""

    innovation = models.ForeignKey(Innovation, models.CASCADE)
    year = models.PositiveSmallIntegerField(_("year"))
    competition = models.CharField(
        _("competition"), max_length=150, help_text="As on the certificate."
    )
    level = models.CharField(
        _("award"), max_length=100, help_text="As in Juara I or Top 45."
    )
    source_key = models.CharField(
        max_length=80,
        blank=True,
        help_text="Of an award given by this portal, as award:12; empty: typed in.",
    )
    key = models.CharField(
        max_length=24, unique=True, null=True, help_text="Its address, if typed in."
    )
    public_from = models.DateTimeField(help_text="Before it the portal knows nothing.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="Rules of rounds count it from then on."
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AchievementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"],
                condition=~Q(source_key=""),
                name="innovations_achievement_source_once",
            ),
            models.CheckConstraint(
                condition=Q(source_key="") | Q(confirmed_at__isnull=False),
                name="innovations_achievement_of_portal_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}, {self.competition} {self.year}"

    @property
    def is_typed(self) -> bool:
        """Whether its institution typed it in; else the portal gave it."""
        return not self.source_key

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class AchievementFile(StoredFile):
    """The certificate, or another proof of an achievement that was typed in."""

    achievement = models.OneToOneField(
        Achievement, models.CASCADE, related_name="proof"
    )


class JointOwnerQuerySet(models.QuerySet["JointOwner"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def of_institutions_of(self, user: User) -> Self:
        """Keep what the institutions of `user` own jointly, and have said so."""
        return self.confirmed().filter(
            institution__in=Institution.objects.managed_by(user)
        )


@pghistory.track()
class JointOwner(models.Model):
    """A second institution that an innovation belongs to; its admin has to agree.

    Source: rule INN-01 in docs/rules.md.
    """

    innovation = models.ForeignKey(Innovation, models.CASCADE)
    institution = models.ForeignKey(Institution, models.PROTECT)
    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    from_date = models.DateField(_("since"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = JointOwnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "institution"],
                name="innovations_jointowner_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="innovations_jointowner_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.innovation}: {self.institution}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class Vitality(models.TextChoices):
    RUNNING = "berjalan", _("Running")
    DEVELOPED = "berkembang", _("Running and developed further")
    REPLICATED = "bereplikasi", _("Running, and replicated by others")
    STOPPED = "berhenti", _("Stopped")


@pghistory.track()
class YearStatus(models.Model):
    """How an innovation fares in one year."""

    State = Vitality

    innovation = models.ForeignKey(Innovation, models.CASCADE)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=20, choices=Vitality)
    note = models.CharField(_("note"), max_length=500, blank=True)
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "year"], name="innovations_yearstatus_once"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100),
                name="innovations_yearstatus_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.innovation} {self.year}: {self.get_state_display()}"

    @property
    def has_stopped(self) -> bool:
        return self.state == Vitality.STOPPED
