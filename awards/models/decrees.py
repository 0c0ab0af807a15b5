from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from awards.models.giving import Decree
from competitions.models import Round
from documents.models import StoredFile


@pghistory.track()
class DecreeText(models.Model):
    """How the draft of a round's decree is worded, one clause a line.

    Words in braces are filled in with the facts of the round, see awards.decrees.
    """

    round = models.OneToOneField(Round, models.PROTECT)
    official = models.CharField(_("who decides"), max_length=120)
    subject = models.TextField(_("subject"))
    considering = models.TextField(_("considering"))
    remembering = models.TextField(_("legal basis"))
    noting = models.TextField(_("taking note of"), blank=True)
    rulings = models.TextField(_("what is decided"))
    copies = models.TextField(_("copies to"), blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.round)


@pghistory.track()
class DecreeScan(StoredFile):
    """The decree as it was signed, on paper or electronically."""

    decree = models.OneToOneField(Decree, models.PROTECT, related_name="scan")
    file = models.FileField(upload_to="decrees/%Y/%m/", max_length=200)
    is_public = models.BooleanField(
        default=False, help_text="Whether the page of the winners offers it."
    )
