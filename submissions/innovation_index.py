"""What the portal has for the regional innovation index (IGA), and what is missing.

Each innovation is asked for evidence of twenty indicators. The portal only points at
what was written and attached; whether it is enough is for who reports it.

Source: rule IGA-01 in docs/rules.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.spreadsheets import Cell
from submissions.dossier import Dossier
from submissions.headers import Kind

FILES, TEXT, NOTHING = "ok", "warn", "bad"
ICONS = {
    FILES: "check-circle-fill",
    TEXT: "exclamation-triangle-fill",
    NOTHING: "x-circle-fill",
}


@dataclass(frozen=True)
class Indicator:
    """One of the twenty, and where in a proposal its evidence is looked for."""

    number: int
    name: str
    is_obligatory: bool = False
    sections: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


INDICATORS: Sequence[Indicator] = (
    Indicator(1, "Regulasi inovasi daerah", True, ("keberlanjutan", "implementasi")),
    Indicator(
        2, "Ketersediaan SDM", True, ("sumber-daya",), kinds=(str(Kind.PERSONS),)
    ),
    Indicator(3, "Dukungan anggaran", False, ("sumber-daya",)),
    Indicator(4, "Alat kerja", False, ("sumber-daya", "cara-kerja")),
    Indicator(5, "Bimbingan teknis", False, ("keberlanjutan",)),
    Indicator(6, "Integrasi program dalam RKPD", False, ("keberlanjutan",)),
    Indicator(7, "Keterlibatan aktor", False, ("kolaborasi", "keberlanjutan")),
    Indicator(
        8,
        "Pelaksana inovasi",
        False,
        letters=("identitas-inovator",),
        kinds=(str(Kind.PERSONS),),
    ),
    Indicator(9, "Jejaring inovasi", False, ("kolaborasi", "difusi")),
    Indicator(10, "Sosialisasi", False, ("difusi",), fields=("video",)),
    Indicator(11, "Pedoman teknis", False, ("implementasi", "cara-kerja")),
    Indicator(12, "Kemudahan informasi layanan", False, fields=("aplikasi",)),
    Indicator(13, "Kemudahan proses", False, ("implementasi", "cara-kerja")),
    Indicator(14, "Penyelesaian layanan pengaduan"),
    Indicator(15, "Layanan terintegrasi", False, fields=("aplikasi",)),
    Indicator(
        16,
        "Replikasi",
        False,
        ("adaptabilitas-sudah", "adaptabilitas", "difusi", "proses-replikasi"),
        letters=("kesediaan-replikasi",),
    ),
    Indicator(
        17,
        "Kecepatan penciptaan",
        True,
        ("implementasi",),
        letters=("implementasi",),
        kinds=(str(Kind.DATE),),
    ),
    Indicator(18, "Kemanfaatan", True, ("signifikansi", "dampak")),
    Indicator(19, "Monitoring dan evaluasi", False, ("evaluasi", "signifikansi")),
    Indicator(20, "Kualitas inovasi (video)", True, fields=("video",)),
)


@dataclass(frozen=True)
class Standing:
    """How one indicator of one innovation stands."""

    indicator: Indicator
    files: int
    sources: Sequence[str]

    @cached_property
    def variant(self) -> str:
        if self.files:
            return FILES
        return TEXT if self.sources else NOTHING

    @property
    def icon(self) -> str:
        """That of the state, as the tag `tag` draws it."""
        return ICONS[self.variant]

    @property
    def label(self) -> str:
        if self.files:
            return ngettext(
                "%(number)d piece of evidence",
                "%(number)d pieces of evidence",
                self.files,
            ) % {"number": self.files}
        return _("Told, no evidence") if self.sources else _("Missing")


@dataclass(frozen=True)
class IndexLine:
    """One innovation with its twenty indicators."""

    dossier: Dossier
    standings: Sequence[Standing]

    @property
    def present(self) -> int:
        return sum(each.variant == FILES for each in self.standings)

    @property
    def missing(self) -> list[str]:
        """What has neither text nor evidence."""
        return [
            each.indicator.name for each in self.standings if each.variant == NOTHING
        ]

    @property
    def missing_obligatory(self) -> list[str]:
        """Obligatory ones without evidence: without them the innovation counts not."""
        return [
            each.indicator.name
            for each in self.standings
            if each.indicator.is_obligatory and each.variant != FILES
        ]


def line_of(dossier: Dossier) -> IndexLine:
    return IndexLine(dossier, [_standing(dossier, each) for each in INDICATORS])


def _standing(dossier: Dossier, indicator: Indicator) -> Standing:
    files, sources = 0, []
    for part in dossier.sections:
        if part.section.code in indicator.sections:
            files += part.evidence_count
            if part.is_answered or part.evidence_count:
                sources.append(part.section.title)
    for letter in dossier.letters:
        if letter.kind.code in indicator.letters and letter.letter:
            files += 1
            sources.append(letter.kind.title)
    for head in dossier.header:
        meant = (
            head.field.code in indicator.fields or head.field.kind in indicator.kinds
        )
        if meant and head.is_filled:
            files += head.is_link
            sources.append(head.field.label)
    return Standing(indicator, files, sources)


def table_of(lines: Sequence[IndexLine]) -> Iterator[list[Cell]]:
    """A row for each innovation and indicator, under a head."""
    yield [
        _("Code"),
        _("Innovation"),
        _("Institution"),
        _("No."),
        _("Indicator"),
        _("Obligatory"),
        _("State"),
        _("Pieces of evidence"),
        _("Where it stands"),
    ]
    for line in lines:
        proposal = line.dossier.proposal
        for each in line.standings:
            yield [
                proposal.code,
                proposal.title,
                proposal.institution.name,
                each.indicator.number,
                each.indicator.name,
                _("Yes") if each.indicator.is_obligatory else "",
                each.label,
                each.files,
                "; ".join(each.sources),
            ]
