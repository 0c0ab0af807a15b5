from __future__ import annotations

from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.safestring import SafeString

from accounts.models import User
from core.rich_text import RichText
from submissions.models.proposals import Proposal


class SectionNoteQuerySet(models.QuerySet["SectionNote"]):
    def visible_to(self, user: User) -> Self:
        """Keep those of the proposals `user` may read."""
        return self.filter(proposal__in=Proposal.objects.visible_to(user))

    def open(self) -> Self:
        """Keep what the authors have not mended yet."""
        return self.filter(resolved_at=None)

    def by_part(self) -> dict[str, list[SectionNote]]:
        """All of them by the key of the step they stand at, open ones first."""
        found: dict[str, list[SectionNote]] = {}
        for note in self.for_list():
            found.setdefault(note.part, []).append(note)
        return found

    def for_list(self) -> Self:
        """Load all that one note shows, what is open first.

        Names are queries of their own: most places have no note, and ask for none.
        """
        return self.prefetch_related("written_by", "resolved_by").order_by(
            F("resolved_at").asc(nulls_first=True), "written_at", "pk"
        )


@pghistory.track()
class SectionNote(models.Model):
    """What is to be mended at one place of a proposal, until its authors did it.

    `part` is the key of a step of the dossier: the code of a section, or one of
    `dossier.HEADER_STEP`, `LETTERS_STEP`, `CONSENTS_STEP`.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    part = models.CharField(max_length=60, help_text="Key of a step of the dossier.")
    text = models.TextField()
    key = models.CharField(max_length=24, unique=True, help_text="Its address.")
    by_secretariat = models.BooleanField(
        default=False, help_text="Else the admin or head of the institution wrote it."
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    resolved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = SectionNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="submissions_sectionnote_says_something"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="submissions_sectionnote_resolved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposal", "part"], name="submissions_sectionnote_part"
            )
        ]
        triggers = [
            # A note says what was said when the proposal came back.
            pgtrigger.Protect(
                name="text_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__text__df=pgtrigger.F("new__text"))
                | pgtrigger.Q(old__part__df=pgtrigger.F("new__part"))
                | pgtrigger.Q(old__proposal__df=pgtrigger.F("new__proposal")),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


class LateTextQuerySet(models.QuerySet["LateText"]):
    def waiting(self) -> Self:
        """Keep what was neither taken over nor counted."""
        return self.filter(taken_at=None)


@pghistory.track()
class LateText(models.Model):
    """What somebody saved or sent after the closing: kept, marked, and not counted.

    One row for each place and person; its history keeps every version. `part` is the
    key of a step of the dossier, or `SENDING` for a press of the button that sends.

    Source: rule SUB-09 in docs/rules.md.
    """

    SENDING = "periksa"

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    part = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="Clean, empty where it is plain.")
    values = models.JSONField(
        default=dict, help_text="Of the general data: what their page would have saved."
    )
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(help_text="When the first of them arrived.")
    saved_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(
        null=True, blank=True, help_text="When it became part of the proposal."
    )

    objects = LateTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "part", "saved_by"],
                condition=Q(taken_at__isnull=True),
                name="submissions_latetext_once_per_part_and_person",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="submissions_latetext_taken_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal}: {self.part}"

    @property
    def body(self) -> SafeString:
        """The text with its formats, ready to be shown."""
        return RichText(self.text, self.html).body

    @property
    def is_sending(self) -> bool:
        return self.part == self.SENDING


@pghistory.track()
class LateAdmission(models.Model):
    """The secretariat's decision to count what came after the closing.

    Its reason is public. Source: rule SUB-09 in docs/rules.md.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT)
    reason = models.TextField()
    arrived_at = models.DateTimeField(help_text="When the proposal was sent, too late.")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="submissions_lateadmission_says_why"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return str(self.proposal)


class Gist(models.Model):
    """The beginning of what a submitted proposal says, to find others like it."""

    COMPARED = 200

    proposal = models.OneToOneField(Proposal, models.CASCADE)
    text = models.CharField(max_length=400, help_text="In small letters.")

    class Meta:
        indexes = [
            # Gives the nearest without weighing all: a text has hundreds of groups of
            # letters, most of them in common with any other.
            GistIndex(
                fields=["text"],
                opclasses=["gist_trgm_ops(siglen=256)"],
                name="submissions_gist_nearest",
            )
        ]

    def __str__(self) -> str:
        return str(self.proposal)
