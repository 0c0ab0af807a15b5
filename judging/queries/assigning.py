"""Who judges what at present, without a score."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet

from competitions.models import ScoringStage
from judging.models import Assignment, Juror, ScoreSheet


@dataclass(frozen=True)
class Share:
    """One juror of a proposal on the list of assignments: no score, only the state."""

    assignment: Assignment
    is_begun: bool
    is_done: bool
    is_abstained: bool
    is_conflicted: bool

    @property
    def juror(self) -> Juror:
        return self.assignment.juror

    @property
    def counts(self) -> bool:
        return not (self.is_conflicted or self.is_abstained)

    @property
    def can_be_released(self) -> bool:
        return not self.is_done


def shares_of(stage: ScoringStage, proposals: Iterable[int]) -> dict[int, list[Share]]:
    """Load who judges each of `proposals` in `stage`, by its id; in one query."""
    rows = (
        Assignment.objects.with_conflict()
        .filter(scoring_stage=stage, proposal__in=list(proposals), released_at=None)
        .annotate(
            sheet_state=F("scoresheet__state"), sheet_version=F("scoresheet__version")
        )
        .select_related("juror__user")
        .order_by("juror__user__name", "pk")
    )
    shares: dict[int, list[Share]] = defaultdict(list)
    for row in rows:
        state = getattr(row, "sheet_state", None) or ScoreSheet.State.DRAFT
        shares[row.proposal_id].append(
            Share(
                row,
                is_begun=bool(getattr(row, "sheet_version", 0)),
                is_done=state != ScoreSheet.State.DRAFT,
                is_abstained=state == ScoreSheet.State.ABSTAINED,
                is_conflicted=row.is_conflicted,
            )
        )
    return shares


def counted_jurors(stage: ScoringStage) -> QuerySet[Assignment]:
    """The assignments that count of the proposal of an outer query.

    Who abstained leaves the seat to another.
    """
    return (
        Assignment.objects.open()
        .filter(scoring_stage=stage, proposal=OuterRef("pk"))
        .exclude(scoresheet__state=ScoreSheet.State.ABSTAINED)
    )


def open_work_of(juror: Juror) -> list[ScoringStage]:
    """List the stages in which `juror` has sheets that are not finished."""
    unfinished = Assignment.objects.filter(
        scoring_stage=OuterRef("pk"),
        juror=juror,
        released_at=None,
        scoresheet__state=ScoreSheet.State.DRAFT,
    )
    return list(
        ScoringStage.objects.filter(Exists(unfinished), round=juror.round_id)
        .select_related("round__competition__government")
        .order_by("order", "pk")
    )


def assigned_pairs(stage: ScoringStage) -> Sequence[tuple[str, str, str, str, str]]:
    """Give what stands: code, title, e-mail, name, state of the sheet; in order."""
    return list(
        Assignment.objects.filter(scoring_stage=stage, released_at=None)
        .order_by("proposal__code", "juror__user__name", "pk")
        .values_list(
            "proposal__code",
            "proposal__title",
            "juror__user__email",
            "juror__user__name",
            "scoresheet__state",
        )
    )
