"""Conflicts that the portal suggested, and what a person said to them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from judging.models.panel import Conflict, Juror
from submissions.models import Proposal


class SuggestionSource(models.TextChoices):
    """From what the portal concludes that a juror may be in conflict."""

    MEMBERSHIP = "membership", _("Roles in the portal")
    AFFILIATION = "affiliation", _("Affiliation")
    ADDRESS = "address", _("E-mail address")
    TREE = "tree", _("Institution above")
    PROPOSAL = "proposal", _("Work on the innovation")


class ConflictSuggestion(models.Model):
    """A suggested conflict that was decided: what is open is found anew each time.

    Source: rule SCO-18 in docs/rules.md.
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Dismissed")

    Source = SuggestionSource

    juror = models.ForeignKey(Juror, models.PROTECT)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True)
    source = models.CharField(max_length=20, choices=Source)
    kind = models.CharField(max_length=20, choices=Conflict.Kind)
    reason = models.TextField(help_text="What it was concluded from, as shown.")
    outcome = models.CharField(max_length=10, choices=Outcome)
    note = models.TextField(blank=True, help_text="Why it is none, or what was added.")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(institution=None) ^ Q(proposal=None),
                name="judging_suggestion_of_institution_or_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="dismissed") | ~Q(note=""),
                name="judging_suggestion_dismissed_with_note",
            ),
            models.UniqueConstraint(
                fields=["juror", "institution", "source"],
                name="judging_suggestion_institution_once",
            ),
            models.UniqueConstraint(
                fields=["juror", "proposal", "source"],
                name="judging_suggestion_proposal_once",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.juror}: {self.reason}"
