from __future__ import annotations

from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from core.states import moves_trigger


class NumberSequence(models.Model):
    """The last number given in one government, kind and year: no gap, no double."""

    government = models.ForeignKey(Government, models.PROTECT)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "kind", "year"],
                name="documents_numbersequence_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Batch(models.Model):
    """Documents ordered together; its progress is derived from them."""

    government = models.ForeignKey(Government, models.PROTECT)
    title = models.CharField(max_length=200)
    subject_key = models.CharField(max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class DocumentState(models.TextChoices):
    ISSUED = "issued", _("Valid")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


DOCUMENT_MOVES = {
    DocumentState.ISSUED: {DocumentState.REVOKED, DocumentState.REPLACED},
}


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def visible_to(self, user: User) -> Self:
        """Keep the papers of the governments whose secretariat `user` is."""
        return self.filter(government__in=Government.objects.run_by(user))

    def unrendered(self) -> Self:
        return self.filter(rendered_at=None)


@pghistory.track()
class IssuedDocument(models.Model):
    """A paper the portal answers for, made from stored values only."""

    State = DocumentState

    government = models.ForeignKey(Government, models.PROTECT)
    kind = models.CharField(max_length=40)
    subject_key = models.CharField(
        max_length=120, help_text="Names what the paper is about, as award:12."
    )
    version = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=24, unique=True)
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=100)
    values = models.JSONField(encoder=DjangoJSONEncoder)
    is_public = models.BooleanField(
        default=False, help_text="Whether its code answers on the verification page."
    )
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=20, choices=DocumentState, default=DocumentState.ISSUED)
    issued_at = models.DateTimeField()
    issued_date = models.DateField(help_text="The date printed on the paper.")
    file = models.FileField(upload_to="documents/%Y/%m/", blank=True, max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key", "version"],
                name="documents_issueddocument_once_per_subject",
            ),
            models.UniqueConstraint(
                fields=["government", "kind", "year", "number"],
                name="documents_issueddocument_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(state="issued") ^ Q(ended_at__isnull=False),
                name="documents_issueddocument_ended_at_unless_issued",
            ),
            models.CheckConstraint(
                condition=Q(rendered_at=None) | (~Q(file="") & ~Q(sha256="")),
                name="documents_issueddocument_rendered_has_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["issued_at"],
                condition=Q(rendered_at=None),
                name="documents_unrendered",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="values_fixed",
                fields=[
                    "government",
                    "kind",
                    "subject_key",
                    "version",
                    "number",
                    "year",
                    "code",
                    "title",
                    "template",
                    "values",
                    "issued_at",
                    "issued_date",
                ],
            ),
            pgtrigger.Protect(
                name="file_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendered_at__isnull=False)
                & (
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__file__df=pgtrigger.F("new__file"))
                    | pgtrigger.Q(old__rendered_at__df=pgtrigger.F("new__rendered_at"))
                ),
            ),
            moves_trigger("state", DOCUMENT_MOVES),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def is_revoked(self) -> bool:
        return self.state == self.State.REVOKED

    @property
    def is_replaced(self) -> bool:
        return self.state == self.State.REPLACED

    @property
    def is_rendered(self) -> bool:
        return self.rendered_at is not None

    def value(self, name: str) -> Any:
        """One stored value, or an empty text."""
        return self.values.get(name, "")
