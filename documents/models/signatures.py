"""Signed files of papers; the unsigned file stays beside them as it was."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from documents.models.papers import IssuedDocument


def signed_file_name(copy: SignedCopy, name: str) -> str:
    """Where a signed file is kept: beside the paper, under a name of its content."""
    return f"documents/{copy.document.year}/{name}"


class SignedCopy(models.Model):
    """A paper with an electronic signature: the same content, in a file of its own.

    A second signatory signs what the first has signed: the newest copy carries all
    signatures, and is what people get.
    """

    class Way(models.TextChoices):
        UPLOADED = "uploaded", _("Signed elsewhere and uploaded")
        KEY = "key", _("Signed with a key file of the portal")
        SERVICE = "service", _("Signed by a certified service")

    document = models.ForeignKey(
        IssuedDocument, models.PROTECT, related_name="signed_copies"
    )
    sequence = models.PositiveSmallIntegerField(help_text="1 for the first.")
    way = models.CharField(max_length=10, choices=Way)
    file = models.FileField(upload_to=signed_file_name, max_length=200)
    size = models.PositiveIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64, unique=True)
    signatures = models.JSONField(
        help_text="What was read in the file as it was kept; see signing.reading."
    )
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "sequence"],
                name="documents_signedcopy_in_sequence",
            ),
            models.CheckConstraint(
                condition=models.Q(sequence__gte=1) & ~models.Q(signatures=[]),
                name="documents_signedcopy_is_signed",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="of_a_valid_paper",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                PERFORM 1 FROM documents_issueddocument AS paper
                WHERE paper.id = NEW.document_id AND paper.state = 'issued'
                AND paper.rendered_at IS NOT NULL
                FOR SHARE OF paper;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'Only a valid paper with a file is signed.';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.sequence}"

    @property
    def signers(self) -> list[str]:
        """Who signed, as their certificates name them."""
        return [_name(signature) for signature in self.signatures]


def _name(signature: dict[str, Any]) -> str:
    return str(signature.get("signer", ""))
