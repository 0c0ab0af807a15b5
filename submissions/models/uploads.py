from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from submissions.models.proposals import Proposal


class PartialUploadQuerySet(models.QuerySet["PartialUpload"]):
    def of(self, user: User) -> Self:
        """Keep those that `user` began; the rest answer 404 to them."""
        return self.filter(owner=user)

    def expired(self, at: datetime) -> Self:
        return self.filter(expires_at__lte=at)


class PartialUpload(models.Model):
    """A file on its way in, piece by piece; what the line has taken so far stays.

    Its bytes are checked only when the form it belongs to is sent.
    """

    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE)
    name = models.CharField(max_length=200, help_text="As the browser called it.")
    size = models.PositiveIntegerField(help_text="Bytes, as announced.")
    offset = models.PositiveIntegerField(default=0, help_text="Bytes that are here.")
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text="When the form took it.")

    objects = PartialUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(offset__lte=F("size")) & Q(size__gte=1),
                name="submissions_partialupload_offset_within_size",
            )
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="submissions_partial_expiry")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.offset}/{self.size}"

    @property
    def is_whole(self) -> bool:
        return self.offset == self.size


class UploadPiece(models.Model):
    """A piece of a file on its way in, as an object of its own in storage."""

    upload = models.ForeignKey(PartialUpload, models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    file = models.CharField(max_length=200, help_text="Name in storage.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "offset"], name="submissions_uploadpiece_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.offset}"
