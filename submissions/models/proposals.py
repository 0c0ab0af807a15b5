from __future__ import annotations

import operator
from functools import reduce
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Government, Institution, User
from competitions.models import (
    Category,
    Cluster,
    FormTemplate,
    Round,
    Section,
    Track,
)
from core.states import moves_trigger
from innovations.models import Innovation
from submissions.models.states import (
    CONTENT_FIELDS,
    EDITABLE_STATES,
    ENTERED_STATES,
    PROPOSAL_MOVES,
    UNSENT_STATES,
    ProposalState,
)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: User) -> Self:
        """Keep the proposals `user` may read; the rest answer 404 to them.

        Jurors read through their assignments, see judging.
        """
        return self.filter(
            Q(institution__in=Institution.objects.managed_by(user))
            | Q(innovation__in=Innovation.objects.jointly_owned_by(user))
            | Q(pk__in=Proposal.objects.screenable_by(user).values("pk"))
        )

    def of_institutions_of(self, user: User) -> Self:
        """Keep those of the institutions `user` works for."""
        return self.filter(institution__in=Institution.objects.managed_by(user))

    def competing_for(self, user: User) -> Self:
        """Keep those with which the institutions of `user` compete (ACC-02).

        One that they own jointly (INN-01) is theirs too. One that is not submitted yet
        competes as well, one that was withdrawn does not.
        """
        if not any(each.institution_id for each in user.current_memberships):
            return self.none()  # and ask nothing
        return self.filter(
            Q(institution__in=Institution.objects.managed_by(user))
            | Q(innovation__in=Innovation.objects.jointly_owned_by(user))
        ).exclude(state=ProposalState.WITHDRAWN)

    def run_by(self, user: User) -> Self:
        """Keep those of the rounds `user` runs as secretariat.

        What an institution of another government writes for one is its own until it is
        submitted. Source: rule AWD-14 in docs/rules.md.
        """
        return self.known_to_organisers().filter(
            round__competition__government__in=Government.objects.run_by(user)
        )

    def known_to_organisers(self) -> Self:
        """Keep what those who run its round may know of (AWD-14)."""
        return self.filter(
            Q(submitted_at__isnull=False)
            | Q(institution__government=F("round__competition__government"))
        )

    def screenable_by(self, user: User) -> Self:
        """Keep what `user` may read and check as secretariat.

        It is nothing in a round in which an institution of theirs competes.
        """
        competing = Proposal.objects.competing_for(user)
        return self.run_by(user).exclude(round__in=competing.values("round"))

    def entered(self) -> Self:
        """Keep those that were submitted and still stand."""
        return self.filter(state__in=ENTERED_STATES)

    def editable(self) -> Self:
        return self.filter(state__in=EDITABLE_STATES)

    def unsent(self) -> Self:
        """Keep those still in the hands of their institution."""
        return self.filter(state__in=UNSENT_STATES)

    def with_newest_form(self) -> Self:
        """Add `newest_form`, the id of the newest version of the round's form."""
        forms = FormTemplate.objects.filter(round=OuterRef("round"))
        newest = forms.order_by("-version").values("pk")[:1]
        return self.annotate(newest_form=Subquery(newest))

    def for_page(self) -> Self:
        """Load what every page of one proposal shows around it."""
        return self.with_newest_form().select_related(
            "round__competition__government",
            "institution",
            "form",
            "track",
            "category",
            "cluster",
            "takeover",
        )

    def with_check(self) -> Self:
        """Load the check and the objection to it, as the secretariat has them.

        The names of a check that has begun are queries of their own.
        """
        return self.select_related("screening", "objection").prefetch_related(
            "screening__decided_by", "screening__confirmed_by", "screening__draft_by"
        )

    def for_sending(self) -> Self:
        """Load what sending always asks about; the rest is asked for where it is."""
        return self.with_newest_form().select_related(
            "round__competition__government", "institution", "form", "track"
        )

    def for_saving(self) -> Self:
        """Load what saving one answer asks about, and answers with; no more.

        Whatever else is read of the rows asks the database for itself.
        """
        return (
            self.with_newest_form()
            .select_related("round__competition__government", "institution")
            .only(
                *("code", "state", "form", "track"),
                "round__opened_at",
                "round__competition__government__time_zone",
                "round__competition__government__code",
                "institution__government",
                "institution__path",
            )
        )

    def for_list(self) -> Self:
        """Load all that one row of a proposal list shows."""
        return self.select_related(
            "round", "institution", "track", "category"
        ).order_by("title", "pk")

    def with_progress(self) -> Self:
        """Add `answered` and `asked`: sections with text, of those that want one."""
        asked = (
            Section.objects.filter(form=OuterRef("form"), is_required=True)
            .filter(Q(tracks=[]) | Q(tracks__contains=[OuterRef("track__code")]))
            .order_by()
        )
        answered = asked.filter(
            answer__proposal=OuterRef("pk"), answer__text__regex=r"\S"
        )
        return self.annotate(asked=_count(asked), answered=_count(answered))


