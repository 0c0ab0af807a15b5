"""The draft of a decree: its wording, its facts, the table of winners.

The wording is data with words in braces; the default follows ordinary practice, so
that a secretariat has to change little. It is Indonesian, as all decrees are.
Source: rule AWD-09 in docs/rules.md.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import employee_numbers
from accounts.models import Government, Signatory
from awards.models import Award, Decree, DecreeText
from competitions.models import Round
from competitions.placeholders import fill_in
from core.dates import format_date
from core.text import terbilang
from documents.models import IssuedDocument

KIND = "decree"
TEMPLATE = "awards/pdf/decree.html"
BLANK = "………………………"
# Clauses are counted in words; more than these no decree of this kind has.
ORDINALS = (
    *("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA"),
    *("KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH"),
)
PLACEHOLDERS: Mapping[str, object] = {
    "kompetisi": gettext_lazy("name of the competition"),
    "putaran": gettext_lazy("name of the round"),
    "tahun": gettext_lazy("year of the round"),
    "edisi": gettext_lazy("number of the edition"),
    "tema": gettext_lazy("theme of the round"),
    "wilayah": gettext_lazy("city, regency or province"),
    "pemerintah": gettext_lazy("name of the government"),
    "penyelenggara": gettext_lazy("organiser of the round"),
    "pejabat": gettext_lazy("who decides"),
    "tentang": gettext_lazy("subject of the decree"),
    "berita_acara": gettext_lazy("number of the minutes of the plenary"),
    "tanggal_berita_acara": gettext_lazy("date of the minutes"),
    "jumlah_pemenang": gettext_lazy("how many awards are given, in figures and words"),
}
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_HEADS = {
    Government.Kind.CITY: ("Wali Kota", "Kota "),
    Government.Kind.REGENCY: ("Bupati", "Kabupaten "),
    Government.Kind.PROVINCE: ("Gubernur", "Provinsi "),
}


@dataclass(frozen=True)
class Wording:
    """The texts of a decree, with words in braces; clauses one a line."""

    official: str
    subject: str
    considering: str
    remembering: str
    noting: str
    rulings: str
    copies: str


_DEFAULT = Wording(
    official="",
    subject="Penetapan Pemenang {kompetisi} Tahun {tahun}",
    considering=(
        "bahwa dalam rangka menjaring, mendokumentasikan, mendiseminasikan, dan "
        "mempromosikan inovasi pelayanan publik telah diselenggarakan {kompetisi} "
        "Tahun {tahun};\n"
        "bahwa dewan juri telah menilai proposal inovasi dan memutuskan hasilnya dalam "
        "sidang pleno sebagaimana tertuang dalam berita acara;\n"
        "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf "
        "b, perlu menetapkan Keputusan {pejabat} tentang {tentang};"
    ),
    remembering=(
        "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik;\n"
        "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah beserta "
        "perubahannya;\n"
        "Peraturan Pemerintah Nomor 38 Tahun 2017 tentang Inovasi Daerah;\n"
        "Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor "
        "7 Tahun 2021 tentang Kompetisi Inovasi Pelayanan Publik;"
    ),
    noting=(
        "Berita Acara Sidang Pleno Dewan Juri {putaran} Nomor {berita_acara} tanggal "
        "{tanggal_berita_acara};"
    ),
    rulings=(
        "Menetapkan pemenang {kompetisi} Tahun {tahun} sebagaimana tercantum dalam "
        "Lampiran yang merupakan bagian tidak terpisahkan dari Keputusan ini.\n"
        "Kepada pemenang sebagaimana dimaksud dalam Diktum KESATU diberikan piagam "
        "penghargaan dan hadiah sebagaimana tercantum dalam Lampiran.\n"
        "Segala biaya yang timbul akibat ditetapkannya Keputusan ini dibebankan pada "
        "Anggaran Pendapatan dan Belanja Daerah {wilayah} Tahun Anggaran {tahun}.\n"
        "Apabila di kemudian hari terbukti bahwa data proposal tidak benar, "
        "penghargaan dicabut dan hadiah dikembalikan.\n"
        "Keputusan ini mulai berlaku pada tanggal ditetapkan."
    ),
    copies=(
        "Sekretaris Daerah {wilayah};\n"
        "Inspektur {wilayah};\n"
        "Kepala perangkat daerah yang membidangi keuangan {wilayah};\n"
        "Kepala instansi penerima penghargaan."
    ),
)


def default_wording(government: Government) -> Wording:
    """The wording of a government that has worded nothing yet."""
    return Wording(**asdict(_DEFAULT) | {"official": head_of(government)})


def head_of(government: Government) -> str:
    """Who heads a government: "Wali Kota Tegal"."""
    title, prefix = _HEADS[Government.Kind(government.kind)]
    return f"{title} {government.short_name.removeprefix(prefix)}"


def wording_of(text: DecreeText) -> Wording:
    """The wording that a row keeps."""
    return Wording(**{name: getattr(text, name) for name in asdict(_DEFAULT)})


def mistake_in(text: str) -> str:
    """What is wrong with the words in braces of `text`, with its line; or nothing."""
    for number, line in enumerate(text.splitlines(), start=1):
        for found in _BRACES.finditer(line):
            if found[1] is None:
                return _("Line %(line)d: a brace stands alone.") % {"line": number}
            if found[1] not in PLACEHOLDERS:
                return _("Line %(line)d: {%(word)s} is no placeholder.") % {
                    "line": number,
                    "word": found[1],
                }
    return ""


def lines_of(text: str) -> list[str]:
    """The clauses of a text, without empty lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def values_of(
    round: Round,
    *,
    wording: Wording,
    awards: Sequence[Award],
    decree: Decree | None,
    minutes: IssuedDocument | None,
    signatory: Signatory | None,
) -> dict[str, Any]:
    """Collect all that the draft of a decree prints; blanks where a fact is missing."""
    government = round.competition.government
    facts = _facts(round, wording, awards, minutes)
    clauses = lines_of(wording.rulings)
    return {
        "issuer": government.name,
        "official": wording.official,
        "above": str(government.parent or ""),
        "number": decree.number if decree else "",
        "blank": BLANK,
        "year": str(decree.decree_date.year if decree else round.year),
        "subject": facts["tentang"],
        "considering": _filled(wording.considering, facts),
        "remembering": _filled(wording.remembering, facts),
        "noting": _filled(wording.noting, facts),
        "rulings": [
            {"name": name, "text": fill_in(clause, facts)}
            for name, clause in zip(ORDINALS, clauses, strict=False)
        ],
        "copies": _filled(wording.copies, facts),
        "place": government.place,
        "day": format_date(decree.decree_date) if decree else "",
        "groups": winner_groups(awards),
        "signatory_position": signatory.position if signatory else wording.official,
        "signatory_name": signatory.name if signatory else "",
        "signatory_rank": signatory.rank_grade if signatory else "",
        "signatory_number": employee_numbers.printed(signatory.employee_number)
        if signatory
        else "",
        "signatory_number_name": employee_numbers.name_of(signatory.employee_number)
        if signatory
        else "",
        "is_demonstration": round.is_demonstration,
    }


