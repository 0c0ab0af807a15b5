from __future__ import annotations

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Round
from judging.models import Score


@pghistory.track()
class FeedbackPlan(models.Model):
    """What the authors of a round are told of how they were judged, and since when."""

    class Places(models.TextChoices):
        NEVER = "never", _("No rank, to nobody")
        SHORTLISTED = "shortlisted", _("The rank, to those who are shortlisted only")
        BAND = "band", _("The rank to the shortlisted, to others roughly where")
        ALL = "all", _("The rank, to all")

    round = models.OneToOneField(Round, models.PROTECT)
    places = models.CharField(
        _("rank of the proposal"),
        max_length=20,
        choices=Places,
        default=Places.SHORTLISTED,
    )
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    announced_at = models.DateTimeField(
        null=True, help_text="When all letters were issued and everybody was told."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="awards_feedbackplan_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(released_at__isnull=False),
                name="awards_feedbackplan_announced_when_released",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            # Who has read it cannot be made not to have.
            pgtrigger.Protect(
                name="released_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__released_at__isnull=False)
                & (
                    pgtrigger.Q(old__released_at__df=pgtrigger.F("new__released_at"))
                    | pgtrigger.Q(old__places__df=pgtrigger.F("new__places"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


@pghistory.track()
class FeedbackNote(models.Model):
    """What the secretariat decided on a juror's note; without a row it goes as written.

    The note itself stays as the juror wrote it.
    """

    class Choice(models.TextChoices):
        AS_WRITTEN = "as_written", _("Pass on as written")
        EDITED = "edited", _("Pass on in other words")
        WITHHELD = "withheld", _("Do not pass on")

    score = models.OneToOneField(Score, models.PROTECT)
    choice = models.CharField(max_length=20, choices=Choice)
    text = models.TextField(blank=True, help_text="The other words.")
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="edited") ^ Q(text=""),
                name="awards_feedbacknote_text_when_edited",
            ),
            models.CheckConstraint(
                condition=Q(choice="as_written") | ~Q(reason=""),
                name="awards_feedbacknote_has_reason",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.get_choice_display()
