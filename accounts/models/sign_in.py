from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.urls import reverse

from accounts.models.people import User

KEPT_FOR = timedelta(days=1)


class SignInLimit(models.Model):
    """What is counted against guessing; the rows of the cache `limits`.

    In the database, since a cache that is away must neither stop everybody nor let
    anybody guess. Django's DatabaseCache reads and writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def typed_by(self, user: AbstractBaseUser) -> Self:
        return self.filter(user_id=user.pk)

    def fresh(self, at: datetime) -> Self:
        """Keep what is not too old to be shown again."""
        return self.filter(created_at__gt=at - KEPT_FOR)

    def stale(self, at: datetime) -> Self:
        return self.filter(created_at__lte=at - KEPT_FOR)


class KeptForm(models.Model):
    """What somebody sent from a form after their session had ended."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE)
    path = models.CharField(max_length=2000, help_text="Where the form was sent.")
    page = models.CharField(max_length=2000, help_text="Where the form stands.")
    fields = models.JSONField(help_text="Pairs of name and text, in their order.")
    files = models.JSONField(
        default=list, help_text="Names of the files that came with it, which are lost."
    )
    created_at = models.DateTimeField()

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="accounts_kept_form_user")
        ]

    def __str__(self) -> str:
        return self.path

    def get_absolute_url(self) -> str:
        return reverse("accounts:kept_form_detail", args=[self.code])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        pairs: list[Any] = self.fields
        return [(str(name), str(text)) for name, text in pairs]
