from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from competitions.models import Round
from submissions.models import Proposal


class NudgeChannel(models.TextChoices):
    PORTAL = "portal", _("Portal and e-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    PHONE = "telepon", _("Telephone")
    VISIT = "tatap-muka", _("Face to face")
    OTHER = "lain", _("Another way")


class Nudge(models.Model):
    """The secretariat reminded one institution of a round, and how.

    Of a proposal that is not sent yet, or of the round where it has none.
    """

    Channel = NudgeChannel

    round = models.ForeignKey(Round, models.PROTECT)
    institution = models.ForeignKey(Institution, models.PROTECT)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True)
    channel = models.CharField(max_length=20, choices=NudgeChannel)
    note = models.CharField(max_length=300, blank=True)
    told = models.PositiveSmallIntegerField(
        default=0, help_text="How many people the portal wrote to."
    )
    day = models.DateField(help_text="Where the round is held.")
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "institution", "proposal", "day"],
                condition=Q(channel="portal"),
                nulls_distinct=False,
                name="monitoring_nudge_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(channel="portal", told__gte=1)
                | (~Q(channel="portal") & Q(told=0)),
                name="monitoring_nudge_told_by_portal_alone",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.institution}, {self.get_channel_display()}, {self.day}"
