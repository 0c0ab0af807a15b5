"""Reads of judging that span models."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
)

from accounts.models import User
from competitions.models import (
    Criterion,
    HeaderField,
    Round,
    ScoringStage,
    Section,
    Stage,
)
from judging.models import (
    Assignment,
    Conflict,
    Juror,
    Result,
    Score,
    ScoreSheet,
)
from submissions import queries as submissions_queries
from submissions.dossier import SectionPart
from submissions.headers import HeaderPart
from submissions.models import Answer, Evidence, Proposal


def scoring_window(round: Round) -> Stage | None:
    """Find the span of the calendar in which jurors score, if it is set."""
    return round.stage_set.filter(kind=Stage.Kind.SCORING).first()


def rounds_in_scoring(at: datetime) -> set[int]:
    """Find the ids of the rounds whose jurors score at `at`."""
    stages = Stage.objects.open_at(at).filter(kind=Stage.Kind.SCORING)
    return set(stages.values_list("round", flat=True))


def scoring_stage_of(round: Round) -> ScoringStage | None:
    """Find the stage that the jury scores online: the first of the round."""
    return round.scoringstage_set.order_by("order", "pk").first()


def criteria_of(stage: ScoringStage) -> list[Criterion]:
    """List the criteria of `stage` in the order in which they are scored."""
    return list(stage.criterion_set.order_by("order", "pk"))


def criteria_to_score(stage: ScoringStage) -> list[Criterion]:
    """List them with the sections of the form that each looks at."""
    sections = Section.objects.order_by("order", "pk")
    return list(
        stage.criterion_set.order_by("order", "pk").prefetch_related(
            Prefetch("sections", sections)
        )
    )


def sealed_result(stage: ScoringStage) -> Result | None:
    """Find the sealed result of `stage` that stands today."""
    return Result.objects.standing().filter(scoring_stage=stage).first()


def standing_proposals(stage: ScoringStage) -> QuerySet[Proposal]:
    """Keep the proposals that `stage` judges: passed and not taken back since."""
    return Proposal.objects.filter(
        round=stage.round_id, state=Proposal.State.SCREENED_PASSED
    )


def panels_of(user: User) -> list[Juror]:
    """List the panels `user` was called to, the latest round first."""
    return list(
        Juror.objects.filter(user=user, round__opened_at__isnull=False)
        .select_related("round__competition__government")
        .order_by("-round__year", "-pk")
    )


# Begun sheets first; then by key, which is random: each juror has an order of their
# own, so that no proposal meets every juror tired.
QUEUE_ORDER = (
    ExpressionWrapper(Q(version__gt=0), output_field=BooleanField()).desc(),
    "key",
)


def next_sheet(juror: Juror) -> ScoreSheet | None:
    """Find the sheet `juror` should take up next."""
    return (
        ScoreSheet.objects.open()
        .filter(assignment__juror=juror, state=ScoreSheet.State.DRAFT)
        .order_by(*QUEUE_ORDER)
        .first()
    )


@dataclass(frozen=True)
class Progress:
    """How far sheets are: those that count, those begun, those finished."""

    total: int
    started: int
    done: int

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.done


def progress_of(sheets: QuerySet[ScoreSheet]) -> Progress:
    """Count the sheets of a queryset that is already narrowed to those that count."""
    return Progress(
        **sheets.aggregate(
            total=Count("pk"),
            started=Count("pk", filter=Q(state=ScoreSheet.State.DRAFT, version__gt=0)),
            done=Count("pk", filter=Q(state=ScoreSheet.State.FINAL)),
        )
    )


def coverage(stage: ScoringStage) -> dict[int, Progress]:
    """Count the sheets that count of each juror of `stage`, by the juror's id."""
    rows = (
        ScoreSheet.objects.open()
        .filter(assignment__scoring_stage=stage)
        .values_list("assignment__juror")
        .annotate(
            total=Count("pk"),
            started=Count("pk", filter=Q(state=ScoreSheet.State.DRAFT, version__gt=0)),
            done=Count("pk", filter=Q(state=ScoreSheet.State.FINAL)),
        )
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

    Source: rule SCO-10 in docs/rules.md.
    """
    if window is not None and window.is_over(at):
        return True
    sheets = ScoreSheet.objects.open().filter(assignment__scoring_stage=stage)
    return progress_of(sheets).is_complete


def score_sums(stage: ScoringStage) -> Iterable[tuple[int, int, Decimal, int]]:
    """Add up final sheets: (proposal id, criterion id, sum, number of sheets)."""
    return (
        Score.objects.filter(sheet__in=_counted(stage))
        .values_list("sheet__assignment__proposal", "criterion")
        .annotate(total=Sum("value"), sheets=Count("pk"))
        .order_by()
        .iterator()
    )


def sheet_totals(
    stage: ScoringStage, proposals: Iterable[int]
) -> Iterable[tuple[int, int, Decimal]]:
    """Give weighted totals of final sheets: (proposal id, juror id, total)."""
    rows = (
        Score.objects.filter(
            sheet__in=_counted(stage), sheet__assignment__proposal__in=proposals
        )
        .values_list("sheet__assignment__proposal", "sheet__assignment__juror")
        .annotate(total=Sum(F("value") * F("criterion__weight")))
        .order_by()
    )
    return ((proposal, juror, total.scaleb(-2)) for proposal, juror, total in rows)


def _counted(stage: ScoringStage) -> QuerySet[ScoreSheet, int]:
    return (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage)
        .values_list("pk", flat=True)
    )


def juror_numbers(stage: ScoringStage) -> dict[int, int]:
    """Number the panel from 1, in the order of invitation, by the juror's id."""
    jurors = Juror.objects.filter(round=stage.round_id).order_by("pk")
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
    among = list(proposals)
    return {
        (juror, proposal.pk)
        for juror, barred_proposal, government, path in conflicts
        for proposal in among
        if proposal.pk == barred_proposal
        or (
            proposal.institution.government_id == government
            and proposal.institution.path.startswith(path)
        )
    }


@dataclass(frozen=True)
class Reading:
    """What a juror reads of a proposal: short fields, then answers with their files."""

    header: list[HeaderPart]
    sections: list[SectionPart]


def reading_of(proposal: Proposal) -> Reading:
    """Load what a juror reads of `proposal`, in four queries."""
    answers = {
        answer.section_id: answer for answer in Answer.objects.filter(proposal=proposal)
    }
    files: dict[int, list[Evidence]] = {}
    for file in Evidence.objects.filter(proposal=proposal).order_by(
        "uploaded_at", "pk"
    ):
        files.setdefault(file.section_id, []).append(file)
    fields = HeaderField.objects.filter(form=proposal.form_id).order_by("order", "pk")
    return Reading(
        header=[HeaderPart(field, proposal.header.get(field.code)) for field in fields],
        sections=[
            SectionPart(section, answers.get(section.pk), files.get(section.pk, []))
            for section in submissions_queries.sections_of(proposal)
        ],
    )


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
        for juror in Juror.objects.filter(round=round).for_list()
    ]


