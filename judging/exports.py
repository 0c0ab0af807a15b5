"""Tables to take away."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from competitions.models import Criterion
from judging.standings import Place

# A spreadsheet would run text that begins with one of these.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


def ranking_csv(
    places: Iterable[Place],
    names: Mapping[int, tuple[str, str, str]],
    criteria: Sequence[Criterion],
) -> Iterator[str]:
    """Write the ranking line by line, for a spreadsheet set to Indonesian.

    `names` gives title, institution and category by the id of the proposal.
    Semicolons and decimal commas, since that is what such a spreadsheet reads.
    """
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(
        [
            _("Rank"),
            _("Code"),
            _("Innovation"),
            _("Institution"),
            _("Category"),
            *(each.name for each in criteria),
            _("Total"),
            _("Finished sheets"),
            _("Tie decided by"),
            _("Passes"),
            _("Shortlisted"),
        ]
    )
    titles = {each.code: each.name for each in criteria}
    for place in places:
        yield writer.writerow(
            [
                place.rank or "",
                place.code,
                *(_safe(name) for name in names[place.proposal_id]),
                *(_number(mean) for mean in place.means),
                *([""] * (len(criteria) - len(place.means))),
                _number(place.total),
                place.sheet_count,
                titles.get(place.tie_rule, _("undecided") if place.tie_rule else ""),
                _("yes") if place.passes else _("no"),
                _("yes") if place.is_shortlisted else _("no"),
            ]
        )


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.6f}".replace(".", ",")


def _safe(text: Any) -> str:
    return f"'{text}" if str(text).startswith(_FORMULA) else str(text)
