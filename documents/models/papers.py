from __future__ import annotations

import uuid
from typing import Any, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, User
from core.states import Moves, moves_trigger
from documents import codes

# How often the portal tries by itself to render a paper before a person must look.
MAX_ATTEMPTS = 3


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> Self:
        """Keep the batches of the governments whose secretariat `user` is.

        Who works for an institution there sees none, as with its certificates.
        """
        return self.filter(government__in=Government.objects.run_by(user)).exclude(
            government__in=_works_in(user)
        )


class Batch(models.Model):
    """Documents ordered together; its progress is derived from them."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    government = models.ForeignKey(Government, models.PROTECT)
    title = models.CharField(max_length=200)
    subject_key = models.CharField(max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    created_at = models.DateTimeField()

    objects = BatchQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:batch_detail", kwargs={"key": self.code})


class DocumentKind(models.TextChoices):
    """Kinds of paper, each with a name and a sequence of numbers of its own."""

    CERTIFICATE = "certificate", _("Certificate")
    FINALIST = "finalist", _("Certificate of a finalist")
    PARTICIPANT = "participant", _("Certificate of a participant")
    JUROR = "juror", _("Certificate of a juror")
    COMMITTEE = "committee", _("Certificate of the committee")
    PRESENCE = "presence", _("Certificate of attendance")
    RECEIPT = "receipt", _("Receipt")
    ATTENDANCE = "attendance", _("Attendance list")
    FEEDBACK = "feedback", _("Feedback letter")
    MINUTES = "minutes", _("Minutes")
    SCORE_SHEET = "score_sheet", _("Score sheet")
    RECAP = "recap", _("Recap of scores")
    DECREE = "decree", _("Decree")
    ANNOUNCEMENT = "announcement", _("Announcement")
    LETTER = "letter", _("Letter")


# They say whom somebody honours, and for what; a name on them may be put right.
CERTIFICATE_KINDS = (
    DocumentKind.CERTIFICATE,
    DocumentKind.FINALIST,
    DocumentKind.PARTICIPANT,
    DocumentKind.JUROR,
    DocumentKind.COMMITTEE,
    DocumentKind.PRESENCE,
)


class DocumentState(models.TextChoices):
    ISSUED = "issued", _("Valid")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")


DOCUMENT_MOVES: Moves = {
    DocumentState.ISSUED: {DocumentState.REVOKED, DocumentState.REPLACED},
}


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def visible_to(self, user: User) -> Self:
        """Keep the papers of the governments whose secretariat `user` is.

        Who also works for an institution there may compete: papers of competitors
        would tell them too much, and they must not end a rival's (ACC-02). Score sheets
        are handed out by the pages of the jury, which know who may see them.
        """
        return (
            self.filter(government__in=Government.objects.run_by(user))
            .exclude(~Q(kind=DocumentKind.ATTENDANCE), government__in=_works_in(user))
            .exclude(kind=DocumentKind.SCORE_SHEET)
        )

    def to_render(self) -> Self:
        """Keep the valid papers without a file that the portal still tries itself."""
        return self.filter(
            rendered_at=None, state=DocumentState.ISSUED, attempts__lt=MAX_ATTEMPTS
        )

    def render_failed(self) -> Self:
        """Keep the valid papers without a file that wait for a person."""
        return self.filter(
            rendered_at=None, state=DocumentState.ISSUED, attempts__gte=MAX_ATTEMPTS
        )

    def ready(self) -> Self:
        """Keep the valid papers that have their file."""
        return self.filter(rendered_at__isnull=False, state=DocumentState.ISSUED)

    def failed_first(self) -> Self:
        """In the order of numbers, but first those that wait for a person."""
        has_failed = Case(
            When(rendered_at=None, attempts__gte=MAX_ATTEMPTS, then=0), default=1
        )
        return self.order_by(has_failed, "number", "pk")

    def for_list(self) -> Self:
        """Load what one row of a list shows; `about` is the first public value."""
        return self.annotate(about=KT("values__public__0__1")).defer("values")


def file_name(document: IssuedDocument, name: str) -> str:
    """Where the file of a paper is kept: by year, under a name of its content."""
    return f"documents/{document.year}/{name}"


@pghistory.track(exclude=["attempts", "error"])
class IssuedDocument(models.Model):
    """A paper the portal answers for, made from stored values only.

    Values with a meaning here: `public`, the [label, value] pairs that the
    verification page shows in this order, and `issuer`, the body as printed.
    """

    Kind = DocumentKind
    State = DocumentState

    government = models.ForeignKey(Government, models.PROTECT)
    kind = models.CharField(_("kind"), max_length=40, choices=DocumentKind)
    subject_key = models.CharField(
        max_length=120, help_text="Names what the paper is about, as award:12."
    )
    version = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=16, unique=True, default=codes.new_code)
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=100)
    values = models.JSONField(encoder=DjangoJSONEncoder)
    is_public = models.BooleanField(
        default=False, help_text="Whether its code answers on the verification page."
    )
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True)
    state = models.CharField(
        max_length=20, choices=DocumentState, default=DocumentState.ISSUED
    )
    issued_at = models.DateTimeField()
    issued_date = models.DateField(help_text="The date printed on the paper.")
    file = models.FileField(upload_to=file_name, blank=True, max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key", "version"],
                name="documents_issueddocument_once_per_subject",
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_key"],
                condition=Q(state="issued"),
                name="documents_issueddocument_one_valid_per_subject",
            ),
            models.UniqueConstraint(
                fields=["government", "kind", "year", "number"],
                name="documents_issueddocument_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(state="issued") ^ Q(ended_at__isnull=False),
                name="documents_issueddocument_ended_at_unless_issued",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(state="replaced"),
                name="documents_issueddocument_replaced_by_when_replaced",
            ),
            models.CheckConstraint(
                condition=Q(rendered_at=None) | (~Q(file="") & ~Q(sha256="")),
                name="documents_issueddocument_rendered_has_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["issued_at"],
                condition=Q(rendered_at=None),
                name="documents_unrendered",
            ),
            models.Index(
                fields=["batch", "attempts", "id"],
                condition=Q(rendered_at=None, state="issued"),
                name="documents_batch_unrendered",
            ),
            models.Index(
                fields=["government", "-issued_at"], name="documents_government"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="values_fixed",
                fields=[
                    "government",
                    "kind",
                    "subject_key",
                    "version",
                    "number",
                    "year",
                    "code",
                    "title",
                    "template",
                    "values",
                    "issued_at",
                    "issued_date",
                ],
            ),
            pgtrigger.Protect(
                name="file_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__rendered_at__isnull=False)
                & (
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__file__df=pgtrigger.F("new__file"))
                    | pgtrigger.Q(old__rendered_at__df=pgtrigger.F("new__rendered_at"))
                ),
            ),
            moves_trigger("state", DOCUMENT_MOVES),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("documents:document_detail", kwargs={"code": self.code})

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def is_revoked(self) -> bool:
        return self.state == self.State.REVOKED

    @property
    def is_replaced(self) -> bool:
        return self.state == self.State.REPLACED

    @property
    def is_rendered(self) -> bool:
        return self.rendered_at is not None

    @property
    def has_render_failed(self) -> bool:
        """Whether the portal has given up rendering it by itself."""
        return not self.is_rendered and self.attempts >= MAX_ATTEMPTS

    @property
    def code_grouped(self) -> str:
        """The code as printed, in groups of four."""
        return codes.grouped(self.code)

    def value(self, name: str) -> Any:
        """One stored value, or an empty text."""
        return self.values.get(name, "")


def _works_in(user: User) -> list[int]:
    """The governments in which `user` writes for an institution or heads one."""
    return [
        membership.institution.government_id
        for membership in user.current_memberships
        if membership.institution
    ]
