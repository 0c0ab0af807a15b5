"""The prizes of a round as the treasurer pays them.

The amount is read out of the prize as the award scheme words it, as in "Uang pembinaan
Rp10.000.000 dan piala". Source: rule AWD-12 in docs/rules.md.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from awards.models import Award, Decree
from competitions.models import Round
from core import numbers
from core.dates import format_date
from core.spreadsheets import Cell, XlsxWriter
from core.text import terbilang

TEMPLATE = "awards/pdf/prize_list.html"
_AMOUNT = re.compile(
    r"Rp\.?\s*(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<part>\d+|-))?"
    r"(?:\s*(?P<unit>ribu|juta|miliar)\b)?",
    re.IGNORECASE,
)
_UNITS = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9}
# More is no prize but a slip of the pen, and has no words.
_MOST = 10**12
_WIDTHS = [6, 24, 40, 44, 36, 18, 48, 40]


@dataclass(frozen=True)
class PrizeRow:
    """What one winner gets; no amount where the prize names none or is revoked."""

    award: Award
    amount: int | None

    @property
    def words(self) -> str:
        return in_words(self.amount) if self.amount is not None else ""

    @property
    def remark(self) -> str:
        if self.award.is_revoked:
            return _("Revoked: %(reason)s") % {"reason": self.award.revoke_reason}
        if self.amount is None and self.award.level.prize:
            return _("No amount in the award scheme")
        return ""


@dataclass(frozen=True)
class PrizeList:
    """The rows in the order of the awards, and what is paid in all."""

    rows: Sequence[PrizeRow]

    @property
    def total(self) -> int:
        return sum(row.amount or 0 for row in self.rows)


def amount_of(prize: str) -> int | None:
    """Read the first amount of rupiah in `prize`, without cents; None for none."""
    found = _AMOUNT.search(prize)
    if found is None:
        return None
    part = (found["part"] or "").strip("-") or "0"
    value = Decimal(f"{found['whole'].replace('.', '')}.{part}")
    amount = int(value * _UNITS.get((found["unit"] or "").lower(), 1))
    return amount if 0 < amount < _MOST else None


def in_words(amount: int) -> str:
    """Write an amount as receipts do: "sepuluh juta rupiah"."""
    return f"{terbilang(amount)} rupiah"


def list_of(awards: Iterable[Award]) -> PrizeList:
    """What each of `awards` is worth; a revoked one is named, and worth nothing."""
    return PrizeList(
        [
            PrizeRow(award, None if award.is_revoked else amount_of(award.level.prize))
            for award in awards
        ]
    )


def write_workbook(target: IO[bytes], found: PrizeList) -> None:
    """Write the list as a workbook; no cell is ever run as a formula."""
    writer = XlsxWriter()
    sheet = writer.add_sheet(_("Prizes"), _heads(), _WIDTHS)
    for row in _lines(found):
        writer.add_row(sheet, row)
    writer.save(target)


def _heads() -> list[str]:
    return [
        _("No."),
        _("Award"),
        _("Recipient"),
        _("Innovation"),
        _("Prize"),
        _("Amount (Rp)"),
        _("In words"),
        _("Remark"),
    ]


def _lines(found: PrizeList) -> Iterator[list[Cell]]:
    for number, row in enumerate(found.rows, start=1):
        award = row.award
        yield [
            number,
            award.name,
            award.row.institution_name,
            award.row.title,
            award.level.prize,
            row.amount,
            row.words,
            row.remark,
        ]
    words = in_words(found.total) if found.total else ""
    yield [None, _("Total amount"), None, None, None, found.total, words, None]


def values_of(
    round: Round, decree: Decree | None, found: PrizeList, day: str
) -> dict[str, Any]:
    """Collect all that the printed list says."""
    government = round.competition.government
    return {
        "issuer": government.name,
        "government_emblem": government.emblem,
        "organiser": round.organiser,
        "round": round.name,
        "decree": decree.number if decree else "",
        "decree_day": format_date(decree.decree_date) if decree else "",
        "rows": [
            {
                "award": row.award.name,
                "institution": row.award.row.institution_name,
                "title": row.award.row.title,
                "prize": row.award.level.prize,
                "amount": numbers.rupiah(row.amount) if row.amount else "",
                "words": row.words,
                "remark": row.remark,
            }
            for row in found.rows
        ],
        "total": numbers.rupiah(found.total),
        "total_words": in_words(found.total) if found.total else "",
        "place_and_date": f"{government.place}, {day}",
        "is_demonstration": round.is_demonstration,
    }
