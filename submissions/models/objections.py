from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.states import Moves, moves_trigger
from documents.models import StoredFile
from submissions.models.proposals import Proposal


class ObjectionState(models.TextChoices):
    FILED = "filed", _("Waiting for the answer")
    ANSWERED = "answered", _("Answer waits for the second person")
    UPHELD = "upheld", _("Accepted")
    REJECTED = "rejected", _("Not accepted")


OBJECTION_MOVES: Moves = {
    ObjectionState.FILED: {
        ObjectionState.ANSWERED,
        ObjectionState.UPHELD,
        ObjectionState.REJECTED,
    },
    ObjectionState.ANSWERED: {
        ObjectionState.FILED,
        ObjectionState.UPHELD,
        ObjectionState.REJECTED,
    },
}


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: User) -> Self:
        """Keep those of the proposals `user` may read."""
        return self.filter(proposal__in=Proposal.objects.visible_to(user))

    def waiting(self) -> Self:
        """Keep those whose answer the institution does not have yet."""
        return self.filter(state__in=[ObjectionState.FILED, ObjectionState.ANSWERED])

    def for_list(self) -> Self:
        """Load all that one row of a list shows, what waits first."""
        return self.select_related(
            "proposal__institution", "filed_by", "answered_by"
        ).order_by(F("closed_at").asc(nulls_first=True), "filed_at", "pk")


@pghistory.track()
class Objection(models.Model):
    """What an institution says against the result of the administrative check.

    The answer is the secretariat's own until it is given: `upheld` is what it means to
    say while a second person must still confirm. Source: rules OBJ-01 to OBJ-03 in
    docs/rules.md.
    """

    State = ObjectionState

    proposal = models.OneToOneField(Proposal, models.PROTECT)
    text = models.TextField()
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    state = models.CharField(
        max_length=20, choices=ObjectionState, default=ObjectionState.FILED
    )
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    sent_back_note = models.TextField(blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="submissions_objection_says_something"
            ),
            models.CheckConstraint(
                condition=Q(state="filed")
                | (
                    ~Q(answer="")
                    & Q(
                        upheld__isnull=False,
                        answered_by__isnull=False,
                        answered_at__isnull=False,
                    )
                ),
                name="submissions_objection_answer_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["filed", "answered"])
                ^ Q(closed_at__isnull=False),
                name="submissions_objection_closed_at_when_closed",
            ),
            models.CheckConstraint(
                condition=(~Q(state="upheld") | Q(upheld=True))
                & (~Q(state="rejected") | Q(upheld=False)),
                name="submissions_objection_closed_as_answered",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("answered_by")),
                name="submissions_objection_confirmed_by_another",
            ),
        ]
        triggers = [
            moves_trigger("state", OBJECTION_MOVES),
            pgtrigger.ReadOnly(
                name="text_fixed", fields=["proposal", "text", "filed_by", "filed_at"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.proposal)

    def get_absolute_url(self) -> str:
        return reverse("submissions:objection_detail", args=[self.proposal.code])

    @property
    def is_closed(self) -> bool:
        return self.state in {ObjectionState.UPHELD, ObjectionState.REJECTED}

    @property
    def is_upheld(self) -> bool:
        return self.state == ObjectionState.UPHELD

    @property
    def is_answered(self) -> bool:
        """Whether the answer stands and waits for a second person."""
        return self.state == ObjectionState.ANSWERED


@pghistory.track()
class ObjectionFile(StoredFile):
    """A file that supports an objection."""

    file = models.FileField(upload_to="objections/%Y/%m/", max_length=200)
    objection = models.ForeignKey(Objection, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["objection", "sha256"], name="submissions_objectionfile_once"
            )
        ]
