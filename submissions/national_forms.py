"""The forms of the national competition, and which of our sections answers which field.

Source: rule FRM-08 in docs/rules.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from submissions.dossier import Dossier
from submissions.parts import SectionPart


@dataclass(frozen=True)
class NationalField:
    """One text of the national form: its title, most words, and our sections for it."""

    title: str
    limit: int
    codes: tuple[str, ...]
    tracks: tuple[str, ...] = ()


@dataclass(frozen=True)
class NationalForm:
    """The texts that the national site asks for in one generation, in its order."""

    code: str
    name: str
    fields: tuple[NationalField, ...]

    def codes(self) -> set[str]:
        return {code for each in self.fields for code in each.codes}


_Field = NationalField
FORMS: Sequence[NationalForm] = (
    NationalForm(
        "2025",
        "2025",
        (
            _Field("Latar Belakang", 200, ("latar-belakang",)),
            _Field("Tujuan, Outcome, Output", 150, ("tujuan",)),
            _Field("Cara Kerja", 200, ("cara-kerja",)),
            _Field("Keunggulan Ide", 200, ("keunggulan",)),
            _Field("Mekanisme Evaluasi dan Tindak Lanjut", 200, ("evaluasi",)),
            _Field("Bentuk Dampak", 300, ("dampak",)),
            _Field("Difusi dan Replikasi", 150, ("difusi",)),
            _Field("Sumber Daya", 150, ("sumber-daya",)),
            _Field("Strategi Keberlanjutan", 300, ("keberlanjutan",)),
        ),
    ),
    NationalForm(
        "2023",
        "2023",
        (
            _Field("Ringkasan", 200, ("ringkasan",)),
            _Field("Latar Belakang dan Tujuan", 300, ("latar-belakang",)),
            _Field("Kebaruan/Nilai Tambah", 200, ("kebaruan",)),
            _Field("Inspirasi", 100, ("inspirasi",), ("replikasi",)),
            _Field("Faktor Pembeda", 100, ("faktor-pembeda",), ("replikasi",)),
            _Field("Implementasi Inovasi", 200, ("implementasi",)),
            _Field("Proses Replikasi", 200, ("proses-replikasi",), ("replikasi",)),
            _Field("Signifikansi", 600, ("signifikansi",)),
            _Field("Adaptabilitas: sudah direplikasi", 100, ("adaptabilitas-sudah",)),
            _Field(
                "Adaptabilitas: potensi",
                200,
                ("adaptabilitas-potensi", "adaptabilitas"),
            ),
            _Field("Sumber Daya", 200, ("sumber-daya",)),
            _Field("Strategi Keberlanjutan", 500, ("keberlanjutan",)),
        ),
    ),
    NationalForm(
        "2022",
        "2022",
        (
            _Field("Ringkasan", 200, ("ringkasan",)),
            _Field("Ide Inovatif", 600, ("ide-inovatif",)),
            _Field("Signifikansi", 600, ("signifikansi",)),
            _Field("Kontribusi terhadap Capaian TPB", 200, ("kontribusi-tpb",)),
            _Field("Adaptabilitas", 400, ("adaptabilitas",)),
            _Field("Keberlanjutan", 600, ("keberlanjutan",)),
            _Field("Kolaborasi Pemangku Kepentingan", 200, ("kolaborasi",)),
            _Field("Pembaruan/Peningkatan Inovasi", 200, ("pembaruan",), ("khusus",)),
            _Field(
                "Adaptabilitas (khusus)", 200, ("adaptabilitas-khusus",), ("khusus",)
            ),
            _Field(
                "Penguatan Keberlanjutan",
                300,
                ("penguatan-keberlanjutan",),
                ("khusus",),
            ),
            _Field("Evaluasi", 300, ("evaluasi",), ("khusus",)),
        ),
    ),
)


@dataclass(frozen=True)
class PackedField:
    """A field of the national form with what the proposal says to it."""

    title: str
    limit: int
    parts: Sequence[SectionPart]

    @property
    def text(self) -> str:
        return "\n\n".join(part.text for part in self.parts if part.is_answered)

    @property
    def words(self) -> int:
        return sum(part.words for part in self.parts)

    @property
    def over(self) -> int:
        return max(0, self.words - self.limit)

    @property
    def files(self) -> int:
        return sum(part.evidence_count for part in self.parts)

    @property
    def state_label(self) -> str:
        if not self.words:
            return _("No text here")
        if self.over:
            return _("%(over)d words too many") % {"over": self.over}
        return _("Fits")

    @property
    def variant(self) -> str:
        if not self.words:
            return "mute"
        return "bad" if self.over else "ok"


def form_named(code: str, dossier: Dossier) -> NationalForm:
    """The form asked for; else the one whose fields fit the proposal best."""
    own = {part.section.code for part in dossier.sections}
    named = [form for form in FORMS if form.code == code]
    return named[0] if named else max(FORMS, key=lambda form: len(form.codes() & own))


def packed(dossier: Dossier, form: NationalForm) -> list[PackedField]:
    """The fields that the group of the proposal fills in, in the national order."""
    own = {part.section.code: part for part in dossier.sections}
    return [
        PackedField(
            each.title, each.limit, [own[code] for code in each.codes if code in own]
        )
        for each in form.fields
        if not each.tracks or dossier.proposal.track.code in each.tracks
    ]


def left_over(dossier: Dossier, form: NationalForm) -> list[SectionPart]:
    """Sections with a text that the national form has no field for."""
    known = form.codes()
    return [
        part
        for part in dossier.sections
        if part.is_answered and part.section.code not in known
    ]


def in_national_order(dossier: Dossier) -> list[SectionPart]:
    """The sections in the national order; those it lacks stay where they are."""
    order = [code for each in form_named("", dossier).fields for code in each.codes]
    known = [part for part in dossier.sections if part.section.code in order]
    known.sort(key=lambda part: order.index(part.section.code))
    turns = iter(known)
    return [
        next(turns) if part.section.code in order else part for part in dossier.sections
    ]
