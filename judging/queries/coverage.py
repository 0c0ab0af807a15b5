"""How far the jury is: by juror, by proposal, by day; who could take over."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate

from competitions.models import Criterion, ScoringStage
from judging.models import Assignment, Juror, ScoreSheet
from judging.queries.scores import sheet_values
from judging.queries.sheets import PROGRESS, Progress, barred_pairs, coverage
from submissions.models import Proposal

NOTHING = Progress(0, 0, 0)


def progress_by_juror(round: int) -> dict[int, Progress]:
    """Count the sheets that count of each juror, in all stages, by the juror's id."""
    rows = (
        ScoreSheet.objects.open()
        .filter(assignment__juror__round=round)
        .values_list("assignment__juror")
        .annotate(**PROGRESS)
        .order_by()
    )
    return {juror: Progress(*counts) for juror, *counts in rows}


@dataclass(frozen=True)
class JurorCoverage:
    """One juror on the coverage board of one stage.

    `last_at` is when they last wrote; `by_day` counts the sheets finished on each of
    the days that the board shows.
    """

    juror: Juror
    progress: Progress
    last_at: datetime | None
    by_day: Sequence[int]

    @property
    def untouched(self) -> int:
        return self.progress.left - self.progress.started

    @property
    def finished(self) -> int:
        return self.progress.done - self.progress.abstained

    @property
    def is_begun(self) -> bool:
        return self.progress.done > 0 or self.progress.started > 0

    def is_idle(self, since: datetime) -> bool:
        """Whether something is left, and nothing was written after `since`."""
        if not self.progress.left:
            return False
        return self.last_at is None or self.last_at < since


def jurors_covered(
    stage: ScoringStage, days: Sequence[date], zone: ZoneInfo
) -> list[JurorCoverage]:
    """Show who judges in `stage`, and who did, with the days of their work.

    In three queries.
    """
    sheets = ScoreSheet.objects.open().filter(assignment__scoring_stage=stage)
    rows = (
        sheets.values_list("assignment__juror")
        .annotate(**PROGRESS, last=Max("saved_at"))
        .order_by()
    )
    counts = {juror: (Progress(*numbers), last_at) for juror, *numbers, last_at in rows}
    by_day: dict[int, Counter[date]] = defaultdict(Counter)
    done = (
        sheets.done()
        .values_list("assignment__juror", TruncDate("finalised_at", tzinfo=zone))
        .annotate(number=Count("pk"))
        .order_by()
    )
    for juror, day, number in done:
        by_day[juror][day] = number
    called = Juror.objects.for_stage(stage).values("pk")
    panel = Juror.objects.filter(Q(pk__in=called) | Q(pk__in=counts))
    return [
        JurorCoverage(
            juror,
            *counts.get(juror.pk, (NOTHING, None)),
            [by_day[juror.pk][day] for day in days],
        )
        for juror in panel.for_list()
    ]


@dataclass(frozen=True)
class ProposalCoverage:
    """One proposal on the coverage board: its sheets, and on whom it waits."""

    proposal: Proposal
    progress: Progress
    waits_for: Sequence[str]

    @property
    def finished(self) -> int:
        return self.progress.done - self.progress.abstained

    @property
    def untouched(self) -> int:
        return self.progress.left - self.progress.started


def sheets_by_proposal(
    stage: ScoringStage, judged: Iterable[int]
) -> dict[int, Progress]:
    """Count the sheets that count of each proposal, by its id; the emptiest first.

    `judged` are the ids of the proposals that the stage judges.
    """
    rows = (
        ScoreSheet.objects.open()
        .filter(assignment__scoring_stage=stage)
        .values_list("assignment__proposal")
        .annotate(**PROGRESS)
        .order_by()
    )
    counts = dict.fromkeys(judged, NOTHING) | {
        proposal: Progress(*numbers) for proposal, *numbers in rows
    }
    by_need = sorted(
        counts.items(), key=lambda row: (row[1].done - row[1].abstained, row[0])
    )
    return dict(by_need)


