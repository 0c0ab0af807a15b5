from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.models.roles import Role


class GovernmentQuerySet(models.QuerySet["Government"]):
    def run_by(self, user: User) -> Self:
        """Keep the governments whose secretariat `user` belongs to."""
        return self.filter(pk__in=_bodies(user, Role.SECRETARIAT))

    def led_by(self, user: User) -> Self:
        """Keep the governments whose figures `user` watches as a leader."""
        own = _bodies(user, Role.LEADER)
        return self.filter(Q(pk__in=own) | Q(parent__in=own))


class Government(models.Model):
    """A city, regency or province that runs competitions: the tenant."""

    class Kind(models.TextChoices):
        CITY = "kota", _("City")
        REGENCY = "kabupaten", _("Regency")
        PROVINCE = "provinsi", _("Province")

    class TimeZone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    code = models.CharField(
        max_length=10, unique=True, help_text="Kemendagri code, as in 33.76"
    )
    name = models.CharField(max_length=120, help_text="As in Pemerintah Kota Tegal")
    short_name = models.CharField(max_length=60, help_text="As in Kota Tegal")
    slug = models.SlugField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=40, choices=TimeZone, default=TimeZone.WIB)
    secretariat_name = models.CharField(
        max_length=120, help_text="As in Bagian Organisasi Sekretariat Daerah"
    )
    address = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    place = models.CharField(
        max_length=60, help_text="Where its papers are signed, as in Tegal"
    )
    emblem = models.CharField(
        max_length=64,
        blank=True,
        help_text="SHA-256 of its PNG, see accounts.emblems; papers name it too.",
    )
    protection_officer_name = models.CharField(max_length=120, blank=True)
    protection_officer_contact = models.CharField(max_length=200, blank=True)

    objects = GovernmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="accounts_government_not_above_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def day_of(self, at: datetime) -> date:
        """The day on which `at` falls in the government's zone."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def in_office(self) -> Self:
        """Keep those whose time has not been ended."""
        return self.filter(ended_date=None)


class Signatory(models.Model):
    """An official who signs a government's papers."""

    key = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    government = models.ForeignKey(Government, models.CASCADE)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    rank_grade = models.CharField(max_length=80, blank=True)
    employee_number = models.CharField(max_length=30, blank=True)
    is_default = models.BooleanField(default=False)
    ended_date = models.DateField(
        null=True, blank=True, help_text="The last day in office; none while it lasts."
    )

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government"],
                condition=Q(is_default=True),
                name="accounts_signatory_one_default",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(ended_date=None),
                name="accounts_signatory_default_is_in_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.name}"


# Stands in a path before the code of one that another institution has succeeded. No
# code holds it.
PREDECESSOR_MARK = "<"
CODE_PATTERN = r"[0-9A-Za-z][0-9A-Za-z._-]*"


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def managed_by(self, user: User) -> Self:
        """Keep the institutions `user` works for; an admin's with all below.

        Who works for a successor carries on what its predecessors wrote. Source: rule
        ACC-10 in docs/rules.md.
        """
        allowed = Q(pk__in=[])
        for membership in user.current_memberships:
            if membership.role == Role.INSTITUTION_ADMIN:
                allowed |= _tree_of(membership.institution)
            elif membership.role == Role.AUTHOR:
                allowed |= _line_of(membership.institution)
        return self.filter(allowed)

    def administered_by(self, user: User) -> Self:
        """Keep the trees whose admin or head `user` is."""
        allowed = Q(pk__in=[])
        for membership in user.current_memberships:
            if membership.role == Role.INSTITUTION_ADMIN:
                allowed |= _tree_of(membership.institution)
        return self.filter(allowed)

    def active_on(self, day: date) -> Self:
        return self.filter(
            Q(active_from=None) | Q(active_from__lte=day),
            Q(active_to=None) | Q(active_to__gte=day),
        )

    def ended_before(self, day: date) -> Self:
        return self.filter(active_to__lt=day)

    def in_tree_order(self) -> Self:
        """Order parents before their children, whatever the database's language."""
        return self.order_by(Collate("path", "C"), "pk")


class Institution(models.Model):
    """A body that competes: OPD, BUMD, puskesmas, kelurahan, school, community."""

    class Kind(models.TextChoices):
        AGENCY = "opd", "OPD"
        CITY_COMPANY = "bumd", "BUMD"
        SERVICE_BODY = "blud", "BLUD"
        UNIT = "uptd", "UPTD"
        HEALTH_CENTRE = "puskesmas", _("Health centre")
        HOSPITAL = "rsud", _("Hospital")
        DISTRICT = "kecamatan", _("District")
        WARD = "kelurahan", _("Ward")
        SCHOOL = "sekolah", _("School")
        COMMUNITY = "komunitas", _("Community group")

    government = models.ForeignKey(Government, models.PROTECT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    path = models.CharField(
        max_length=500,
        editable=False,
        help_text="Codes from the top of the tree, each ended by a slash. Who has a "
        "successor stands below it, marked by a less-than sign.",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=150)
    short_name = models.CharField(_("short name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "code"],
                name="accounts_institution_code_once_per_government",
            ),
            models.CheckConstraint(
                condition=Q(active_to=None)
                | Q(active_from=None)
                | Q(active_to__gte=F("active_from")),
                name="accounts_institution_active_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=f"^{CODE_PATTERN}$"),
                name="accounts_institution_code_fits_paths",
            ),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(name="") & ~Q(short_name=""),
                name="accounts_institution_kind_and_names_filled",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="accounts_institution_not_below_itself",
            ),
            models.CheckConstraint(
                condition=Q(successor=None)
                | (~Q(successor=F("pk")) & Q(active_to__isnull=False)),
                name="accounts_institution_successor_of_ended_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["path"],
                name="accounts_institution_path",
                opclasses=["varchar_pattern_ops"],
            )
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def depth(self) -> int:
        """How many stand above it."""
        return self.path.count("/") - 1

    @property
    def line_path(self) -> str:
        """What the paths of its predecessors begin with, and theirs before them."""
        return f"{self.path}{PREDECESSOR_MARK}"

    @property
    def successor_paths(self) -> list[str]:
        """The paths of those that carry on its work, one after the other."""
        return [
            self.path[:place]
            for place, sign in enumerate(self.path)
            if sign == PREDECESSOR_MARK
        ]

    def is_active_on(self, day: date) -> bool:
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or self.active_to >= day
        )


class FormerName(models.Model):
    """What an institution was called before: papers of that time keep it."""

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="former_names"
    )
    name = models.CharField(max_length=150)
    short_name = models.CharField(max_length=60)
    until_date = models.DateField(help_text="The last day of this name.")
    reason = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "until_date"],
                name="accounts_formername_one_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.name


def _line_of(institution: Institution | None) -> Q:
    """`institution` and those it has succeeded, not those below it."""
    assert institution is not None  # accounts_membership_role_fits_body
    return Q(pk=institution.pk) | Q(
        government=institution.government_id,
        path__startswith=institution.line_path,
    )


def _tree_of(institution: Institution | None) -> Q:
    """`institution` and all below it; codes repeat from government to government."""
    assert institution is not None  # accounts_membership_role_fits_body
    return Q(government=institution.government_id, path__startswith=institution.path)


def _bodies(user: User, role: str) -> list[int]:
    return [
        membership.government_id
        for membership in user.current_memberships
        if membership.role == role and membership.government_id
    ]
