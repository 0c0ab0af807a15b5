"""The ranking of a scoring stage as its sheets stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from competitions.models import Criterion, ScoringStage
from judging import queries, ranking, sealing
from judging.models import Juror, Result, ResultRow, Score, ScoreSheet
from submissions.models import Proposal

FAR_FROM_MEDIAN = 12  # points at which a single total is marked, see the design kit
WIDE_SPREAD = 20  # points between jurors that call for discussion: rule SCO-07


@dataclass(frozen=True)
class Place:
    """A line of the ranking, live or sealed."""

    proposal_id: int
    source: ranking.Standing | ResultRow

    @property
    def code(self) -> str:
        source = self.source
        return source.code if isinstance(source, ResultRow) else source.proposal

    @property
    def rank(self) -> int | None:
        return self.source.rank

    @property
    def total(self) -> Decimal | None:
        """The total, for the eye."""
        total = self.source.total
        return ranking.readable(total) if isinstance(total, Fraction) else total

    @property
    def means(self) -> list[Decimal]:
        """The mean of each criterion, for the eye."""
        return [
            ranking.readable(mean) if isinstance(mean, Fraction) else mean
            for mean in self.source.means
        ]

    @property
    def sheet_count(self) -> int:
        return self.source.sheet_count

    @property
    def tie_rule(self) -> str:
        return self.source.tie_rule

    @property
    def passes(self) -> bool:
        return self.source.passes

    @property
    def is_shortlisted(self) -> bool:
        return self.source.is_shortlisted


@dataclass(frozen=True)
class Cell:
    """One juror's total for one proposal."""

    total: Decimal | None
    is_far: bool = False


@dataclass(frozen=True)
class RankRow:
    """A place with all that its row of the table shows."""

    place: Place
    proposal: Proposal
    cells: Sequence[Cell]
    spread: Decimal | None
    tie_criterion: str
    is_under_line: bool

    @property
    def is_shared(self) -> bool:
        return self.place.tie_rule == ranking.SHARED

    @property
    def is_wide(self) -> bool:
        return self.spread is not None and self.spread > WIDE_SPREAD


def rules_of(stage: ScoringStage, criteria: list[Criterion]) -> ranking.RuleSet:
    """Read from the round's settings what a ranking goes by."""
    return ranking.RuleSet(
        criteria=tuple(
            ranking.CriterionRule(each.code, each.weight, each.tie_break)
            for each in criteria
        ),
        pass_mark=stage.pass_mark,
        shortlist_size=stage.shortlist_size,
    )


def current(stage: ScoringStage, criteria: list[Criterion]) -> list[Place]:
    """Rank the proposals of `stage` by the final sheets that count (two queries).

    The sums are the database's, in exact decimals: so 1,000 proposals are 8,000 rows
    to read, not 40,000.
    """
    order = {each.pk: place for place, each in enumerate(criteria)}
    codes = dict(queries.standing_proposals(stage).values_list("pk", "code"))
    sums = {pk: [Decimal(0)] * len(criteria) for pk in codes}
    counts = dict.fromkeys(codes, 0)
    for proposal, criterion, total, sheet_count in queries.score_sums(stage):
        sums[proposal][order[criterion]] = total
        counts[proposal] = sheet_count
    ids = {code: pk for pk, code in codes.items()}
    standings = ranking.rank(
        rules_of(stage, criteria),
        [
            ranking.Tally(code, counts[pk], tuple(sums[pk]))
            for pk, code in codes.items()
        ],
    )
    return [Place(ids[each.proposal], each) for each in standings]


def sealed(result: Result) -> list[Place]:
    """Read the places of a sealed result (one query)."""
    rows = result.resultrow_set.order_by("position")
    return [Place(row.proposal_id, row) for row in rows]


def rows_of(
    places: Sequence[Place],
    *,
    stage: ScoringStage,
    jurors: Sequence[Juror],
    criteria: Sequence[Criterion],
    above: Place | None,
) -> list[RankRow]:
    """Fill one page of places with names and single totals (two queries).

    `above` is the place before the first of them, to know where the line is drawn.
    """
    ids = [place.proposal_id for place in places]
    proposals = (
        Proposal.objects.select_related("institution", "category")
        .only("code", "title", "institution__short_name", "category__name")
        .in_bulk(ids)
    )
    totals: dict[int, dict[int, Decimal]] = {pk: {} for pk in ids}
    for proposal, juror, total in queries.sheet_totals(stage, ids):
        totals[proposal][juror] = total
    names = {each.code: each.name for each in criteria}
    rows = []
    for place in places:
        given = totals[place.proposal_id]
        middle = median(given.values()) if given else Decimal(0)
        rows.append(
            RankRow(
                place=place,
                proposal=proposals[place.proposal_id],
                cells=[_cell(given.get(juror.pk), middle) for juror in jurors],
                spread=ranking.spread(list(given.values())),
                tie_criterion=names.get(place.tie_rule, ""),
                is_under_line=above is not None
                and above.is_shortlisted
                and not place.is_shortlisted,
            )
        )
        above = place
    return rows


def _cell(total: Decimal | None, middle: Decimal) -> Cell:
    if total is None:
        return Cell(None)
    return Cell(total, is_far=abs(total - middle) > FAR_FROM_MEDIAN)


def sheets_to_seal(
    stage: ScoringStage, criteria: list[Criterion]
) -> list[sealing.SealedSheet]:
    """Load the sheets of `stage` that count, drafts too, with all their scores."""
    numbers = queries.juror_numbers(stage)
    sheets = {
        pk: sealing.SealedSheet(
            key=key,
            juror=numbers[juror],
            proposal=code,
            is_final=state == ScoreSheet.State.FINAL,
            scores={each.code: None for each in criteria},
        )
        for pk, key, juror, code, state in ScoreSheet.objects.open()
        .filter(assignment__scoring_stage=stage)
        .order_by("assignment__proposal__code", "pk")
        .values_list(
            "pk", "key", "assignment__juror", "assignment__proposal__code", "state"
        )
    }
    scores = Score.objects.filter(sheet__in=sheets).values_list(
        "sheet", "criterion__code", "value"
    )
    for pk, code, value in scores.iterator():
        sheets[pk].scores[code] = value
    return list(sheets.values())
