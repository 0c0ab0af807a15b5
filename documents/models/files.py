from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User

# What a browser may show; all else is only handed over.
INLINE_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png"})
# How often a preview is tried before the file stays without.
MAX_PREVIEW_ATTEMPTS = 2


class StoredFile(models.Model):
    """A checked upload, kept outside the web root."""

    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200)
    name = models.CharField(max_length=150, help_text="As the author called it.")
    size = models.PositiveIntegerField(help_text="Bytes")
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def opens_in_browser(self) -> bool:
        """Whether a browser may show it; all else is only handed over."""
        return self.content_type in INLINE_TYPES

    @property
    def has_preview(self) -> bool:
        """Whether a small picture of it is made."""
        return self.is_pdf or self.is_image


class SharedBytes(models.Model):
    """Bytes that several stored files may be made of, kept once.

    The row is counted up and down in the transaction that writes the file's row, so
    that its lock decides between a twin that comes and the last one that goes.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    file = models.CharField(max_length=200, unique=True, help_text="Name in storage.")
    used = models.PositiveIntegerField(help_text="How many stored files they make.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used__gte=1), name="documents_sharedbytes_are_used"
            )
        ]

    def __str__(self) -> str:
        return self.sha256


class Leftover(models.Model):
    """Bytes in storage that a stored file needs no more; storage knows no rollback."""

    file = models.CharField(max_length=200, help_text="Name in storage.")
    is_counted = models.BooleanField(
        default=False, help_text="Whether they were taken off the count of their bytes."
    )

    def __str__(self) -> str:
        return self.file


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def waiting(self) -> Self:
        """Keep those with something left to do: a scan or a preview."""
        return self.filter(
            Q(scan=Inspection.Scan.WAITING)
            | Q(
                is_previewed=False,
                scan=Inspection.Scan.DONE,
                attempts__lt=MAX_PREVIEW_ATTEMPTS,
            )
        )


class Inspection(models.Model):
    """What the worker does with a stored file: look for viruses, draw it small."""

    class Scan(models.TextChoices):
        DONE = "done", "Done, or not asked for"
        WAITING = "waiting", "Waits for the scanner"
        INFECTED = "infected", "Infected"

    key = models.CharField(max_length=24, unique=True, help_text="Of the stored file.")
    file = models.CharField(max_length=200, help_text="Name in storage.")
    content_type = models.CharField(max_length=100)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.DONE)
    found = models.CharField(max_length=100, blank=True, help_text="The virus.")
    picture = models.BinaryField(default=b"", help_text="A small JPEG, or nothing.")
    is_previewed = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scan="infected") ^ Q(found=""),
                name="documents_inspection_infected_says_by_what",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(is_previewed=False) | Q(scan="waiting"),
                name="documents_uninspected",
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def may_be_handed_out(self) -> bool:
        return self.scan == self.Scan.DONE
