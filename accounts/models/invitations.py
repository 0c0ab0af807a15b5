from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models.bodies import Government, Institution
from accounts.models.memberships import ROLE_FITS_BODY, overseen_by
from accounts.models.people import User
from accounts.models.roles import Role
from core.states import Moves, moves_trigger

LIFETIME = timedelta(days=14)


class Handover(models.Model):
    """The passing on of what a person does in one body to somebody else."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    giver = models.ForeignKey(User, models.PROTECT, related_name="handovers_given")
    receiver = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="handovers_received",
        help_text="None while the invitation of the successor is open.",
    )
    government = models.ForeignKey(Government, models.PROTECT, null=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    from_date = models.DateField(help_text="The successor's first day.")
    reason = models.TextField()
    ordered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="handovers_ordered"
    )
    ordered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(government=None) ^ Q(institution=None),
                name="accounts_handover_one_body",
            ),
            models.CheckConstraint(
                condition=Q(receiver=None) | ~Q(receiver=F("giver")),
                name="accounts_handover_to_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver}, {self.body}"

    @property
    def body(self) -> Government | Institution:
        """Where the roles are held."""
        body = self.institution or self.government
        assert body is not None  # accounts_handover_one_body
        return body


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


INVITATION_MOVES: Moves = {
    InvitationState.OPEN: {InvitationState.ACCEPTED, InvitationState.WITHDRAWN},
}


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Keep what was neither accepted nor withdrawn; it may have expired."""
        return self.filter(state=InvitationState.OPEN)

    def overseen_by(self, user: User) -> Self:
        """Keep the invitations that `user` may send again and withdraw."""
        return self.filter(overseen_by(user))

    def for_list(self) -> Self:
        """Newest first, with what one row of the list shows."""
        return self.select_related("government", "institution", "invited_by").order_by(
            "-invited_at", "-pk"
        )


class Invitation(models.Model):
    """A role offered to an address; whoever holds the link of its mail takes it.

    The link's secret is known to the mail alone: here stands its digest.
    """

    State = InvitationState

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(max_length=20, choices=Role)
    government = models.ForeignKey(Government, models.PROTECT, null=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True)
    email = models.EmailField()
    name = models.CharField(max_length=150)
    employee_number = models.CharField(
        max_length=30,
        blank=True,
        help_text="Offered to the account to be made; forgotten with the decision.",
    )
    handover = models.ForeignKey(Handover, models.PROTECT, null=True)
    state = models.CharField(
        max_length=20, choices=InvitationState, default=InvitationState.OPEN
    )
    digest = models.CharField(max_length=64, unique=True)
    former_digests = ArrayField(
        models.CharField(max_length=64),
        default=list,
        help_text="Of the links of earlier mails, to say that there is a newer one.",
    )
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="accepted_invitations"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=ROLE_FITS_BODY, name="accounts_invitation_role_fits_body"
            ),
            models.UniqueConstraint(
                fields=["email", "role", "government", "institution"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="accounts_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="accounts_invitation_email_in_lower_case",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"),
                name="accounts_invitation_digest",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")),
                name="accounts_invitation_expires_later",
            ),
            models.CheckConstraint(
                condition=Q(~Q(state="accepted"), accepted_at=None, accepted_by=None)
                | Q(
                    state="accepted",
                    accepted_at__isnull=False,
                    accepted_by__isnull=False,
                ),
                name="accounts_invitation_accepted_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(~Q(state="withdrawn"), withdrawn_at=None)
                | Q(
                    ~Q(withdrawal_reason=""),
                    state="withdrawn",
                    withdrawn_at__isnull=False,
                ),
                name="accounts_invitation_withdrawn_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(employee_number=""),
                name="accounts_invitation_number_while_open",
            ),
        ]
        triggers = [moves_trigger("state", INVITATION_MOVES)]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()}, {self.body}"

    @property
    def body(self) -> Government | Institution:
        """Where the role is offered."""
        body = self.institution or self.government
        assert body is not None  # accounts_invitation_role_fits_body
        return body

    @property
    def roles(self) -> list[str]:
        """The roles that come with it: in a handover all that are passed on."""
        return self.handover.roles if self.handover else [self.role]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    def has_expired(self, at: datetime) -> bool:
        """Whether it waited too long; sending it again makes it valid."""
        return self.is_open and self.expires_at <= at
