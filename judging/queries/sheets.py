"""Sheets: whose they are, what is left, how far each juror is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)

from accounts.models import User
from competitions.models import Round, ScoringStage, Stage
from judging.models import Assignment, Conflict, Juror, ScoreSheet
from judging.queries.rounds import standing_proposals
from submissions.models import Proposal


def panels_of(user: User) -> list[Juror]:
    """List the panels `user` sits in or was called to, the latest round first.

    Not those where the seat was refused or given up.
    """
    return list(
        Juror.objects.sitting()
        .filter(user=user, round__opened_at__isnull=False)
        .select_related("round__competition__government")
        .order_by("-round__year", "-pk")
    )


# Begun sheets first; then by key, which is random: each juror has an order of their
# own, so that no proposal meets every juror tired.
QUEUE_ORDER = (
    ExpressionWrapper(Q(version__gt=0), output_field=BooleanField()).desc(),
    "key",
)


def stages_assigned(juror: Juror) -> list[ScoringStage]:
    """List the scoring stages in which `juror` has sheets, in their order."""
    own = Assignment.objects.filter(scoring_stage=OuterRef("pk"), juror=juror)
    stages = ScoringStage.objects.filter(Exists(own), round=juror.round_id)
    return list(stages.order_by("order", "pk"))


def next_sheet(juror: Juror, stage: ScoringStage) -> ScoreSheet | None:
    """Find the sheet of `stage` that `juror` should take up next."""
    return _to_score(juror, stage).order_by(*QUEUE_ORDER).first()


def sheet_after(sheet: ScoreSheet) -> ScoreSheet | None:
    """Find the sheet to go on with from `sheet`, done or put off; then from the first.

    By key alone: what was begun and put off comes again only when the round is made.
    """
    juror, stage = sheet.assignment.juror, sheet.assignment.scoring_stage
    is_behind = ExpressionWrapper(Q(key__gt=sheet.key), output_field=BooleanField())
    waiting = _to_score(juror, stage).exclude(pk=sheet.pk)
    return waiting.order_by(is_behind.desc(), "key").first()


def _to_score(juror: Juror, stage: ScoringStage) -> QuerySet[ScoreSheet]:
    return ScoreSheet.objects.open().filter(
        assignment__juror=juror,
        assignment__scoring_stage=stage,
        state=ScoreSheet.State.DRAFT,
    )


@dataclass(frozen=True)
class Progress:
    """How far sheets are: those that count, those begun, those done.

    Done are the finished ones and those `abstained` from: no work is left there.
    """

    total: int
    started: int
    done: int
    abstained: int = 0

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.done


# Of the sheets of one state, and of those among them that were written on.
_COUNTS = {"sheets": Count("pk"), "written": Count("pk", filter=Q(version__gt=0))}

# The counts of a `Progress`, in the order of its fields.
PROGRESS = {
    "total": Count("pk"),
    "started": Count("pk", filter=Q(state=ScoreSheet.State.DRAFT, version__gt=0)),
    "done": Count("pk", filter=~Q(state=ScoreSheet.State.DRAFT)),
    "abstained": Count("pk", filter=Q(state=ScoreSheet.State.ABSTAINED)),
}


def progress_of(sheets: QuerySet[ScoreSheet]) -> Progress:
    """Count the sheets of a queryset that is already narrowed to those that count."""
    rows = sheets.order_by().values_list("state").annotate(**_COUNTS)
    counts = {state: (count, written) for state, count, written in rows}
    drafts, started = counts.pop(ScoreSheet.State.DRAFT, (0, 0))
    done = sum(count for count, _written in counts.values())
    abstained, _written = counts.get(ScoreSheet.State.ABSTAINED, (0, 0))
    return Progress(drafts + done, started, done, abstained)


def coverage(stage: ScoringStage) -> dict[int, Progress]:
    """Count the sheets that count of each juror of `stage`, by the juror's id."""
    rows = (
        ScoreSheet.objects.open()
        .filter(assignment__scoring_stage=stage)
        .values_list("assignment__juror")
        .annotate(**PROGRESS)
        .order_by()
    )
    return {juror: Progress(*counts) for juror, *counts in rows}


