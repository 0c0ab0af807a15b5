from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models.parts import is_meant, kinds_of_institutions


def default_reminders() -> list[int]:
    """What the first migration names; the plans have their own rows since."""
    return [168, 72, 24, 3]


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def run_by(self, user: User) -> Self:
        """Keep the series that `user` runs as secretariat."""
        return self.filter(government__in=_run_by(user))


class Competition(models.Model):
    """A series of rounds, as "KIPP Kota Tegal"."""

    government = models.ForeignKey(Government, models.PROTECT)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=80, unique=True)

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "short_name"],
                name="competitions_competition_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.short_name


class RoundQuerySet(models.QuerySet["Round"]):
    def published(self) -> Self:
        """Keep the rounds that were opened to the public."""
        return self.exclude(opened_at=None)

    def visible_to(self, user: User) -> Self:
        """Keep opened rounds and those the user's own secretariat prepares."""
        return self.filter(
            ~Q(opened_at=None) | Q(competition__government__in=_run_by(user))
        )

    def run_by(self, user: User) -> Self:
        """Keep the rounds that `user` runs as secretariat."""
        return self.filter(competition__government__in=_run_by(user))

    def of_government(self) -> Self:
        """Load the government too: its time zone and name are always needed."""
        return self.select_related("competition__government")

    def with_calendar(self) -> Self:
        """Load the stages in their order, into `stage_set`."""
        return self.prefetch_related(
            models.Prefetch("stage_set", Stage.objects.order_by("order"))
        )

    def for_list(self) -> Self:
        """Load all that one row of a list of rounds shows, newest first."""
        return self.of_government().with_calendar().order_by("-year", "-edition", "pk")


@pghistory.track()
class Round(models.Model):
    """One edition of a competition: all its rules are rows that hang on it."""

    class Level(models.TextChoices):
        CITY = "kota", _("City or regency")
        PROVINCE = "provinsi", _("Province")
        NATION = "nasional", _("Nation")

    class FourEyes(models.TextChoices):
        """Which decisions of the check a second person must confirm."""

        NONE = "none", _("None")
        FAILED = "failed", _("Those that did not pass")
        ALL = "all", _("All")

    competition = models.ForeignKey(Competition, models.PROTECT)
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=150)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2014), MaxValueValidator(2100)]
    )
    edition = models.PositiveSmallIntegerField(_("edition"))
    theme = models.TextField(_("theme"), blank=True)
    level = models.CharField(max_length=20, choices=Level, default=Level.CITY)
    organiser = models.CharField(_("organiser"), max_length=150)
    guideline = models.TextField(
        _("guideline"), blank=True, help_text="What the public reads of its rules."
    )
    endorsement_required = models.BooleanField(
        _("proposals are endorsed by the head of the institution"), default=True
    )
    screening_four_eyes = models.CharField(
        _("decisions of the check that a second person confirms"),
        max_length=10,
        choices=FourEyes,
        default=FourEyes.NONE,
    )
    objection_days = models.PositiveSmallIntegerField(
        _("days for an objection"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text="After a result of the check; empty means as the calendar says.",
    )
    institution_kinds = kinds_of_institutions()
    jury_minimum = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Fewest jurors a panel may have."
    )
    jury_backgrounds = models.JSONField(
        default=dict,
        blank=True,
        help_text="Fewest jurors by background, as {'akademisi': 2, 'ngo': 1}.",
    )
    jury_conflict_rule = models.TextField(
        blank=True, help_text="When a juror is in conflict, in words jurors read."
    )
    plenary_quorum = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Percent of the panel that must be present."
    )
    rules_name = models.CharField(
        max_length=120, blank=True, help_text="Of the definition it was made from."
    )
    rules_description = models.TextField(blank=True)
    rules_source = models.CharField(max_length=300, blank=True)
    is_demonstration = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "year"],
                name="competitions_round_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["competition", "edition"],
                name="competitions_round_edition_once",
            ),
            models.CheckConstraint(
                condition=Q(plenary_quorum=None)
                | Q(plenary_quorum__gte=1, plenary_quorum__lte=100),
                name="competitions_round_quorum_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:round_detail", args=[self.slug])

    @property
    def is_opened(self) -> bool:
        return self.opened_at is not None

    @property
    def zone(self) -> ZoneInfo:
        """The zone its dates are meant and shown in; load `of_government()` first."""
        return ZoneInfo(self.competition.government.time_zone)

    def admits(self, institution_kind: str) -> bool:
        """Whether institutions of this kind may enter."""
        return is_meant(institution_kind, self.institution_kinds)


