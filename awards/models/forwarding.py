from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from awards.models.giving import Award
from competitions.models import Round, Track
from core.states import Moves, moves_trigger
from innovations.models import Achievement
from submissions.models import Proposal


@pghistory.track()
class AcceptedGovernment(models.Model):
    """A government whose winners a round takes, as a province takes its cities'."""

    round = models.ForeignKey(Round, models.PROTECT)
    government = models.ForeignKey(Government, models.PROTECT)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "government"], name="awards_acceptedgovernment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.government}"


class ForwardingState(models.TextChoices):
    ASKED = "asked", _("Waits for the institution")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined by the institution")
    STOPPED = "stopped", _("Stopped")


FORWARDING_MOVES: Moves = {
    ForwardingState.ASKED: {
        ForwardingState.AGREED,
        ForwardingState.DECLINED,
        ForwardingState.STOPPED,
    },
    ForwardingState.AGREED: {ForwardingState.STOPPED},
}
OPEN_STATES = [ForwardingState.ASKED, ForwardingState.AGREED]


class ForwardingQuerySet(models.QuerySet["Forwarding"]):
    def run_by(self, user: User) -> Self:
        """Keep what the secretariats of `user` send on."""
        return self.filter(
            award__row__result__government__in=Government.objects.run_by(user)
        )

    def held_by(self, user: User) -> Self:
        """Keep those of the institutions `user` works for."""
        return self.filter(
            award__row__proposal__institution__in=Institution.objects.managed_by(user)
        )

    def open(self) -> Self:
        """Keep those that wait for an answer or were agreed to."""
        return self.filter(state__in=OPEN_STATES)

    def outgoing(self, round: Round) -> Self:
        """Keep what is sent on from `round`."""
        return self.filter(award__row__result__round=round)

    def incoming(self, round: Round) -> Self:
        """Keep what has reached `round`: the proposal was submitted to it.

        Until then it is its institution's alone, and nobody there knows of it.
        """
        return self.filter(round=round, proposal__submitted_at__isnull=False)

    def for_list(self) -> Self:
        """Load all that one row of a list shows, the newest first."""
        return self.select_related(
            "award__level",
            "award__row__result__government",
            "award__row__result__round",
            "award__row__proposal__institution",
            "round__competition__government",
            "proposal__institution",
            "achievement",
        ).order_by("-asked_at", "-pk")


@pghistory.track()
class Forwarding(models.Model):
    """A winner sent up: to a round of this portal, or to a competition outside."""

    State = ForwardingState

    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    award = models.ForeignKey(Award, models.PROTECT)
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="forwarded_here"
    )
    track = models.ForeignKey(
        Track, models.PROTECT, null=True, blank=True, related_name="+"
    )
    destination = models.CharField(
        _("competition"),
        max_length=150,
        blank=True,
        help_text="One outside of this portal, as KIPP Nasional 2022.",
    )
    note = models.TextField(_("note to the institution"), blank=True)
    state = models.CharField(
        max_length=20, choices=ForwardingState, default=ForwardingState.ASKED
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer_note = models.TextField(blank=True)
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, blank=True)
    stopped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.TextField(blank=True)
    achievement = models.ForeignKey(
        Achievement,
        models.SET_NULL,
        null=True,
        blank=True,
        help_text="What it won there, where somebody outside decided.",
    )

    objects = ForwardingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(round=None) ^ Q(destination="", track__isnull=False),
                name="awards_forwarding_to_one_place",
            ),
            models.UniqueConstraint(
                fields=["award", "round", "destination"],
                condition=Q(state__in=["asked", "agreed"]),
                nulls_distinct=False,
                name="awards_forwarding_once",
            ),
            models.CheckConstraint(
                condition=Q(proposal=None)
                | Q(round__isnull=False, state__in=["agreed", "stopped"]),
                name="awards_forwarding_proposal_when_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed", round__isnull=False)
                | Q(proposal__isnull=False),
                name="awards_forwarding_agreed_has_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "declined"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="awards_forwarding_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped")
                ^ Q(stopped_at=None, stopped_by=None, stop_reason=""),
                name="awards_forwarding_stopped_with_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="place_fixed",
                fields=["key", "award", "round", "track", "destination", "asked_at"],
            ),
            moves_trigger("state", FORWARDING_MOVES),
        ]

    def __str__(self) -> str:
        return f"{self.award}: {self.place}"

    @property
    def place(self) -> str:
        """Where it goes, in words."""
        return self.destination or str(self.round)

    @property
    def is_outside(self) -> bool:
        """Whether it leaves the portal."""
        return self.round_id is None

    @property
    def has_draft(self) -> bool:
        """Whether its proposal is still in the hands of the institution."""
        return self.proposal is not None and self.proposal.submitted_at is None

    @property
    def has_arrived(self) -> bool:
        """Whether its proposal was submitted there; those who run the round know it."""
        return self.proposal is not None and self.proposal.submitted_at is not None

    @property
    def is_asked(self) -> bool:
        return self.state == ForwardingState.ASKED

    @property
    def is_agreed(self) -> bool:
        return self.state == ForwardingState.AGREED

    @property
    def is_stopped(self) -> bool:
        return self.state == ForwardingState.STOPPED

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES
