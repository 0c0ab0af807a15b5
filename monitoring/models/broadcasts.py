from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

import pghistory
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models import Round
from core.states import Moves, moves_trigger
from submissions.models import Proposal


def new_key() -> str:
    return secrets.token_hex(8)


class BroadcastGroup(models.TextChoices):
    """Who gets a broadcast; who they are is looked up when it is ordered."""

    AUTHORS = "authors", _("All authors and admins of institutions")
    ADMINS = "admins", _("Admins of all institutions")
    INSTITUTION = "institution", _("The people of one institution")
    WAITING = "waiting", _("Those who have not submitted")
    DRAFTS = "drafts", _("Those whose draft is not sent")
    SUBMITTED = "submitted", _("Those who have submitted")
    FINALISTS = "finalists", _("Finalists")
    JURORS = "jurors", _("Jurors")


# The kinds of their messages: those of others, those that tell of entries, and tests.
BROADCAST_KINDS = ("broadcast.sent", "proposal.broadcast", "proposal.broadcast_tried")
# Groups of a round: only whoever takes no part in it may look at them (ACC-02).
GROUPS_OF_ENTRIES = frozenset(
    {
        BroadcastGroup.WAITING,
        BroadcastGroup.DRAFTS,
        BroadcastGroup.SUBMITTED,
        BroadcastGroup.FINALISTS,
        BroadcastGroup.JURORS,
    }
)
UNDO_TIME = timedelta(minutes=10)


class BroadcastState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("About to go out")
    SENDING = "sending", _("Going out")
    SENT = "sent", _("Sent")


BROADCAST_MOVES: Moves = {
    BroadcastState.DRAFT: {BroadcastState.SCHEDULED},
    BroadcastState.SCHEDULED: {BroadcastState.DRAFT, BroadcastState.SENDING},
    BroadcastState.SENDING: {BroadcastState.SENT},
}


def _counted(rows: models.QuerySet[BroadcastRecipient]) -> Coalesce:
    counts = rows.values("broadcast").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counts), 0)


class BroadcastQuerySet(models.QuerySet["Broadcast"]):
    def visible_to(self, user: User) -> Self:
        """Keep those of the governments `user` runs as secretariat.

        In a round that they compete in, nothing is shown that tells who takes part
        and how far they came. Source: rule ACC-02 in docs/rules.md.
        """
        competing = Proposal.objects.competing_for(user)
        return self.filter(government__in=Government.objects.run_by(user)).exclude(
            group__in=GROUPS_OF_ENTRIES, round__in=competing.values("round")
        )

    def for_list(self) -> Self:
        """Newest first, with how many it goes to and how many have it."""
        listed = BroadcastRecipient.objects.filter(
            broadcast=OuterRef("pk"), left_out=False
        ).order_by()
        told = listed.exclude(told_at=None)
        return (
            self.for_page()
            .annotate(
                recipient_count=_counted(listed),
                told_count=_counted(told),
            )
            .order_by("-written_at", "-pk")
        )

    def due(self, at: datetime) -> Self:
        """Keep those whose time to be called back is over."""
        return self.filter(state=BroadcastState.SCHEDULED, send_at__lte=at)

    def for_page(self) -> Self:
        """Load all that its page and its row in the list show."""
        return self.select_related(
            "government", "round__competition__government", "institution", "written_by"
        )


@pghistory.track()
class Broadcast(models.Model):
    """What the secretariat writes to a group of people (siaran)."""

    Group = BroadcastGroup
    State = BroadcastState

    key = models.CharField(max_length=24, unique=True, default=new_key)
    government = models.ForeignKey(Government, models.PROTECT)
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True)
    group = models.CharField(max_length=20, choices=BroadcastGroup)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=150)
    body = models.TextField(_("text"), max_length=5000)
    state = models.CharField(
        max_length=20, choices=BroadcastState, default=BroadcastState.DRAFT
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    send_at = models.DateTimeField(
        null=True, help_text="When it can no longer be called back."
    )
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", send_at=None, ordered_by=None)
                | (~Q(state="draft") & ~Q(send_at=None) & ~Q(ordered_by=None)),
                name="monitoring_broadcast_ordered_unless_draft",
            ),
            models.CheckConstraint(
                condition=Q(state="sent") ^ Q(finished_at=None),
                name="monitoring_broadcast_finished_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(group="institution") ^ Q(institution=None),
                name="monitoring_broadcast_institution_for_its_people",
            ),
            models.CheckConstraint(
                condition=~Q(round=None)
                | Q(group__in=["authors", "admins", "institution"]),
                name="monitoring_broadcast_round_for_its_groups",
            ),
        ]
        indexes = [
            models.Index(
                fields=["government", "-written_at"], name="monitoring_broadcast_list"
            )
        ]
        triggers = [moves_trigger("state", BROADCAST_MOVES)]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("monitoring:broadcast_detail", args=[self.key])

    @property
    def tells_of_entries(self) -> bool:
        """Whether its recipients say who competes and how far they came."""
        return self.group in GROUPS_OF_ENTRIES

    @property
    def message_kind(self) -> str:
        """The kind of its messages: who competes sees those of entries nowhere."""
        return BROADCAST_KINDS[self.tells_of_entries]

    def can_be_undone(self, at: datetime) -> bool:
        """Whether it waits, and its time to be called back is not over at `at`."""
        return self.is_scheduled and self.send_at is not None and at < self.send_at

    @property
    def is_draft(self) -> bool:
        return self.state == BroadcastState.DRAFT

    @property
    def is_scheduled(self) -> bool:
        return self.state == BroadcastState.SCHEDULED

    @property
    def is_sending(self) -> bool:
        return self.state == BroadcastState.SENDING

    @property
    def is_sent(self) -> bool:
        return self.state == BroadcastState.SENT


class BroadcastRecipientQuerySet(models.QuerySet["BroadcastRecipient"]):
    def waiting(self) -> Self:
        """Keep those who are still to be written to."""
        return self.filter(told_at=None, left_out=False)


class BroadcastRecipient(models.Model):
    """One person a broadcast goes to, as the group was when it was ordered."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE)
    user = models.ForeignKey(User, models.PROTECT)
    told_at = models.DateTimeField(null=True)
    left_out = models.BooleanField(
        default=False, help_text="Of the group no more when it went out."
    )

    objects = BroadcastRecipientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["broadcast", "user"], name="monitoring_recipient_once"
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(left_out=False),
                name="monitoring_recipient_told_or_left_out",
            ),
        ]
        indexes = [
            models.Index(
                fields=["broadcast", "user"],
                condition=Q(told_at=None, left_out=False),
                name="monitoring_recipient_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.broadcast_id} {self.user_id}"