def _content_changed() -> pgtrigger.Q:
    return reduce(
        operator.or_,
        (
            pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")})
            for field in CONTENT_FIELDS
        ),
    )


def _count(rows: models.QuerySet[Section]) -> Coalesce:
    grouped = rows.values("form").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(grouped), 0, output_field=models.IntegerField())


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    # What a stale save would have written.
    pghistory.ManualEvent("conflict"),  # type: ignore[no-untyped-call]
    exclude=["last_saved_at"],
)
class Proposal(models.Model):
    """An innovation's entry in one round of a competition."""

    State = ProposalState

    round = models.ForeignKey(Round, models.PROTECT)
    innovation = models.ForeignKey(Innovation, models.PROTECT)
    institution = models.ForeignKey(Institution, models.PROTECT)
    form = models.ForeignKey(FormTemplate, models.PROTECT)
    track = models.ForeignKey(Track, models.PROTECT)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    cluster = models.ForeignKey(
        Cluster,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="Where the round has clusters that are chosen by hand.",
    )
    code = models.CharField(
        max_length=24, unique=True, help_text="Public address, as KIPP-7QX4MD."
    )
    title = models.CharField(_("title"), max_length=200)
    header = models.JSONField(
        default=dict, help_text="Values of the header fields by their code."
    )
    consents = models.JSONField(
        default=dict,
        help_text="Statements that were ticked, word for word, by their code.",
    )
    earlier_form = models.ForeignKey(
        FormTemplate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version it was written in before it came to the present one.",
    )
    form_since = models.DateTimeField(null=True, help_text="When it came to it.")
    header_version = models.PositiveIntegerField(default=0)
    header_saved_at = models.DateTimeField(null=True)
    header_saved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        max_length=20, choices=ProposalState, default=ProposalState.DRAFT
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    last_saved_at = models.DateTimeField()
    endorsed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    receipt_number = models.CharField(max_length=80, blank=True)
    digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of what was submitted."
    )
    return_note = models.TextField(blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "innovation"],
                condition=~Q(state="withdrawn"),
                name="submissions_proposal_once_per_round",
            ),
            models.UniqueConstraint(
                fields=["round", "receipt_number"],
                condition=~Q(receipt_number=""),
                name="submissions_proposal_receipt_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=["submitted", "screened_passed", "screened_failed"]
                )
                | (
                    Q(submitted_at__isnull=False)
                    & Q(submitted_by__isnull=False)
                    & ~Q(receipt_number="")
                    & ~Q(digest="")
                ),
                name="submissions_proposal_entered_has_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "state"], name="submissions_proposal_state"),
            GinIndex(
                fields=["title"],
                opclasses=["gin_trgm_ops"],
                name="submissions_proposal_title",
            ),
        ]
        triggers = [
            moves_trigger("state", PROPOSAL_MOVES),
            pgtrigger.Protect(
                name="content_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state__in=EDITABLE_STATES)
                & _content_changed(),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("submissions:proposal_detail", args=[self.code])

    @property
    def scope(self) -> str:
        """The code of the government in whose log it stands.

        Sent on from another government it is that one's own until it is submitted.
        Source: rule AWD-14 in docs/rules.md.
        """
        organiser = self.round.competition.government
        if self.submitted_at is None and self.institution.government_id != organiser.pk:
            return self.institution.government.code
        return organiser.code

    @property
    def is_draft(self) -> bool:
        return self.state == ProposalState.DRAFT

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def is_unsent(self) -> bool:
        """Whether it is still in the hands of its institution."""
        return self.state in UNSENT_STATES

    @property
    def is_endorsing(self) -> bool:
        return self.state == ProposalState.ENDORSING

    @property
    def is_returned(self) -> bool:
        return self.state == ProposalState.RETURNED

    @property
    def is_submitted(self) -> bool:
        return self.state == ProposalState.SUBMITTED

    @property
    def is_entered(self) -> bool:
        return self.state in ENTERED_STATES

    @property
    def is_withdrawn(self) -> bool:
        return self.state == ProposalState.WITHDRAWN

    @property
    def has_left(self) -> bool:
        """Whether it was withdrawn or disqualified, for good."""
        return self.state in {ProposalState.WITHDRAWN, ProposalState.DISQUALIFIED}

    @property
    def has_passed(self) -> bool:
        return self.state == ProposalState.SCREENED_PASSED

    @property
    def has_failed(self) -> bool:
        return self.state == ProposalState.SCREENED_FAILED
