"""Personal data: what people ask about theirs, and who looked at it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.bodies import Government
from accounts.models.people import User
from core.states import Moves, moves_trigger


class ExportState(models.TextChoices):
    PENDING = "pending", _("Being put together")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Did not succeed")
    EXPIRED = "expired", _("Deleted")


EXPORT_MOVES: Moves = {
    ExportState.PENDING: {ExportState.READY, ExportState.FAILED},
    ExportState.READY: {ExportState.EXPIRED},
    ExportState.FAILED: {ExportState.EXPIRED},
}


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def visible_to(self, user: User) -> Self:
        """Keep the person's own; nobody else ever has them."""
        return self.filter(user=user)

    def downloadable(self, at: datetime) -> Self:
        return self.filter(state=ExportState.READY, expires_at__gt=at)


class DataExport(models.Model):
    """A copy of all that the portal keeps of a person, made for that person."""

    State = ExportState

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT)
    state = models.CharField(
        max_length=20, choices=ExportState, default=ExportState.PENDING
    )
    requested_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(upload_to="exports/", blank=True, max_length=200)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes")
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = DataExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state="pending"),
                name="accounts_dataexport_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | (
                    ~Q(file="")
                    & Q(finished_at__isnull=False, expires_at__isnull=False)
                    & Q(expires_at__gt=F("finished_at"))
                ),
                name="accounts_dataexport_ready_has_file_and_end",
            ),
            models.CheckConstraint(
                condition=Q(state="ready") | Q(file=""),
                name="accounts_dataexport_file_only_while_ready",
            ),
        ]
        triggers = [moves_trigger("state", EXPORT_MOVES)]

    def __str__(self) -> str:
        return f"{self.user} {self.code}"

    @property
    def is_pending(self) -> bool:
        return self.state == ExportState.PENDING

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == ExportState.FAILED


class DataRequestState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Partly granted")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Taken back")


DATA_REQUEST_MOVES: Moves = {
    DataRequestState.OPEN: {
        DataRequestState.GRANTED,
        DataRequestState.PARTLY,
        DataRequestState.REFUSED,
        DataRequestState.CANCELLED,
    },
}
ANSWERS = [
    DataRequestState.GRANTED,
    DataRequestState.PARTLY,
    DataRequestState.REFUSED,
]


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: User) -> Self:
        """Keep those a person wrote, and those put before them for an answer."""
        return self.filter(Q(user=user) | Q(pk__in=self.put_before(user).values("pk")))

    def put_before(self, user: User) -> Self:
        """Keep those of the people of the governments `user` runs.

        A system admin has them all. Nobody has their own to answer.
        """
        rows = self.exclude(user=user)
        if user.is_system_admin:
            return rows
        return rows.filter(
            pk__in=DataRequest.governments.through.objects.filter(
                government__in=Government.objects.run_by(user)
            ).values("datarequest")
        )

    def open(self) -> Self:
        return self.filter(state=DataRequestState.OPEN)

    def for_list(self) -> Self:
        """Open ones first, the most urgent in front; then the newest."""
        return (
            self.select_related("user", "answered_by")
            .annotate(
                is_closed=models.Case(
                    models.When(state=DataRequestState.OPEN, then=False), default=True
                )
            )
            .order_by(
                "is_closed", F("answered_at").desc(nulls_last=True), "due_at", "pk"
            )
        )


class DataRequest(models.Model):
    """What a person asks about their data, in writing; answered within 3 × 24 hours."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correct my data")
        DELETION = "deletion", _("Delete my data")
        WITHDRAWAL = "withdrawal", _("Withdraw my consent and close my account")
        OTHER = "other", _("Another question about my data")

    State = DataRequestState

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT)
    governments = models.ManyToManyField(
        Government, blank=True, help_text="Those the person worked in when asking."
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.TextField(_("what you ask for"))
    state = models.CharField(
        max_length=20, choices=DataRequestState, default=DataRequestState.OPEN
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="None where the term ended, or the person took it back.",
    )
    answer = models.TextField(_("answer"), blank=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(state="open"),
                name="accounts_datarequest_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("created_at")),
                name="accounts_datarequest_due_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(answered_at__isnull=False),
                name="accounts_datarequest_answered_at_unless_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "cancelled"]) | ~Q(answer=""),
                name="accounts_datarequest_answer_gives_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("user")),
                name="accounts_datarequest_not_answered_by_oneself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state="open"),
                name="accounts_datarequest_due",
            )
        ]
        triggers = [
            moves_trigger("state", DATA_REQUEST_MOVES),
            pgtrigger.ReadOnly(
                name="question_fixed",
                fields=["code", "user", "kind", "text", "created_at", "due_at"],
            ),
            pgtrigger.Protect(
                name="answer_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state="open"),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        # No name: the trail keeps this for good.
        return f"{self.get_kind_display()} {str(self.code)[:8]}"

    @property
    def is_open(self) -> bool:
        return self.state == DataRequestState.OPEN

    @property
    def is_granted(self) -> bool:
        return self.state in (DataRequestState.GRANTED, DataRequestState.PARTLY)

    @property
    def is_refused(self) -> bool:
        return self.state == DataRequestState.REFUSED

    @property
    def asks_for_deletion(self) -> bool:
        return self.kind == self.Kind.DELETION

    @property
    def asks_to_close(self) -> bool:
        return self.kind == self.Kind.WITHDRAWAL

    def is_late(self, at: datetime) -> bool:
        return self.is_open and at >= self.due_at


# The database lets nothing go that is younger; the law's year is the least.
ACCESS_KEPT = timedelta(days=365)


class AccessEntryQuerySet(models.QuerySet["AccessEntry"]):
    def about(self, user: User) -> Self:
        """Keep own sign-ins, and looks of others at the data of `user`."""
        return self.filter(subjects__contains=[user.pk])


class AccessEntry(models.Model):
    """Somebody signed in, or saw personal data of others. Append-only.

    A list or an export is one row that names all people in it.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("Signed in")
        VIEW = "view", _("Looked at")
        EXPORT = "export", _("Downloaded")

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=200, help_text="In what capacity, too.")
    subjects = ArrayField(models.BigIntegerField(), help_text="Keys of the people.")
    what = models.CharField(max_length=200, help_text="What was seen, in words.")
    scope = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=100, blank=True, help_text="In words.")

    objects = AccessEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(subjects__len__gt=0),
                name="accounts_accessentry_of_somebody",
            )
        ]
        indexes = [
            GinIndex(fields=["subjects"], name="accounts_accessentry_subjects"),
            models.Index(fields=["at"], name="accounts_accessentry_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update),
            # Old rows go by the retention job, and by nothing else before.
            pgtrigger.Protect(
                name="kept_a_year",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(
                    f"OLD.at > now() - interval '{ACCESS_KEPT.days} days'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"

    @property
    def is_sign_in(self) -> bool:
        return self.kind == self.Kind.SIGN_IN


class RetentionRun(models.Model):
    """One run of the job that forgets what is no longer needed."""

    at = models.DateTimeField()
    counts = models.JSONField(help_text="Rows forgotten, by the name of the rule.")

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
