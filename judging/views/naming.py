"""What can be ticked in a declaration of conflicts, and noting what was."""

from collections.abc import Sequence
from functools import cached_property

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.utils.translation import ngettext

from accounts.models import Institution
from accounts.requests import SignedInRequest
from judging import queries, services
from judging.models import Juror
from judging.panel_forms import ConflictsForm
from submissions.models import Proposal

MOST_SHOWN = 40


class Choices:
    """Institutions and proposals without a conflict of `juror` yet.

    Without `with_proposals` none are offered; where the round `is_blind`, they are
    not told or found by their institution.
    """

    def __init__(
        self, juror: Juror, *, query: str, with_proposals: bool, is_blind: bool
    ) -> None:
        self.juror = juror
        self.query = query.replace("\x00", "").strip()[:100]
        self.with_proposals = with_proposals
        self.is_blind = is_blind

    @cached_property
    def institutions(self) -> QuerySet[Institution]:
        return queries.institutions_to_name(self.juror)

    @cached_property
    def proposals(self) -> QuerySet[Proposal]:
        if not self.with_proposals:
            return Proposal.objects.none()
        return queries.proposals_to_name(self.juror)

    @cached_property
    def institutions_found(self) -> Sequence[Institution]:
        found = self.institutions.filter(
            Q(name__icontains=self.query) | Q(short_name__icontains=self.query)
        )
        return list(found[: MOST_SHOWN + 1])

    @cached_property
    def proposals_found(self) -> Sequence[Proposal]:
        words = Q(title__icontains=self.query)
        if not self.is_blind:
            words |= Q(institution__name__icontains=self.query)
            words |= Q(institution__short_name__icontains=self.query)
        return list(self.proposals.filter(words)[: MOST_SHOWN + 1])

    @property
    def institutions_shown(self) -> Sequence[Institution]:
        return self.institutions_found[:MOST_SHOWN]

    @property
    def proposals_shown(self) -> Sequence[Proposal]:
        return self.proposals_found[:MOST_SHOWN]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        found = (self.institutions_found, self.proposals_found)
        return any(len(each) > MOST_SHOWN for each in found)


def declare(request: SignedInRequest, juror: Juror, form: ConflictsForm) -> None:
    """Note what was ticked as conflicts of `juror`, and tell how many there are."""
    try:
        declared = services.declare_conflicts(
            juror=juror,
            institutions=form.cleaned_data["instansi"],
            proposals=form.cleaned_data["proposal"],
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=request.received_at,
        )
    except services.ConflictNotDeclared as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            ngettext(
                "%(count)d conflict noted.",
                "%(count)d conflicts noted.",
                len(declared),
            )
            % {"count": len(declared)},
        )
