from __future__ import annotations

from datetime import datetime
from typing import Self

import pghistory
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from competitions.models.events import Event
from competitions.models.rounds import Announcement, Round
from documents.models import StoredFile


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def guidelines(self) -> Self:
        """Keep the files that belong to the round itself."""
        return self.filter(announcement=None, event=None)

    def run_by(self, user: User) -> Self:
        """Keep those of the rounds `user` runs as secretariat."""
        return self.filter(
            round__competition__government__in=Government.objects.run_by(user)
        )

    def readable_by(self, user: User | AnonymousUser, at: datetime) -> Self:
        """Keep what `user` may read at `at`.

        Everybody reads what hangs on something published; the secretariat of the
        round all of it.
        """
        is_public = Q(round__opened_at__isnull=False) & (
            Q(announcement=None) | Q(announcement__publish_at__lte=at)
        )
        if isinstance(user, AnonymousUser):
            return self.filter(is_public)
        return self.filter(
            is_public
            | Q(round__competition__government__in=Government.objects.run_by(user))
        )

    def in_order(self) -> Self:
        return self.order_by("uploaded_at", "pk")


@pghistory.track()
class Attachment(StoredFile):
    """A file for everybody: a guideline, part of an announcement, material of an event.

    It belongs to its round alone, or to one announcement or event of it.
    """

    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    title = models.CharField(_("title"), max_length=150, blank=True)
    round = models.ForeignKey(Round, models.CASCADE)
    announcement = models.ForeignKey(
        Announcement, models.CASCADE, null=True, blank=True
    )
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(announcement=None) | Q(event=None),
                name="competitions_attachment_belongs_to_one_thing",
            ),
            models.UniqueConstraint(
                fields=["round", "announcement", "event", "sha256"],
                nulls_distinct=False,
                name="competitions_attachment_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What it is called on pages."""
        return self.title or self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:attachment_file", args=[self.key])
