"""Tables to take away."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _

from competitions.queries import ScoringParts
from core.spreadsheets import Cell, csv_lines
from judging import verify_ranking
from judging.models import Result, Verdict
from judging.standings import FinalRow, Place

Names = Mapping[int, tuple[str, str, str]]


def ranking_csv(
    places: Iterable[Place],
    names: Names,
    parts: ScoringParts,
    means: Mapping[int, Sequence[Decimal | None]],
) -> Iterator[str]:
    """Write the ranking of one stage, for a spreadsheet set to Indonesian.

    `names` gives title, institution and category, `means` those of the criteria, by
    the id of the proposal. Semicolons and decimal commas, since that is what such a
    spreadsheet reads.
    """
    return csv_lines(_stage_rows(places, names, parts, means))


def together_csv(
    rows: Iterable[FinalRow], names: Names, scoring: Sequence[ScoringParts]
) -> Iterator[str]:
    """Write the ranking of all stages together, in the same manner."""
    return csv_lines(_together_rows(rows, names, scoring))


def proof_package(result: Result) -> bytes:
    """Pack a sealed result with the script that computes it anew, and how to run it.

    Each part stands there with its own digest, so that a change can be named.
    Source: rule SCO-16 in docs/rules.md.
    """
    content = json.loads(result.payload)
    export = {
        "format": verify_ranking.FORMAT,
        "digest": result.digest,
        "parts": [
            [name, verify_ranking.sha256(part)]
            for name, part in verify_ranking.parts_of(content)
        ],
        "result": content,
    }
    script = Path(verify_ranking.__file__)
    how = _(
        "This package proves the result of %(round)s.\n\n"
        "1. Install Python 3.10 or newer.\n"
        "2. In this folder run: python3 %(script)s hasil.json %(digest)s\n\n"
        "The digest is the one that stands in the minutes. The script computes every "
        "mean, rank and tie anew from the sheets, and names what does not agree.\n"
    ) % {
        "round": content["round_name"],
        "script": script.name,
        "digest": result.digest,
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as package:
        package.writestr("hasil.json", json.dumps(export, ensure_ascii=False, indent=1))
        package.writestr(script.name, script.read_text(encoding="utf-8"))
        package.writestr(_("README.txt"), how)
    return packed.getvalue()


def _stage_rows(
    places: Iterable[Place],
    names: Names,
    parts: ScoringParts,
    means: Mapping[int, Sequence[Decimal | None]],
) -> Iterator[list[Cell]]:
    if parts.stage.is_gate:
        yield [*_heads(), _("Verdict"), _("Finished sheets"), _("Passes")]
        for place in places:
            yield [
                *_names(place, names),
                str(Verdict(place.verdict).label) if place.verdict else "",
                place.sheet_count,
                _yes_no(place.passes),
            ]
        return
    criteria = parts.leaves
    yield [
        *_heads(),
        *(each.name for each in criteria),
        _("Total"),
        _("Finished sheets"),
        _("Tie decided by"),
        _("Passes"),
        _("Shortlisted"),
    ]
    titles = {each.code: each.name for each in criteria}
    for place in places:
        own = means.get(place.proposal_id) or [None] * len(criteria)
        yield [
            *_names(place, names),
            *(_number(mean) for mean in own),
            _number(place.total),
            place.sheet_count,
            titles.get(place.tie_rule, _("undecided") if place.tie_rule else ""),
            _yes_no(place.passes),
            _yes_no(place.is_shortlisted),
        ]


def _together_rows(
    rows: Iterable[FinalRow], names: Names, scoring: Sequence[ScoringParts]
) -> Iterator[list[Cell]]:
    yield [
        *_heads(),
        *(each.stage.name for each in scoring),
        _("Final score"),
        _("Tie decided by"),
        _("Passes"),
        _("Went as far as"),
        _("Predicate"),
    ]
    for row in rows:
        yield [
            *_names(row.place, names),
            *(cell.verdict or _number(cell.total) for _name, cell in row.named_cells),
            _number(row.place.total),
            row.tie_criterion or (_("undecided") if row.place.tie_rule else ""),
            _yes_no(row.place.passes),
            row.stopped_at,
            row.predicate,
        ]


def _heads() -> list[Cell]:
    return [_("Rank"), _("Code"), _("Innovation"), _("Institution"), _("Category")]


def _names(place: Place, names: Names) -> list[Cell]:
    return [place.rank or "", place.code, *names[place.proposal_id]]


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.6f}".replace(".", ",")


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