def summed(parts: Iterable[Progress]) -> Progress:
    """Add up the progress of several jurors."""
    each = list(parts)
    return Progress(
        total=sum(part.total for part in each),
        started=sum(part.started for part in each),
        done=sum(part.done for part in each),
    )


def unassigned_count(stage: ScoringStage) -> int:
    """Count the proposals of `stage` that no juror has on their list."""
    assigned = Assignment.objects.filter(scoring_stage=stage, proposal=OuterRef("pk"))
    return standing_proposals(stage).filter(~Exists(assigned)).count()


@dataclass(frozen=True)
class Column:
    """One juror's sheet of one proposal, laid out by criterion."""

    juror: Juror
    sheet: ScoreSheet
    scores: list[Score | None]
    total: Decimal | None


def columns_of(stage: ScoringStage, proposal: Proposal) -> list[Column]:
    """Load all final sheets of `proposal` that count, with scores and notes."""
    criteria = criteria_of(stage)
    sheets = (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage, assignment__proposal=proposal)
        .select_related("assignment__juror__user")
        .prefetch_related("score_set")
        .order_by("assignment__juror")
    )
    totals = {juror: total for _p, juror, total in sheet_totals(stage, [proposal.pk])}
    columns = []
    for sheet in sheets:
        juror = sheet.assignment.juror
        scores = {score.criterion_id: score for score in sheet.score_set.all()}
        columns.append(
            Column(
                juror,
                sheet,
                [scores.get(each.pk) for each in criteria],
                totals.get(juror.pk),
            )
        )
    return columns


def names_of(proposals: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Give title, institution and category of proposals, by their id."""
    rows = Proposal.objects.filter(pk__in=list(proposals)).values_list(
        "pk", "title", "institution__name", "category__name"
    )
    return {pk: (title, name, category or "") for pk, title, name, category in rows}
