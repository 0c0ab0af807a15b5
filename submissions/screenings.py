"""How far the check of each proposal of a round is, and of one alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from competitions.models import Round
from submissions.models import (
    ENTERED_STATES,
    UNSENT_STATES,
    Correction,
    CorrectionState,
    Objection,
    Proposal,
    ProposalQuerySet,
    ProposalState,
    Screening,
    ScreeningItem,
    ScreeningState,
)

WAITING, DRAFT, DECIDED, SECOND, CORRECTION, PASSED, FAILED = (
    "menunggu",
    "draf",
    "diputuskan",
    "kedua",
    "koreksi",
    "lolos",
    "gugur",
)
STANDS: Mapping[str, Promise] = {
    WAITING: _("Waiting for the check"),
    DRAFT: _("Draft saved"),
    DECIDED: _("Decided, not published"),
    SECOND: _("Waiting for the second person"),
    CORRECTION: _("Being corrected"),
    PASSED: _("Passed"),
    FAILED: _("Not passed"),
}
ALL_MET, NOT_MET, NEEDS_LOOK, UNKNOWN = "terpenuhi", "kurang", "lihat", "belum"
FINDINGS: Mapping[str, Promise] = {
    NOT_MET: _("Something not met"),
    NEEDS_LOOK: _("Something needs a look"),
    ALL_MET: _("Everything met"),
    UNKNOWN: _("Not looked at yet"),
}
_UNPUBLISHED = Q(
    state=ProposalState.SUBMITTED,
    screening__state__in=[ScreeningState.DECIDED, ScreeningState.CONFIRMED],
)


def queue_of(round: Round, user: User) -> ProposalQuerySet:
    """What entered `round`, or is being corrected, as far as `user` checks it."""
    return standing_in_queue(Proposal.objects.screenable_by(user), round)


def standing_in_queue(proposals: ProposalQuerySet, round: Round) -> ProposalQuerySet:
    """Those of `proposals` that entered `round`, or are being corrected."""
    running = Correction.objects.open().filter(proposal=OuterRef("pk"))
    return proposals.filter(round=round).filter(
        Q(state__in=ENTERED_STATES) | Q(Exists(running), state__in=UNSENT_STATES)
    )


def for_queue(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Add all that one row of the queue shows; nothing of the text is loaded."""
    corrections = Correction.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    return (
        proposals.select_related("institution", "category", "track")
        .defer("header", "consents", "return_note")
        .annotate(
            check_state=F("screening__state"),
            check_passed=F("screening__passed"),
            check_draft=F("screening__draft_at"),
            checker=F("screening__decided_by__name"),
            drafter=F("screening__draft_by__name"),
            not_met=F("machinecheck__not_met"),
            needs_look=F("machinecheck__needs_look"),
            corrected=Subquery(corrections.values("state")[:1]),
            correction_due=Subquery(corrections.values("due_at")[:1]),
            objection_state=F("objection__state"),
        )
    )


def condition_of(stand: str, round: Round) -> Q:
    """The proposals whose check stands so; none of an unknown word."""
    conditions = {
        WAITING: Q(state=ProposalState.SUBMITTED) & ~_UNPUBLISHED,
        DRAFT: Q(
            state=ProposalState.SUBMITTED,
            screening__state=ScreeningState.DRAFT,
            screening__draft_at__isnull=False,
        ),
        DECIDED: _UNPUBLISHED,
        SECOND: _second(round),
        CORRECTION: Q(state__in=UNSENT_STATES),
        PASSED: Q(state=ProposalState.SCREENED_PASSED),
        FAILED: Q(state=ProposalState.SCREENED_FAILED),
    }
    return conditions.get(stand, Q(pk__in=[]))


def of_finding(finding: str) -> Q:
    """The proposals in which the machine found this, when it last looked."""
    conditions = {
        NOT_MET: Q(machinecheck__not_met__gt=0),
        NEEDS_LOOK: Q(machinecheck__not_met=0, machinecheck__needs_look__gt=0),
        ALL_MET: Q(machinecheck__not_met=0, machinecheck__needs_look=0),
        UNKNOWN: Q(machinecheck=None),
    }
    return conditions.get(finding, Q(pk__in=[]))


def _second(round: Round) -> Q:
    waiting = Q(state=ProposalState.SUBMITTED, screening__state=ScreeningState.DECIDED)
    if round.screening_four_eyes == Round.FourEyes.ALL:
        return waiting
    if round.screening_four_eyes == Round.FourEyes.FAILED:
        return waiting & Q(screening__passed=False)
    return Q(pk__in=[])


@dataclass(frozen=True)
class QueueCounts:
    """How many proposals of a round stand where in the check."""

    stands: Mapping[str, int]
    findings: Mapping[str, int]
    total: int
    objections: int
    lapsed: int

    @property
    def waiting(self) -> int:
        return self.stands[WAITING]

    @property
    def second(self) -> int:
        return self.stands[SECOND]

    @property
    def unpublished(self) -> int:
        return self.stands[DECIDED]

    @property
    def checked(self) -> int:
        """How many are decided, published or not."""
        return sum(self.stands[each] for each in (DECIDED, PASSED, FAILED))


def counts_of(proposals: ProposalQuerySet, round: Round) -> QueueCounts:
    """Count the queue by every state and finding, in one query."""
    lapsed = Correction.objects.filter(
        proposal=OuterRef("pk"), state=CorrectionState.LAPSED
    )
    found = proposals.order_by().aggregate(
        total=Count("pk"),
        objections=Count(
            "pk", filter=Q(objection__in=Objection.objects.waiting().values("pk"))
        ),
        lapsed=Count("pk", filter=Q(Exists(lapsed), state=ProposalState.SUBMITTED)),
        **{
            f"stand_{each}": Count("pk", filter=condition_of(each, round))
            for each in STANDS
        },
        **{
            f"finding_{each}": Count("pk", filter=of_finding(each)) for each in FINDINGS
        },
    )
    return QueueCounts(
        stands={each: found[f"stand_{each}"] for each in STANDS},
        findings={each: found[f"finding_{each}"] for each in FINDINGS},
        total=found["total"],
        objections=found["objections"],
        lapsed=found["lapsed"],
    )


@dataclass(frozen=True)
class Neighbours:
    """The codes beside a proposal in the queue, and where it stands there, from 1."""

    before: str = ""
    after: str = ""
    place: int = 0
    total: int = 0


def neighbours_of(code: str, rows: ProposalQuerySet) -> Neighbours:
    """Find what stands beside `code` in the ordered `rows`, in one query."""
    codes = list(rows.values_list("code", flat=True))
    if code not in codes:
        return Neighbours(after=codes[0] if codes else "", total=len(codes))
    place = codes.index(code)
    return Neighbours(
        before=codes[place - 1] if place else "",
        after=codes[place + 1] if place + 1 < len(codes) else "",
        place=place + 1,
        total=len(codes),
    )


def screening_of(proposal: Proposal) -> Screening | None:
    """The published decision of the check, if any: all that others may know."""
    if not (proposal.has_passed or proposal.has_failed):
        return None
    published = Screening.objects.filter(
        proposal=proposal, state=ScreeningState.PUBLISHED
    )
    return published.select_related("decided_by").first()


def screening_items(screening: Screening | None) -> list[ScreeningItem]:
    """The verdicts of a check, in the order of the requirements."""
    if screening is None:
        return []
    items = screening.screeningitem_set.select_related("requirement")
    return list(items.order_by("requirement__order", "pk"))