def proposals_covered(
    stage: ScoringStage, counts: Mapping[int, Progress]
) -> list[ProposalCoverage]:
    """Load what a page of the board shows of the proposals of `counts`, in their order.

    In two queries.
    """
    found = Proposal.objects.select_related("institution").in_bulk(list(counts))
    waiting: dict[int, list[str]] = defaultdict(list)
    drafts = (
        ScoreSheet.objects.open()
        .filter(
            assignment__scoring_stage=stage,
            assignment__proposal__in=list(counts),
            state=ScoreSheet.State.DRAFT,
        )
        .order_by("assignment__juror__user__name", "pk")
        .values_list("assignment__proposal", "assignment__juror__user__name")
    )
    for proposal, name in drafts:
        waiting[proposal].append(name)
    return [
        ProposalCoverage(found[pk], progress, waiting[pk])
        for pk, progress in counts.items()
    ]


@dataclass(frozen=True)
class Replacement:
    """Somebody who could take over what another juror has left.

    `takes` counts the sheets without a conflict and not theirs already, `knows` those
    of a category they know well; `free` is what their limit leaves, None for no limit.
    """

    juror: Juror
    takes: int
    knows: int
    free: int | None
    left: int

    @property
    def fits(self) -> int:
        """How many of the sheets they could take."""
        return self.takes if self.free is None else min(self.takes, self.free)


def replacements_for(juror: Juror, stage: ScoringStage) -> list[Replacement]:
    """Suggest who could take over what `juror` has left in `stage`, the best first.

    In six queries.
    """
    waiting = (
        ScoreSheet.objects.open()
        .filter(
            assignment__juror=juror,
            assignment__scoring_stage=stage,
            state=ScoreSheet.State.DRAFT,
        )
        .values("assignment__proposal")
    )
    proposals = list(
        Proposal.objects.filter(pk__in=waiting).select_related("institution")
    )
    if not proposals:
        return []
    others = list(
        Juror.objects.for_stage(stage)
        .exclude(pk=juror.pk)
        .filter(signed_at__isnull=False)
        .prefetch_related("categories")
        .for_list()
    )
    barred = barred_pairs([each.pk for each in others], proposals)
    given = set(
        Assignment.objects.filter(
            scoring_stage=stage, proposal__in=proposals
        ).values_list("juror", "proposal")
    )
    load = coverage(stage)
    found = [
        _replacement(each, proposals, barred | given, load.get(each.pk, NOTHING))
        for each in others
    ]
    return sorted(
        (each for each in found if each.fits),
        key=lambda each: (-each.fits, -each.knows, each.left, each.juror.pk),
    )


def _replacement(
    juror: Juror,
    proposals: Sequence[Proposal],
    closed: set[tuple[int, int]],
    load: Progress,
) -> Replacement:
    known = {each.pk for each in juror.categories.all()}
    takes = [each for each in proposals if (juror.pk, each.pk) not in closed]
    return Replacement(
        juror=juror,
        takes=len(takes),
        knows=sum(not known or each.category_id in known for each in takes),
        free=None if juror.capacity is None else max(juror.capacity - load.total, 0),
        left=load.left,
    )


def finished_sheets(
    stage: ScoringStage, criteria: Sequence[Criterion]
) -> Iterable[tuple[int, int, datetime | None, datetime, tuple[int | None, ...]]]:
    """Give final sheets: juror id, proposal id, opened, finished, values.

    Values are in the order of `criteria`, in hundredths of a point.
    """
    values = {
        (juror, proposal): tuple(scores)
        for juror, proposal, *scores in sheet_values(stage, criteria)
    }
    rows = (
        ScoreSheet.objects.open()
        .final()
        .filter(assignment__scoring_stage=stage)
        .values_list(
            "assignment__juror", "assignment__proposal", "opened_at", "finalised_at"
        )
        .order_by("assignment__juror", "assignment__proposal")
    )
    for juror, proposal, opened_at, finished_at in rows:
        assert finished_at is not None  # judging_scoresheet_finalised_at_when_final
        scores = values.get((juror, proposal), ())
        yield juror, proposal, opened_at, finished_at, scores
