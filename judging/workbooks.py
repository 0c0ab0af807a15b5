"""The recap and all sheets of a round as tables: XLSX and CSV."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from competitions.models import Round
from competitions.queries import ScoringParts
from core.spreadsheets import Cell, XlsxWriter, csv_lines
from judging import queries, standings
from judging.models import Result, Score, ScoreSheet

# What a name of a sheet may not hold, and how long it may be.
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST = 31


def write_recap(target: IO[bytes], round: Round, result: Result | None) -> None:
    """Write the ranking of all stages together, then each stage with its means.

    Without a sealed `result` as the sheets stand now.
    """
    scoring = queries.scoring_of(round)
    scored = [each for each in scoring if not each.stage.is_gate]
    if result:
        places = standings.sealed_finals(result)
        cells = standings.sealed_cells(result, places)
        groups = standings.sealed_groups(result)
        means = [standings.sealed_means(result, each.stage) for each in scored]
    else:
        judged = standings.current(round, scoring)
        places = standings.final_places(judged)
        cells = standings.live_cells(judged)
        groups = standings.live_groups(judged)
        means = [standings.stage_means(judged, each) for each in scored]
    names = queries.names_of(each.proposal_id for each in places)
    reasons = standings.why_of(places, scoring, None, groups)
    writer = XlsxWriter()
    sheet = writer.add_sheet(
        _name(_("Recap")),
        [
            *_heads(),
            *(each.stage.name for each in scoring),
            _("Final score"),
            _("Why in or out"),
        ],
        [10, 16, 40, 36, 20, *([16] * len(scoring)), 14, 60],
    )
    for place in places:
        own = [
            cells.get((each.stage.code, place.code), standings.StageCell())
            for each in scoring
        ]
        writer.add_row(
            sheet,
            [
                place.rank,
                place.code,
                *names[place.proposal_id],
                *(each.verdict or _rounded(each.total) for each in own),
                _rounded(place.total),
                reasons[place.code],
            ],
        )
    for parts, own_means in zip(scored, means, strict=True):
        _write_means(writer, parts, places, names, own_means)
    writer.save(target)


def write_sheets(target: IO[bytes], round: Round) -> None:
    """Write every sheet that is done, one table for each stage, row by row.

    The number of queries is that of two tables, whatever there is in them.
    """
    scoring = queries.scoring_of(round)
    writer = XlsxWriter()
    tables = {}
    for parts in scoring:
        criteria = parts.leaves
        heads = [*_sheet_heads(), *(each.name for each in criteria)]
        widths = [16, 40, 36, 8, 24, 12, *([12] * len(criteria)), 60]
        tables[parts.stage.pk] = writer.add_sheet(
            _name(parts.stage.name), [*heads, _("Notes")], widths
        )
    for stage, row in _sheet_rows(round, scoring):
        writer.add_row(tables[stage], row)
    writer.save(target)


def sheets_csv(round: Round) -> Iterator[str]:
    """Write every sheet that is done as CSV: a line for each score."""
    return csv_lines(_score_lines(round))


def _score_lines(round: Round) -> Iterator[list[Cell]]:
    yield [_("Stage"), *_sheet_heads(), _("Criterion"), _("Score"), _("Note")]
    numbers = queries.juror_numbers(round)
    done = set(_done(round).values_list("pk", flat=True))
    rows = (
        _scores_of(round)
        .order_by(
            "sheet__assignment__scoring_stage__order",
            "sheet__assignment__proposal__code",
            "sheet__assignment__juror",
            "criterion__order",
            "pk",
        )
        .values_list(
            "sheet__assignment__scoring_stage__name",
            "sheet__assignment__proposal__code",
            "sheet__assignment__proposal__title",
            "sheet__assignment__proposal__institution__name",
            "sheet__assignment__juror",
            "sheet__assignment__juror__user__name",
            "sheet__state",
            "criterion__name",
            "value",
            "note",
            "sheet",
        )
    )
    states = {each.value: str(each.label) for each in ScoreSheet.State}
    for stage, code, title, name, juror, person, state, *score in rows.iterator():
        criterion, value, note, sheet = score
        if sheet not in done:
            continue
        given = "" if value is None else str(value).replace(".", ",")
        yield [
            stage,
            code,
            title,
            name,
            numbers[juror],
            person,
            states[state],
            str(criterion),
            given,
            str(note),
        ]


def _sheet_rows(
    round: Round, scoring: Sequence[ScoringParts]
) -> Iterator[tuple[int, list[Any]]]:
    """Give each sheet as a row, with the id of its stage."""
    numbers = queries.juror_numbers(round)
    columns = {parts.stage.pk: [one.pk for one in parts.leaves] for parts in scoring}
    states = {each.value: str(each.label) for each in ScoreSheet.State}
    verdicts = {each.value: str(each.label) for each in ScoreSheet.Verdict}
    rows = (
        _done(round)
        .order_by(
            "assignment__scoring_stage__order",
            "assignment__proposal__code",
            "assignment__juror",
        )
        .values_list(
            "pk",
            "assignment__scoring_stage",
            "assignment__proposal__code",
            "assignment__proposal__title",
            "assignment__proposal__institution__name",
            "assignment__juror",
            "assignment__juror__user__name",
            "state",
            "verdict",
            "note",
            "abstain_reason",
        )
    )
    scores: dict[int, dict[int, tuple[Decimal | None, str]]] = {}
    written = _scores_of(round).order_by("criterion__order", "pk")
    for sheet, criterion, value, note in written.values_list(
        "sheet", "criterion", "value", "note"
    ).iterator():
        scores.setdefault(sheet, {})[criterion] = value, note
    for pk, stage, code, title, name, juror, person, state, *said in rows.iterator():
        verdict, note, abstained = said
        own = scores.pop(pk, {})
        notes = [verdicts.get(verdict, ""), note, abstained]
        notes += [text for _value, text in own.values()]
        yield (
            stage,
            [
                code,
                title,
                name,
                numbers[juror],
                person,
                states[state],
                *(own.get(each, (None, ""))[0] for each in columns[stage]),
                "; ".join(filter(None, notes)),
            ],
        )


def _scores_of(round: Round) -> QuerySet[Score]:
    """All scores of the round. Which sheets count is asked once and apart.

    Both in one took the database minutes: it asked about conflicts for each score.
    """
    return Score.objects.filter(criterion__scoring_stage__round=round)


def _done(round: Round) -> QuerySet[ScoreSheet]:
    return (
        ScoreSheet.objects.open().done().filter(assignment__scoring_stage__round=round)
    )


def _write_means(
    writer: XlsxWriter,
    parts: ScoringParts,
    places: Sequence[standings.Place],
    names: Mapping[int, tuple[str, str, str]],
    means: Mapping[int, Sequence[Decimal | None]],
) -> None:
    criteria = parts.leaves
    sheet = writer.add_sheet(
        _name(parts.stage.name),
        [*_heads(), *(each.name for each in criteria)],
        [10, 16, 40, 36, 20, *([14] * len(criteria))],
    )
    for place in places:
        own = means.get(place.proposal_id)
        if own:
            writer.add_row(
                sheet,
                [
                    place.rank,
                    place.code,
                    *names[place.proposal_id],
                    *(_rounded(each) for each in own),
                ],
            )


def _heads() -> list[str]:
    return [_("Rank"), _("Code"), _("Innovation"), _("Institution"), _("Category")]


def _sheet_heads() -> list[str]:
    return [
        _("Code"),
        _("Innovation"),
        _("Institution"),
        _("No."),
        _("Juror"),
        _("State"),
    ]


def _rounded(value: Decimal | None) -> Any:
    """As a number a program can compute with, not as text."""
    return None if value is None else round(value, 6)


def _name(text: str) -> str:
    return text.translate(_FORBIDDEN).strip()[:_LONGEST] or "-"