def winner_groups(awards: Iterable[Award]) -> list[dict[str, Any]]:
    """The standing awards as the table shows them, group by group."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for award in awards:
        if not award.is_revoked:
            rows = groups.setdefault(award.group_name, [])
            rows.append(
                {
                    "number": len(rows) + 1,
                    "award": award.level.name,
                    "title": award.row.title,
                    "institution": award.row.institution_name,
                    "prize": award.level.prize,
                }
            )
    return [{"name": name, "rows": rows} for name, rows in groups.items()]


def _facts(
    round: Round,
    wording: Wording,
    awards: Sequence[Award],
    minutes: IssuedDocument | None,
) -> dict[str, str]:
    government = round.competition.government
    count = sum(not award.is_revoked for award in awards)
    facts = {
        "kompetisi": round.competition.name,
        "putaran": round.name,
        "tahun": str(round.year),
        "edisi": str(round.edition),
        "tema": round.theme,
        "wilayah": government.short_name,
        "pemerintah": government.name,
        "penyelenggara": round.organiser,
        "pejabat": wording.official,
        "berita_acara": minutes.number if minutes else BLANK,
        "tanggal_berita_acara": format_date(minutes.issued_date) if minutes else BLANK,
        "jumlah_pemenang": f"{count} ({terbilang(count)})",
    }
    return facts | {"tentang": fill_in(wording.subject, facts)}


def _filled(text: str, facts: Mapping[str, str]) -> list[str]:
    return [fill_in(line, facts) for line in lines_of(text)]
