from __future__ import annotations

from datetime import datetime
from typing import Self

import pghistory
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models.rounds import Round
from core.states import Moves, moves_trigger
from documents.codes import grouped


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """Keep the events of opened rounds."""
        return self.exclude(round__opened_at=None)

    def visible_to(self, user: User) -> Self:
        """Keep the events of opened rounds and of those the user prepares."""
        return self.filter(
            ~Q(round__opened_at=None)
            | Q(round__competition__government__in=Government.objects.run_by(user))
        )

    def run_by(self, user: User) -> Self:
        """Keep the events of the rounds `user` runs as secretariat."""
        return self.filter(
            round__competition__government__in=Government.objects.run_by(user)
        )

    def for_page(self) -> Self:
        """Load the round and its government, whose zone the dates are meant in."""
        return self.select_related("round__competition__government")

    def with_numbers(self) -> Self:
        """Add how many are `confirmed`, how many are `waiting`, how many `attended`."""
        return self.annotate(
            confirmed=Count("registration", filter=Q(registration__state="confirmed")),
            waiting=Count("registration", filter=Q(registration__state="waiting")),
            attended=Count(
                "registration", filter=Q(registration__attended_at__isnull=False)
            ),
        )


@pghistory.track()
class Event(models.Model):
    """Something people come to: the kick-off, a workshop, the day of presentations."""

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Kick-off")
        WORKSHOP = "workshop", _("Workshop")
        COACHING = "coaching", _("Coaching clinic")
        PRESENTATION = "presentation", _("Presentation and interview")
        OTHER = "other", _("Other event")

    round = models.ForeignKey(Round, models.CASCADE)
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(
        _("link"), max_length=300, blank=True, help_text="Shown to who has a place."
    )
    takes_registrations = models.BooleanField(_("people register"), default=True)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, help_text="None means no limit."
    )
    registration_closes_at = models.DateTimeField(
        null=True, blank=True, help_text="None means when it begins."
    )
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)
    sequence = models.PositiveIntegerField(
        default=0, help_text="Raised by each change: subscribed calendars go by it."
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="competitions_event_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(place="", link=""), name="competitions_event_is_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1),
                name="competitions_event_capacity_from_one",
            ),
            models.CheckConstraint(
                condition=Q(registration_closes_at=None)
                | Q(registration_closes_at__lte=F("ends_at")),
                name="competitions_event_registration_closes_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="competitions_event_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="competitions_event_start"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("competitions:event_detail", args=[self.slug])

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    def is_over(self, at: datetime) -> bool:
        return at >= self.ends_at

    @property
    def registration_end(self) -> datetime:
        """When the last can register; the moment itself is outside."""
        return self.registration_closes_at or self.starts_at

    def takes_registrations_at(self, at: datetime) -> bool:
        """Whether somebody may register at `at`; its round must be loaded."""
        return (
            self.takes_registrations
            and self.round.is_opened
            and not self.is_cancelled
            and at < self.registration_end
        )


class RegistrationState(models.TextChoices):
    CONFIRMED = "confirmed", _("Registered")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", _("Cancelled")


REGISTRATION_MOVES: Moves = {
    RegistrationState.CONFIRMED: {RegistrationState.CANCELLED},
    RegistrationState.WAITING: {
        RegistrationState.CONFIRMED,
        RegistrationState.CANCELLED,
    },
    RegistrationState.CANCELLED: {
        RegistrationState.CONFIRMED,
        RegistrationState.WAITING,
    },
}


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def confirmed(self) -> Self:
        return self.filter(state=RegistrationState.CONFIRMED)

    def standing(self) -> Self:
        """Keep those who have a place or wait for one."""
        return self.exclude(state=RegistrationState.CANCELLED)

    def in_line(self) -> Self:
        """Keep those who wait, whoever came first in front."""
        return self.filter(state=RegistrationState.WAITING).order_by(
            "registered_at", "pk"
        )

    def run_by(self, user: User) -> Self:
        """Keep those of the events `user` runs as secretariat."""
        return self.filter(event__in=Event.objects.run_by(user))

    def for_list(self) -> Self:
        """Load all that one row of an attendance list shows."""
        return self.select_related("user", "institution").order_by(
            "institution__name", "user__name", "pk"
        )


@pghistory.track()
class Registration(models.Model):
    """A person's place at an event, or in the line for one.

    How many places there are is counted under a lock on the event: the secretariat
    may lower the capacity, and let in who stands at the door.
    """

    State = RegistrationState

    event = models.ForeignKey(Event, models.PROTECT)
    user = models.ForeignKey(User, models.PROTECT)
    institution = models.ForeignKey(Institution, models.PROTECT)
    code = models.CharField(
        max_length=8, unique=True, help_text="What the QR code at the door holds."
    )
    state = models.CharField(max_length=20, choices=RegistrationState)
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    attended_at = models.DateTimeField(null=True)
    attendance_noted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user"], name="competitions_registration_once"
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed") ^ Q(confirmed_at=None),
                name="competitions_registration_confirmed_at_if_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(attended_at=None) | Q(state="confirmed"),
                name="competitions_registration_attended_with_a_place",
            ),
            models.CheckConstraint(
                condition=Q(attended_at=None) ^ Q(attendance_noted_by__isnull=False),
                name="competitions_registration_attendance_noted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["event", "state", "registered_at"],
                name="competitions_registration_line",
            ),
        ]
        triggers = [moves_trigger("state", REGISTRATION_MOVES)]

    def __str__(self) -> str:
        return f"{self.user}, {self.event}"

    @property
    def code_grouped(self) -> str:
        """The code as people read and type it."""
        return grouped(self.code)

    @property
    def is_confirmed(self) -> bool:
        return self.state == RegistrationState.CONFIRMED

    @property
    def is_waiting(self) -> bool:
        return self.state == RegistrationState.WAITING

    @property
    def is_cancelled(self) -> bool:
        return self.state == RegistrationState.CANCELLED

    @property
    def has_attended(self) -> bool:
        return self.attended_at is not None