def conflict_counts(round: Round) -> dict[int, int]:
    """Count the conflicts of each juror of `round`, by the juror's id."""
    rows = Conflict.objects.filter(juror__round=round).values_list("juror")
    return dict(rows.annotate(Count("pk")).order_by())


def scores_may_be_shown(
    stage: ScoringStage, window: Stage | None, at: datetime
) -> bool:
    """Whether the secretariat may look at scores: closed, or every sheet final.

    `window` is that of the stage. Source: rule SCO-10 in docs/rules.md.
    """
    if window is not None and window.is_over(at):
        return True
    sheets = ScoreSheet.objects.open().filter(assignment__scoring_stage=stage)
    return progress_of(sheets).is_complete


def unshown_stages(
    stages: Iterable[ScoringStage], windows: Mapping[str, Stage], at: datetime
) -> list[ScoringStage]:
    """List those of `stages` whose scores nobody may look at yet."""
    return [
        stage
        for stage in stages
        if not scores_may_be_shown(stage, windows.get(stage.calendar_kind), at)
    ]


def juror_numbers(round: Round) -> dict[int, int]:
    """Number the panel from 1, in the order of invitation, by the juror's id."""
    jurors = Juror.objects.filter(round=round).order_by("pk")
    return {
        pk: number for number, pk in enumerate(jurors.values_list("pk", flat=True), 1)
    }


def barred_pairs(
    jurors: Iterable[int], proposals: Iterable[Proposal]
) -> set[tuple[int, int]]:
    """Find the pairs of (juror id, proposal id) that a conflict keeps apart.

    `proposals` have their institutions loaded.
    """
    conflicts = Conflict.objects.filter(juror__in=jurors).values_list(
        "juror", "proposal", "institution__government", "institution__path"
    )
    return pairs_covered(conflicts, proposals)


def pairs_covered(
    conflicts: Iterable[tuple[int, int | None, int | None, str | None]],
    proposals: Iterable[Proposal],
) -> set[tuple[int, int]]:
    """Find the pairs that conflicts keep apart.

    A conflict is a juror with a proposal, or with the government and path of an
    institution and all below it.
    """
    among = list(proposals)
    known = {each.pk for each in among}
    barred = set()
    for juror, proposal, government, path in conflicts:
        if proposal in known:
            barred.add((juror, proposal))
        elif path is not None:
            barred |= {
                (juror, each.pk)
                for each in among
                if each.institution.government_id == government
                and each.institution.path.startswith(path)
            }
    return barred


@dataclass(frozen=True)
class BoardRow:
    """One juror on the coverage board."""

    juror: Juror
    progress: Progress
    conflicts: int


def board_of(round: Round, stage: ScoringStage | None) -> list[BoardRow]:
    """Show the panel of `round` with each juror's progress, in three queries."""
    progress = coverage(stage) if stage else {}
    conflicts = conflict_counts(round)
    return [
        BoardRow(
            juror,
            progress.get(juror.pk, Progress(0, 0, 0)),
            conflicts.get(juror.pk, 0),
        )
        for juror in Juror.objects.filter(round=round, declined_at=None).for_list()
    ]


def summed(parts: Iterable[Progress]) -> Progress:
    """Add up the progress of several jurors."""
    each = list(parts)
    return Progress(
        total=sum(part.total for part in each),
        started=sum(part.started for part in each),
        done=sum(part.done for part in each),
        abstained=sum(part.abstained for part in each),
    )


def unassigned_count(
    stage: ScoringStage, proposals: QuerySet[Proposal] | None = None
) -> int:
    """Count the proposals that no juror of `stage` has on their list.

    `proposals` are those it judges; left out, all of the round.
    """
    assigned = Assignment.objects.filter(
        scoring_stage=stage, proposal=OuterRef("pk"), released_at=None
    )
    if proposals is None:
        proposals = standing_proposals(stage)
    return proposals.filter(~Exists(assigned)).count()