class StageQuerySet(models.QuerySet["Stage"]):
    def open_at(self, at: datetime) -> Self:
        """Keep the stages open at `at`; closing is exclusive."""
        return self.filter(opens_at__lte=at, closes_at__gt=at)


@pghistory.track()
class Stage(models.Model):
    """A span of a round's calendar; it is open by its dates alone."""

    # The rows of its plan, where queries.stages_with_reminders has loaded them.
    reminders: Sequence[Mapping[str, Any]]

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Kick-off")
        SUBMISSION = "submission", _("Submission of proposals")
        SCREENING = "screening", _("Administrative screening")
        SCORING = "scoring", _("Scoring of proposals")
        PRESENTATION = "presentation", _("Presentation and interview")
        FIELD_VISIT = "field_visit", _("Field verification")
        PLENARY = "plenary", _("Jury plenary")
        OBJECTION = "objection", _("Objection period")
        ANNOUNCEMENT = "announcement", _("Announcement of winners")
        CEREMONY = "ceremony", _("Award ceremony")

        @property
        def position(self) -> int:
            """Its place in every calendar, from 1."""
            return list(type(self)).index(self) + 1

    round = models.ForeignKey(Round, models.CASCADE)
    kind = models.CharField(max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    closing_set_at = models.DateTimeField(
        null=True,
        help_text="When the closing was last put off: no reminder goes back behind it.",
    )
    sequence = models.PositiveIntegerField(
        default=0, help_text="Raised by each change: subscribed calendars go by it."
    )
    changed_at = models.DateTimeField(null=True)

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "order"], name="competitions_stage_order_once"
            ),
            models.UniqueConstraint(
                fields=["round", "kind"], name="competitions_stage_kind_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="competitions_stage_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, at: datetime) -> bool:
        """Whether the stage is open at `at`; the closing moment is outside."""
        return self.opens_at <= at < self.closes_at

    def is_over(self, at: datetime) -> bool:
        return at >= self.closes_at


class Track(models.Model):
    """A group (kelompok) of entries: umum, replikasi, khusus."""

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    description = models.TextField(blank=True)
    is_by_invitation = models.BooleanField(
        default=False, help_text="Entered only where the secretariat invited."
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_track_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A field of service that a proposal belongs to, as "kesehatan"."""

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_category_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Cluster(models.Model):
    """A group that competes among itself: agencies, city companies, regencies.

    An institution belongs to the first cluster that names its kind; a cluster without
    kinds is given to a proposal by hand.
    """

    round = models.ForeignKey(Round, models.CASCADE)
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    institution_kinds = ArrayField(
        models.CharField(max_length=20, choices=Institution.Kind),
        default=list,
        blank=True,
        help_text="None means that it is chosen for each proposal.",
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "code"], name="competitions_cluster_code_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def run_by(self, user: User) -> Self:
        """Keep the announcements of the rounds `user` runs as secretariat."""
        return self.filter(round__competition__government__in=_run_by(user))

    def published_at(self, at: datetime) -> Self:
        """Keep what the public may read at `at`."""
        return self.filter(publish_at__lte=at, round__opened_at__isnull=False)

    def for_list(self) -> Self:
        """Load all that one row of a list shows, newest first."""
        return self.select_related("round__competition__government").order_by(
            "-publish_at", "-pk"
        )


class Announcement(models.Model):
    """A public notice of a round, with number and date."""

    round = models.ForeignKey(Round, models.CASCADE)
    slug = models.SlugField(max_length=120, unique=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    issued_date = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    publish_at = models.DateTimeField(_("publish at"))

    objects = AnnouncementQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("competitions:announcement_detail", args=[self.slug])

    def is_published(self, at: datetime) -> bool:
        """Whether the public reads it at `at`; its round must be loaded."""
        return self.round.is_opened and self.publish_at <= at


def _run_by(user: User) -> models.QuerySet[Government]:
    return Government.objects.run_by(user)
